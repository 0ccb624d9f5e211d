"""What a mirror needs from outside, beyond the ports of tocsin.log."""

from collections.abc import Sequence
from typing import Protocol

from tocsin.log.ports import LogStore


class ReceiptStore(Protocol):
    """Checkpoints of one log with the receipts given or got for them, one a size."""

    def put_receipt(self, size: int, note: bytes) -> None:
        """Hold the note for this size in place of an earlier one; durable on return."""
        ...

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        """(size, note) of the smallest size greater than `above`, None if there is none."""
        ...

    def drop_receipts(self, sizes: Sequence[int]) -> None:
        """Hold nothing for these sizes any more; durable on return (L5)."""
        ...


class MirrorStore(LogStore, ReceiptStore, Protocol):
    """Everything that a mirror holds of one log: entries, tiles, receipts."""

    def sparse(self, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        """(number, entry) of those of [start, end) that are there, in order: some were dropped by agreement (L11)."""
        ...

    def drop_entries(self, numbers: Sequence[int]) -> None:
        """Hold these entries no more; durable on return. Tiles stay."""
        ...

    def fill_entries(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Hold entries that were dropped again; durable on return."""
        ...
