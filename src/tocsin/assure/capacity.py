"""Capacity, apart from reach: what remains of a force if every interceptor could be used against it."""

from tocsin.assure.question import Force
from tocsin.assure.result import Capacity


def remaining(warheads: float, interceptors: float, shots_per_target: float, hit_probability: float) -> float:
    """Expected warheads that remain: interceptors are shared out, `shots_per_target` to each warhead.

    Independent shots; no decoys, no suppression, no reloading: stated, so that nobody reads more into it.
    """
    targets = min(warheads, interceptors / shots_per_target)
    missed: float = (1.0 - hit_probability) ** shots_per_target
    return warheads - targets * (1.0 - missed)


def capacity(force: Force) -> Capacity:
    """Least and most that remain over all stated intervals, with the share of the force that they are."""
    shots = range(int(force.shots_per_target.low), int(force.shots_per_target.high) + 1)
    cases = [
        (w, remaining(w, n, float(s), p))
        for w in (float(force.warheads.low), float(force.warheads.high))
        for n in (float(force.interceptors.low), float(force.interceptors.high))
        for s in shots
        for p in (float(force.hit_probability.low), float(force.hit_probability.high))
    ]
    return Capacity(
        name=force.name,
        warheads=(float(force.warheads.low), float(force.warheads.high)),
        interceptors=(float(force.interceptors.low), float(force.interceptors.high)),
        least=min(left for _, left in cases),
        most=max(left for _, left in cases),
        share_least=min(left / w for w, left in cases),
        share_most=max(left / w for w, left in cases),
    )
