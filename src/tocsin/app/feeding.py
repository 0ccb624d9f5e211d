"""A recording through centres: two linked exercise centres in memory on the recording's own time, one of them fed.

Radar plots go through the tracker with modes for aircraft. System tracks and self-reports are estimates already: they
become the own picture as they come, carried straight on for as long as the next one may take.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from tocsin.app.play import load_regime
from tocsin.formats.reports import Plot, Position, Source
from tocsin.formats.scans import Site, scans
from tocsin.formats.tally import Tally
from tocsin.fuse import CommonPicture
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig, Partner, Ports
from tocsin.regime import Regime
from tocsin.sim.build import Disk, Keys, PrivateNotes, keys_of, origin_of
from tocsin.sim.play import World
from tocsin.sim.schedule import Schedule
from tocsin.track import Mode, Picture, Tracker, TrackerSettings
from tocsin.world.constants import DEGREE_RAD
from tocsin.world.frames import covariance_to_eci, ecef_to_eci, enu_axes, geodetic_to_ecef
from tocsin.world.observation import Radar, Scan, Sensor

NS = 1_000_000_000
LINK_DELAY_NS = 20_000_000
SILENCE_NS = 60 * NS
STEP_NS = NS

# Straight and level with slow changes of speed; turns of 1.7 degrees a second either way, a little over half the
# standard rate, with noise that covers none to all of it. [I]
CRUISE = Mode(name="cruise", carried=True, noise_across_m2_s3=0.5, noise_along_m2_s3=0.5)
LEFT = Mode(name="left", carried=True, turn_rad_s=0.03, noise_across_m2_s3=8.0, noise_along_m2_s3=4.0)
RIGHT = Mode(name="right", carried=True, turn_rad_s=-0.03, noise_across_m2_s3=8.0, noise_along_m2_s3=4.0)
AIRCRAFT = TrackerSettings(
    modes=(CRUISE, LEFT, RIGHT),
    switch_rates_s=((0.0, 0.005, 0.005), (0.02, 0.0, 0.002), (0.02, 0.002, 0.0)),
    step_max_s=5.0,
    birth_speed_sigma_m_s=150.0,
    birth_odds_radar=(0.8, 0.1, 0.1),
    lost_sigma_m=30e3,
)


class Fed(Centre):
    """A centre whose tracks come from somewhere else than its own settings' tracker."""

    def __init__(self, config: CentreConfig, ports: Ports, source: "Tracker | Relay") -> None:
        super().__init__(config, ports)
        self._tracker = cast(Tracker, source)  # a relay steps like a tracker


@dataclass(slots=True)
class Held:
    """One aircraft as last reported."""

    number: int
    first_tai_ns: int
    position: Position
    hits: int = 1


@dataclass(slots=True)
class Relay:
    """Reports of others as a tracker would say them: `step` gives the picture at a scan's time."""

    source: str
    held: dict[tuple[tuple[int, int], str], Held] = field(default_factory=dict)
    given: int = 0

    def take(self, position: Position) -> None:
        """One report; one that says that its track has ended takes it out."""
        key = (position.source, position.key)
        before = self.held.pop(key, None)
        if position.ended:
            return
        if before is None:
            self.given += 1
            self.held[key] = Held(self.given, position.t_tai_ns, position)
        else:
            self.held[key] = Held(before.number, before.first_tai_ns, position, before.hits + 1)

    def step(self, scan: Scan) -> Picture:
        """Everybody who was heard within a minute."""
        return self.picture(scan.t_tai_ns)

    def picture(self, t_tai_ns: int) -> Picture:
        """Confirmed tracks at an instant: each carried straight on from its last report."""
        silent = [key for key, one in self.held.items() if t_tai_ns - one.position.t_tai_ns > SILENCE_NS]
        for key in silent:
            del self.held[key]
        rows = sorted(self.held.values(), key=lambda one: one.number)
        states, covariances = states_of([one.position for one in rows], t_tai_ns)
        return Picture(
            t_tai_ns=t_tai_ns,
            id=tuple(one.number for one in rows),
            state_eci=ecef_to_eci(states, t_tai_ns) if rows else np.empty((0, 6)),
            covariance_eci=covariance_to_eci(covariances, t_tai_ns) if rows else np.empty((0, 6, 6)),
            existence=np.full(len(rows), 0.99),
            boost_probability=np.zeros(len(rows)),
            first_t_tai_ns=np.array([one.first_tai_ns for one in rows], np.int64),
            updated_t_tai_ns=np.array([one.position.t_tai_ns for one in rows], np.int64),
            hits=np.array([one.hits for one in rows], np.int64),
            sensors=tuple((self.source,) for _ in rows),
            dropped={},
        )


