"""Launch notices of a scenario, given as the regime allows: through the system, or on paper outside it.

Paper goes where it is addressed. History's notice of 1995 went to a naval staff; whether it reaches the officers on
watch is the scenario's setting `defects.wrong_addressee`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin.node import commands
from tocsin.node.centre import Centre
from tocsin.regime import Regime
from tocsin.sim.parts import CircleArea, NoticeFile
from tocsin.sim.scenario import Scenario
from tocsin.wire.bodies import Circle, Notification, Window
from tocsin.world.time import parse_utc

POST_LAUNCH_NS = 30 * 1_000_000_000  # half a minute after lift-off


@dataclass(frozen=True, slots=True)
class Due:
    """Something that a party says at a time."""

    t_tai_ns: int
    action: Callable[[], object]


def due(scenario: Scenario, giver: Centre, begin_tai_ns: int) -> list[Due]:
    """What a party gives notice of through the system, and when; nothing where the regime shares no notices."""
    found: list[Due] = []  # through the system every party is told alike: there is no way to leave one out
    if not giver.config.regime.shares("notification"):
        return found
    for file in scenario.notice:
        if file.by != giver.config.party:
            continue
        told_ns = parse_utc(file.announced)
        found.append(Due(max(begin_tai_ns, told_ns), _announcing(giver, notification(file, scenario), told_ns)))
        if scenario.defects.post_launch_message and file.format == "pre-launch":
            after_ns = parse_utc(file.actual or scenario.launch) + POST_LAUNCH_NS
            found.append(Due(after_ns, _announcing(giver, post_launch(file, scenario), after_ns)))
    return found


def paper(scenario: Scenario, party: str, regime: Regime) -> list[Notification]:
    """Notices known to this party's watch outside the system: its own, and others' that reach it on paper.

    Where notices go through the system there is no paper.
    """
    if regime.shares("notification"):
        return []
    found = [one for one in scenario.notice if one.by == party]
    if not scenario.defects.wrong_addressee:
        found += [one for one in scenario.notice if one.by != party and (not one.to or party in one.to)]
    return [notification(file, scenario) for file in found]


def _announcing(giver: Centre, body: Notification, observed_ns: int) -> Callable[[], object]:
    return lambda: commands.announce(giver, body, observed_ns)


def notification(file: NoticeFile, scenario: Scenario) -> Notification:
    """The pre-launch notice as a statement."""
    wrong = scenario.defects.wrong_addressee and scenario.defects.addressee_used
    return Notification(
        identifier=file.identifier,
        format=file.format,
        addressee=scenario.defects.addressee_used if wrong else "officers on watch",
        vehicle=file.vehicle,
        window=Window(
            start_tai_us=parse_utc(file.window_start) // 1_000, end_tai_us=parse_utc(file.window_end) // 1_000
        ),
        launch_area=_circle(file.launch_area),
        azimuth_deg=file.azimuth_deg,
        azimuth_tolerance_deg=file.azimuth_tolerance_deg,
        apogee_km=file.apogee_km,
        impact_area=_circle(file.impact_area) if file.impact_area else None,
        objects=file.objects,
        text=file.text,
    )


def post_launch(file: NoticeFile, scenario: Scenario) -> Notification:
    """The message at T-0 that no state sent in 1995."""
    return Notification(
        identifier=file.identifier[:-2] + "03",
        format="post-launch",
        refers_to=file.identifier,
        addressee="officers on watch",
        vehicle=file.vehicle,
        launch_area=_circle(file.launch_area),
        actual_time_tai_us=parse_utc(file.actual or scenario.launch) // 1_000,
        objects=1,
    )


def _circle(area: CircleArea) -> Circle:
    return Circle(latitude_deg=area.latitude_deg, longitude_deg=area.longitude_deg, radius_km=area.radius_km)
