"""Are two parties' tracks the same object? A test over several looks, and its cost for assignment.

A look compares both streams' own estimates at one time by the squared Mahalanobis distance of the six-dimensional
difference with summed covariances (Bar-Shalom 1981), with allowances for bias and for what a sender says of its
own model: one that had to forget at a high rate has seen the object leave the model, and the other side may not
have seen it yet. Successive looks need new
statements from both sides. The cost of joining is the negative log likelihood ratio against two unrelated objects
(Kaplan and Blair 2008), so that early, when everything is near everything, nothing is joined in haste,
and a pairing that later looks contradict is given up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tocsin.fuse.gaussian import Estimate, carried_all
from tocsin.fuse.limits import (
    BIAS_POSITION_M,
    BIAS_VELOCITY_M_S,
    CLOCK_SIGMA_MAX_S,
    COARSE_SIGMAS,
    COARSE_SLACK_M,
    COAST_MAX_NS,
    GATE_LATEST,
    GATE_MEAN,
    LOG_DENSITY_M6_S3,
    LOOKS,
    NS_PER_S,
    SUM_GATE,
)
from tocsin.fuse.small import form_and_determinant
from tocsin.fuse.stream import Known, Stream
from tocsin.world.constants import OMEGA_RAD_S
from tocsin.world.exact import Array, natural_log
from tocsin.world.motion import process_noise

_LOG_TWO_PI_CUBED = 5.513631199228036  # 3 ln(2 pi)
_MICRO = 1e6
_MEMO_MAX = 100_000
_FEW = 24  # heads up to which plain floats are faster than arrays

Look = tuple[Known, Known, int]
"""Two snapshots and the time at which they are compared."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One look: squared distances with and without the allowance for bias, and ln det of the former's matrix."""

    distance: float
    bare_distance: float
    log_determinant: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the looks say together. `cost` in micro-units, below nought: better joined than apart.

    `agree`: within the gates. `independent`: also without any allowance for bias, as a sum assumes.
    """

    cost: int
    agree: bool
    independent: bool


def looks(a: Stream, b: Stream, as_of_ns: int) -> list[Look]:
    """The last few comparisons that the two streams allow, newest first; none if they were never near in time."""
    found: list[Look] = []
    i, j = a.count(as_of_ns), b.count(as_of_ns)
    while i and j and len(found) < LOOKS:
        cut = min(a.known[i - 1].t_ns, b.known[j - 1].t_ns)
        i, j = a.count(cut), b.count(cut)
        if not i or not j:
            break
        found.append((a.known[i - 1], b.known[j - 1], cut))
        before = min(a.known[i - 1].t_ns, b.known[j - 1].t_ns) - 1
        i, j = a.count(before), b.count(before)
    return found or _handover(a, b, as_of_ns)


def _handover(a: Stream, b: Stream, as_of_ns: int) -> list[Look]:
    """One look at the later stream's first statement, where the earlier one had ended shortly before."""
    if a.known[0].t_ns > b.known[0].t_ns:
        return [(x, y, t_ns) for y, x, t_ns in _handover(b, a, as_of_ns)]
    first, last = b.known[0], a.head(min(as_of_ns, b.known[0].t_ns))
    if last is None or first.t_ns - last.t_ns > COAST_MAX_NS:
        return []
    return [(last, first, first.t_ns)]


def near_pairs(heads: Sequence[tuple[str, Known]]) -> list[tuple[int, int]]:
    """Places (i < j) of different parties' (party, head) that are near enough to be worth a comparison.

    A cheap test that can only part what could not have been joined: distance against speed, time between and spread.
    """
    rows = [_reach(party, head) for party, head in heads]
    if len(rows) > _FEW:
        return _near_in_many(rows)
    return [(i, j) for (i, a), (j, b) in combinations(enumerate(rows), 2) if a[0] != b[0] and _near(a, b)]


_Reach = tuple[str, float, float, float, float, float, float]
"""Party, position m, time s, speed m/s (from above), radius m within which the object may be."""


def _reach(party: str, head: Known) -> _Reach:
    x, y, z, vx, vy, vz = head.estimate.mean.tolist()
    variances: list[float] = head.estimate.covariance.diagonal().tolist()
    doubt: list[float] = _model_doubt(head).diagonal().tolist()
    speed = abs(vx) + abs(vy) + abs(vz)
    radius = COARSE_SIGMAS * math.sqrt(sum(variances[:3]) + sum(doubt[:3]))
    radius += COARSE_SIGMAS * speed * min(head.statement.clock_sigma_s, CLOCK_SIGMA_MAX_S) + COARSE_SLACK_M
    return party, x, y, z, head.t_ns / NS_PER_S, speed, radius


def _near(a: _Reach, b: _Reach) -> bool:
    x, y, z = a[1] - b[1], a[2] - b[2], a[3] - b[3]
    reach = a[6] + b[6] + max(a[5], b[5]) * abs(a[4] - b[4])
    return x * x + y * y + z * z <= reach * reach


def _near_in_many(rows: Sequence[_Reach]) -> list[tuple[int, int]]:
    """The same for many at once: the same operations in the same order, so the same pairs."""
    numbers = {name: k for k, name in enumerate(sorted({row[0] for row in rows}))}
    party = np.array([numbers[row[0]] for row in rows])
    x, y, z, t, speed, radius = (column[:, None] for column in np.array([row[1:] for row in rows]).T)
    dx, dy, dz = x - x.T, y - y.T, z - z.T
    reach = radius + radius.T + np.maximum(speed, speed.T) * np.abs(t - t.T)
    near = (dx * dx + dy * dy + dz * dz <= reach * reach) & (party[:, None] != party)
    first, second = np.nonzero(np.triu(near, 1))
    return list(zip(first.tolist(), second.tolist(), strict=True))