def states_of(found: Sequence[Position], t_tai_ns: int) -> tuple[np.ndarray, np.ndarray]:
    """States (n, 6) and covariances (n, 6, 6), ECEF, of reports carried straight on to an instant.

    A height that is not told is 5 km, give or take 4; a velocity that is not told is none, give or take 150 m/s.
    White acceleration of 4 m2/s3 meanwhile. [I]
    """
    states, covariances = np.zeros((len(found), 6)), np.zeros((len(found), 6, 6))
    for row, one in enumerate(found):
        latitude, longitude = one.latitude_deg * DEGREE_RAD, one.longitude_deg * DEGREE_RAD
        height = 5e3 if one.height_m is None else one.height_m
        axes = enu_axes(latitude, longitude)
        velocity = np.array(one.velocity_enu_m_s or (0.0, 0.0, 0.0)) @ axes
        dt = (t_tai_ns - one.t_tai_ns) / NS
        states[row, :3] = geodetic_to_ecef(latitude, longitude, height) + dt * velocity
        states[row, 3:] = velocity
        across, up = one.sigma_m, 4e3 if one.height_m is None else 100.0
        speed2 = 5.0**2 if one.velocity_enu_m_s else 150.0**2
        place = axes.T @ np.diag([across**2, across**2, up**2]) @ axes
        eye, span = np.eye(3), abs(dt)
        covariances[row, :3, :3] = place + eye * (speed2 * dt * dt + 4.0 * span**3 / 3.0)
        covariances[row, :3, 3:] = covariances[row, 3:, :3] = eye * (speed2 * dt + 2.0 * dt * span)
        covariances[row, 3:, 3:] = eye * (speed2 + 4.0 * span)
    return states, covariances


@dataclass(slots=True)
class Pair:
    """Two linked centres and their virtual time."""

    schedule: Schedule
    world: World
    centres: dict[str, Centre]
    fed: Centre
    end_tai_ns: int = 0

    def run(self, scans: Iterable[Scan], end_tai_ns: int) -> None:
        """Play scans at their times, ticks beside them, and some seconds more for what is still on its way."""
        self.end_tai_ns = end_tai_ns
        for centre in self.centres.values():
            self.schedule.at(self.schedule.now_tai_ns(), self.world.then(centre, centre.begin))
            self.schedule.every(NS, self.world.then(centre, centre.tick), end_tai_ns)
        for scan in scans:
            self.schedule.at(scan.t_tai_ns, self.world.observing(self.fed, scan))
        self.schedule.run(end_tai_ns)
        for centre in self.centres.values():
            centre.commit()
            self.world.flush(centre)
        self.schedule.run(end_tai_ns + 5 * NS)

    @property
    def own_tracks(self) -> int:
        """Tracks of the centre that was fed, as it sees them at the end."""
        return len(self.fed.picture) if self.fed.picture is not None else 0

    def common(self) -> CommonPicture:
        """The common picture at the end, as the centre that was fed computes it."""
        return queries.joint_picture(self.fed, self.end_tai_ns)

    def summary(self) -> dict[str, object]:
        """Figures for the page."""
        common = self.common()
        return {
            "party": self.fed.config.party,
            "own tracks": self.own_tracks,
            "common tracks": len(common.tracks),
            "entries": {name: one.books["shared"].writer.size for name, one in sorted(self.centres.items())},
            "digest": common.digest,
        }

    def digests(self) -> set[str]:
        """Digests of the common picture at the end: one, if every centre computes the same."""
        return {queries.joint_picture(centre, self.end_tai_ns).digest for centre in self.centres.values()}


def alone(party: str, regime: str, sensors: Sequence[Sensor], found: Sequence[Scan]) -> list[bytes]:
    """Everything that a party's centre puts into its shared log while it sees these scans, with flights in mind."""
    if not found:
        return []
    other = "other" if party != "other" else "another"
    source = Tracker(party, sensors)
    made = pair("library", party, other, load_regime(regime), sensors, source, found[0].t_tai_ns)
    made.run(found, found[-1].t_tai_ns)
    book = made.fed.books["shared"]
    return book.writer.entries(0, book.writer.size)


