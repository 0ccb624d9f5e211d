"""What parties say by script: an alert by mistake and its all-clear, a denial, a suspension."""

from collections.abc import Callable

from tocsin.node import commands, queries
from tocsin.node.centre import Centre
from tocsin.sim.announce import Due
from tocsin.sim.parts import Happening
from tocsin.sim.scenario import Scenario
from tocsin.wire import bodies
from tocsin.world.time import parse_utc

NS = 1_000_000_000


def due(scenario: Scenario, centre: Centre) -> list[Due]:
    """What a party says, and when."""
    launch_ns = parse_utc(scenario.launch)
    mine = (one for one in scenario.happening if one.by == centre.config.party)
    return [Due(launch_ns + round(one.at_s * NS), _action(centre, one, launch_ns)) for one in mine]


def alert_name(party: str) -> str:
    """The event of an alert that no track stands behind."""
    return f"{party}-alert"


def _action(centre: Centre, one: Happening, launch_ns: int) -> Callable[[], object]:
    name = f"officer of the watch, {centre.config.party}"
    event = alert_name(centre.config.party)
    if one.does == "alert":
        return lambda: commands.convene(centre, event, "threat", one.text, name)
    if one.does == "all-clear":
        return lambda: _all_clear(centre, event, one.text, name)
    if one.does != "deny" or one.area is None:
        action = "resume" if one.does == "resume" else "suspend"
        return lambda: commands.stand(centre, action, one.text, name)
    area = bodies.Circle(
        latitude_deg=one.area.latitude_deg, longitude_deg=one.area.longitude_deg, radius_km=one.area.radius_km
    )
    start, end = (launch_ns + round(t_s * NS) for t_s in (one.from_s, one.to_s))
    window = bodies.Window(start_tai_us=start // 1_000, end_tai_us=end // 1_000)
    return lambda: commands.deny(centre, area, window, one.text)


def _all_clear(centre: Centre, event: str, text: str, name: str) -> None:
    """Down from the level, and the retraction that says so to the others. It refers only to what they hold."""
    commands.convene(centre, event, "none", text, name)
    said = queries.said_by(centre, "conference", centre.config.party)
    held = [one.entry for one in said if one.entry.origin == centre.config.origin]
    commands.retract(centre, held[:1], text)
