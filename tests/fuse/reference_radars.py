"""Reference parties for the tests of fusion: textbook filters, their statements, and the filter that has all the data.

Written plainly with NumPy's linear algebra, apart from the code under test; only gravity is shared with it. Runs are
the leading axis: one call simulates many seeds.
"""

import hashlib
from dataclasses import dataclass, field

import msgspec
import numpy as np

from tocsin.wire import bodies, envelope
from tocsin.world import frames, motion

T0_NS = 1_700_000_000 * 10**9
RNG = np.random.default_rng
DETECTION = 0.9


@dataclass(frozen=True)
class Entry:
    """What a mirror hands over, without a mirror."""

    origin: str
    index: int
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Log:
    """A party's log: bodies in, entries out."""

    origin: str
    entries: list[Entry] = field(default_factory=list)

    def say(self, said, t_ns: int, references=(), uncertainty_us: int = 1_000, **changes) -> Entry:
        kind, schema = bodies.kind_of(said)
        fields = {
            "tocsin": 1, "kind": kind, "schema": schema, "origin": self.origin, "epoch": 0,
            "sequence": len(self.entries), "mode": "exercise", "regime": "0" * 64,
            "marking": envelope.Marking(releasable_to=("west", "east"), originator="west", authority="test"),
            "observed": envelope.Observed(t_tai_us=t_ns // 1_000, uncertainty_us=uncertainty_us, clock="test"),
            "references": tuple(references), "encryption": None, "signatures": (), "body": bodies.encode_body(said),
        } | changes  # fmt: skip
        entry = Entry(self.origin, len(self.entries), envelope.encode(envelope.Statement(**fields)))
        self.entries.append(entry)
        return entry


def tracklet(name: str, t_ns: int, since_ns: int | None, reference, information, vector, noise=1e-3, **more):
    """A tracklet from arrays in Earth-fixed axes."""
    fields = {
        "track": name, "since_tai_us": None if since_ns is None else since_ns // 1_000, "t_tai_us": t_ns // 1_000,
        "position_ecef_m": tuple(reference[:3].tolist()), "velocity_ecef_m_s": tuple(reference[3:].tolist()),
        "information": tuple(information[np.triu_indices(6)].tolist()), "information_vector": tuple(vector.tolist()),
        "process_noise_m2_s3": noise, "existence": 0.9, "phase": "coast",
    } | more  # fmt: skip
    return bodies.Tracklet(**fields)


def full(name: str, t_ns: int, state_ecef, covariance_ecef, **more):
    """A full statement of an estimate."""
    return tracklet(name, t_ns, None, state_ecef, np.linalg.inv(covariance_ecef), np.zeros(6), **more)


@dataclass
class Filter:
    """Extended Kalman filter of many runs at once, ECI; measures positions with a radar's error ellipsoid."""

    x: np.ndarray
    p: np.ndarray
    q: float

    def predict(self, dt_s: float) -> None:
        self.x, self.p = motion.propagate(self.x, self.p, dt_s, self.q)

    def update(self, z: np.ndarray, r: np.ndarray) -> None:
        s = self.p[:, :3, :3] + r
        gain = np.swapaxes(np.linalg.solve(s, self.p[:, :3, :]), 1, 2)
        self.x = self.x + (gain @ (z - self.x[:, :3])[..., None])[..., 0]
        a = np.broadcast_to(np.eye(6), self.p.shape).copy()
        a[:, :, :3] -= gain
        self.p = a @ self.p @ np.swapaxes(a, 1, 2) + gain @ r @ np.swapaxes(gain, 1, 2)


@dataclass
class Party:
    """A party with one radar on the ground, its filter and what it has said."""

    origin: str
    latitude_deg: float
    longitude_deg: float
    sigma_range_m: float = 20.0
    sigma_angle_rad: float = 1e-3
    name: str = "t-1"
    channel_noise: float | None = None

    def covariance(self, position_eci: np.ndarray, t_ns: int) -> np.ndarray:
        """Error of one measured position (runs, 3, 3), from range and angle errors."""
        site = frames.geodetic_to_ecef(np.radians(self.latitude_deg), np.radians(self.longitude_deg), 0.0)
        site = frames.ecef_to_eci(np.concatenate([site, np.zeros(3)]), t_ns)[:3]
        way = position_eci - site
        distance = np.linalg.norm(way, axis=1)[:, None, None]
        unit = way[:, :, None] / distance
        along = unit @ np.swapaxes(unit, 1, 2)
        across = (distance * self.sigma_angle_rad) ** 2 * (np.eye(3) - along)
        return self.sigma_range_m**2 * along + across


class Sender:
    """Says increments about a filter's track, one log for each run (Tracklet's docstring, written out)."""

    def __init__(self, party: Party, runs: int) -> None:
        self.party = party
        self.logs = [Log(party.origin) for _ in range(runs)]
        self.said: tuple[int, np.ndarray, np.ndarray] | None = None

    def say(self, f: Filter, t_ns: int, **more) -> None:
        noise = f.q if self.party.channel_noise is None else self.party.channel_noise
        turn = frames.rotation6(t_ns)
        after = turn.T @ np.linalg.inv(f.p) @ turn
        reference = frames.eci_to_ecef(f.x, t_ns)
        gain, vector, since = after, np.zeros_like(f.x), None
        if self.said is not None:
            since, x, p = self.said
            x, p = motion.propagate(x, p, (t_ns - since) / 1e9, noise)
            before = turn.T @ np.linalg.inv(p) @ turn
            offset = frames.eci_to_ecef(x, t_ns) - reference
            gain, vector = after - before, -(before @ offset[..., None])[..., 0]
        self.said = (t_ns, f.x.copy(), f.p.copy())
        for run, log in enumerate(self.logs):
            body = tracklet(self.party.name, t_ns, since, reference[run], gain[run], vector[run], noise, **more)
            log.say(body, t_ns)


@dataclass
class Campaign:
    """What a simulation gives: logs by party and run; truth and the centralised filter at every exchange."""

    logs: dict[str, list[Log]]
    times_ns: list[int]
    truth: list[np.ndarray]
    central: list[Filter]


WEST = Party("west.example/tocsin/ex", 45.0, 0.0)
EAST = Party("east.example/tocsin/ex", 44.0, 9.0)
SOUTH = Party("south.example/tocsin/ex", 38.0, 4.0)


def start_state(orbiting: bool = False) -> np.ndarray:
    """200 km up over 47 N 3 E, 4 km/s north-west and climbing: a coasting flight between the radars, ECI.

    `orbiting`: level and fast enough to stay up, for those who need a long log.
    """
    position = frames.geodetic_to_ecef(np.radians(47.0), np.radians(3.0), 200e3)
    axes = frames.enu_axes(np.radians(47.0), np.radians(3.0))
    velocity = axes.T @ np.array([0.0, 7.8e3, 0.0] if orbiting else [-1.2e3, 2.8e3, 2.2e3])
    return frames.ecef_to_eci(np.concatenate([position, velocity]), T0_NS)


def simulate(
    rng, runs: int, seconds: int, every_s: int, parties, q: float = 1e-3, *, apart_m: float = 0.0, orbiting=False
) -> Campaign:
    """One target, one scan a second and party; every party speaks every `every_s` seconds.

    `apart_m` sets the targets of different runs apart, for those who take the runs as one sky.
    """
    x = np.repeat(start_state(orbiting)[None], runs, 0)
    x[:, 0] += apart_m * np.arange(runs)
    root = np.linalg.cholesky(motion.process_noise(1.0, q) + 1e-12 * np.eye(6)) if q else np.zeros((6, 6))
    p0 = np.diag([1000.0**2] * 3 + [100.0**2] * 3)
    filters = [
        Filter(x + rng.standard_normal((runs, 6)) * np.sqrt(p0.diagonal()), np.repeat(p0[None], runs, 0), q)
        for _ in parties
    ]
    y = [np.linalg.inv(f.p) for f in filters]
    p = np.linalg.inv(sum(y))
    central = Filter((p @ sum(a @ f.x[..., None] for a, f in zip(y, filters, strict=True)))[..., 0], p, q)
    senders = [Sender(party, runs) for party in parties]
    result = Campaign({party.origin: s.logs for party, s in zip(parties, senders, strict=True)}, [], [], [])
    for second in range(1, seconds + 1):
        t_ns = T0_NS + second * 10**9
        x = motion.step(x, 1.0) + rng.standard_normal((runs, 6)) @ root.T
        central.predict(1.0)
        for party, f in zip(parties, filters, strict=True):
            f.predict(1.0)
            r = party.covariance(x[:, :3], t_ns)
            noise = (np.linalg.cholesky(r) @ rng.standard_normal((runs, 3, 1)))[..., 0]
            seen = rng.random(runs) < DETECTION
            r = np.where(seen[:, None, None], r, 1e18 * np.eye(3))
            for each in (f, central):
                each.update(x[:, :3] + noise, r)
        if second % every_s == 0:
            for sender, f in zip(senders, filters, strict=True):
                sender.say(f, t_ns)
            result.times_ns.append(t_ns)
            result.truth.append(x)
            result.central.append(Filter(central.x, central.p, q))
    return result


def errors(state_ecef, covariance_ecef, truth_eci, t_ns: int) -> tuple[float, float]:
    """(squared position error m^2, normalised squared error of all six) of one estimate."""
    e = np.asarray(state_ecef) - frames.eci_to_ecef(truth_eci, t_ns)
    return float(e[:3] @ e[:3]), float(e @ np.linalg.solve(np.asarray(covariance_ecef), e))


def body_of(entry: Entry):
    return bodies.body_of(envelope.decode(entry.data))


def forged(log: Log, t_ns: int, raw: bytes, **changes) -> Entry:
    """An entry whose body is any raw JSON."""
    return log.say(bodies.Heartbeat(heads=()), t_ns, **({"body": msgspec.Raw(raw)} | changes))
