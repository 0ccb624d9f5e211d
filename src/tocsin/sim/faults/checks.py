"""Independent judges of a run. They have their own Merkle tree, their own reading of notes, receipts and votes.

    C1  an entry that an honest party receipted is on its disk, unaltered, unless it is a track or a heartbeat and
        every party has logged the terms by which it may be dropped (L11)
    C2  no two checkpoints of one log that were seen disagree, unless an honest party holds the proof of a fork
    C3  no honest party has ADOPTED while another has CLOSED, unless a proof of misconduct exists; then both come to
        DISPUTED; what was final stays so; ADOPTED has its votes and timely receipts (V2)
    C4  same checkpoints, same picture
    C5  after healing everything that was signed has arrived and is receipted
    C6  nothing but the four roots of failure, and none of them out of the border
    C7  an honest mirror never states contradictory times (V5)
"""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tocsin.mirror.memory import MemoryMirrorStore

Pair = tuple[str, str]
"""(cosigner, origin)."""


def tree_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, by its definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree_root(leaves[:k]) + tree_root(leaves[k:])).digest()


@dataclass(slots=True)
class History:
    """What was seen of one log: entries by index, their leaf hashes, roots by size, and whether two roots disagree."""

    entries: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    roots: dict[int, str] = field(default_factory=dict)
    forked: bool = False
    early: dict[int, bytes] = field(default_factory=dict)
    _fitting: dict[int, str] = field(default_factory=dict)
    _subtrees: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def forget(self, held: int) -> None:
        """What stands from index `held` on never was."""
        del self.entries[held:], self.leaves[held:]
        self.early.clear()
        self._fitting.clear()
        self._subtrees.clear()
        self.roots = {size: root for size, root in self.roots.items() if size <= held}

    def root_at(self, size: int) -> str:
        """Root of the first `size` leaves, in hex: as `tree_root`, each subtree that cannot grow hashed once."""
        found = self._fitting.get(size)
        if found is None:
            found = self._fitting[size] = self._root(0, size).hex()
        return found

    def _root(self, start: int, end: int) -> bytes:
        count = end - start
        if count < 2:
            return tree_root(self.leaves[start:end])
        whole = count & (count - 1) == 0
        found = self._subtrees.get((start, end)) if whole else None
        if found is None:
            middle = start + (1 << ((count - 1).bit_length() - 1))
            found = hashlib.sha256(b"\x01" + self._root(start, middle) + self._root(middle, end)).digest()
            if whole:
                self._subtrees[start, end] = found
        return found


