"""Bodies of statements, one frozen record a kind, with bounds and units in the field names.

A kind's fields never change their meaning. A new field is a new schema number of that kind; old numbers are
read for ever (docs/wire.md). Angles are degrees, positions Earth-fixed WGS-84 metres, times TAI microseconds.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.wire.confidential import CONFIDENTIAL_KINDS, SEAL_KINDS
from tocsin.wire.council import COUNCIL_KINDS
from tocsin.wire.custody import CUSTODY_KINDS
from tocsin.wire.envelope import Count, Hex32, Line, Name, Origin, Record, Statement, TaiUs, Text
from tocsin.wire.errors import UnknownKind, WireError
from tocsin.wire.groups import GROUP_KINDS
from tocsin.wire.measures import MEASURE_KINDS
from tocsin.wire.strict import refuse_duplicate_names
from tocsin.wire.values import (
    UPPER_COLUMNS,
    UPPER_ROWS,
    Area,
    Azimuth,
    Circle,
    ConferenceLevel,
    Confidence,
    Designator,
    Finding,
    Finite,
    Grouping,
    Identifier,
    Kilometres,
    Latitude,
    Longitude,
    Metres,
    MetresPerSecond,
    NotificationFormat,
    Phase,
    Polygon,
    Probability,
    SiteReport,
    TrackName,
    Vector3,
    VehicleClass,
    Velocity3,
    Window,
)
from tocsin.wire.watch import WATCH_KINDS

__all__ = [
    "KINDS", "UPPER_COLUMNS", "UPPER_ROWS", "Acknowledgement", "Agreement", "Area", "Assessment", "Azimuth", "Body",
    "Circle", "ClassLikelihood", "Conference", "ConferenceLevel", "Confidence", "Explanation", "Finding", "Finite",
    "Floor", "Head", "Heartbeat", "Identifier", "Kilometres", "Latitude", "Lineage", "Longitude", "Metres",
    "MetresPerSecond", "NegativeStatement", "Notification", "Notification2", "NotificationFormat", "PartyKeys", "Phase",
    "PictureReference", "Polygon", "Probability", "Proposal", "ReservedAction", "Retraction", "SiteReport", "Standing",
    "TrackName", "Tracklet", "Vector3", "VehicleClass", "Velocity3", "Vote", "Window", "body_of", "encode_body",
    "kind_of",
]  # fmt: skip

class ClassLikelihood(Record, frozen=True, kw_only=True):
    """Relative likelihood of one class of object."""

    vehicle: VehicleClass
    likelihood: Probability


class Lineage(Record, frozen=True, kw_only=True):
    """How this track came from others of the same party."""

    kind: Literal["split", "merge", "reidentified"]
    tracks: Annotated[tuple[TrackName, ...], Meta(min_length=1, max_length=32)]


class Tracklet(Record, frozen=True, kw_only=True):
    """Information gained about one object since the sender's last statement about it.

    The increment is (dY, dy) at `t_tai_us` about the reference point x_ref = (position, velocity), in Earth-fixed
    axes: Y_after = Y_before_propagated + dY and y about x_ref gains dy, where Y_before was propagated from
    `since_tai_us` with gravity and white acceleration of `process_noise_m2_s3`. The first tracklet of a track has
    no `since_tai_us` and carries everything the sender knows. (Frenkel 1995; Chong, Mori, Barker, Chang 2000.)
    `information` is the upper triangle of dY by rows (`UPPER_ROWS`, `UPPER_COLUMNS`), SI units.
    `coarsened` says that precision was withheld on purpose: it has no `since_tai_us`, replaces what was said before
    about this track, and is fused by covariance intersection. `ended` closes the track: its increment is zero.
    """

    track: TrackName
    since_tai_us: TaiUs | None
    t_tai_us: TaiUs
    position_ecef_m: Vector3
    velocity_ecef_m_s: Velocity3
    information: Annotated[tuple[Finite, ...], Meta(min_length=21, max_length=21)]
    information_vector: Annotated[tuple[Finite, ...], Meta(min_length=6, max_length=6)]
    process_noise_m2_s3: Annotated[float, Meta(ge=0, le=1e9)]
    existence: Probability
    phase: Phase
    classes: Annotated[tuple[ClassLikelihood, ...], Meta(max_length=16)] = ()
    sensors: Annotated[int, Meta(ge=0, le=1_000)] = 1
    coarsened: bool = False
    ended: bool = False
    lineage: Lineage | None = None

    def __post_init__(self) -> None:
        if self.coarsened and self.since_tai_us is not None:
            raise ValueError("`since_tai_us` of a coarsened tracklet: null was expected")
        if self.since_tai_us is not None and self.since_tai_us > self.t_tai_us:
            raise ValueError("`since_tai_us` after `t_tai_us`: an earlier time was expected")


NOTIFICATION_NUMBERS: dict[str, str] = {
    "pre-launch": "01", "window-extension": "02", "post-launch": "03", "cancellation": "04",
    "geophysical-experiment": "05", "deorbit": "06",
}  # fmt: skip


class Notification(Record, frozen=True, kw_only=True):
    """The six formats of the memorandum of 16 December 2000, by number. Its element lists were not read: the fields are

    those of the agreements named in docs/statements.md. What a notifier may keep to itself is None.
    """

    identifier: Identifier
    format: NotificationFormat
    refers_to: Identifier | None = None
    addressee: Line
    vehicle: VehicleClass | None = None
    window: Window | None = None
    launch_area: Area | None = None
    azimuth_deg: Azimuth | None = None
    azimuth_tolerance_deg: Annotated[float, Meta(ge=0, le=180)] | None = None
    apogee_km: Kilometres | None = None
    impact_area: Area | None = None
    actual_time_tai_us: TaiUs | None = None
    objects: Annotated[int, Meta(ge=1, le=1_000)] | None = None
    text: Text = ""

    def __post_init__(self) -> None:
        number = NOTIFICATION_NUMBERS[self.format]
        if not self.identifier.endswith(number):
            raise ValueError(f"`identifier` of {self.format}: format number {number} was expected at its end")
        if self.format in ("window-extension", "cancellation") and self.refers_to is None:
            raise ValueError(f"`refers_to` of {self.format}: the identifier of the original was expected")


class Notification2(Notification, frozen=True, kw_only=True):
    """Schema 2 of a notification: whether it is one of a group, and what formats 5 and 6 are about.

    `designator` of the object that is brought down; `radar_effects`: the experiment may affect warning radars.
    """

    grouping: Grouping | None = None
    designator: Designator | None = None
    radar_effects: bool | None = None


class Acknowledgement(Record, frozen=True, kw_only=True):
    """A person, not the machine, has read the entry in `references` (role "acknowledges")."""

    officer: Line
    role: Name
    text: Text = ""


class Explanation(Record, frozen=True, kw_only=True):
    """One candidate cause of an event, with its probability and the reasons in words."""

    what: Literal[
        "notified-launch", "partner-statement", "known-object", "sensor-fault", "exercise-data", "unexplained"
    ]
    probability: Probability
    reasons: Annotated[tuple[Line, ...], Meta(max_length=32)] = ()
    identifier: Line = ""


class Assessment(Record, frozen=True, kw_only=True):
    """A party's judgement of an event on three separate axes; it proposes nothing and binds nobody."""

    event: TrackName
    site_report: SiteReport
    confidence: Confidence
    explanations: Annotated[tuple[Explanation, ...], Meta(max_length=32)]
    officer: Line
    text: Text = ""


