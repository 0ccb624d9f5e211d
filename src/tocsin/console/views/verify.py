"""What can be checked: logs with their receipts, what did not hold, what went out and what stayed."""

from hashlib import sha256

from tocsin.console.board import EvidenceLine, LogLine, ReceiptLine, Verify
from tocsin.console.sight import Sight
from tocsin.node import queries, sights
from tocsin.wire.bodies import Head
from tocsin.wire.watch import HOME_KINDS

SHOWN = 50


def verify(sight: Sight) -> Verify:
    """The panel."""
    centre = sight.centre
    heads = {head.origin: head for head in queries.all_heads(centre)}
    logs = tuple(_log(sight, party, heads) for party in centre.parties)
    notes = list(sight.evidence())[-SHOWN:]
    return Verify(
        logs=logs,
        evidence=tuple(
            EvidenceLine(
                utc=sights.utc(t_ns // 1_000), source=source, message=message,
                sha256=sha256(data).hexdigest() if data else "",
            )
            for t_ns, source, message, data in reversed(notes)
        ),
        refused=tuple(sight.registry.refused), disclosed=dict(sorted(centre.disclosed.items())),
        disclosed_bytes=centre.disclosed_bytes,
        withheld={k: n for k, n in sorted(centre.withheld.items()) if k not in HOME_KINDS},
    )  # fmt: skip


def _log(sight: Sight, party: str, heads: dict[str, Head]) -> LogLine:
    centre, origin = sight.centre, sight.origins[party]
    head = heads[origin]
    latest = {one.cosigner: one for one in sorted(centre.receipts, key=lambda one: one.size) if one.origin == origin}
    lines = tuple(
        ReceiptLine(by=one.cosigner, size=one.size, utc=sights.utc(sights.tai_us_of_posix(one.time_s)))
        for _, one in sorted(latest.items())
    )
    forked = party != centre.config.party and centre.mirrors[party].fork is not None
    unknown = "" if sight.play.replay else "nobody has receipted it yet"  # exports keep the receipts that decide
    held = ", ".join(f"{one.by} holds {one.size}" for one in lines) or unknown
    words = f"{head.size} entries verified here" + (f"; {held}" if held else "")
    if forked:
        words = f"FORKED: {party} signed two histories; the proof is kept. " + words
    return LogLine(
        origin=origin, party=party, size=head.size, root=head.root, utc=lines[-1].utc if lines else "",
        receipts=lines, forked=forked, words=words,
    )  # fmt: skip
