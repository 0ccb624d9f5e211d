"""One centre as its board sees it: the picture, who is who, and what was worked out before and still holds.

The picture is taken by `refresh`; who calls it decides how often, because with a thousand tracks it costs as much as
everything else together. Between two pictures tracks are carried on.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec

from tocsin.console.board import Point
from tocsin.console.host import Host, Play
from tocsin.console.thoughts import Thoughts
from tocsin.node import hearing, queries, sights
from tocsin.node.centre import Centre
from tocsin.node.custody.roster import Registry, hands
from tocsin.node.custody.staffed import Request, Staffed
from tocsin.node.desk import Desk, EventView
from tocsin.node.record import Said
from tocsin.wire.envelope import Statement, officer_message
from tocsin.wire.groups import split_group

NS = 1_000_000_000
Evidence = tuple[int, str, str, bytes]
"""(t_tai_ns, source, message, bytes)."""
TRAIL_STEP_S = 10.0
TRAIL_POINTS = 32
KEPT_EVENTS = 40  # so many events are put before an officer at once, the gravest first
_LEVELS = ("none", "display", "threat", "attack")


def gravity(view: EventView) -> tuple[int, bool, int, str]:
    """Key by which events are put in order: the gravest is the least."""
    level = max(_LEVELS.index(view.level), _LEVELS.index(view.proposed_level))
    return -level, view.benign >= 0.95, view.track.first_t_tai_ns, view.id


class Sight:
    """State between two looks. Nothing here changes the centre."""

    def __init__(
        self, host: Host, *, development: bool = False, test_every_s: float = 3_600.0,
        people: Callable[[], Mapping[str, tuple[str, ...]]] = dict,
    ) -> None:  # fmt: skip
        """`people`: who may look in without signing, with their roles; `test_every_s`: between circuit tests."""
        self.host = host
        self.development = development
        self.test_every_s = test_every_s
        self.people = people
        self.cleared: Callable[[str], object] = str  # told when a senior officer clears somebody
        self.origins = {party: origin for origin, party in _names(self.centre).items()}
        self.names = _names(self.centre)
        self.tracks: Sequence[sights.CommonTrack] = ()
        self.picture_tai_ns = 0
        self.thoughts = Thoughts()
        self.trails: dict[str, list[Point]] = {}
        self.held_back: dict[str, tuple[str, ...]] = {}  # signatures that are shown and not used, by request
        self._trail_tai_ns = 0
        self._hands: dict[tuple[str, int], tuple[str, ...]] = {}
        self._own_digest: dict[str, str] = {}

    @property
    def centre(self) -> Centre:
        """The centre."""
        return self.host.centre

    @property
    def desk(self) -> Desk:
        """Its desk."""
        return self.host.desk

    @property
    def party(self) -> str:
        """Whose board this is."""
        return self.centre.config.party

    @property
    def play(self) -> Play:
        """How time goes."""
        return self.host.play()

    @property
    def now_tai_us(self) -> int:
        """The centre's time."""
        return self.centre.now_tai_ns // 1_000

    @property
    def requests(self) -> dict[str, Request]:
        """Statements that wait for hands."""
        return self.centre.requests if isinstance(self.centre, Staffed) else {}

    @property
    def registry(self) -> Registry:
        """Anchors and rosters."""
        return queries.officers(self.centre)

    def mark(self) -> tuple[object, ...]:
        """Moves when anything was said, receipted, refused, asked or lost: what most sections follow from."""
        centre, refused = self.centre, self.evidence()
        links = tuple((one.receipted, one.refused) for one in centre.links.values())
        return (
            len(centre.said), centre.marks.count, centre.border.gates.changes, centre.books["shared"].size, links,
            centre.silent(), tuple((r.name, len(r.signatures)) for r in self.requests.values()),
            len(self.host.press()), self.play.paused, self.play.ended, self.play.no_duff, sum(centre.withheld.values()),
            centre.conclusions.count, refused[-1] if refused else None,
        )  # fmt: skip

    def refresh(self) -> None:
        """Take the national picture as it is now, and a point of every trail when one is due."""
        self.take(queries.national_picture(self.centre).tracks, self.centre.now_tai_ns)

    def take(self, tracks: Sequence[sights.CommonTrack], now_ns: int) -> None:
        """Take a picture that was worked out elsewhere, for `now_ns`."""
        self.tracks = tuple(track for track in tracks if not (track.ended or track.gone_into))
        self.picture_tai_ns = now_ns
        if 0 <= now_ns - self._trail_tai_ns < TRAIL_STEP_S * NS:
            return
        self._trail_tai_ns = now_ns
        seen = sights.columns(self.tracks, now_ns)
        called = {name: track.id for track in self.tracks for name in track.aliases}
        kept = sorted(self.trails, key=lambda name: called.get(name) == name)  # of two that are one now, its own
        self.trails = {called[name]: self.trails[name] for name in kept if name in called}
        for row, track in enumerate(self.tracks):
            if track.stale:
                continue
            point = (
                round(float(seen.longitude_deg[row]), 3), round(float(seen.latitude_deg[row]), 3),
                round(float(seen.height_km[row]), 1),
            )  # fmt: skip
            trail = self.trails.setdefault(track.id, [])
            trail.append(point)
            del trail[:-TRAIL_POINTS]

    def events(self) -> list[EventView]:
        """Events, the gravest first: by level, taken or proposed, then by how little is explained, then by age."""
        return sorted(self.desk.events(), key=gravity)[:KEPT_EVENTS]

    def party_of(self, origin: str) -> str:
        """Whose log that is; its origin where that is not known."""
        return self.names.get(split_group(origin.removesuffix("/own"))[0], origin)

    def evidence(self) -> Sequence[Evidence]:
        """What was refused, oldest first, as far as the private record keeps it in memory."""
        notes: Sequence[Evidence] = getattr(self.centre.ports.private, "evidence_notes", ())
        return notes

    def plain(self, text: str) -> str:
        """Words with parties instead of their logs' origins."""
        for origin in sorted(self.names, key=len, reverse=True):
            text = text.replace(origin, self.names[origin])
        return text

    def source_of(self, parties: Sequence[str]) -> str:
        """`own`, `partner:<party>` or `joint`, from the parties (names or origins) whose words something rests on."""
        found = {self.party_of(one) for one in parties}
        if found == {self.party}:
            return "own"
        return f"partner:{next(iter(found))}" if len(found) == 1 else "joint"

    def signed_by(self, said: Said) -> tuple[str, ...]:
        """Officers whose every key signed a statement, by the roster that was in force then."""
        key = (said.entry.origin, said.entry.index)
        if key not in self._hands:
            apart = said.entry.origin.endswith("/own") or split_group(said.entry.origin)[1]
            index = said.entry.index
            if apart:  # its places are not those of the log that holds the roster
                theirs = self.centre.mirrors.get(said.party)
                index = self.centre.books["shared"].next_index if theirs is None else theirs.size
            roster = self.registry.roster_at(said.party, index)
            found = hands(said.statement, roster).officers if roster is not None else {}
            self._hands[key] = tuple(sorted(found))
        return self._hands[key]

    def receipted_by(self, said: Said) -> tuple[str, ...]:
        """Partners that hold an entry by their receipt."""
        entry = said.entry
        held = (r for r in self.centre.receipts if r.origin == entry.origin and r.size > entry.index)
        return tuple(sorted({receipt.cosigner for receipt in held}))

    def statement_of(self, request: Request) -> Statement:
        """What waits, with the signatures that it has."""
        return msgspec.structs.replace(request.statement, signatures=tuple(request.signatures))

    def asked_by(self, request: Request) -> str:
        """The officer in whose name it was drafted."""
        return str(getattr(request.draft.body, "officer", ""))

    def drop_request(self, name: str) -> None:
        """Let a request go that nobody may sign any more."""
        self.requests.pop(name, None)
        self.held_back.pop(name, None)

    def own_digest(self, view: queries.ProposalView) -> str:
        """Digest of the picture that a proposal names as we compute it; empty while we lack entries of it."""
        name = view.said.entry.sha256
        if name not in self._own_digest:
            found = queries.recompute(self.centre, view.body.picture)
            if found is None:
                return ""
            self._own_digest[name] = found.digest
        return self._own_digest[name]


def exact_text(statement: Statement) -> str:
    """What an officer's signature covers, for a person to read: every field of `officer_message`, none left out."""
    lines = [
        f"{statement.kind} {statement.schema}", f"log {statement.origin}", f"epoch {statement.epoch}",
        f"mode {statement.mode}", f"regime {statement.regime}",
    ]  # fmt: skip
    lines += [f"{one.role} {one.origin} {one.index} {one.sha256}" for one in statement.references]
    return "\n".join((*lines, msgspec.json.format(bytes(statement.body), indent=1).decode()))


def message_sha256(statement: Statement) -> str:
    """Hash of what is signed."""
    return hashlib.sha256(officer_message(statement)).hexdigest()


def _names(centre: Centre) -> dict[str, str]:
    return {origin: party for party, origin in hearing.origins(centre).items()}
