"""Authentication cards: a person shows who he is before a joint finding, and can show that he is forced.

A card has numbered cells, each with an answer and, in the second column, the answer under duress. A cell is asked once.
Kept are salted hashes alone. Whoever looks over a shoulder learns an answer that is never asked again; whoever reads
the file can guess at leisure, since an answer is short: the card is a second sign beside the passkey, not a key.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

CELLS = 24
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 5
Outcome = Literal["passed", "failed", "duress"]


class Cell(Struct, frozen=True, kw_only=True):
    """One cell's two answers, hashed."""

    salt: str
    answer: str
    duress: str


def make_card(entropy: bytes) -> tuple[list[tuple[str, str]], tuple[Cell, ...]]:
    """([(answer, answer under duress)] to be printed, cells to be kept) from at least 32 secret bytes."""
    if len(entropy) < 32:
        raise AssertionError("a card from fewer than 32 secret bytes")
    printed, kept = [], []
    for number in range(CELLS):
        answer, duress = (_letters(entropy, f"{number} {column}") for column in ("answer", "duress"))
        if answer == duress:
            duress = answer[1:] + ("A" if answer[0] != "A" else "B")
        salt = hashlib.sha256(b"salt" + entropy + str(number).encode()).hexdigest()[:32]
        printed.append((answer, duress))
        kept.append(Cell(salt=salt, answer=_hash(salt, answer), duress=_hash(salt, duress)))
    return printed, tuple(kept)


def printed_card(name: str, answers: Sequence[tuple[str, str]]) -> str:
    """The card as its owner reads it: cells are counted from 1, as the page asks for them."""
    lines = [f"Authentication card of {name}. The second column says that you are being forced.", ""]
    lines += [f"{number:4}   {answer}   {duress}" for number, (answer, duress) in enumerate(answers, 1)]
    return "\n".join(lines) + "\n"


def judge(cell: Cell, said: str) -> Outcome:
    """What an answer means. Takes the same time for each of the three."""
    found = _hash(cell.salt, "".join(said.split()).upper())
    passed, forced = hmac.compare_digest(found, cell.answer), hmac.compare_digest(found, cell.duress)
    return "passed" if passed else "duress" if forced else "failed"


def _hash(salt: str, answer: str) -> str:
    return hashlib.scrypt(answer.encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1, dklen=32).hex()


def _letters(entropy: bytes, label: str) -> str:
    drawn = int.from_bytes(hashlib.sha256(entropy + label.encode()).digest(), "big")
    found = ""
    for _ in range(LENGTH):
        drawn, rest = divmod(drawn, len(LETTERS))
        found += LETTERS[rest]
    return found
