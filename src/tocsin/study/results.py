"""What a comparison found, as plain records: the only thing that reports read.

Times are seconds after the true launch (negative before it); distances kilometres on the ellipsoid.
`None` means "never in this run", and is printed so.
"""

from msgspec import Struct


class TimelineEntry(Struct, frozen=True, kw_only=True):
    """One line of the time line. `party` is a party's name, or "world" for what really happened."""

    t_s: float
    utc: str
    party: str
    kind: str
    text: str
    origin: str = ""
    index: int | None = None


class ConferenceStep(Struct, frozen=True, kw_only=True):
    """A level of a party's national ladder, held from `from_s` to `to_s`."""

    level: str
    from_s: float
    to_s: float
    reason: str


class Estimate(Struct, frozen=True, kw_only=True):
    """One side's picture of the object at one time, against truth.

    `*_error_km` is the distance to truth; `*_semi_major_km` the 95% ellipse the picture itself states, with
    `*_inside` whether truth lay in it. Positions are where the picture puts the points now.
    """

    t_s: float
    position_error_km: float
    position_sigma_km: float
    launch_latitude_deg: float | None
    launch_longitude_deg: float | None
    launch_error_km: float | None
    launch_semi_major_km: float | None
    launch_inside: bool | None
    impact_latitude_deg: float | None
    impact_longitude_deg: float | None
    impact_error_km: float | None
    impact_semi_major_km: float | None
    impact_semi_minor_km: float | None
    impact_orientation_deg: float | None
    impact_inside: bool | None
    apogee_km: float | None
    explained_probability: float


class TrackPoint(Struct, frozen=True, kw_only=True):
    """A point of truth or of a picture."""

    t_s: float
    latitude_deg: float
    longitude_deg: float
    height_km: float


class Side(Struct, frozen=True, kw_only=True):
    """One party under one regime."""

    party: str
    tracked_s: float | None
    explained_s: float | None
    conference: tuple[ConferenceStep, ...]
    conference_s: float
    estimates: tuple[Estimate, ...]
    picture: tuple[TrackPoint, ...]
    disclosed: dict[str, int]
    disclosed_bytes: int
    withheld: dict[str, int]
    log_entries: int
    log_root: str


class Followed(Struct, frozen=True, kw_only=True):
    """What one party made of one real object.

    `explained_s`: first time at which it held the object for almost certainly explained (or a fault). `explained_last`:
    that probability at its last look, before the object came down. `threat_s`: first time on its ladder at threat.
    """

    object: str
    party: str
    attack: bool
    aimed_at: str
    ends_s: float
    tracked_s: float | None
    explained_s: float | None
    explained_last: float | None
    threat_s: float | None


class Acted(Struct, frozen=True, kw_only=True):
    """The abstract engagement model's word on one object: simulation only, authority and nothing else."""

    object: str
    attack: bool
    aimed_at: str
    authority: tuple[str, ...]
    by_reserved_right: tuple[str, ...]
    outcome: str
    double: float


class Minutes(Struct, frozen=True, kw_only=True):
    """Where the minutes of one party and tier went: medians, minutes. `left` may be negative.

    `left_low` and `left_high` bound the middle four fifths of the draws; `too_late` is the share below nought.
    """

    party: str
    tier: str
    flight: float
    steps: dict[str, float]
    left: float
    left_low: float
    left_high: float
    too_late: float
    marks: str


class Voted(Struct, frozen=True, kw_only=True):
    """A party's first, and so final, entry about a joint finding; `choice` is `yes` or `close`."""

    party: str
    choice: str
    t_s: float


class Margin(Struct, frozen=True, kw_only=True):
    """A joint finding put to the vote. `decided_s`: the last yes that adopted it; None where it was not adopted."""

    by: str
    finding: str
    outcome: str
    binding: bool
    required: tuple[str, ...]
    put_s: float
    deadline_s: float
    decided_s: float | None
    votes: tuple[Voted, ...]


class RegimeRun(Struct, frozen=True, kw_only=True):
    """The scenario under one regime."""

    regime: str
    title: str
    sides: tuple[Side, ...]
    finding: str
    decision: str
    decision_s: float | None
    pictures_agree: bool
    timeline: tuple[TimelineEntry, ...]
    logs: str
    verdict: str
    verified: bool
    followed: tuple[Followed, ...] = ()
    acted: tuple[Acted, ...] = ()
    minutes: tuple[Minutes, ...] = ()
    margins: tuple[Margin, ...] = ()


class SensorSite(Struct, frozen=True, kw_only=True):
    """Where a sensor stands, for the map."""

    id: str
    party: str
    kind: str
    latitude_deg: float
    longitude_deg: float
    range_max_km: float | None
    azimuth_centre_deg: float | None
    azimuth_halfwidth_deg: float | None


class Fact(Struct, frozen=True, kw_only=True):
    """A value the scenario rests on, with its mark ([S] stated, [C] computed, [I] inferred, [U] uncertain)."""

    what: str
    value: str
    mark: str
    source: str


class Comparison(Struct, frozen=True, kw_only=True):
    """One scenario, the same truth and seed, under several regimes."""

    scenario: str
    title: str
    summary: str
    seed: int
    launch_utc: str
    truth: tuple[TrackPoint, ...]
    flight_s: float
    apogee_km: float
    range_km: float
    launch: tuple[float, float]
    impact: tuple[float, float]
    notice_area: tuple[tuple[float, float], ...]
    sensors: tuple[SensorSite, ...]
    facts: tuple[Fact, ...]
    runs: tuple[RegimeRun, ...]
    command: str
    version: str
    nature: str = "flight"
    history: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