class Conference(Record, frozen=True, kw_only=True):
    """One step of a party's own ladder (after NORAD's practice). National, attributed, with its reason."""

    event: TrackName
    level: ConferenceLevel
    reason: Line
    officer: Line


class Head(Record, frozen=True, kw_only=True):
    """Latest verified checkpoint body of a partner's log (L3): origin, size, root; no signatures."""

    origin: Origin
    size: Count
    root: Hex32


class PictureReference(Record, frozen=True, kw_only=True):
    """Which common picture is meant: everyone recomputes it and compares the digest."""

    heads: Annotated[tuple[Head, ...], Meta(max_length=64)]
    as_of_tai_us: TaiUs
    fuse_version: Line
    digest: Hex32


class Proposal(Record, frozen=True, kw_only=True):
    """A joint finding put to the vote (V1). `deadline_s` is whole POSIX seconds, as in cosignatures."""

    event: TrackName
    finding: Finding
    parties: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    required: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    policy_sha256: Hex32
    deadline_s: Count
    void_if: Annotated[tuple[Line, ...], Meta(max_length=16)]
    picture: PictureReference
    officer: Line
    text: Text


class Vote(Record, frozen=True, kw_only=True):
    """First entry of a party about a proposal is final (V1). `yes` adopts; `close` ends it."""

    proposal_sha256: Hex32
    proposal_origin: Origin
    proposal_epoch: Count
    party: Name
    role: Name
    choice: Literal["yes", "close"]
    officer: Line
    heads: Annotated[tuple[Head, ...], Meta(max_length=64)]


