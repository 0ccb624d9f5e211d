"""Backward smoothing of one track's history: what later detections say about earlier states, and so about the launch.

Fixed-interval smoother of Rauch, Tung & Striebel (AIAA Journal 3(8), 1965) over the confirmed states that the tracker
showed. Between two of them the track is carried without a motor, or, if one may have burnt about then, with the thrust
that the gain of speed speaks for and the noise of the widest burning mode. For reports after the event: it needs the
whole history, and nothing of it feeds a live picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from tocsin.track import life
from tocsin.track.jit import LANES
from tocsin.track.mixing import combine_tiles, predict_tiles
from tocsin.track.picture import Picture
from tocsin.track.pool import Pool
from tocsin.track.settings import Mode, TrackerSettings
from tocsin.track.tiles import MODES, STATE, Array
from tocsin.world.gravity import pull
from tocsin.world.motion import Launch
from tocsin.world.origin import expected_launch

NS = 1_000_000_000
BURNS = 0.5  # probability of a burning mode from which a state counts as one of a burn
THRUST_SIGMA_M_S2 = 60.0  # of motors about the mean of the burning modes, before any look. [I]
WIDER = 1.7  # of covariances while a motor may burn: measured NEES / 6, because thrust turns and grows as no mode does
WAVERS_S = 10.0  # so long the tracker may take to see that a motor burns, or no longer does
MAY_BURN = 1e-3  # and from which the way to the next may have been one
_NEAR = np.array([10.0] * 3 + [0.1] * 3)
_NOTHING = 1e-9 * np.eye(6)
_ONE = np.array([1.0] + [0.0] * (MODES - 1))


class Carrier:
    """The tracker's own prediction in one mode, for a state at a time, with its derivative."""

    def __init__(self, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self._pool = Pool(LANES)
        self._slots = self._pool.take(13)
        self._mean = np.empty((self._pool.tiles, STATE, LANES))

    def __call__(self, mode: Mode, state_eci: Array, dt_s: float) -> tuple[Array, Array, Array]:
        """(state (6,) `dt_s` later, Phi (6, 6), covariance (6, 6) that the mode's noise adds)."""
        pool, n = self._pool, len(self._slots)
        steps = max(1, int(np.ceil(abs(dt_s) / self.settings.step_max_s)))
        around = np.concatenate([state_eci[None], state_eci + np.diag(_NEAR), state_eci - np.diag(_NEAR)])
        life.plant(pool.bank, pool.odds, self._slots, around, np.repeat(_NOTHING[None], n, 0), _ONE)
        table = np.array([mode.row()] * MODES)
        predict_tiles(pool.bank, pool.tiles, table, dt_s / steps, steps)
        combine_tiles(pool.bank, pool.odds, pool.tiles, self._mean)
        states, found = np.empty((n, 6)), np.empty((n, 6, 6))
        life.extract(
            self._mean, pool.odds, np.zeros(MODES), self._slots, states, found, np.empty(n), np.empty(n, np.bool_)
        )
        return states[0], (states[1:7] - states[7:]).T / (2.0 * _NEAR), found[0]


def rts(mean: Array, covariance: Array, ahead: Array, phi: Array, noise: Array) -> tuple[Array, Array]:
    """Smoothed (means (k, ..., 6), covariances (k, ..., 6, 6)) of filtered ones at k instants, for many tracks at once.

    `ahead` (k - 1, ..., 6): each state carried to the next instant, with Phi and added noise (k - 1, ..., 6, 6). The
    covariance is summed in the form that stays positive, whatever the filter did between.
    """
    means, covariances = mean.copy(), covariance.copy()
    for k in range(len(mean) - 2, -1, -1):
        pulled = phi[k] @ covariance[k]
        predicted = pulled @ np.swapaxes(phi[k], -1, -2) + noise[k]
        gain = np.swapaxes(np.linalg.solve(predicted, pulled), -1, -2)
        means[k] = mean[k] + (gain @ (means[k + 1] - ahead[k])[..., None])[..., 0]
        rest = np.eye(mean.shape[-1]) - gain @ phi[k]
        spread = rest @ covariance[k] @ np.swapaxes(rest, -1, -2)
        spread = spread + gain @ (covariances[k + 1] + noise[k]) @ np.swapaxes(gain, -1, -2)
        covariances[k] = 0.5 * (spread + np.swapaxes(spread, -1, -2))
    return means, covariances


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """A track's history with what came later: instants (k,), states (k, 6), covariances (k, 6, 6), inertial; whether a
    motor burnt (k,)."""

    t_tai_ns: tuple[int, ...]
    state_eci: Array
    covariance_eci: Array
    burning: tuple[bool, ...]


@dataclass(slots=True)
class History:
    """One track's states as pictures showed them, when a detection was added; of these the first `most`."""

    track: int
    most: int = 2_000
    rows: list[tuple[int, Array, Array, float]] = field(default_factory=list)

    def add(self, picture: Picture) -> None:
        """Take the track's row of a picture, if it is there and was just updated."""
        if self.track not in picture.id or len(self.rows) >= self.most:
            return
        row = picture.id.index(self.track)
        if int(picture.updated_t_tai_ns[row]) != picture.t_tai_ns:
            return
        if self.rows and picture.t_tai_ns <= self.rows[-1][0]:
            return  # the same instant again: nothing lies between
        self.rows.append(
            (
                picture.t_tai_ns, picture.state_eci[row].copy(), picture.covariance_eci[row].copy(),
                float(picture.boost_probability[row]),
            )
        )  # fmt: skip


def smooth(history: History, settings: TrackerSettings | None = None) -> Smoothed | None:
    """The history smoothed; None of an empty one."""
    if not history.rows:
        return None
    carry = Carrier(settings)
    times = [row[0] for row in history.rows]
    mean, covariance = (np.array([row[k] for row in history.rows]) for k in (1, 2))
    ahead: list[tuple[Array, Array, Array]] = []
    burnt = [max(row[3] for row in history.rows if abs(row[0] - t) <= WAVERS_S * NS) for t in times]
    for k, ((t, x, p, _), (t_next, y, p_next, _)) in enumerate(zip(history.rows, history.rows[1:], strict=False)):
        dt_s = (t_next - t) / NS
        ahead.append(carry(_mode(carry.settings, max(burnt[k : k + 2]), x, p, y, p_next, dt_s), x, dt_s))
    steps = [np.array([one[k] for one in ahead]).reshape((len(ahead), *shape))
             for k, shape in enumerate(((6,), (6, 6), (6, 6)))]  # fmt: skip
    means, covariances = rts(mean, covariance, *steps)
    covariances[np.array(burnt) > MAY_BURN] *= WIDER
    return Smoothed(tuple(times), means, covariances, tuple(odds > BURNS for odds in burnt))


def _mode(
    settings: TrackerSettings, burning: float, x: Array, p: Array, y: Array, p_next: Array, dt_s: float
) -> Mode:
    """How the track went from x to y: the quiet mode, or a burn of the thrust that the gain of speed speaks for."""
    burners = [mode for mode in settings.modes if mode.plume]
    quiet = [mode for mode in settings.modes if not mode.plume]
    if not burners or (quiet and burning < MAY_BURN):
        return quiet[0]
    middle = 0.5 * (x + y)
    course = middle[3:] / max(float(np.linalg.norm(middle[3:])), 1.0)
    gained = float(((y[3:] - x[3:]) / dt_s - np.array(pull(*middle[:3].tolist()))) @ course)
    doubt2 = float(course @ (p[3:, 3:] + p_next[3:, 3:]) @ course) / (dt_s * dt_s)
    thrusts = [mode.thrust_m_s2 for mode in burners]
    usual, spread2 = sum(thrusts) / len(thrusts), THRUST_SIGMA_M_S2**2
    thrust = (gained * spread2 + usual * doubt2) / (spread2 + doubt2)
    rest2 = spread2 * doubt2 / (spread2 + doubt2)  # what is not known of the thrust works all the way to the next look
    widest = max(burners, key=lambda mode: mode.noise_along_m2_s3)
    along = widest.noise_along_m2_s3 + rest2 * dt_s
    return replace(widest, thrust_m_s2=max(thrust, 0.0), noise_along_m2_s3=along)


def reconstructed_launches(pictures: Iterable[Picture], settings: TrackerSettings | None = None) -> dict[int, Launch]:
    """Launch point and time of every track, by number, from all that was seen of it: after the event."""
    found: dict[int, History] = {}
    for picture in pictures:
        for number in picture.id:
            found.setdefault(number, History(number)).add(picture)
    launches = {number: launch_of(smooth(history, settings)) for number, history in found.items()}
    return {number: one for number, one in launches.items() if one is not None}


def launch_of(smoothed: Smoothed | None) -> Launch | None:
    """The launch behind the first smoothed state; None where nothing like a launch lies behind it."""
    if smoothed is None:
        return None
    first = smoothed.state_eci[0], smoothed.covariance_eci[0], smoothed.t_tai_ns[0]
    return expected_launch(*first, burning=smoothed.burning[0])