@dataclass(slots=True)
class Seen:
    """Everything that crossed the border, read again here."""

    honest: dict[str, bool]
    origin_of: dict[str, str]
    logs: dict[str, History] = field(default_factory=dict)
    receipts: dict[Pair, list[tuple[int, int]]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    may_fork: set[str] = field(default_factory=set)

    def request(self, sender: str, receiver: str, data: bytes) -> tuple[str, int] | None:
        """A request leaves a party: C2 for pushes; (origin, size) of a receipt that a pull brings along."""
        body = self._read(sender, data)
        if body is None:
            return None
        if body.get("type") == "push":
            self._shown(sender, body)
        if body.get("type") == "pull" and body.get("receipt"):
            return self._receipt(sender, self.origin_of[receiver], int(body["start"]), body["receipt"])
        return None

    def reply(self, sender: str, receiver: str, data: bytes) -> tuple[str, int] | None:
        """An answer leaves a party: C7 for receipts, C2 for what was pulled. (origin, size) of a receipt."""
        body = self._read(sender, data)
        if body is None:
            return None
        if body.get("type") == "pulled" and body.get("checkpoint") and body["origin"] == self.origin_of[sender]:
            self._shown(sender, body)
        if body.get("type") == "answer" and body.get("receipt"):
            return self._receipt(sender, self.origin_of[receiver], int(body["held"]), body["receipt"])
        return None

    def _shown(self, sender: str, body: dict[str, Any]) -> None:
        """Entries and a checkpoint of the sender's own log."""
        origin, size, root = read_checkpoint(body["checkpoint"])
        history = self.logs.get(origin)
        if history is None:
            history = self.logs[origin] = History()
        trusted = self.honest[sender] and sender not in self.may_fork
        entries = [base64.b64decode(entry) for entry in body.get("entries", ())]
        self._extend(history, int(body.get("start", 0)), entries, origin, trusted=trusted)
        self._root(history, origin, size, root, trusted=trusted)

    def _receipt(self, sender: str, origin: str, size: int, lines: str) -> tuple[str, int]:
        time_s = read_time(lines)
        given = self.receipts.setdefault((sender, origin), [])
        if (size, time_s) not in given:
            for other_size, other_s in given if self.honest[sender] else ():
                if (other_size < size and other_s > time_s) or (other_size > size and other_s < time_s):
                    self.violations.append(f"C7 {sender} receipted {other_size} at {other_s}, {size} at {time_s}")
            given.append((size, time_s))
        return origin, size

    def _read(self, sender: str, data: bytes) -> dict[str, Any] | None:
        try:
            body = msgspec.json.decode(data)
        except msgspec.MsgspecError:
            body = None
        if not isinstance(body, dict):
            if self.honest[sender]:
                self.violations.append(f"C6 {sender} sent what nobody can read")
            return None
        return body

    def _extend(self, history: History, start: int, entries: list[bytes], origin: str, *, trusted: bool) -> None:
        for index, entry in enumerate(entries, start):
            if index < len(history.entries):
                if history.entries[index] != entry:
                    history.forked = True
                    if trusted:
                        self.violations.append(f"C2 entry {index} of {origin} changed")
            else:
                history.early[index] = entry  # a second push may overtake the first
        while (following := history.early.pop(len(history.entries), None)) is not None:
            history.entries.append(following)
            history.leaves.append(hashlib.sha256(b"\x00" + following).digest())

    def _root(self, history: History, origin: str, size: int, root: str, *, trusted: bool) -> None:
        known = history.roots.setdefault(size, root)
        if known != root:
            history.forked = True
            if trusted:
                self.violations.append(f"C2 {origin} signed two roots of size {size}")
        elif trusted and not history.forked and size <= len(history.leaves):
            self._entries_fit(history, origin, size, root)

    def _entries_fit(self, history: History, origin: str, size: int, root: str) -> None:
        if history.root_at(size) != root:
            self.violations.append(f"C2 the root of {origin} at {size} is not that of its entries")

    def check_disk(self, party: str, store: MemoryMirrorStore, origin: str, start: int, end: int) -> None:
        """C1: entries [start, end) on a disk are those of the log's history."""
        history = self.logs.get(origin)
        if history is None or history.forked:
            return
        for index in range(start, min(end, len(history.entries))):
            there = index < len(store.held) and store.held[index] == history.entries[index]
            if not there and not (index in store.holes and self.may_be_dropped(origin, index)):
                self.violations.append(f"C1 {party} receipted entry {index} of {origin} and does not hold it")
                return

    def may_be_dropped(self, origin: str, index: int) -> bool:
        """L11, read again here: every party logged the same terms about it, and it is a track or a heartbeat."""
        if msgspec.json.decode(self.logs[origin].entries[index])["kind"] not in ("tracklet", "heartbeat"):
            return False
        terms = [_terms(self.logs.get(name, History()).entries, origin) for name in self.origin_of.values()]
        return any(before > index for before, _ in set.intersection(*terms))


def _terms(entries: list[bytes], origin: str) -> set[tuple[int, str]]:
    """(first entry that is kept, what is kept instead) by every statement of terms in a log about another log."""
    bodies = (said["body"] for said in map(msgspec.json.decode, entries) if said["kind"] == "retention")
    return {(body["before_index"], body["bundle_sha256"]) for body in bodies if body["origin"] == origin}


def pushed(data: bytes) -> tuple[int, list[bytes], int]:
    """Start, entries and number of a message, (0, [], 0) if it is no push."""
    try:
        body = msgspec.json.decode(data)
    except msgspec.MsgspecError:
        return 0, [], 0
    if not isinstance(body, dict) or body.get("type") != "push":
        return 0, [], 0
    return int(body["start"]), [base64.b64decode(entry) for entry in body["entries"]], int(body.get("number", 0))


def read_checkpoint(note: str) -> tuple[str, int, str]:
    """Origin, size and root (hex) of a note."""
    lines = note.split("\n")
    return lines[0], int(lines[1]), base64.b64decode(lines[2]).hex()


def read_time(lines: str) -> int:
    """Time of a cosignature line: after the em dash and the name, base64 of id (4), time (8), signature."""
    return int.from_bytes(base64.b64decode(lines.split("\n", maxsplit=1)[0].split(" ")[2])[4:12], "big")


def certificate(seen: Seen, required: list[str], deadline_s: int, proposal_sha256: str, reader: str = "") -> str:
    """V2, read again from everything that crossed the border: what is missing, "" if nothing is.

    `reader` may know receipts of its own that are stored and not yet answered.
    """
    for party in required:
        origin = seen.origin_of[party]
        index = _first_vote(seen.logs.get(origin, History()).entries, proposal_sha256)
        if index is None:
            return f"no yes of {party}"
        for other in required:
            given = seen.receipts.get((other, origin), [])
            timely = any(size > index and time_s <= deadline_s for size, time_s in given)
            if other not in (party, reader) and not timely:
                return f"no timely receipt of {other} for {party}"
    return ""


def _first_vote(entries: list[bytes], proposal_sha256: str) -> int | None:
    for index, entry in enumerate(entries):
        if proposal_sha256.encode() not in entry:
            continue
        said = msgspec.json.decode(entry)
        if said["kind"] == "vote" and said["body"]["proposal_sha256"] == proposal_sha256:
            return index if said["body"]["choice"] == "yes" else None
    return None


def parted(statuses: dict[str, str]) -> bool:
    """C3 at one moment: ADOPTED here, CLOSED there."""
    return {"ADOPTED", "CLOSED"} <= set(statuses.values())


def flipped(before: str, now: str) -> bool:
    """C3 over time: what was final became something else than disputed."""
    return before in ("ADOPTED", "CLOSED") and now not in (before, "DISPUTED")
