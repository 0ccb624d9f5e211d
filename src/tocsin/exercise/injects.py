"""What a director can put into play. Each is a record, checked field by field, and described in one line.

Times are seconds after the scenario's launch; None means now. Nothing here is sent by a party's own hand: what the
director says in a party's name stands in that party's log, and the journal says who put it there.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.exercise.errors import BadInject
from tocsin.sim.parts import Name, NoticeFile, Part
from tocsin.wire.bodies import Azimuth, Latitude, Longitude

Said = Annotated[str, Meta(min_length=1, max_length=2_000)]
Height = Annotated[float, Meta(ge=10, le=5_000)]
Range = Annotated[float, Meta(ge=10, le=12_000)]


class _Inject(Part, frozen=True, kw_only=True):
    at_s: Annotated[float, Meta(ge=-86_400, le=86_400)] | None = None


class CutLink(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="cut-link"):
    """No message passes between two parties, either way."""

    between: tuple[Name, Name]


class HealLink(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="heal-link"):
    """The line is whole again; the centres catch up by themselves."""

    between: tuple[Name, Name]


class LateAnswers(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="late-answers"):
    """Everything that a party sends takes this much longer, until set to 0."""

    party: Name
    delay_s: Annotated[float, Meta(ge=0, le=3_600)]


class FeedOut(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="feed-out"):
    """A sensor's scans no longer reach its centre."""

    sensor: Name


class FeedBack(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="feed-back"):
    """They do again."""

    sensor: Name


class Flight(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="flight"):
    """Something ballistic from now on. `only_on`: nothing is in the sky; these sensors' lines alone show it."""

    name: Name
    by: Name = "unnamed"
    latitude_deg: Latitude
    longitude_deg: Longitude
    bearing_deg: Azimuth
    apogee_km: Height
    range_km: Range
    burn_s: Annotated[float, Meta(ge=10, le=600)] = 90.0
    attack: bool = False
    only_on: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()


class Notice(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="notice"):
    """A launch notice in a party's name, right or wrong."""

    notice: NoticeFile


class Suspend(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="suspend"):
    """A party's capital suspends the regime, or resumes it."""

    by: Name
    does: Literal["suspend", "resume"] = "suspend"
    text: Said


class Message(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="message"):
    """A hot-line message in the name of a party's capital."""

    by: Name
    to: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=15)]
    text: Said


class Press(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="press"):
    """A press report that every console shows, or some do. No statement of any party."""

    text: Said
    to: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()


class Cyber(_Inject, frozen=True, kw_only=True, tag_field="kind", tag="cyber"):
    """An intrusion as its victim finds it: sensors' lines go silent, and a report comes to its own desk."""

    party: Name
    sensors: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    text: Said


Inject = (
    CutLink | HealLink | LateAnswers | FeedOut | FeedBack | Flight | Notice | Suspend | Message | Press | Cyber
)  # fmt: skip


def read_inject(data: bytes) -> Inject:
    """An inject from foreign bytes. Raises BadInject: the field, and what was expected."""
    try:
        found: Inject = msgspec.json.decode(data, type=Inject)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInject(f"inject: {error}".replace("`$.", "`"), data[:2_000]) from error
    return found


def in_words(inject: Inject) -> str:
    """One line for the journal and the director's page."""
    match inject:
        case CutLink():
            return f"the link between {inject.between[0]} and {inject.between[1]} is cut"
        case HealLink():
            return f"the link between {inject.between[0]} and {inject.between[1]} is whole again"
        case LateAnswers():
            return f"what {inject.party} sends takes {inject.delay_s:g} s longer"
        case FeedOut():
            return f"sensor {inject.sensor} falls silent"
        case FeedBack():
            return f"sensor {inject.sensor} is back"
        case Flight():
            shown = f"false data on {', '.join(inject.only_on)}" if inject.only_on else "a real flight"
            return f"{inject.name}: {shown}, {inject.range_km:g} km towards {inject.bearing_deg:g} degrees"
        case Notice():
            return f"notice {inject.notice.identifier} in the name of {inject.notice.by}"
        case Suspend():
            return f"{inject.by} {inject.does}s the regime: {inject.text}"
        case Message():
            return f"message from {inject.by} to {', '.join(inject.to)}: {inject.text}"
        case Press():
            return f"press: {inject.text}"
        case Cyber():
            return f"intrusion at {inject.party}: {inject.text}"


def table_of(one: Flight) -> dict[str, object]:
    """The flight as a scenario's `[[flight]]` table: one stage of invented figures [I], scaled by the solver."""
    return {
        "name": one.name, "by": one.by, "attack": one.attack, "tape_on": list(one.only_on),
        "latitude_deg": one.latitude_deg, "longitude_deg": one.longitude_deg, "ascent_kg_m2": 20_000.0,
        "reentry_kg_m2": 5_000.0, "stage": [{"ignition_s": 0.0, "burn_s": one.burn_s, "delta_v_m_s": 4_000.0}],
        "steering": {"start_s": 4.0, "end_s": 25.0},
        "solve": {"bearing_deg": one.bearing_deg, "apogee_km": one.apogee_km, "range_km": one.range_km},
    }  # fmt: skip
