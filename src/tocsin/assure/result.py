"""What an assurance run found, as plain records: the only thing that reports read.

Speeds in km/s, times in seconds after the launch of the missile, angles in degrees. `None` for a speed means
"none below 10 km/s". Engagements appear as existence, region and coarse time only.
"""

from msgspec import Struct


class Input(Struct, frozen=True, kw_only=True):
    """One value of the question with its mark ([S] stated, [C] computed, [I] inferred, [U] uncertain)."""

    what: str
    value: str
    unit: str
    mark: str
    source: str


class Area(Struct, frozen=True, kw_only=True):
    """A region of the question, for the map. role: site, launch or aim."""

    role: str
    name: str
    latitude_deg: tuple[float, float]
    longitude_deg: tuple[float, float]


class Dispute(Struct, frozen=True, kw_only=True):
    """A disputed matter: (value, mark, source) for each source."""

    what: str
    readings: tuple[tuple[str, str, str], ...]


class Bracket(Struct, frozen=True, kw_only=True):
    """Thresholds at one commit delay.

    Below `low_km_s` nothing is reached (proved over the whole continuum); at `high_km_s` something is. Both are
    speeds of the traced-back arc at the surface, inertial; `*_meant_km_s` are the same in the meaning and frame that
    the question asks for. `width` is 1 - low / high on the arc, `meant_width` in that meaning. `where` and `minutes`
    say coarsely where and when after launch the slowest engagement is.
    """

    delay_s: float
    low_km_s: float | None
    high_km_s: float | None
    low_meant_km_s: float | None
    high_meant_km_s: float | None
    width: float | None
    meant_width: float | None = None
    where: str
    minutes: int | None
    leaves: int
    proof: str


class RegionSpeed(Struct, frozen=True, kw_only=True):
    """The slowest engagement found in one combination of regions: computed, not proved."""

    site: str
    launch: str
    aim: str
    delay_s: float
    speed_km_s: float | None


class FractionCurve(Struct, frozen=True, kw_only=True):
    """Share of sampled arcs of the family (all regions) engageable at each of `speeds_km_s`, at one delay."""

    delay_s: float
    samples: int
    speeds_km_s: tuple[float, ...]
    shares: tuple[float, ...]
    error: float


class Sensitivity(Struct, frozen=True, kw_only=True):
    """How the slowest engagement's speed moves when one input is changed; computed, not proved."""

    what: str
    change: str
    delay_s: float
    from_km_s: float | None
    to_km_s: float | None


class Capacity(Struct, frozen=True, kw_only=True):
    """What remains of a force against a stated number of interceptors, if every one of them could be used.

    `least` and `most`: least and most warheads that remain over the stated intervals.
    """

    name: str
    warheads: tuple[float, float]
    interceptors: tuple[float, float]
    least: float
    most: float
    share_least: float
    share_most: float


class CoverCell(Struct, frozen=True, kw_only=True):
    """A cell of the map: share of approach directions from which missiles of one range can be met."""

    latitude_deg: float
    longitude_deg: float
    share: float


class Cover(Struct, frozen=True, kw_only=True):
    """What the architecture still protects against shorter-range missiles, at a speed and a commit delay."""

    range_km: float
    speed_km_s: float
    delay_s: float
    cell_deg: float
    cells: tuple[CoverCell, ...]


class AssuranceResult(Struct, frozen=True, kw_only=True):
    """Everything a report needs; `proofs` maps a file name to the bytes of a bound proof."""

    name: str
    title: str
    summary: str
    defender: str
    deterrent: str
    question_sha256: str
    speed_meaning: str
    speed_frame: str
    inputs: tuple[Input, ...]
    areas: tuple[Area, ...]
    disputes: tuple[Dispute, ...]
    brackets: tuple[Bracket, ...]
    regions: tuple[RegionSpeed, ...]
    fractions: tuple[FractionCurve, ...]
    sensitivities: tuple[Sensitivity, ...]
    capacities: tuple[Capacity, ...]
    covers: tuple[Cover, ...]
    compare: tuple[str, ...]
    proofs: dict[str, bytes]


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether a bound proof holds, by the stand-alone checker; `claim` in words, `why` where it was rejected."""

    accepted: bool
    claim: str
    leaves: int
    why: str
