"""What was agreed in words: short codes with the texts that all hold, and calls whose summary all have logged."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.assess.voices import Entry, Place, Voice, standing_voices
from tocsin.wire.talk import Codebook, ShortCode, VoiceCall


@dataclass(frozen=True, slots=True)
class Agreed:
    """A call as the parties logged it. `differs`: not the same summaries; `one-sided`: somebody has not logged it."""

    call: str
    parties: tuple[str, ...]
    state: Literal["agreed", "one-sided", "differs"]
    summary: str
    missing: tuple[str, ...]
    places: tuple[Place, ...]


def full_text(code: ShortCode, entries: Iterable[Entry], parties: Iterable[str], language: str) -> str:
    """The agreed text of a short code with its blanks filled in, or a sentence saying why there is none.

    `parties`: log origins that must all have logged the very same book.
    """
    books: dict[str, Codebook] = {}
    holders: set[str] = set()
    for voice in standing_voices(entries, frozenset({"codebook"})):
        digest = hashlib.sha256(bytes(voice.statement.body)).hexdigest()
        if digest == code.codebook_sha256 and isinstance(voice.body, Codebook):
            books[voice.party] = voice.body
            holders.add(voice.party)
    name = f"{code.code_word} {code.number}"
    lacking = sorted(set(parties) - holders)
    if lacking:
        return f"{name}: no agreed text, {', '.join(lacking)} has not logged its code book"
    book = books[sorted(books)[0]]
    texts = {t.language: t.text for m in book.messages if m.number == code.number for t in m.texts}
    if book.code_word != code.code_word or not texts:
        return f"{name}: not in the code book"
    if language not in texts:
        return f"{name}: no text in {language!r}; there is {', '.join(sorted(texts))}"
    text = texts[language]
    for number, blank in enumerate(code.blanks, start=1):
        text = text.replace(f"{{{number}}}", blank)
    return text


def calls(entries: Iterable[Entry], origins: dict[str, str]) -> tuple[Agreed, ...]:
    """Every call, sorted by name. `origins`: log origin by party's name. The governing language's text is compared."""
    names: dict[str, list[Voice]] = {}
    for voice in standing_voices(entries, frozenset({"voice-call"})):
        if isinstance(voice.body, VoiceCall):
            names.setdefault(voice.body.call, []).append(voice)
    return tuple(_agreed(name, names[name], origins) for name in sorted(names))


def _agreed(name: str, said: Sequence[Voice], origins: dict[str, str]) -> Agreed:
    bodies = [(v, v.body) for v in said if isinstance(v.body, VoiceCall)]
    parties = tuple(sorted({origins.get(s.party, s.party) for _, body in bodies for s in body.speakers}))
    missing = tuple(party for party in parties if party not in {v.party for v, _ in bodies})
    summaries = {(v.statement.marking.language, body.summary) for v, body in bodies}
    texts = [{v.statement.marking.language: body.summary} | {t.language: t.text for t in body.translations}
             for v, body in bodies]  # fmt: skip
    common = set.intersection(*(set(one) for one in texts))
    same = len(summaries) == 1 or (bool(common) and all(len({one[lang] for one in texts}) == 1 for lang in common))
    state: Literal["agreed", "one-sided", "differs"] = "differs" if not same else "one-sided" if missing else "agreed"
    return Agreed(name, parties, state, bodies[0][1].summary, missing, tuple(v.place for v, _ in bodies))
