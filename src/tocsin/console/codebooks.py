"""The code books that all parties have logged, and those that some lack: what a short code can say."""

import hashlib

from tocsin.console.board import Part
from tocsin.console.sight import Sight
from tocsin.wire.talk import Codebook, CodedMessage


class CodedText(Part, frozen=True, kw_only=True):
    """A text under its number, by language; `{1}`, `{2}` in it are blanks to fill in."""

    number: int
    texts: dict[str, str]
    blanks: int


class Book(Part, frozen=True, kw_only=True):
    """A code book of ours. `lacking`: parties that have not logged the very same one; then a code says nothing."""

    code_word: str
    sha256: str
    lacking: tuple[str, ...]
    messages: tuple[CodedText, ...]


def codebooks(sight: Sight) -> tuple[Book, ...]:
    """Our books by code word, the latest of each."""
    held: dict[str, set[str]] = {}
    ours: dict[str, tuple[str, Codebook]] = {}
    for said in sight.centre.said:
        if isinstance(said.body, Codebook):
            digest = hashlib.sha256(bytes(said.statement.body)).hexdigest()
            held.setdefault(digest, set()).add(said.party)
            if said.party == sight.party:
                ours[said.body.code_word] = (digest, said.body)
    return tuple(
        Book(
            code_word=word, sha256=digest, lacking=tuple(sorted(set(sight.centre.parties) - held[digest])),
            messages=tuple(_text(one) for one in sorted(body.messages, key=lambda one: one.number)),
        )
        for word, (digest, body) in sorted(ours.items())
    )  # fmt: skip


def _text(message: CodedMessage) -> CodedText:
    texts = {one.language: one.text for one in message.texts}
    blanks = max((number for number in range(1, 10) for text in texts.values() if f"{{{number}}}" in text), default=0)
    return CodedText(number=message.number, texts=texts, blanks=blanks)
