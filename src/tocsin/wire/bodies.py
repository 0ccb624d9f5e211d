"""Bodies of statements, one frozen record a kind, with bounds and units in the field names.

A kind's fields never change their meaning. A new field is a new schema number of that kind; old numbers are
read for ever (docs/wire.md). Angles are degrees, positions Earth-fixed WGS-84 metres, times TAI microseconds.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.wire.envelope import Count, Hex32, Line, Name, Origin, Record, Statement, TaiUs, Text
from tocsin.wire.errors import UnknownKind, WireError

Metres = Annotated[float, Meta(ge=-1e9, le=1e9)]
MetresPerSecond = Annotated[float, Meta(ge=-3e4, le=3e4)]
Finite = Annotated[float, Meta(ge=-1e18, le=1e18)]
Probability = Annotated[float, Meta(ge=0, le=1)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Azimuth = Annotated[float, Meta(ge=0, le=360)]
Kilometres = Annotated[float, Meta(ge=0, le=50_000)]
TrackName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,40}\Z")]
Vector3 = tuple[Metres, Metres, Metres]
Velocity3 = tuple[MetresPerSecond, MetresPerSecond, MetresPerSecond]

Phase = Literal["boost", "coast", "reentry", "air", "unknown"]
VehicleClass = Literal[
    "sounding-rocket", "space-launch", "ballistic-short", "ballistic-medium", "ballistic-intermediate",
    "ballistic-intercontinental", "aircraft", "satellite", "decay", "unknown",
]  # fmt: skip
Finding = Literal["benign", "fault", "unexplained"]
SiteReport = Literal["valid", "under investigation", "anomalous"]
Confidence = Literal["none", "low", "medium", "high"]
ConferenceLevel = Literal["none", "display", "threat", "attack"]


class Circle(Record, kw_only=True, tag="circle"):
    """Area within `radius_km` of a point on the ellipsoid."""

    latitude_deg: Latitude
    longitude_deg: Longitude
    radius_km: Kilometres


class Polygon(Record, kw_only=True, tag="polygon"):
    """Area inside a closed ring of (latitude, longitude) degrees, joined by geodesics."""

    vertices_deg: Annotated[tuple[tuple[Latitude, Longitude], ...], Meta(min_length=3, max_length=200)]


Area = Circle | Polygon


class Window(Record, kw_only=True):
    """Closed interval of time."""

    start_tai_us: TaiUs
    end_tai_us: TaiUs


class ClassLikelihood(Record, kw_only=True):
    """Relative likelihood of one class of object."""

    vehicle: VehicleClass
    likelihood: Probability


class Lineage(Record, kw_only=True):
    """How this track came from others of the same party."""

    kind: Literal["split", "merge", "reidentified"]
    tracks: Annotated[tuple[TrackName, ...], Meta(min_length=1, max_length=32)]


class Tracklet(Record, kw_only=True):
    """Information gained about one object since the sender's last statement about it.

    The increment is (dY, dy) at `t_tai_us` about the reference point x_ref = (position, velocity), in Earth-fixed
    axes: Y_after = Y_before_propagated + dY and y about x_ref gains dy, where Y_before was propagated from
    `since_tai_us` with gravity and white acceleration of `process_noise_m2_s3`. The first tracklet of a track has
    no `since_tai_us` and carries everything the sender knows. (Frenkel 1995; Chong, Mori, Barker, Chang 2000.)
    `coarsened` says that precision was withheld on purpose: fuse by covariance intersection.
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


class Notification(Record, kw_only=True):
    """The six formats of the memorandum of 16 December 2000 (facts: docs/statements.md), and a hazard notice."""

    identifier: Annotated[str, Meta(pattern=r"^[A-Z]{3}/[A-Z]{2}/[0-9]{4}/[0-9]{3}/[0-9]{3}/0[1-6]\Z")]
    format: Literal[
        "pre-launch", "window-extension", "post-launch", "cancellation", "geophysical-experiment", "deorbit"
    ]
    refers_to: str | None = None
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


class Acknowledgement(Record, kw_only=True):
    """A person, not the machine, has read the entry in `references` (role "acknowledges")."""

    officer: Line
    role: Name
    text: Text = ""


