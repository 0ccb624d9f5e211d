"""The tracker: one scan in, one picture out. No clock, no chance, no input or output of its own."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tocsin.track.engine import SECOND_NS, Engine, Saved
from tocsin.track.picture import Picture
from tocsin.track.settings import TrackerSettings
from tocsin.track.views import Mount, mount
from tocsin.world.observation import Scan, Sensor


class Past(NamedTuple):
    """A scan already taken in, and the state before it."""

    scan: Scan
    before: Saved


class Tracker:
    """Tracks of one party from its own sensors.

    Scans should come in order of time. One that is late by at most `settings.late_s` is put in its place: the tracker
    goes back to before it and takes the later scans in again; tracks keep their numbers. Later still, it is refused.
    """

    def __init__(self, party: str, sensors: Sequence[Sensor], settings: TrackerSettings | None = None) -> None:
        self.party = party
        self.settings = settings or TrackerSettings()
        self._mounts = {sensor.id: mount(sensor) for sensor in sensors}
        self._engine = Engine(tuple(self._mounts), self.settings)
        self._past: list[Past] = []
        self._refused: Counter[str] = Counter()
        self._ahead_tai_ns = 0
        self._last_tai_ns = dict.fromkeys(self._mounts, 0)

    def step(self, scan: Scan) -> Picture:
        """Take one scan in; the picture afterwards. A scan that cannot be used is counted and changes nothing."""
        m = self._mounts.get(scan.sensor.id)
        refused = self._refusal(scan, m)
        if m is None or refused:
            self._refused[refused] += max(1, _rows(scan.measurements))
            return self.picture(self._engine.t_tai_ns)
        later = self._rewind(scan.t_tai_ns)
        for one in (scan, *later):
            if self.settings.late_s > 0.0:
                self._past.append(Past(one, self._engine.save()))
            self._engine.run(self._mounts[one.sensor.id], one, _rows(one.measurements))
        newest = self._ahead_tai_ns = self._engine.t_tai_ns
        self._last_tai_ns[m.sensor.id] = max(self._last_tai_ns[m.sensor.id], scan.t_tai_ns)
        self._past = [past for past in self._past if newest - past.scan.t_tai_ns <= self._late_ns()]
        return self._counted(self._engine.current())

    def picture(self, t_tai_ns: int) -> Picture:
        """Confirmed tracks carried to an instant, without changing the tracker."""
        return self._counted(self._engine.picture(t_tai_ns))

    def _late_ns(self) -> int:
        return int(self.settings.late_s * SECOND_NS)

    def _rewind(self, t_tai_ns: int) -> list[Scan]:
        """Go back to before everything later than an instant; the scans to be taken in again."""
        later = [past for past in self._past if past.scan.t_tai_ns > t_tai_ns]
        if later:
            self._engine.restore(later[0].before)
            self._past = self._past[: len(self._past) - len(later)]
        return [past.scan for past in later]

    def _counted(self, picture: Picture) -> Picture:
        """The picture with the scans that were refused whole among what was dropped."""
        picture.dropped.update(self._refused)
        return picture

    def _refusal(self, scan: Scan, m: Mount | None) -> str:
        """Why a whole scan cannot be used, or "". One leap ahead is refused; a second scan that agrees is believed."""
        if m is None or m.sensor != scan.sensor:
            return "unknown_sensor"
        if not isinstance(scan.t_tai_ns, int) or not 0 < scan.t_tai_ns < 2**62:
            return "time"
        newest = self._engine.t_tai_ns
        if not newest:
            return ""
        if self._seen_already(scan):
            return "repeated"
        if scan.t_tai_ns < newest and (not self._past or scan.t_tai_ns < self._past[0].scan.t_tai_ns):
            return "late"
        limit = int(self.settings.future_max_s * SECOND_NS)
        if scan.t_tai_ns - newest > limit:
            believed = abs(scan.t_tai_ns - self._ahead_tai_ns) <= limit
            self._ahead_tai_ns = scan.t_tai_ns
            return "" if believed else "future"
        return ""

    def _seen_already(self, scan: Scan) -> bool:
        """The same sensor at the same instant, as far back as late scans are taken."""
        if scan.t_tai_ns == self._last_tai_ns[scan.sensor.id]:
            return True
        return any(p.scan.t_tai_ns == scan.t_tai_ns and p.scan.sensor.id == scan.sensor.id for p in self._past)


def _rows(measurements: object) -> int:
    try:
        return len(measurements)  # type: ignore[arg-type]
    except TypeError:
        return 1
