"""Known objects in orbit, or falling out of it, held against a track; and late echoes of what is far beyond a radar.

The states come from parties' `orbit` statements. They are carried by the estimator's gravity; drag is an object's
`along_track` sigma. A radar that hears an echo after its next pulse has left places it too near, by a multiple of its
unambiguous range, in the right direction and with the right range rate (Skolnik, Introduction to Radar Systems, on
multiple-time-around echoes, from memory [U]); direction and rate together give the object away without knowing the
pulses. The Moon is such an object (Thule 1960).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tocsin.assess.causes import Cause, wording
from tocsin.assess.flights import Flight
from tocsin.assess.seen import unassumed
from tocsin.assess.voices import NS_PER_S, NS_PER_US, Entry, Place, standing_voices
from tocsin.wire.messages import Orbit
from tocsin.world import motion
from tocsin.world.constants import MU_M3_S2
from tocsin.world.ephemeris import moon_ecef_m
from tocsin.world.exact import Array
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.observation import Radar
from tocsin.world.sensor import line_of_sight, site_ecef

DAY_S, HOUR_S, PART_S = 86_400.0, 3_600.0, 300.0
SPEED_MAX_M_S = 12_000.0  # nothing in orbit is faster
OLDEST_S = 3.0 * DAY_S
"""Elements older than this are not used: drag and manoeuvres have made them stories. [I]"""
GATE = 22.46
VAGUE_M, VAGUE_M_S = 50e3, 50.0  # [I] one sigma of a stated orbit from which it could be anything
"""Chi-squared, 6 degrees of freedom, quantile 0.999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """What the odds rest on."""

    same_state: float = 1e4
    """Odds that a track within 0.999 of a known object's state is that object: six numbers do not agree by chance, and
    nobody can launch into the state of a satellite that is being watched. Falls off as exp(-chi-squared / 2). [I]"""

    echo: float = 200.0
    """Odds of a late echo where direction and range rate both fit. [I]"""

    echo_deg: float = 1.5
    echo_rate_m_s: float = 150.0
    """Slack on the range rate: a tracker that believes in a near orbit bends it. [I]"""


@dataclass(frozen=True, slots=True)
class Known:
    """One object of the catalogue: who says so, and where."""

    party: str
    place: Place
    orbit: Orbit


def catalogue(entries: Iterable[Entry]) -> tuple[Known, ...]:
    """Latest stated orbit of each object and party, by name; retracted ones are left out."""
    found: dict[tuple[str, str], Known] = {}
    for voice in standing_voices(entries, frozenset({"orbit"})):
        if isinstance(voice.body, Orbit):
            key = (voice.party, voice.body.designator or voice.body.name)
            before = found.get(key)
            if before is None or voice.body.t_tai_us >= before.orbit.t_tai_us:
                found[key] = Known(voice.party, voice.place, voice.body)
    return tuple(found[key] for key in sorted(found))


@lru_cache(maxsize=4096)
def _anchor(orbit: Orbit, hours: int) -> tuple[float, ...]:
    """State ECI (6,) whole hours (either sign) after the stated time; each from the one before it."""
    start_ns = orbit.t_tai_us * NS_PER_US
    if hours == 0:
        state = np.array([*orbit.position_ecef_m, *orbit.velocity_ecef_m_s])
        return tuple(ecef_to_eci(state, start_ns).tolist())
    step = 1 if hours > 0 else -1
    return tuple(motion.step(np.array(_anchor(orbit, hours - step)), step * HOUR_S).tolist())


@lru_cache(maxsize=16384)
def _nearer(orbit: Orbit, hours: int, parts: int) -> tuple[float, ...]:
    """State ECI (6,) `parts` steps of five minutes after whole hours: what many tracks and looks share."""
    if parts == 0:
        return _anchor(orbit, hours)
    step = 1 if parts > 0 else -1
    return tuple(motion.step(np.array(_nearer(orbit, hours, parts - step)), step * PART_S).tolist())


