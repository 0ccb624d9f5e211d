"""What a tracker assumes about flights and about its own patience. Every number can be changed by the caller."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tocsin.track.tiles import MODES, Array


@dataclass(frozen=True, kw_only=True, slots=True)
class Mode:
    """One way to move: J2 gravity, plus thrust along the air velocity, plus drag, plus white acceleration.

    drag_area_m2_kg is half the inverse ballistic coefficient. Drag noise has density drag_noise_s * drag^2. A mode that
    is `carried` knows neither gravity, thrust nor drag: it keeps its velocity over the turning Earth, as aircraft do,
    turned about the vertical by turn_rad_s (positive: against the clock, seen from above).
    """

    name: str
    thrust_m_s2: float = 0.0
    drag_area_m2_kg: float = 0.0
    noise_across_m2_s3: float = 1e-3
    noise_along_m2_s3: float = 1e-3
    drag_noise_s: float = 0.0
    plume: bool = False
    carried: bool = False
    turn_rad_s: float = 0.0

    def row(self) -> tuple[float, ...]:
        """The numbers in the order of `mixing.predict_tiles`."""
        return (
            self.thrust_m_s2,
            self.drag_area_m2_kg,
            self.noise_across_m2_s3,
            self.noise_along_m2_s3,
            self.drag_noise_s,
            float(self.carried),
            self.turn_rad_s,
        )


# Inferred, not fitted to any vehicle. [I] Drag: ballistic coefficients from 1,000 to 10,000 kg/m2 lie within the noise,
# so that coasting and re-entry are one mode. Thrust: two bands, 5 to 55 and 55 to 110 m/s2, each held for some 3 s.
COAST = Mode(
    name="coast", noise_across_m2_s3=1e-4, noise_along_m2_s3=1e-4, drag_area_m2_kg=1.0 / 3000.0, drag_noise_s=6.0
)
BOOST = Mode(name="boost", thrust_m_s2=30.0, noise_across_m2_s3=180.0, noise_along_m2_s3=1200.0, plume=True)
HARD_BOOST = Mode(name="hard boost", thrust_m_s2=75.0, noise_across_m2_s3=360.0, noise_along_m2_s3=2100.0, plume=True)

# Rates of change per second, from row to column: coast, boost, hard boost. [I] A first row ten times smaller makes the
# covariance at apogee narrower, but a stage that lights after a coast is then followed late: the sides' tracks of one
# rocket drift apart for minutes and are shown as two objects (tests/exercise/test_game.py).
SWITCH_RATES = ((0.0, 2e-5, 1e-5), (0.015, 0.0, 0.015), (0.025, 0.005, 0.0))


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerSettings:
    """All choices of a tracker; the defaults suit flights of hundreds to thousands of kilometres."""

    modes: tuple[Mode, Mode, Mode] = (COAST, BOOST, HARD_BOOST)
    switch_rates_s: tuple[tuple[float, ...], ...] = SWITCH_RATES
    step_max_s: float = 2.5

    unscented: bool = False  # angles and range update by unscented points instead of second-order terms
    gate_sigmas: float = 4.5
    joint: bool = False  # confirmed tracks share detections by probability (`joint`) instead of choosing one each
    joint_star: bool = True  # of the ways in which the same tracks take the same detections only the likeliest counts
    joint_exact_max: int = 10  # detections of a cluster up to which the probabilities are exact
    detection_floor: float = 0.02  # probability that an infrared sensor sees a flight that burns nothing
    births_per_scan: float = 0.05
    clutter_floor_per_scan: float = 1e-3
    survival_s: float = 3600.0

    confirm_hits: int = 3
    confirm_window: int = 5
    confirm_existence: float = 0.5
    outclassed_log_odds: float = 25.0  # a hypothesis this much worse than another user of its detection is given up
    rival_log_odds: float = 12.0  # no new track begins from a detection used by a hypothesis this much better
    hypotheses_max: int = 20_000
    groups_max: int = 0  # groups of close tracks that may stay undecided at once (`undecided`); six are plenty
    group_births_max: int = 12
    pictures_max: int = 300  # joint pictures of a group
    picture_log_odds: float = 20.0  # a picture this much worse than the best one of its group is given up
    flock_chance: float = 0.5  # that the tracks of a group fly together
    flock_speeds_m_s: tuple[float, ...] = (10.0, 40.0)  # one sigma of their velocities then, each as likely
    new_tracks_max: int = 5_000  # a scan, beside three times the stated clutter: a flood must delay nobody
    new_tracks_cell_max: int = 200  # a scan and cell of the radar's grid, or half a degree of an infrared sensor
    picture_existence: float = 0.0  # confirmed tracks below this are followed, but not shown
    clutter_prior_scans: float = 20.0
    detection_prior_looks: float = 30.0
    memory_scans: float = 100.0
    delete_existence: float = 0.01
    existence_max: float = 0.999
    tentative_misses: int = 2
    tentative_s: float = 60.0
    forlorn_existence: float = 1e-5  # a single detection less likely than this to be a flight ends with its first miss
    lost_sigma_m: float = 500e3

    birth_speed_sigma_m_s: float = 2000.0
    birth_odds_radar: tuple[float, float, float] = (0.5, 0.3, 0.2)
    birth_plume_speed_sigma_m_s: float = 700.0
    birth_odds_infrared: tuple[float, float, float] = (0.02, 0.78, 0.2)
    birth_height_m: float = 25e3
    birth_height_sigma_m: float = 25e3

    candidates_max: int = 64  # detections kept for a track, cheapest first; reached only where gates hold hundreds
    detections_max: int = 200_000
    future_max_s: float = 3600.0
    late_s: float = 0.0  # a scan this late is put in its place; costs a copy of all states with every scan
    capacity: int = 1024

    @property
    def points(self) -> bool | None:
        """For the kernel that is compiled with one of the two updates."""
        return True if self.unscented else None

    def table(self) -> Array:
        """(modes, 7) in the order of `mixing.predict_tiles`."""
        return np.array([mode.row() for mode in self.modes])

    def limits(self) -> Array:
        """(5,) in the order of `life.review`."""
        chances = self.confirm_existence, self.delete_existence
        return np.array([*chances, self.tentative_s, self.lost_sigma_m, self.forlorn_existence])

    def plumes(self) -> Array:
        """(modes,) 1 where a mode burns and so is seen by infrared, else 0."""
        return np.array([float(mode.plume) for mode in self.modes])


# Aircraft: straight flight, and turns of about 30 degrees in 10 s to either side, held for some 10 s. [I]
CRUISE = Mode(name="cruise", carried=True, noise_across_m2_s3=1.0, noise_along_m2_s3=1.0)
LEFT = Mode(name="left turn", carried=True, turn_rad_s=0.05, noise_across_m2_s3=20.0, noise_along_m2_s3=5.0)
RIGHT = Mode(name="right turn", carried=True, turn_rad_s=-0.05, noise_across_m2_s3=20.0, noise_along_m2_s3=5.0)


def aircraft(**changes: Any) -> TrackerSettings:
    """Settings for sensors that watch aircraft: straight flight and turns over the turning Earth, no gravity."""
    chosen: dict[str, Any] = {
        "modes": (CRUISE, LEFT, RIGHT),
        "switch_rates_s": ((0.0, 0.02, 0.02), (0.1, 0.0, 0.01), (0.1, 0.01, 0.0)),
        "birth_speed_sigma_m_s": 200.0,
        "birth_odds_radar": (0.8, 0.1, 0.1),
        "lost_sigma_m": 20e3,
    }
    return TrackerSettings(**(chosen | changes))


@dataclass(frozen=True, slots=True)
class Switch:
    """Mode changes as a Markov chain in continuous time: probabilities over dt are the exponential of the rates."""

    rates: Array = field(repr=False)

    @staticmethod
    def of(settings: TrackerSettings) -> "Switch":
        rates = np.array(settings.switch_rates_s, float)
        rates[range(MODES), range(MODES)] = 0.0
        return Switch(rates - np.diag(rates.sum(axis=1)))

    def over(self, dt_s: float) -> Array:
        """(modes, modes) probabilities from row to column in dt_s seconds, by scaling and squaring."""
        squarings = max(0, int(np.ceil(np.log2(max(np.abs(self.rates).max() * dt_s, 1e-9)))) + 10)
        small = self.rates * (dt_s / 2**squarings)
        power = np.eye(MODES) + small + small @ small / 2.0 + small @ small @ small / 6.0
        for _ in range(squarings):
            power = power @ power
        power = np.clip(power, 0.0, 1.0)
        normalised: Array = power / power.sum(axis=1, keepdims=True)
        return normalised
