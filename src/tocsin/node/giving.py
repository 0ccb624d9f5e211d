"""What a partner may pull: entries of our log, of its own that we mirror, or of a third party's."""

from contextlib import suppress
from typing import TYPE_CHECKING

from tocsin.log.steps import at_once
from tocsin.node.exchange import MAX_ENTRIES, Pull, Pulled, pulled_of
from tocsin.node.link import StaleAnswer, fitting

if TYPE_CHECKING:
    from tocsin.node.border import Border


def show(border: "Border", party: str, pull: Pull) -> Pulled:
    """Entries for a partner: of our log, of its own that we mirror, or, one checkpoint at a time, of a third."""
    link = border.links[party]
    if pull.origin == border.config.origin:
        if pull.receipt:
            with suppress(StaleAnswer):  # what was pulled long ago is shown all the same
                receipt = at_once(link.accept(pull.start, pull.receipt, border.book))
                link.heard_tai_ns = border.now_tai_ns
                border.got(party, receipt)
        if pull.start >= border.book.size:
            return Pulled(origin=pull.origin, start=pull.start)
        border.book.gate.held.dropped.refuse(pull.origin, pull.start)
        entries = border.book.writer.entries(pull.start, min(pull.start + MAX_ENTRIES, border.book.size))
        size, note = border.book.checkpoint_after(pull.start, fitting(entries))
        link.shown = size
        proof = border.book.writer.consistency(pull.start, size) if pull.start else []
        return pulled_of(pull, note, entries[: size - pull.start], proof)
    about = border.gates.by_origin.get(pull.origin)
    if about is None or pull.start >= border.mirrors[about].size:
        return Pulled(origin=pull.origin, start=pull.start)
    mirror = border.mirrors[about]
    mirror.held.dropped.refuse(pull.origin, pull.start)
    entries = [entry.data for entry in mirror.entries(pull.start, min(pull.start + MAX_ENTRIES, mirror.size))]
    size, note = border.gates.shown(mirror, pull.start, fitting(entries), first=about != party)
    proof = mirror.held.tree.consistency(pull.start, size) if pull.start else []
    return pulled_of(pull, note, entries[: size - pull.start], proof)