def state_at(known: Known, t_tai_ns: int, late_s: float = 0.0) -> Array | None:
    """Earth-fixed state (6,) of a known object, m and m/s, were it that late along its way.

    None where its elements are too old, or it has decayed.
    """
    orbit = known.orbit
    since_s = (t_tai_ns - orbit.t_tai_us * NS_PER_US) / NS_PER_S
    gone = orbit.decay_window is not None and t_tai_ns > orbit.decay_window.end_tai_us * NS_PER_US
    if abs(since_s) > OLDEST_S or gone:
        return None
    hours = int((since_s - late_s) / HOUR_S)
    rest_s = since_s - late_s - hours * HOUR_S
    parts = int(rest_s / PART_S)
    near = np.array(_nearer(orbit, hours, parts))
    return eci_to_ecef(motion.step(near, rest_s - parts * PART_S), t_tai_ns)


@lru_cache(maxsize=8)
def _states(known: tuple[Known, ...], t_tai_ns: int) -> tuple[Array | None, ...]:
    """`state_at` of a whole catalogue: those of one statement's time in one batch, which gives the same bits."""
    found: list[Array | None] = [None] * len(known)
    groups: dict[float, list[int]] = {}
    for number, one in enumerate(known):
        since_s = (t_tai_ns - one.orbit.t_tai_us * NS_PER_US) / NS_PER_S
        groups.setdefault(since_s, []).append(number)
    for since_s, members in groups.items():
        alive = [number for number in members if state_at(known[number], t_tai_ns, since_s) is not None]
        if not alive:
            continue
        hours = int(since_s / HOUR_S)
        parts = int((since_s - hours * HOUR_S) / PART_S)
        near = np.array([_nearer(known[number].orbit, hours, parts) for number in alive])
        moved = eci_to_ecef(motion.step(near, since_s - hours * HOUR_S - parts * PART_S), t_tai_ns)
        for row, number in enumerate(alive):
            found[number] = moved[row]
    return tuple(found)


def sky_causes(
    one: Flight, known: Sequence[Known], radars: Sequence[Radar] = (), sky: Sky | None = None
) -> tuple[Cause, ...]:
    """Known objects that the track may be, and those whose late echo it may be.

    `radars`: own radars that contribute, if the track rests on one sensor alone; else none.
    """
    rules, t_ns = sky or Sky(), one.track.t_tai_ns
    seen = unassumed(one.track)
    found = []
    for object_, state in zip(known, _states(tuple(known), t_ns), strict=True):
        if state is None:
            continue
        made = _same(seen, t_ns, object_, state, rules)
        for radar in radars if made is None else ():
            made = made or _echo(one, radar, object_.orbit.name, state, rules, object_.place)
        found += [made] if made else []
    for radar in radars:
        moon = _echo(one, radar, "the Moon", moon_state_ecef(t_ns), rules, None)
        found += [moon] if moon else []
    return tuple(found)


def moon_state_ecef(t_tai_ns: int) -> Array:
    """Position m and velocity m/s (6,) of the Moon relative to the rotating Earth, by differences over a minute."""
    before, after = moon_ecef_m(t_tai_ns - 30 * NS_PER_S), moon_ecef_m(t_tai_ns + 30 * NS_PER_S)
    return np.concatenate([moon_ecef_m(t_tai_ns), (after - before) / 60.0])


