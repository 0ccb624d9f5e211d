"""A short arms-race study: rounds of stated numbers, and what each leaves, outside parties included.

Computed, not proved; nothing here looks for a best answer: the rounds are read from `studies/arms-race.toml`.
"""

import tomllib
from fractions import Fraction
from importlib.resources import files
from typing import Any, Final

import numpy as np
from msgspec import Struct

from tocsin.assure.capacity import remaining
from tocsin.assure.errors import QuestionRefused
from tocsin.assure.load import load
from tocsin.assure.shipped import shipped
from tocsin.assure.threshold import slowest

FORMAT: Final = "tocsin-assure-race/1"
_SEED: Final = 1972


class Left(Struct, frozen=True, kw_only=True):
    """What one force keeps in one round, against one defence, if every interceptor there could be used against it."""

    force: str
    defence: str
    threshold_km_s: float | None
    warheads: float
    left: float


class Round(Struct, frozen=True, kw_only=True):
    """One round: what changed, from which commit delay, and what every force keeps."""

    name: str
    because: str
    delay_s: float
    left: tuple[Left, ...]


def arms_race(data: bytes | None = None) -> tuple[Round, ...]:
    """The rounds of a study file (the shipped one by default). `threshold_km_s`: slowest engagement found, arc speed.

    Raises QuestionRefused where the file's numbers do not fit together.
    """
    text = files("tocsin.assure").joinpath("studies", "arms-race.toml").read_bytes() if data is None else data
    try:
        top = tomllib.loads(text.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise QuestionRefused(f"the study is not TOML in UTF-8: {why}") from None
    if top.get("format") != FORMAT:
        raise QuestionRefused(f"the study has format {top.get('format')!r}, expected {FORMAT!r}.")
    found: dict[tuple[str, float], float | None] = {}
    try:
        return tuple(_round(top, one, found) for one in top["round"])
    except (KeyError, TypeError) as why:
        raise QuestionRefused(f"the study lacks {why}, or it is of the wrong kind.") from None


def _threshold(name: str, delay_s: float, found: dict[tuple[str, float], float | None]) -> float | None:
    if (name, delay_s) not in found:
        one = slowest(load(shipped(name)), Fraction(delay_s), np.random.default_rng(_SEED))
        found[name, delay_s] = None if one is None else round(one.speed_km_s, 2)
    return found[name, delay_s]


def _round(top: dict[str, Any], one: dict[str, Any], found: dict[tuple[str, float], float | None]) -> Round:
    shots, hit = float(top["shots_per_target"]), float(top["hit_probability"])
    faced = [(d, force) for d in top["defence"] for force in d["faces"]]
    numbers = dict(zip((d["name"] for d in top["defence"]), one["interceptors"], strict=False))
    if len(one["interceptors"]) != len(top["defence"]) or len(one["warheads"]) != len(faced):
        raise QuestionRefused(f"round {one['name']!r}: one number for each defence and each force was expected.")
    if min(*one["interceptors"], *one["warheads"]) < 0 or not 0.0 <= hit <= 1.0 or shots < 1 or one["delay_s"] < 0:
        raise QuestionRefused(f"round {one['name']!r}: numbers are not negative, a chance of a hit is at most 1.")
    left = tuple(
        Left(
            force=force,
            defence=defence["name"],
            threshold_km_s=_threshold(defence["question"], float(one["delay_s"]), found),
            warheads=float(warheads),
            left=remaining(float(warheads), float(numbers[defence["name"]]), shots, hit),
        )
        for (defence, force), warheads in zip(faced, one["warheads"], strict=True)
    )
    return Round(name=one["name"], because=one["because"], delay_s=float(one["delay_s"]), left=left)
