"""The human time budget: minutes that a flight leaves, less what people need, as distributions from a sourced file.

    left = flight time - detected - authenticate - translate - consult - decide

Detection comes from the run. The steps of people come from `data/time_budget.toml`, log-normal and drawn from one
seed. A party that could explain the object from its own screen has no need to ask the other side: then "explained"
takes the place of authenticating, translating and consulting.
"""

import math
import tomllib
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from tocsin.errors import BadEvidence
from tocsin.study.results import Minutes
from tocsin.world.observation import Array

DRAWS = 2_000
Z90 = 1.2815515655446004  # normal quantile of 0.9
Channel = Literal["voice", "log"]
_ASKING = frozenset({"authenticate", "translate", "consult", "consult the other capital"})


class BudgetError(BadEvidence):
    """A time budget that is not one; names the file and the field."""


class Step(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that people do, minutes."""

    tier: Literal["officer", "capital"]
    name: str
    by: Literal["voice", "log", "any"]
    median: Annotated[float, Meta(gt=0, le=1_440)]
    p90: Annotated[float, Meta(gt=0, le=10_080)]
    mark: Literal["S", "C", "I", "U"]
    source: Annotated[str, Meta(min_length=1)]


class Budget(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file."""

    format: Literal[1]
    step: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=200)]


def load(data: bytes, name: str) -> Budget:
    """A budget from the bytes of file `name`. Raises BudgetError naming the field and what was expected."""
    try:
        budget = msgspec.convert(tomllib.loads(data.decode()), Budget)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BudgetError(f"{name}: {error}".replace("`$.", "`"), data) from error
    for number, step in enumerate(budget.step):
        if step.p90 < step.median:
            raise BudgetError(f"{name}: step[{number}].p90: at least the median expected, got {step.p90}", data)
    return budget


def shipped() -> Budget:
    """The budget that comes with the product."""
    file = resources.files("tocsin.study").joinpath("data", "time_budget.toml")
    return load(file.read_bytes(), "time_budget.toml")


def steps_for(budget: Budget, tier: str, channel: Channel, *, explained: bool) -> tuple[Step, ...]:
    """What people of a tier do, in order; the capital's come after the officer's."""
    wanted = ("officer",) if tier == "officer" else ("officer", "capital")
    return tuple(
        step
        for step in budget.step
        if step.tier in wanted and step.by in (channel, "any") and not (explained and step.name in _ASKING)
    )


def spent(
    budget: Budget, *, party: str, tier: str, channel: Channel, flight_min: float, detected_min: float | None,
    explained_min: float | None, rng: np.random.Generator, draws: int = DRAWS,
) -> Minutes | None:  # fmt: skip
    """Where the minutes of one party and tier went; None where nothing was detected."""
    if detected_min is None:
        return None
    chosen = steps_for(budget, tier, channel, explained=explained_min is not None)
    medians = {"detect": detected_min}
    if explained_min is not None:
        medians["explain"] = max(explained_min - detected_min, 0.0)
    drawn = [_draw(step, rng, draws) for step in chosen]
    for step, values in zip(chosen, drawn, strict=True):
        name = step.name if step.name not in medians else f"{step.name} ({step.tier})"
        medians[name] = float(np.median(values))
    left = flight_min - sum(list(medians.values())[: 1 + (explained_min is not None)]) - np.sum(drawn, axis=0)
    low, middle, high = (float(v) for v in np.quantile(left, [0.1, 0.5, 0.9]))
    marks = "".join(sorted({step.mark for step in chosen}))
    return Minutes(
        party=party, tier=tier, flight=flight_min, steps=medians, left=middle, left_low=low, left_high=high,
        too_late=float(np.mean(left < 0.0)), marks=marks,
    )  # fmt: skip


def _draw(step: Step, rng: np.random.Generator, draws: int) -> Array:
    sigma = math.log(step.p90 / step.median) / Z90
    return np.asarray(step.median * np.exp(sigma * rng.standard_normal(draws)))


def table(
    sides: Sequence[tuple[str, float | None, float | None]], flight_min: float, channel: Channel,
    rng_of: Callable[[str], np.random.Generator], budget: Budget | None = None,
) -> tuple[Minutes, ...]:  # fmt: skip
    """Both tiers of all sides: (party, detected, explained), minutes after launch. All draw the same people's times."""
    budget = budget or shipped()
    found = (
        spent(
            budget, party=party, tier=tier, channel=channel, flight_min=flight_min, detected_min=detected,
            explained_min=explained, rng=rng_of(tier),
        )
        for party, detected, explained in sides
        for tier in ("officer", "capital")
    )  # fmt: skip
    return tuple(one for one in found if one is not None)
