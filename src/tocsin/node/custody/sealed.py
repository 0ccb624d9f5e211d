"""Openings of sealed observations against their seals, from the log alone (L8). Used by `tocsin verify`."""

from collections.abc import Iterator, Sequence

from tocsin.node.record import Said
from tocsin.wire.confidential import ObservationOpening, ObservationSeal, opens

OPENS = "opens"
"""Role of the reference from an opening to its seal."""


def openings(log: Sequence[Said]) -> Iterator[tuple[Said, Said | None, bool]]:
    """(opening, the seal it names, whether it fits) of one party's shared log."""
    seals = {(one.entry.index, one.entry.sha256): one for one in log if isinstance(one.body, ObservationSeal)}
    for said in log:
        if not isinstance(said.body, ObservationOpening):
            continue
        named = [one for one in said.statement.references if one.role == OPENS and one.origin == said.entry.origin]
        seal = seals.get((named[0].index, named[0].sha256)) if len(named) == 1 else None
        body = seal.body if seal is not None and seal.entry.index < said.entry.index else None
        fits = isinstance(body, ObservationSeal) and opens(said.entry.origin, body, said.body)
        yield said, seal, fits


def in_words(said: Said, seal: Said | None, fits: bool) -> str:
    """One finding for an auditor."""
    if seal is None:
        return f"entry {said.entry.index} opens a seal that is not in this log"
    if not fits:
        return f"entry {said.entry.index} opens the seal of entry {seal.entry.index} with what was not sealed"
    return (
        f"entry {said.entry.index} opens the seal of entry {seal.entry.index}: its content was held when the seal was "
        f"logged; what else was held, nobody can tell (L8)"
    )