class Explanation(Record, kw_only=True):
    """One candidate cause of an event, with its probability and the reasons in words."""

    what: Literal["notified-launch", "partner-statement", "known-object", "sensor-fault", "exercise-data", "unexplained"]
    probability: Probability
    reasons: Annotated[tuple[Line, ...], Meta(max_length=32)] = ()
    identifier: Line = ""


class Assessment(Record, kw_only=True):
    """A party's judgement of an event on three separate axes; it proposes nothing and binds nobody."""

    event: TrackName
    site_report: SiteReport
    confidence: Confidence
    explanations: Annotated[tuple[Explanation, ...], Meta(max_length=32)]
    officer: Line
    text: Text = ""


class Conference(Record, kw_only=True):
    """One step of a party's own ladder (after NORAD's practice). National, attributed, with its reason."""

    event: TrackName
    level: ConferenceLevel
    reason: Line
    officer: Line


class Head(Record, kw_only=True):
    """Latest verified checkpoint body of a partner's log (L3): origin, size, root; no signatures."""

    origin: Origin
    size: Count
    root: Hex32


class PictureReference(Record, kw_only=True):
    """Which common picture is meant: everyone recomputes it and compares the digest."""

    heads: Annotated[tuple[Head, ...], Meta(max_length=64)]
    as_of_tai_us: TaiUs
    fuse_version: Line
    digest: Hex32


class Proposal(Record, kw_only=True):
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


class Vote(Record, kw_only=True):
    """First entry of a party about a proposal is final (V1). `yes` adopts; `close` ends it."""

    proposal_sha256: Hex32
    proposal_origin: Origin
    proposal_epoch: Count
    party: Name
    role: Name
    choice: Literal["yes", "close"]
    officer: Line
    heads: Annotated[tuple[Head, ...], Meta(max_length=64)]


class Floor(Record, kw_only=True):
    """V3: this party's persisted time floor has passed the deadline, and `unreceipted`'s yes was not receipted."""

    proposal_sha256: Hex32
    floor_s: Count
    unreceipted: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]


class Heartbeat(Record, kw_only=True):
    """I am here, and this is how far I have verified every partner (L3, L4)."""

    heads: Annotated[tuple[Head, ...], Meta(max_length=64)]
    missed: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()


class PartyKeys(Record, kw_only=True):
    """A party's origin and public keys as signed-note verifier keys."""

    party: Name
    origin: Origin
    log_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]
    mirror_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]


class Agreement(Record, kw_only=True):
    """The manifest of pairing and the regime's exact bytes: both parties log it before anything else."""

    regime_text: Annotated[str, Meta(max_length=60_000)]
    parties: Annotated[tuple[PartyKeys, ...], Meta(min_length=1, max_length=64)]


class Retraction(Record, kw_only=True):
    """What we said in the referenced entry was wrong, because."""

    because: Text
    text: Text = ""


class NegativeStatement(Record, kw_only=True):
    """Nothing was launched by us in this area and window."""

    area: Area
    window: Window
    text: Text = ""


Body = (
    Tracklet | Notification | Acknowledgement | Assessment | Conference | Proposal | Vote | Floor | Heartbeat
    | Agreement | Retraction | NegativeStatement
)  # fmt: skip

KINDS: dict[tuple[str, int], type[Record]] = {
    ("tracklet", 1): Tracklet,
    ("notification", 1): Notification,
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
}
_NAMES = {record: key for key, record in KINDS.items()}
_DECODERS = {key: msgspec.json.Decoder(record, strict=True) for key, record in KINDS.items()}
_ENCODER = msgspec.json.Encoder()


def kind_of(body: Record) -> tuple[str, int]:
    """Kind and schema number under which a body is logged."""
    return _NAMES[type(body)]


def encode_body(body: Record) -> msgspec.Raw:
    """Body as raw JSON for an envelope; refuses what its own decoder would refuse (bounds are checked here)."""
    data = _ENCODER.encode(body)
    try:
        _DECODERS[kind_of(body)].decode(data)
    except msgspec.MsgspecError as error:
        raise WireError(f"{kind_of(body)[0]}: {error}", data) from error
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
    except (msgspec.MsgspecError, RecursionError) as error:
        raise WireError(f"{statement.kind}: {error}", bytes(statement.body)) from error
    return record
