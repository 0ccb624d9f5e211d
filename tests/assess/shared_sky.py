"""Common tracks and notices for the tests, made from flights in vacuum without any tracker."""

import hashlib
import math
from dataclasses import dataclass, field

import numpy as np

from tocsin.assess import notices
from tocsin.fuse import CommonTrack, track_id
from tocsin.wire import bodies, envelope
from tocsin.wire.bodies import Circle, Notification, Window
from tocsin.world import frames, motion

LAUNCH_NS = 791_015_069_000_000_000  # 1995-01-25T06:24:00Z [C]
ANDOYA = (69.29, 16.02)
SECOND_NS = 10**9


def ballistic(lat: float, lon: float, azimuth_deg: float, speed_m_s: float, elevation_deg: float) -> np.ndarray:
    """State (6,) ECI of a body thrown from the ground at LAUNCH_NS, Earth-relative velocity."""
    latitude, longitude = math.radians(lat), math.radians(lon)
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    enu = speed_m_s * np.array(
        [math.cos(elevation) * math.sin(azimuth), math.cos(elevation) * math.cos(azimuth), math.sin(elevation)]
    )
    position = frames.geodetic_to_ecef(latitude, longitude, 0.0)
    velocity = frames.enu_axes(latitude, longitude).T @ enu
    return frames.ecef_to_eci(np.concatenate([position, velocity]), LAUNCH_NS)


def track(
    state_eci: np.ndarray, after_s: float = 300.0, sigma_m: float = 500.0, sigma_m_s: float = 5.0, **changes
) -> CommonTrack:
    """A common track of that body some seconds after its launch."""
    t_ns = LAUNCH_NS + round(after_s * SECOND_NS)
    state = frames.eci_to_ecef(motion.step(state_eci, after_s), t_ns)
    covariance = np.diag([sigma_m**2] * 3 + [sigma_m_s**2] * 3)
    fields = {
        "id": track_id("east", "t-1"), "aliases": (track_id("east", "t-1"),), "members": (("east", "t-1"),),
        "parties": ("east",), "contributions": (), "t_tai_ns": t_ns, "state_ecef": state,
        "covariance_ecef": covariance, "existence": 0.99, "phase": "coast", "classes": (),
        "first_t_tai_ns": LAUNCH_NS + 60 * SECOND_NS, "updated_t_tai_ns": t_ns, "method": "sum", "ended": False,
        "stale": False,
    } | changes  # fmt: skip
    return CommonTrack(**fields)


def sounding_rocket(azimuth_deg: float = 359.0, after_s: float = 300.0, **changes) -> CommonTrack:
    """About 1,450 km up and 1,000 km along, as of 25 January 1995."""
    return track(ballistic(*ANDOYA, azimuth_deg, 4_980.0, 78.0), after_s, **changes)


def orbiting(**changes) -> CommonTrack:
    """A satellite 500 km over the launch site, seen while it passes."""
    position = frames.geodetic_to_ecef(math.radians(ANDOYA[0]), math.radians(ANDOYA[1]), 500e3)
    up = position / np.linalg.norm(position)
    east = np.array([-up[1], up[0], 0.0]) / np.hypot(up[0], up[1])
    velocity = math.sqrt(3.986004418e14 / float(np.linalg.norm(position))) * np.cross(up, east)
    turn = frames.rotation6(LAUNCH_NS)[:3, :3]
    return track(np.concatenate([turn @ position, turn @ velocity]), 0.0, **changes)


def notice_1995(**changes) -> Notification:
    """What a full notice of that launch would have said; the window of four weeks is history's."""
    fields = {
        "identifier": "PLN/NO/1995/001/001/01", "format": "pre-launch", "addressee": "officers on watch",
        "vehicle": "sounding-rocket", "objects": 3, "azimuth_deg": 0.0, "azimuth_tolerance_deg": 20.0,
        "apogee_km": 1_400.0,
        "window": Window(start_tai_us=(LAUNCH_NS - 10 * 86_400 * SECOND_NS) // 1_000,
                         end_tai_us=(LAUNCH_NS + 16 * 86_400 * SECOND_NS) // 1_000),
        "launch_area": Circle(latitude_deg=69.29, longitude_deg=16.02, radius_km=10.0),
        "impact_area": Circle(latitude_deg=78.3, longitude_deg=15.0, radius_km=350.0),
    } | changes  # fmt: skip
    return Notification(**fields)


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

    def say(self, said, t_ns: int = LAUNCH_NS, references=()) -> Entry:
        kind, schema = bodies.kind_of(said)
        statement = envelope.Statement(
            tocsin=1, kind=kind, schema=schema, origin=self.origin, epoch=0, sequence=len(self.entries),
            mode="exercise", regime="0" * 64,
            marking=envelope.Marking(releasable_to=("east",), originator="west", authority="test"),
            observed=envelope.Observed(t_tai_us=t_ns // 1_000, uncertainty_us=0, clock="test"),
            references=tuple(references), encryption=None, signatures=(), body=bodies.encode_body(said),
        )  # fmt: skip
        entry = Entry(self.origin, len(self.entries), envelope.encode(statement))
        self.entries.append(entry)
        return entry


def reference(entry: Entry, role: str = "acknowledges") -> envelope.Reference:
    return envelope.Reference(role=role, origin=entry.origin, epoch=0, index=entry.index, sha256=entry.sha256)


def announced(*said: Notification, by: str = "west", t_ns: int = LAUNCH_NS - 20 * 86_400 * SECOND_NS):
    """Notices of these notifications."""
    log = Log(by)
    for body in said:
        log.say(body, t_ns)
    return notices(log.entries)
