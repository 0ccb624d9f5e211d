"""Entries of one log, read one after the other: envelope and body at once, cheaper than reading each anew.

Consecutive statements of a log differ in place, time and body; the rest of the envelope is spelled alike, to the byte.
A reader remembers spellings that were decoded in full before and only compares. What does not fit is decoded in full;
the result is the same in every case (tests/wire/test_reading.py).

`parsed` is such a reader for all rooms of a process: the record, both pictures and the decisions read the same entries
shortly after each other, and each is read once.
"""

from dataclasses import dataclass
from functools import lru_cache

from msgspec import Raw

from tocsin.wire.bodies import body_of
from tocsin.wire.envelope import MAX_ENTRY_BYTES, MAX_TAI_US, Observed, Record, Statement, decode, encode
from tocsin.wire.errors import WireError

MOST_SPELLINGS = 64
REMEMBERED, REMEMBERED_BYTES = 1_024, 4_096  # entries, and the longest of them
_PLACE, _TIME, _BODY = b'"sequence":', b'"t_tai_us":', b',"body":'
_DIGITS = 17  # of 2**53 - 1, and the comma


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What stands between place, time and body of `model`'s entry."""

    middle: bytes
    tail: bytes
    model: Statement


class Reader:
    """`read` gives envelope and typed body of an entry. Keep one as long as entries come; it holds little."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Spelling] = {}

    def read(self, data: bytes) -> tuple[Statement, Record]:
        """As `decode`, then `body_of`. Raises WireError, UnknownKind."""
        at = data.find(_PLACE, 0, 512) + len(_PLACE)
        spelling = self._known.get(data[:at])
        if spelling is not None:
            alike = _respelled(data, at, spelling)
            if alike is not None:
                try:
                    return alike, body_of(alike)
                except WireError:
                    pass  # said below, as it is said of any other entry
        statement = decode(data)
        body = body_of(statement)
        if at >= len(_PLACE):
            self._remember(data, at, statement)
        return statement, body

    def _remember(self, data: bytes, at: int, statement: Statement) -> None:
        """Only what is spelled as we would spell it: nothing in it can stand twice, or be read in two ways."""
        observed = data.find(_TIME, at) + len(_TIME)
        body = data.find(_BODY, observed) + len(_BODY)
        if statement.encryption is not None or min(observed, body) < at or encode(statement) != data:
            return  # also where a mark was not found
        middle, tail = data[data.find(b",", at) : observed], data[data.find(b",", observed) : body]
        spelling = _Spelling(middle, tail, statement)
        if _respelled(data, at, spelling) != statement:
            return  # a text in the envelope holds one of the marks
        if len(self._known) >= MOST_SPELLINGS:
            self._known.clear()
        self._known[data[:at]] = spelling


_READER = Reader()


def parsed(data: bytes) -> tuple[Statement, Record]:
    """Envelope and typed body of an entry. Raises WireError, UnknownKind."""
    return _remembered(data) if len(data) <= REMEMBERED_BYTES else _READER.read(data)


@lru_cache(maxsize=REMEMBERED)
def _remembered(data: bytes) -> tuple[Statement, Record]:
    return _READER.read(data)


def _respelled(data: bytes, at: int, spelling: _Spelling) -> Statement | None:
    """The statement if `data` is spelled so; its body, from `{` to `}`, is still to be read."""
    if len(data) > MAX_ENTRY_BYTES:
        return None
    first = data.find(b",", at, at + _DIGITS)
    begin = first + len(spelling.middle)
    second = data.find(b",", begin, begin + _DIGITS)
    body = second + len(spelling.tail)
    if first < 0 or second < 0 or data[body : body + 1] != b"{" or not data.endswith(b"}}"):
        return None
    if not (data.startswith(spelling.middle, first) and data.startswith(spelling.tail, second)):
        return None
    place, time = _number(data[at:first]), _number(data[begin:second])
    if place is None or time is None:
        return None
    model = spelling.model
    observed = model.observed
    return Statement(
        tocsin=1, kind=model.kind, schema=model.schema, origin=model.origin, epoch=model.epoch, sequence=place,
        mode=model.mode, regime=model.regime, marking=model.marking,
        observed=Observed(t_tai_us=time, uncertainty_us=observed.uncertainty_us, clock=observed.clock),
        references=model.references, encryption=None, signatures=model.signatures, body=Raw(data[body:-1]),
    )  # fmt: skip


def _number(digits: bytes) -> int | None:
    """A number as JSON spells it, up to 2**53 - 1."""
    if not digits.isdigit() or (digits[0] == 48 and len(digits) > 1):
        return None
    value = int(digits)
    return value if value <= MAX_TAI_US else None