class Floor(Record, frozen=True, kw_only=True):
    """V3: this party's persisted time floor has passed the deadline, and `unreceipted`'s yes was not receipted."""

    proposal_sha256: Hex32
    floor_s: Count
    unreceipted: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]


class Heartbeat(Record, frozen=True, kw_only=True):
    """I am here, and this is how far I have verified every partner (L3, L4)."""

    heads: Annotated[tuple[Head, ...], Meta(max_length=64)]
    missed: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()


class PartyKeys(Record, frozen=True, kw_only=True):
    """A party's origin and public keys as signed-note verifier keys."""

    party: Name
    origin: Origin
    log_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]
    mirror_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]


class Agreement(Record, frozen=True, kw_only=True):
    """The manifest of pairing and the regime's exact bytes: both parties log it before anything else."""

    regime_text: Annotated[str, Meta(max_length=60_000)]
    parties: Annotated[tuple[PartyKeys, ...], Meta(min_length=1, max_length=64)]


class Retraction(Record, frozen=True, kw_only=True):
    """What we said in the referenced entry was wrong, because."""

    because: Text
    text: Text = ""


class NegativeStatement(Record, frozen=True, kw_only=True):
    """Nothing was launched by us in this area and window."""

    area: Area
    window: Window
    text: Text = ""


class Standing(Record, frozen=True, kw_only=True):
    """A party suspends, resumes or leaves the regime named by the envelope. The reassurance channel stays open."""

    action: Literal["suspend", "resume", "withdraw"]
    effective_tai_us: TaiUs
    because: Text
    officer: Line


class ReservedAction(Record, frozen=True, kw_only=True):
    """A party departs openly from a joint rule, by the right that every regime reserves; the record shows it."""

    event: TrackName
    rule: Line
    because: Text
    officer: Line


Body = (
    Tracklet | Notification | Acknowledgement | Assessment | Conference | Proposal | Vote | Floor | Heartbeat
    | Agreement | Retraction | NegativeStatement | Standing | ReservedAction
)  # fmt: skip

KINDS: dict[tuple[str, int], type[Record]] = {
    ("tracklet", 1): Tracklet,
    ("notification", 1): Notification,
    ("notification", 2): Notification2,
    ("acknowledgement", 1): Acknowledgement,
    ("assessment", 1): Assessment,
    ("conference", 1): Conference,
    ("proposal", 1): Proposal,
    ("vote", 1): Vote,
    ("floor", 1): Floor,
    ("heartbeat", 1): Heartbeat,
    ("agreement", 1): Agreement,
    ("retraction", 1): Retraction,
    ("negative-statement", 1): NegativeStatement,
    ("standing", 1): Standing,
    ("reserved-action", 1): ReservedAction,
    **MEASURE_KINDS,
    **CUSTODY_KINDS,
    **CONFIDENTIAL_KINDS,
    **SEAL_KINDS,
    **GROUP_KINDS,
    **COUNCIL_KINDS,
    **WATCH_KINDS,
}
_NAMES = {record: key for key, record in KINDS.items()}
_DECODERS = {key: msgspec.json.Decoder(record, strict=True) for key, record in KINDS.items()}
_ENCODER = msgspec.json.Encoder()


def kind_of(body: Record) -> tuple[str, int]:
    """Kind and schema number under which a body is logged."""
    return _NAMES[type(body)]


def encode_body(body: Record) -> msgspec.Raw:
    """Body as raw JSON for an envelope; refuses what its own decoder would refuse (bounds are checked here)."""
    kind, _ = kind_of(body)
    try:
        data = _ENCODER.encode(body)
    except UnicodeEncodeError as error:
        raise WireError(f"{kind}: text that is not Unicode: {error}") from error
    try:
        _DECODERS[kind_of(body)].decode(data)
    except msgspec.MsgspecError as error:
        raise WireError(f"{kind}: {error}", data) from error
    return msgspec.Raw(data)


def body_of(statement: Statement) -> Record:
    """Typed body of a statement. Raises UnknownKind or WireError; the envelope stays as evidence."""
    key = (statement.kind, statement.schema)
    if key not in _DECODERS:
        raise UnknownKind(f"unknown kind {statement.kind!r} schema {statement.schema}", bytes(statement.body))
    if statement.encryption is not None:
        raise UnknownKind(f"{statement.kind}: the body is encrypted", bytes(statement.body))
    try:
        record: Record = _DECODERS[key].decode(statement.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"{statement.kind}: {error}", bytes(statement.body)) from error
    refuse_duplicate_names(bytes(statement.body), _ENCODER.encode(record))
    return record