def pair(
    name: str, party: str, partner: str, regime: Regime, sensors: Sequence[Sensor], source: "Tracker | Relay | None",
    begin_ns: int,
) -> Pair:  # fmt: skip
    """Two exercise centres under a name; `party` is fed by a source, by default a tracker of aircraft."""
    schedule = Schedule(begin_ns)
    keys = {one: keys_of(name, one, 0, hybrid=False) for one in (party, partner)}
    centres: dict[str, Centre] = {}
    for one in (party, partner):
        mine = tuple(sensors) if one == party else ()
        config = CentreConfig(
            party=one,
            origin=origin_of(name, one),
            mode="exercise",
            regime=regime,
            partners=_partners(name, one, keys) if regime.terms.shares.kinds else (),
            sensors=mine,
        )
        disk = Disk()
        ports = Ports(
            clock=schedule,
            store=disk.store,
            cells=disk.cells,
            log_signers=keys[one].log,
            mirror_signers=keys[one].mirror,
            private=PrivateNotes(),
        )
        centres[one] = Fed(config, ports, source or Tracker(one, mine, AIRCRAFT)) if mine else Centre(config, ports)
    return Pair(schedule, World(schedule, centres, LINK_DELAY_NS), centres, centres[party])


def _partners(name: str, party: str, keys: dict[str, Keys]) -> tuple[Partner, ...]:
    return tuple(
        Partner(
            party=other,
            origin=origin_of(name, other),
            log_keys=tuple(signer.key for signer in made.log(origin_of(name, other))),
            mirror_keys=tuple(signer.key for signer in made.mirror),
        )
        for other, made in sorted(keys.items())
        if other != party
    )


def feed_plots(
    name: str, party: str, partner: str, regime: str, plots: Sequence[Plot], known: dict[Source, Site], tally: Tally
) -> Pair | None:
    """Plots of radars whose site is known, through the tracker of a centre. None if nothing is left."""
    return feed_scans(name, party, partner, regime, list(scans(plots, known, tally)))


def feed_scans(name: str, party: str, partner: str, regime: str, found: Sequence[Scan]) -> Pair | None:
    """Scans, through the tracker of a centre. None if there are none."""
    if not found:
        return None
    sensors = {scan.sensor.id: scan.sensor for scan in found}
    made = pair(name, party, partner, load_regime(regime), tuple(sensors.values()), None, found[0].t_tai_ns)
    made.run(found, found[-1].t_tai_ns)
    return made


def feed_positions(
    name: str, party: str, partner: str, regime: str, found: Sequence[Position], tally: Tally
) -> Pair | None:
    """Reports of places, as a centre's own picture. What is marked as simulated is left out and counted."""
    relay, real = Relay(name), []
    for one in sorted(found, key=lambda one: one.t_tai_ns):
        if one.simulated:
            tally.skip(one.offset, "report", "marked as simulated or test by its source")
        else:
            real.append(one)
    if not real:
        return None
    begin_ns, end_ns = real[0].t_tai_ns, real[-1].t_tai_ns + STEP_NS
    sensor, looks = ticking(name, begin_ns, end_ns)
    made = pair(name, party, partner, load_regime(regime), (sensor,), relay, begin_ns)
    for one in real:
        made.schedule.at(one.t_tai_ns, _taking(relay, one))
    made.run(looks, looks[-1].t_tai_ns)
    return made


def _taking(relay: Relay, position: Position) -> Callable[[], None]:
    return lambda: relay.take(position)


def ticking(source: str, begin_ns: int, end_ns: int) -> tuple[Radar, list[Scan]]:
    """A stand-in sensor for a relay, and an empty look of it every second."""
    sensor = Radar(
        id=source, latitude_deg=0.0, longitude_deg=0.0, height_m=0.0, sigma_range_m=1.0, sigma_azimuth_rad=1e-3,
        sigma_elevation_rad=1e-3, range_max_m=20e3, elevation_min_rad=0.0, elevation_max_rad=1.0,
        azimuth_centre_rad=0.0, azimuth_halfwidth_rad=0.1, period_s=1.0, detection_probability=0.5,
    )  # fmt: skip
    empty = np.empty((0, 3))
    times = range(begin_ns, end_ns + STEP_NS, STEP_NS)
    return sensor, [Scan(sensor=sensor, t_tai_ns=t, measurements=empty) for t in times]
