"""The fields of a regime file, as frozen records with bounds. `load` fills them, and nothing else does.

Nothing here names a party, except a sector's owner and a release group: rules are the same for all who sign them.
"""

from typing import Annotated, Literal

from msgspec import Meta, field

from tocsin.wire.envelope import Line, Name, Record
from tocsin.wire.measures import MeasureKind
from tocsin.wire.values import Finding, Kilometres, Latitude, Longitude

Paragraph = Annotated[str, Meta(min_length=1, max_length=4_000)]
Sentence = Annotated[str, Meta(min_length=1, max_length=500)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Quantum = Annotated[float, Meta(gt=0, le=1e6)]
Required = Literal["all", "owner", "none"]
Effect = Literal["binding", "advice"]


class Source(Record, frozen=True, kw_only=True):
    """Where a proposal or a rule comes from, with the mark of docs/statements.md."""

    text: Sentence
    mark: Literal["[S]", "[C]", "[I]", "[U]"]
    citation: Line = ""


class Shares(Record, frozen=True, kw_only=True):
    """Which kinds of statement cross the border, and how much later than they were made (seconds by kind)."""

    kinds: Annotated[tuple[Name, ...], Meta(max_length=64)]
    delay_s: dict[Name, Seconds] = field(default_factory=dict)


class TrackletTerms(Record, frozen=True, kw_only=True):
    """Precision and cadence of released tracks. `coarsen` replaces increments by rounded, inflated estimates."""

    min_interval_s: Seconds
    position_quantum_m: Quantum
    velocity_quantum_m_s: Quantum
    coarsen: bool
    inflation: Annotated[float, Meta(ge=1, le=1_000)] = 1.0


class DecisionRule(Record, frozen=True, kw_only=True):
    """Who must sign a joint decision of one kind, how soon, and what its adoption means."""

    required: Required
    effect: Effect
    deadline_s: Annotated[int, Meta(ge=1, le=86_400)]
    values: Annotated[tuple[Finding, ...], Meta(min_length=1, max_length=3)]
    roles: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=16)]


class MeasureRule(Record, frozen=True, kw_only=True):
    """Which measures about the agreement itself can be put to the vote. All parties must sign, whoever finds."""

    kinds: Annotated[tuple[MeasureKind, ...], Meta(min_length=1, max_length=4)]
    deadline_s: Annotated[int, Meta(ge=1, le=86_400)]
    roles: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=16)]


class Decides(Record, frozen=True, kw_only=True):
    """Every kind of joint decision there is: a finding about an event, and measures about the agreement itself."""

    finding: DecisionRule
    measures: MeasureRule | None = None


class JudgementTerms(Record, frozen=True, kw_only=True):
    """The first judgement of an event is sealed before it is shown, so that nobody is anchored by the others'.

    It is opened once every party has sealed, and after `open_after_s` in any case. Tracks and warnings never wait.
    """

    sealed: Literal[True]
    open_after_s: Annotated[int, Meta(ge=1, le=3_600)]


class Sector(Record, frozen=True, kw_only=True):
    """A box on the map and the party that decides about objects predicted to come down in it.

    From `west_deg` eastwards to `east_deg`; a western edge greater than the eastern crosses 180 degrees.
    """

    name: Name
    owner: Name
    south_deg: Latitude
    north_deg: Latitude
    west_deg: Longitude
    east_deg: Longitude

    def contains(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Half-open on the north and east, so that seams belong to one sector; the poles are inside."""
        north = latitude_deg < self.north_deg or latitude_deg == self.north_deg == 90.0
        if not (self.south_deg <= latitude_deg and north):
            return False
        if self.west_deg < self.east_deg:
            return self.west_deg <= longitude_deg < self.east_deg
        return longitude_deg >= self.west_deg or longitude_deg < self.east_deg


class Scope(Record, frozen=True, kw_only=True):
    """Objects below both figures are outside the regime, for the kinds named. Unknown figures count as inside."""

    kinds: Annotated[tuple[Name, ...], Meta(max_length=64)]
    range_min_km: Kilometres
    apogee_min_km: Kilometres


class ReleaseGroup(Record, frozen=True, kw_only=True):
    """Parties that tell each other these kinds alone: the others hold such entries encrypted, and verify them (L7).

    `own_log`: they stand in logs of the group that its members alone hold, so that nobody else can count them (L6).
    """

    name: Name
    parties: Annotated[tuple[Name, ...], Meta(min_length=2, max_length=24)]
    kinds: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=32)]
    own_log: bool = False


class Rights(Record, frozen=True, kw_only=True):
    """What no party gives up by signing, in words, and how a regime changes or ends."""

    reserved: Paragraph
    suspension: Paragraph
    withdrawal: Paragraph
    amendment: Literal["all"]


class Terms(Record, frozen=True, kw_only=True):
    """A whole regime file. `format` counts this layout; `fuse_version` pins how the common picture is computed."""

    format: Literal[1]
    name: Name
    title: Sentence
    summary: Paragraph
    status: Literal["politically binding", "legally binding"]
    fuse_version: Sentence
    sources: Annotated[tuple[Source, ...], Meta(min_length=1, max_length=32)]
    shares: Shares
    tracklet: TrackletTerms | None = None
    judgements: JudgementTerms | None = None
    reassurance: Annotated[tuple[Name, ...], Meta(max_length=64)]
    decides: Decides
    sectors: Annotated[tuple[Sector, ...], Meta(max_length=64)] = ()
    release_groups: Annotated[tuple[ReleaseGroup, ...], Meta(max_length=16)] = ()
    scope: Scope | None = None
    planning: Annotated[tuple[Paragraph, ...], Meta(max_length=64)] = ()
    rights: Rights
