"""Scales and ticks of the charts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linear:
    """Maps [low, high] to [start, end] pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Log:
    """Maps [low, high] > 0 to [start, end] pixels by decades; values outside are held at the edge."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        held = min(max(value, self.low), self.high)
        share = math.log(held / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)


Scale = Linear | Log

_STEPS_S = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def time_ticks(low_s: float, high_s: float, most: int = 6) -> list[float]:
    """Ticks at whole minutes or hours, at most `most` of them."""
    for step in _STEPS_S:
        first = math.ceil(low_s / step)
        ticks = [float(k * step) for k in range(first, math.floor(high_s / step) + 1)]
        if len(ticks) <= most:
            return ticks
    return [low_s, high_s]


def minutes(t_s: float) -> str:
    """A tick in minutes: '0', '5', '−2'."""
    return f"{t_s / 60:g}".replace("-", "−")


def linear_ticks(high: float, most: int = 5) -> list[float]:
    """Round ticks from 0 to `high`."""
    if high <= 0:
        return [0.0]
    magnitude = 10 ** math.floor(math.log10(high))
    for factor in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10):
        step = factor * magnitude
        if high / step < most:
            return [k * step for k in range(int(high / step) + 1)]
    return [0.0, high]


def decades(values: Sequence[float], floor: float = 0.01) -> tuple[float, float]:
    """Whole decades around the positive values, at least one."""
    kept = [max(v, floor) for v in values if math.isfinite(v)]
    low = 10.0 ** math.floor(math.log10(min(kept))) if kept else 1.0
    high = 10.0 ** math.ceil(math.log10(max(kept))) if kept else 1000.0
    return low, high if high > low else low * 10


def decade_ticks(low: float, high: float) -> list[float]:
    """Powers of ten from low to high."""
    return [10.0**k for k in range(round(math.log10(low)), round(math.log10(high)) + 1)]
