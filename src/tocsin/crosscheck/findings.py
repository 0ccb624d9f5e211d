"""Pairs of tracks that should be one object, and what is wrong with them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.crosscheck.offset import Offset, Pair, relative_offset, squared_distance
from tocsin.fuse import CommonPicture, CommonTrack, Predictions, predictions
from tocsin.world.frames import covariance_to_eci, ecef_to_eci
from tocsin.world.geodesy import inverse
from tocsin.world.motion import Launch, launch

Kind = Literal["agrees", "offset", "incompatible"]
AGREES = 22.46
"""Chi-squared, 6 degrees of freedom, quantile 0.999."""
NEAR_KM = 100.0
NEAR_S = 20.0
"""Tracks that differ by less than this far or this long in flight are one object seen with an offset. [I]"""
LAUNCH_SIGMAS = 3.0
APART = 0.2
"""Two flights of one launch are told apart where apogee or flight time differ by a fifth, and by three sigma. [I]"""
_EXPLAINS = 0.8


@dataclass(frozen=True, slots=True)
class Finding:
    """What the comparison of two tracks says, in words, with ids in our picture and in theirs."""

    kind: Kind
    ours: str
    theirs: str
    squared_distance: float
    words: str


def crosscheck(ours: CommonPicture, theirs: CommonPicture) -> tuple[Finding, ...]:
    """Findings about every pair of live tracks that could be one object or one launch, worst first.

    The two pictures are of one party each and of one as-of time.
    """
    pairs = [(a, b) for a in ours.tracks for b in theirs.tracks if _together(a) and _together(b)]
    near = [pair for pair in pairs if _distance_km(pair) < _reach_km(pair)]
    offset = relative_offset(_best(near))
    findings = [_of_one_object(pair, offset) for pair in _best(near)]
    taken = {id(track) for pair in _best(near) for track in pair}
    for a, b in pairs:
        if id(a) not in taken and id(b) not in taken:
            found = _of_one_launch(a, b)
            if found is not None:
                findings.append(found)
    order = {"incompatible": 0, "offset": 1, "agrees": 2}
    return tuple(sorted(findings, key=lambda f: (order[f.kind], -f.squared_distance, f.ours, f.theirs)))


def _together(track: CommonTrack) -> bool:
    return not (track.ended or track.stale)


def _distance_km(pair: Pair) -> float:
    d = pair[0].state_ecef[:3] - pair[1].state_ecef[:3]
    return math.sqrt(float(d @ d)) / 1e3


def _reach_km(pair: Pair) -> float:
    spread = math.sqrt(float(pair[0].covariance_ecef[:3, :3].trace() + pair[1].covariance_ecef[:3, :3].trace()))
    v = pair[0].state_ecef[3:]
    return min(NEAR_KM, math.sqrt(float(v @ v)) * NEAR_S / 1e3) + 3.0 * spread / 1e3


def _best(pairs: Sequence[Pair]) -> list[Pair]:
    """One partner each, nearest first."""
    chosen: list[Pair] = []
    taken: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: (squared_distance(pair), pair[0].id, pair[1].id)):
        if id(pair[0]) not in taken and id(pair[1]) not in taken:
            taken |= {id(pair[0]), id(pair[1])}
            chosen.append(pair)
    return chosen


def _of_one_object(pair: Pair, offset: Offset | None) -> Finding:
    a, b = pair
    distance = squared_distance(pair)
    if distance <= AGREES:
        return Finding("agrees", a.id, b.id, distance, f"{_distance_km(pair):.1f} km apart, within what both state")
    words = f"{_distance_km(pair):.1f} km apart, more than both state"
    if offset is not None and offset.explained_by_clock >= max(_EXPLAINS, offset.explained_by_shift):
        words += f"; clocks {offset.clock_s:+.2f} +/- {2 * offset.clock_sigma_s:.2f} s apart would explain it"
    elif offset is not None and offset.explained_by_shift >= _EXPLAINS:
        size = math.sqrt(float(offset.shift_ecef_m @ offset.shift_ecef_m)) / 1e3
        words += f"; a displacement of all their positions by {size:.1f} km would explain it"
    return Finding("offset", a.id, b.id, distance, words)


def _of_one_launch(a: CommonTrack, b: CommonTrack) -> Finding | None:
    """Two tracks from one place and time that cannot be one flight."""
    mine, other = predictions(a), predictions(b)
    shape, other_shape = _shape(mine), _shape(other)
    if shape is None or other_shape is None or not _differ(shape, other_shape):
        return None
    if not _same_launch(_virtual(a), _virtual(b)):
        return None
    words = f"one launch, two flights: {_shape_words(shape)} by our statements, {_shape_words(other_shape)} by theirs"
    words += "; each may be consistent in itself, only observations decide"
    return Finding("incompatible", a.id, b.id, squared_distance((a, b)), words)


def _virtual(track: CommonTrack) -> Launch | None:
    """Where the flight would have begun without a boost: the same geometry for both tracks, whatever the vehicle."""
    t_tai_ns = track.t_tai_ns
    return launch(ecef_to_eci(track.state_ecef, t_tai_ns), covariance_to_eci(track.covariance_ecef, t_tai_ns), t_tai_ns)


def _same_launch(x: Launch | None, y: Launch | None) -> bool:
    if x is None or y is None:
        return False
    away_m = inverse(x.latitude_deg, x.longitude_deg, y.latitude_deg, y.longitude_deg)[0]
    spread_m = math.sqrt(float(x.covariance_en_m2.trace() + y.covariance_en_m2.trace()))
    spread_s = math.hypot(x.time_sigma_s, y.time_sigma_s)
    return away_m <= LAUNCH_SIGMAS * spread_m and abs(x.t_tai_ns - y.t_tai_ns) / 1e9 <= LAUNCH_SIGMAS * spread_s


_Shape = tuple[float, float, float]
"""Apogee km, time of flight s with its sigma."""


def _shape(p: Predictions) -> _Shape | None:
    if p.launch is None or p.impact is None or p.apogee_height_m is None:
        return None
    return p.apogee_height_m / 1e3, (p.impact.t_tai_ns - p.launch.t_tai_ns) / 1e9, p.impact.time_sigma_s


def _differ(a: _Shape, b: _Shape) -> bool:
    longer = abs(a[1] - b[1]) > max(APART * max(a[1], b[1]), LAUNCH_SIGMAS * math.hypot(a[2], b[2]))
    return longer or abs(a[0] - b[0]) > APART * max(a[0], b[0])


def _shape_words(shape: _Shape) -> str:
    return f"apogee {shape[0]:.0f} km and {shape[1] / 60.0:.0f} min"
