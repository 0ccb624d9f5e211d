"""Launch notices of a scenario, given as the regime allows: through the system, or on paper outside it.

Paper goes where it is addressed. History's notice of 1995 went to a naval staff; whether it reaches the officers on
watch is the scenario's setting `defects.wrong_addressee`.
"""

from collections.abc import Callable, Mapping

from tocsin.node import commands
from tocsin.node.centre import Centre
from tocsin.sim.officers import ScriptedOfficer
from tocsin.sim.scenario import CircleArea, NoticeFile, Scenario
from tocsin.sim.schedule import Schedule
from tocsin.wire.bodies import Circle, Notification, Window
from tocsin.world.time import parse_utc

NS = 1_000_000_000
Then = Callable[[Centre, Callable[[], object]], Callable[[], None]]


def schedule(
    scenario: Scenario, centres: Mapping[str, Centre], officers: Mapping[str, ScriptedOfficer], when: Schedule, then: Then
) -> None:
    """Put every notice, and the post-launch message if the scenario has one, into the time line."""
    for file in scenario.notice:
        giver = centres[file.by]
        body = notification(file, scenario)
        if giver.config.regime.shares("notification"):
            given_ns = max(when.now_tai_ns(), parse_utc(file.announced))
            when.at(given_ns, then(giver, _announcing(giver, body, parse_utc(file.announced))))
            if scenario.defects.post_launch_message:
                after_ns = parse_utc(scenario.launch) + 30 * NS
                when.at(after_ns, then(giver, _announcing(giver, post_launch(file, scenario), after_ns)))
        for name in sorted(officers):
            if name != file.by and not scenario.defects.wrong_addressee:
                officers[name].handed(body)
    for name in sorted(officers):
        officers[name].reads_notices = scenario.defects.duty_officer_acknowledges


def _announcing(giver: Centre, body: Notification, observed_ns: int) -> Callable[[], object]:
    return lambda: commands.announce(giver, body, observed_ns)


def notification(file: NoticeFile, scenario: Scenario) -> Notification:
    """The pre-launch notice as a statement."""
    wrong = scenario.defects.wrong_addressee and scenario.defects.addressee_used
    return Notification(
        identifier=file.identifier,
        format="pre-launch",
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
        actual_time_tai_us=parse_utc(scenario.launch) // 1_000,
        objects=1,
    )


def _circle(area: CircleArea) -> Circle:
    return Circle(latitude_deg=area.latitude_deg, longitude_deg=area.longitude_deg, radius_km=area.radius_km)