class Comparer:
    """Verdicts by pair of heads and looks by pair of snapshots, each computed once.

    What two streams' looks are follows from their heads: a change of anything before a head makes a new one.
    """

    def __init__(self) -> None:
        self._memo: dict[tuple[int, int], Compared | None] = {}
        self._verdicts: dict[tuple[int, int], Verdict | None] = {}
        self._costs: dict[tuple[int, int], int | None] = {}

    def verdicts(self, pairs: Sequence[tuple[Stream, Known, Stream, Known]]) -> list[Verdict | None]:
        """What the looks of each pair of streams say up to their heads; None without a usable look."""
        if len(self._memo) + len(self._verdicts) > _MEMO_MAX:
            self._memo.clear()
            self._verdicts.clear()
        names = [(x.serial, y.serial) for _, x, _, y in pairs]
        new = {
            name: looks(a, b, max(x.t_ns, y.t_ns))
            for name, (a, x, b, y) in zip(names, pairs, strict=True)
            if name not in self._verdicts
        }
        self._compare([look for found in new.values() for look in found])
        self._verdicts.update({name: self._verdict(found) for name, found in new.items()})
        return [self._verdicts[name] for name in names]

    def cost(self, a: Stream, x: Known, b: Stream, y: Known) -> int | None:
        """Cost of joining two streams by their looks up to these heads; None if they are better left apart."""
        name = x.serial, y.serial
        if name not in self._costs:
            if len(self._costs) > _MEMO_MAX:
                self._costs.clear()
            near = near_pairs([(a.party, x), (b.party, y)])
            verdict = self.verdicts([(a, x, b, y)])[0] if near else None
            joined = verdict is not None and verdict.agree and verdict.cost < 0
            self._costs[name] = verdict.cost if verdict is not None and joined else None
        return self._costs[name]

    def _compare(self, wanted: list[Look]) -> None:
        """Compute the looks that are not known yet, together."""
        new = list({(a.serial, b.serial): (a, b, t_ns) for a, b, t_ns in wanted}.items())
        new = [(name, look) for name, look in new if name not in self._memo]
        requests = [(k.estimate, t_ns, k.statement.process_noise_m2_s3) for _, (a, b, t_ns) in new for k in (a, b)]
        estimates = carried_all(requests)
        for n, (name, (a, b, _)) in enumerate(new):
            self._memo[name] = _compare(estimates[2 * n], estimates[2 * n + 1], a, b)

    def _verdict(self, found: list[Look]) -> Verdict | None:
        results = [r for a, b, _ in found if (r := self._memo[a.serial, b.serial]) is not None]
        if not results:
            return None
        mean = sum(r.distance for r in results) / len(results)
        bare = sum(r.bare_distance for r in results) / len(results)
        ratio = LOG_DENSITY_M6_S3 + _LOG_TWO_PI_CUBED + 0.5 * (results[0].log_determinant + mean)
        agree = results[0].distance <= GATE_LATEST and mean <= GATE_MEAN
        return Verdict(round(_MICRO * ratio), agree, agree and bare <= SUM_GATE)


def _compare(x: Estimate, y: Estimate, a: Known, b: Known) -> Compared | None:
    difference = (x.mean - y.mean).tolist()
    bare = x.covariance + y.covariance
    allowed = _with_bias(bare, x.mean, a.statement.clock_sigma_s, b.statement.clock_sigma_s)
    for known in (a, b):
        allowed = allowed + _model_doubt(known)
    plain, wide = form_and_determinant(bare, difference), form_and_determinant(allowed, difference)
    if plain is None or wide is None:
        return None
    return Compared(wide[0], plain[0], sum(natural_log(pivot) for pivot in wide[1]))


def _model_doubt(known: Known) -> Array:
    """What the process noise that a statement gives for its own interval adds, once more, to the difference."""
    if known.before is None:
        return np.zeros((6, 6))
    return process_noise((known.t_ns - known.before.t_ns) / NS_PER_S, known.statement.process_noise_m2_s3)


def _with_bias(covariance: Array, state: Array, sigma_a_s: float, sigma_b_s: float) -> Array:
    """The matrix of a difference, with systematic errors: survey and the stated uncertainty of both clocks."""
    result = covariance.copy()
    for axis in range(3):
        result[axis, axis] += BIAS_POSITION_M * BIAS_POSITION_M
        result[axis + 3, axis + 3] += BIAS_VELOCITY_M_S * BIAS_VELOCITY_M_S
    sigma_a_s, sigma_b_s = min(sigma_a_s, CLOCK_SIGMA_MAX_S), min(sigma_b_s, CLOCK_SIGMA_MAX_S)
    variance = sigma_a_s * sigma_a_s + sigma_b_s * sigma_b_s
    x, y, _, vx, vy, vz = state.tolist()
    velocity = np.array([vx + OMEGA_RAD_S * y, vy - OMEGA_RAD_S * x, vz])  # over the turning Earth
    result[:3, :3] += variance * (velocity[:, None] * velocity[None, :])
    return result
