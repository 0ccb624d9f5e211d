"""Reasons to think that a track is a sensor's fault: other sensors are silent, or the Sun stands in the way.

What resolved 1960, 1979 and 1983 was that a second way of seeing showed nothing. A track of one sensor, where other
own sensors should have seen something for a while and did not, becomes doubtful; so does one that lies where sunlight
is scattered forward off the clouds (infrared). A partner's denial alone never does it: an attacker denies too. Echoes
of the Moon and of satellites are weighed in `assess.orbits`, by direction and range rate, and only there. Assumed
numbers are in `Doubts`, each marked inferred; nothing here enters a digest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tocsin.assess import Denial, Flight
from tocsin.assess.region import distance_km
from tocsin.fuse import CommonTrack
from tocsin.wire.bodies import Explanation
from tocsin.world.ephemeris import scattering_deg
from tocsin.world.observation import Infrared, Sensor
from tocsin.world.sensor import visible

NS = 1_000_000_000
_US = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What the doubt rests on."""

    alone: float = 0.3
    """Odds that what one sensor alone shows, unannounced, is its fault: most displays of 1979 were no launch. [I]"""

    silent_floor: float = 0.05
    """A sensor that should have seen it may be down, jammed or wrong about its own coverage. [I]"""

    looks: float = 4.0
    """Detections that a sensor must have been expected to make before its silence counts. [I]"""

    glint: float = 20.0
    """How much likelier an infrared spot is a glint from where sunlight comes forward, by less than `glint_deg`. [I]"""

    glint_deg: float = 60.0
    denial: float = 2.0
    """A partner's signed statement that it launched nothing there. Little: an attacker denies too. [I]"""

    steady_km: float = 150.0
    """Where the track is known worse than this, one cannot say which radar should have seen it. [I]"""

    steady_infrared_km: float = 600.0
    """The same for satellites, which look from afar and see a third of the Earth. [I]"""


@dataclass(slots=True)
class Watched:
    """What own sensors have been expected to see of one event so far, in detections."""

    last_tai_ns: int
    expected: dict[str, float] = field(default_factory=dict)
    seen_by: set[str] = field(default_factory=set)


class Silence:
    """Keeps count for every event of one centre. Give it every look at the picture, in order of time."""

    def __init__(self, sensors: Sequence[Sensor], doubts: Doubts | None = None) -> None:
        self._sensors = {one.id: one for one in sensors}
        self._doubts = doubts or Doubts()
        self._events: dict[str, Watched] = {}

    def look(self, one: Flight, seen_by: Sequence[str], now_tai_ns: int) -> None:
        """Count a look at an event that these own sensors contribute to."""
        names = (one.track.id, *one.track.aliases)
        held = next((self._events[name] for name in names if name in self._events), None)
        held = held or Watched(one.track.first_t_tai_ns)
        self._events.update(dict.fromkeys(names, held))
        held.seen_by |= set(seen_by)
        gone_s, held.last_tai_ns = (now_tai_ns - held.last_tai_ns) / NS, now_tai_ns
        size_km = math.sqrt(float(np.trace(one.track.covariance_ecef[:3, :3]))) / 1e3
        if one.track.stale:
            return
        for sensor in self._sensors.values():
            limit = self._doubts.steady_infrared_km if isinstance(sensor, Infrared) else self._doubts.steady_km
            if size_km <= limit and sensor.id not in held.seen_by and self._should_see(sensor, one):
                looks = min(gone_s, 60.0) / sensor.period_s * sensor.detection_probability
                held.expected[sensor.id] = held.expected.get(sensor.id, 0.0) + looks

    def only_source(self, one: Flight) -> Sensor | None:
        """The one own sensor that has ever shown an event; None where several have, or none."""
        held = self._events.get(one.track.id)
        return self._sensors.get(next(iter(held.seen_by))) if held is not None and len(held.seen_by) == 1 else None

    def explanation(self, one: Flight, denials: Sequence[Denial], parties: int) -> tuple[float, Explanation] | None:
        """(odds of a fault against an unannounced launch, its wording); None where nothing speaks for one."""
        held, doubts = self._events.get(one.track.id), self._doubts
        if held is None or len(held.seen_by) != 1 or parties > 1:
            return None
        source = self._sensors.get(next(iter(held.seen_by)))
        odds, reasons = doubts.alone, []
        for name, expected in sorted(held.expected.items()):
            if expected >= doubts.looks:
                odds /= doubts.silent_floor
                reasons.append(f"{name} should have seen it {expected:.0f} times and saw nothing")
        glint = self._glint(source, one)
        if glint is not None:
            odds *= glint[0]
            reasons.append(glint[1])
        if not reasons:
            return None
        for denial in (d for d in denials if _covers(d, one)):
            odds *= doubts.denial
            reasons.append(f"{denial.party} states that it launched nothing there and then")
        reasons.append(f"only {next(iter(held.seen_by))} shows it")
        return odds, Explanation(what="sensor-fault", probability=0.0, reasons=tuple(reasons))

    def _should_see(self, sensor: Sensor, one: Flight) -> bool:
        if isinstance(sensor, Infrared) and not one.boosting:
            return False
        return bool(visible(sensor, one.track.state_ecef[None, :])[0])

    def _glint(self, source: Sensor | None, one: Flight) -> tuple[float, str] | None:
        if not isinstance(source, Infrared):
            return None
        turned = scattering_deg(one.track.state_ecef[:3], np.array(source.position_ecef_m), one.track.t_tai_ns)
        if turned is None or turned > self._doubts.glint_deg:
            return None
        return self._doubts.glint, f"sunlight is scattered forward there towards {source.id}, by {turned:.0f} deg"


def with_fault(
    explanations: Sequence[Explanation], fault: tuple[float, Explanation] | None
) -> tuple[Explanation, ...]:
    """The explanations with the fault among them, summing to one again. The fault competes with "unexplained"."""
    if fault is None:
        return tuple(explanations)
    odds, wording = fault
    unexplained = math.fsum(e.probability for e in explanations if e.what == "unexplained")
    total = 1.0 + odds * unexplained
    scaled = [
        Explanation(what=e.what, probability=e.probability / total, reasons=e.reasons, identifier=e.identifier)
        for e in explanations
    ]
    probability = odds * unexplained / total
    scaled.append(Explanation(what=wording.what, probability=probability, reasons=wording.reasons))
    return tuple(sorted(scaled, key=lambda e: -e.probability))


def _covers(denial: Denial, one: Flight) -> bool:
    launch, window = one.launch, denial.statement.window
    if launch is None or not window.start_tai_us * _US <= launch.t_tai_ns <= window.end_tai_us * _US:
        return False
    return distance_km(denial.statement.area, launch.latitude_deg, launch.longitude_deg) == 0.0


def own_sensors(track: CommonTrack, shown: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Own sensors behind a common track, by the names of own tracks that are its members."""
    return tuple(sorted({name for one in track.contributions for name in shown.get(one.track, ())}))