def _same(estimate: tuple[Array, Array], t_tai_ns: int, known: Known, state: Array, rules: Sky) -> Cause | None:
    orbit, (seen, spread) = known.orbit, estimate
    age_s = abs(t_tai_ns - orbit.t_tai_us * NS_PER_US) / NS_PER_S
    along_s = math.hypot(orbit.along_track_sigma_s, orbit.along_track_growth_s_per_day * age_s / DAY_S)
    reach = 4.0 * along_s * SPEED_MAX_M_S + 5.0 * (
        orbit.position_sigma_m + orbit.velocity_sigma_m_s * age_s + math.sqrt(float(np.trace(spread)))
    )
    if float(np.linalg.norm(seen[:3] - state[:3])) > reach:
        return None  # beyond the gate, however late it may be
    state, late_s = _along(known, t_tai_ns, seen, state, 4.0 * along_s)
    d = seen - state
    grown = orbit.position_sigma_m + orbit.velocity_sigma_m_s * age_s
    if grown > VAGUE_M or orbit.velocity_sigma_m_s > VAGUE_M_S:
        return None  # a statement that fits everything explains nothing
    rate = math.sqrt(MU_M3_S2 / float(np.linalg.norm(state[:3])) ** 3)
    noise = np.diag([grown**2] * 3 + [(orbit.velocity_sigma_m_s + grown * rate) ** 2] * 3)
    covariance = spread + noise
    chi2 = float(d @ np.linalg.solve(covariance, d)) + ((late_s / along_s) ** 2 if along_s > 0.0 else 0.0)
    # An estimate too vague to tell an orbit from a launch speaks for nothing.
    if chi2 > GATE or math.sqrt(float(np.trace(spread[3:, 3:]))) > 1_000.0:
        return None
    away = float(np.linalg.norm(d[:3])) / 1e3
    status = orbit.status.replace("-", " ")
    words = [
        f"{away:.0f} km from where {orbit.name} ({status}) is by {known.party}'s statement",
        f"position and velocity agree (chi-squared {chi2:.1f} of 6)",
    ]
    if abs(late_s) >= 0.5:
        words.append(f"{abs(late_s):.0f} s {'late' if late_s > 0.0 else 'early'} along its way, as it may be")
    if orbit.status == "decaying" and orbit.decay_window is not None:
        words.append("it is announced to fall out of orbit")
    name = orbit.designator or orbit.name
    return _cause(rules.same_state * math.exp(-0.5 * chi2), "known-object", words, name, known.place)


def _along(known: Known, t_tai_ns: int, seen: Array, state: Array, most_s: float) -> tuple[Array, float]:
    """(state (6,), seconds late): the point of its way, at most so early or late, that is nearest to the track."""
    late_s = 0.0
    for _ in range(3 if most_s > 0.0 else 0):
        behind = state[:3] - seen[:3]
        late_s += float(behind @ state[3:]) / float(state[3:] @ state[3:])
        late_s = min(max(late_s, -most_s), most_s)
        moved = state_at(known, t_tai_ns, late_s)
        if moved is not None:
            state = moved
    return state, late_s


def _echo(
    one: Flight, radar: Radar, name: str, state: Array, rules: Sky, place: Place | None
) -> Cause | None:
    """The same direction and range rate as something far beyond: a late echo placed too near."""
    site = site_ecef(radar)
    (unit,), (distance,) = line_of_sight(site, state[None, :3])
    (seen_unit,), (seen_distance,) = line_of_sight(site, one.track.state_ecef[None, :3])
    if distance <= max(radar.range_max_m, float(seen_distance)):
        return None
    apart = math.degrees(math.acos(min(1.0, float(unit @ seen_unit))))
    rate, seen_rate = float(unit @ state[3:]), float(seen_unit @ one.track.state_ecef[3:])
    spread = math.sqrt(float(seen_unit @ one.track.covariance_ecef[3:, 3:] @ seen_unit))
    if apart > rules.echo_deg or abs(rate - seen_rate) > rules.echo_rate_m_s + 3.0 * spread:
        return None
    words = [
        f"{apart:.1f} deg from {name} as seen from {radar.id}, and its distance changes alike ({seen_rate:+.0f} and"
        f" {rate:+.0f} m/s)",
        f"a late echo of {name}, {(distance - seen_distance) / 1e3:,.0f} km farther, would look like this",
    ]
    return _cause(rules.echo, "sensor-fault", words, f"range ambiguity: {name}", place)


def _cause(odds: float, what: str, words: Sequence[str], name: str, place: Place | None) -> Cause:
    return Cause(odds, wording(what, tuple(words), name), place)
