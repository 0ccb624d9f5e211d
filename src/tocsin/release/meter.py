"""What our shared log has given away about each of our radars so far, and a party's own limit to it.

Every shared tracklet adds what `disclosure` says one statement tells, to every radar of ours that could have made it:
a partner does not know which did, so that the number for each is on the cautious side. Sums over all tracks, because
all of them point at the same place. Infrared satellites are left out: where a geostationary one stands is no secret.
A limit (`place_km_min`) is the party's own, not the regime's: a track whose next statement would let partners place one
of its radars more closely goes on in the own log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.release.disclosure import Disclosure, Last, Seen, gained, known_from, next_seen, prior
from tocsin.wire.bodies import Tracklet
from tocsin.world.exact import Array
from tocsin.world.observation import Radar, Sensor
from tocsin.world.sensor import site_ecef, visible


@dataclass(frozen=True, slots=True)
class Line:
    """What one stream of statements tells about one radar, alone; `track` empty: all streams together."""

    sensor: str
    track: str
    told: Disclosure


def theta_of(radar: Radar) -> Array:
    """(6,) what a partner would like to know of a radar, as `disclosure.model` has it."""
    rate = radar.detection_probability / radar.period_s
    angle = float(np.sqrt(radar.sigma_azimuth_rad * radar.sigma_elevation_rad))
    return np.concatenate([site_ecef(radar), np.log([radar.sigma_range_m, angle, rate])])


class Meter:
    """Add every tracklet of the shared log once, in its order. A fold, like the ledger that holds it."""

    def __init__(
        self, sensors: Sequence[Sensor] = (), inflation: float = 1.0, place_km_min: float | None = None
    ) -> None:
        """`inflation` of coarsened tracklets, as the regime tells partners; `place_km_min` None: no limit."""
        # one that never sees anything says nothing, and has no rate to be told
        self._radars = {o.id: o for o in sensors if isinstance(o, Radar) and o.detection_probability > 0.0}
        self._thetas = {name: theta_of(radar) for name, radar in self._radars.items()}
        self._inflation = inflation
        self._limit_km = place_km_min
        self._last: dict[str, Last] = {}
        self._sums: dict[tuple[str, str], tuple[Array, int]] = {}

    def add(self, body: Tracklet) -> None:
        """A tracklet that stands in the shared log."""
        last, one = next_seen(self._last.get(body.track), body, self._inflation)
        if last is not None:
            self._last[body.track] = last
        for name, gain in self._gains(body, one):
            for track in (body.track, ""):
                before, count = self._sums.get((name, track), (prior(), 0))
                self._sums[name, track] = before + gain, count + 1

    def too_much(self, body: Tracklet) -> str:
        """Why a tracklet must not be shared; empty if it may be."""
        if self._limit_km is None or body.ended:
            return ""
        _, one = next_seen(self._last.get(body.track), body, self._inflation)
        for name, gain in self._gains(body, one):
            before, count = self._sums.get((name, ""), (prior(), 0))
            found = known_from(self._thetas[name], before + gain, count + 1)
            if found.place_km < self._limit_km:
                close = f"{found.place_km:.1f} km; our limit is {self._limit_km:g} km"
                return f"it would let partners place {name} to {close}"
        return ""

    def lines(self) -> tuple[Line, ...]:
        """Every radar: all streams together first, then each stream for itself."""
        found = [
            Line(name, track, known_from(self._thetas[name], total, count))
            for (name, track), (total, count) in self._sums.items()
        ]
        return tuple(sorted(found, key=lambda line: (line.sensor, line.track)))

    def packed(self) -> dict[str, tuple[int, tuple[float, ...]]]:
        """By radar, for a start that does not read everything again: statements, and information in rows."""
        return {
            name: (count, tuple(total.ravel().tolist()))
            for (name, track), (total, count) in sorted(self._sums.items(), key=lambda one: one[0])
            if not track
        }

    def restore(self, packed: dict[str, tuple[int, tuple[float, ...]]]) -> None:
        """The sums over all streams as they were packed, whatever was added since; streams are told from now on."""
        self._sums = {
            (name, ""): (np.array(rows).reshape(6, 6), count)
            for name, (count, rows) in packed.items()
            if name in self._radars and len(rows) == 36
        }

    def _gains(self, body: Tracklet, one: Seen | None) -> list[tuple[str, Array]]:
        """(radar, information (6, 6)) for every radar that could have seen the object."""
        if one is None:
            return []
        state = np.array([[*body.position_ecef_m, *body.velocity_ecef_m_s]])
        able = [name for name, radar in self._radars.items() if bool(visible(radar, state)[0])]
        return [(name, gained(self._thetas[name], one)) for name in able]
