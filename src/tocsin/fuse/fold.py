"""Verified entries to the common picture: at once (`common_picture`) or as they come (`Fold`), with equal results."""

from collections.abc import Container, Iterable, Iterator
from itertools import count

from tocsin.fuse.combine import combine
from tocsin.fuse.entry import Increment, Rejected, Withdrawal, read
from tocsin.fuse.groups import Group, Member, grouped
from tocsin.fuse.history import History
from tocsin.fuse.joint import Joint
from tocsin.fuse.limits import KEEP_NS
from tocsin.fuse.names import named, remembered
from tocsin.fuse.pairing import Comparer
from tocsin.fuse.picture import CommonPicture, Unused, picture
from tocsin.fuse.stream import Stream
from tocsin.mirror import Verified


def common_picture(entries: Iterable[Verified], as_of_tai_ns: int) -> CommonPicture:
    """The picture that a set of verified entries shows at a time.

    A pure function of the set: their order and repetitions do not matter. Nothing in them raises.
    """
    fold = Fold()
    fold.add(entries)
    return fold.picture(as_of_tai_ns)


class Fold:
    """The same, one entry after another: `picture` equals `common_picture` of all entries added so far."""

    def __init__(self) -> None:
        self._streams: dict[tuple[str, str], Stream] = {}
        self._seen: set[tuple[str, int]] = set()
        self._unread: dict[tuple[str, str], tuple[int, int]] = {}
        self._comparer = Comparer()
        self._joint = Joint()
        self._history = History(self._grouped, self._comparer)
        self._serials = count(1)
        self._withdrawn: dict[str, list[Withdrawal]] = {}
        self._undone: dict[str, int] = {}
        self._last: CommonPicture | None = None  # until something comes that a picture could show

    def undone(self, origin: str) -> int:
        """Statements worked through again since this was asked last, because a log spoke of an earlier time late."""
        return self._undone.pop(origin, 0)

    def add(self, entries: Iterable[Verified]) -> None:
        """Take in entries; those already seen (same origin and index) are passed over."""
        new = {(e.origin, e.index): e for e in entries if (e.origin, e.index) not in self._seen}
        for name in sorted(new):
            self._seen.add(name)
            self._take(new[name])

    def alive(self, since_tai_ns: int, also: Container[tuple[str, str]] = ()) -> Iterator[tuple[str, int]]:
        """(origin, index) of every statement about tracks that were spoken of since a time or give one of those its
        name, and `also` these."""
        named = self._history.sources()
        for key, stream in self._streams.items():
            if stream.last_t_ns >= since_tai_ns or key in also or (stream.party, stream.track) in named:
                yield from ((stream.origin, index) for index in stream.indexes)

    def picture(self, as_of_tai_ns: int) -> CommonPicture:
        """The common picture at a time; statements about later times are left out of it."""
        if self._last is None or self._last.as_of_tai_ns != as_of_tai_ns:
            self._last = self._picture(as_of_tai_ns)
        return self._last

    def _picture(self, as_of_tai_ns: int) -> CommonPicture:
        past = self._history.before(as_of_tai_ns, self._streams.values())
        groups = self._grouped(as_of_tai_ns)
        now = remembered(past, groups, as_of_tai_ns, self._comparer)
        tracks = combine(groups, named(now, groups), as_of_tai_ns, self._joint)
        self._joint.forget()
        return picture(as_of_tai_ns, tracks, self._unused(as_of_tai_ns))

    def _grouped(self, as_of_tai_ns: int) -> list[Group]:
        for stream in self._streams.values():
            stream.advance(as_of_tai_ns)
            if stream.undone:
                self._undone[stream.origin] = self._undone.get(stream.origin, 0) + stream.undone
                stream.undone = 0
        return grouped(self._members(as_of_tai_ns), as_of_tai_ns, self._comparer)

    def _take(self, entry: Verified) -> None:
        body = read(entry)
        if body is not None:
            self._last = None
        if isinstance(body, Rejected):
            self._count(self._unread, entry.origin, body.reason, 1, entry.index)
        elif isinstance(body, Increment):
            stream = self._streams.get((body.origin, body.track))
            if stream is None:
                stream = Stream(body.origin, body.party, body.track, self._serials.__next__)
                self._streams[stream.key] = stream
                for withdrawal in self._withdrawn.get(body.party, ()):
                    _withdraw(stream, withdrawal)
            stream.add(body)
            self._history.undo(body.t_ns)
        elif isinstance(body, Withdrawal):
            self._withdrawn.setdefault(body.party, []).append(body)
            self._history.undo(body.t_ns)
            for stream in self._streams.values():
                if stream.party == body.party:
                    _withdraw(stream, body)

    def _members(self, as_of_ns: int) -> list[Member]:
        """Streams that the picture shows, one for each track of a party, sorted by key.

        A track that stands in a party's shared and own log alike is taken from the one that knows the latest.
        """
        chosen: dict[tuple[str, str], Member] = {}
        for key in sorted(self._streams):
            stream = self._streams[key]
            head = stream.head(as_of_ns)
            if head is None or as_of_ns - head.t_ns > KEEP_NS:
                continue
            other = chosen.get((stream.party, stream.track))
            if other is None or head.t_ns >= other[1].t_ns:
                chosen[stream.party, stream.track] = (stream, head)
        return sorted(chosen.values(), key=lambda member: member[0].key)

    def _unused(self, as_of_ns: int) -> tuple[Unused, ...]:
        table = dict(self._unread)
        for stream in self._streams.values():
            for reason, (n, first) in stream.left_out(as_of_ns).items():
                self._count(table, stream.origin, reason, n, first)
            later = stream.later(as_of_ns)
            if later:
                self._count(table, stream.origin, "after the time of the picture", len(later), min(later))
        return tuple(Unused(origin, reason, n, first) for (origin, reason), (n, first) in sorted(table.items()))

    @staticmethod
    def _count(
        table: dict[tuple[str, str], tuple[int, int]], origin: str, reason: str, count: int, index: int
    ) -> None:
        so_far, first = table.get((origin, reason), (0, index))
        table[origin, reason] = (so_far + count, min(first, index))


def _withdraw(stream: Stream, withdrawal: Withdrawal) -> None:
    for origin, index, sha256 in withdrawal.entries:
        if origin == stream.origin:
            stream.withdraw(index, sha256, withdrawal.t_ns)
