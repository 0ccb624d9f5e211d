"""Studies of many runs: cases, what is varied about them, regimes and seeds, from one TOML file.

    name = "delay"                      [[case]] scenario, weight        [[vary]] label, set, noise, officers, delay_ms
    regimes = ["separate", "joint"]     seeds = { first = 1, count = 20 }   [base_rate] see `BaseRate`

A run is a function of case, point, regime and seed, so a study is the same on any number of workers.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

import tocsin
from tocsin.errors import BadEvidence
from tocsin.regime import Regime
from tocsin.sim.parts import InfraredFile, PartyFile, RadarFile
from tocsin.sim.rehearsal import Rehearsal
from tocsin.sim.scenario import Scenario
from tocsin.study.compare import run_one
from tocsin.study.library import explained_away
from tocsin.study.results import RegimeRun

Factor = Annotated[float, Meta(gt=0, le=1e3)]
ALARM = ("threat", "attack")


class StudyError(BadEvidence):
    """A study file that makes no sense: the message names file and field."""


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything in a study file: unknown fields are mistakes."""


class CaseFile(Part, frozen=True, kw_only=True):
    """A shipped case or a scenario file; `weight` is its share of events in a base rate."""

    scenario: str
    weight: Annotated[float, Meta(ge=0)] = 1.0
    mark: Literal["S", "C", "I", "U"] = "I"
    source: str = ""


class Point(Part, frozen=True, kw_only=True):
    """One way to vary every case: `noise` and `officers` are factors on all sensors' errors and all people's times."""

    label: str
    set: tuple[str, ...] = ()
    noise: Factor = 1.0
    officers: Factor = 1.0
    delay_ms: Annotated[float, Meta(gt=0)] | None = None


class Seeds(Part, frozen=True, kw_only=True):
    """`count` seeds from `first` on."""

    first: Annotated[int, Meta(ge=0)] = 1
    count: Annotated[int, Meta(ge=1, le=1_000_000)]


class BaseRate(Part, frozen=True, kw_only=True):
    """What was counted: so many routine conferences in so many months, of which so many became alarms of `party`."""

    party: str
    regime: str
    months: Annotated[float, Meta(gt=0)]
    routine: Annotated[int, Meta(ge=1)]
    alarms: Annotated[int, Meta(ge=0)]
    mark: Literal["S", "C", "I", "U"]
    source: str


class Study(Part, frozen=True, kw_only=True):
    """A study file."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
    title: str
    regimes: Annotated[tuple[str, ...], Meta(min_length=1, max_length=16)]
    seeds: Seeds
    case: Annotated[tuple[CaseFile, ...], Meta(min_length=1, max_length=64)]
    vary: Annotated[tuple[Point, ...], Meta(max_length=256)] = (Point(label="as it is"),)
    base_rate: BaseRate | None = None


class Bundle(Struct, frozen=True, kw_only=True):
    """All regimes of one case, point and seed: they share what is computed once."""

    case: str
    point: str
    scenario: Scenario
    regimes: tuple[Regime, ...]
    seed: int

    @property
    def keys(self) -> list[str]:
        """Names of the runs, in order."""
        return [f"{self.case}/{self.point}/{regime.name}/{self.seed}" for regime in self.regimes]


class Outcome(Struct, frozen=True, kw_only=True):
    """What a study keeps of a run: one line of its file. Times in seconds after launch, None for never."""

    key: str
    case: str
    point: str
    regime: str
    seed: int
    nature: str
    tracked_s: dict[str, float | None]
    explained_s: dict[str, float | None]
    conference_s: dict[str, float]
    levels: dict[str, tuple[str, ...]]
    finding: str
    adopted: bool
    decision_s: float | None
    agree: bool
    explained_away: tuple[str, ...]
    acted: tuple[str, ...]


def load(data: bytes, name: str) -> Study:
    """A study from the bytes of file `name`. Raises StudyError naming file and field."""
    try:
        study = msgspec.convert(tomllib.loads(data.decode("utf-8")), Study, strict=False)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"{name}: not TOML: {error}", data) from error
    except msgspec.ValidationError as error:
        raise StudyError(f"{name}: {error}".replace("`$.", "`"), data) from error
    for what, names in (("vary.label", [one.label for one in study.vary]), ("regimes", list(study.regimes)),
                        ("case.scenario", [one.scenario for one in study.case])):  # fmt: skip
        if len(set(names)) != len(names) or any("/" in one for one in names if what == "vary.label"):
            raise StudyError(f"{name}: {what}: each once expected, without '/', got {', '.join(names)}", data)
    if study.base_rate is not None and study.base_rate.regime not in study.regimes:
        raise StudyError(f"{name}: base_rate.regime: one of {', '.join(study.regimes)} expected", data)
    return study


def varied(scenario: Scenario, point: Point) -> Scenario:
    """The case as the point has it; `set` was applied before, to the file."""
    party = tuple(_varied_party(one, point) for one in scenario.party)
    delay_ms = scenario.link_delay_ms if point.delay_ms is None else point.delay_ms
    return msgspec.structs.replace(scenario, party=party, link_delay_ms=delay_ms)


def _varied_party(party: PartyFile, point: Point) -> PartyFile:
    people = party.officers
    times = {name: getattr(people, name) for name in people.__struct_fields__ if name.endswith("_s")}
    slower = {name: None if value is None else value * point.officers for name, value in times.items()}
    sensors = tuple(_noisier(one, point.noise) for one in party.sensor)
    return msgspec.structs.replace(party, sensor=sensors, officers=msgspec.structs.replace(people, **slower))


def _noisier(sensor: RadarFile | InfraredFile, factor: float) -> RadarFile | InfraredFile:
    sigmas = {name: getattr(sensor, name) * factor for name in sensor.__struct_fields__ if name.startswith("sigma_")}
    return msgspec.structs.replace(sensor, **sigmas)


def digest(data: bytes, bundles: list[Bundle]) -> str:
    """SHA-256 of the file, of every case and regime as it will be played, and of the version that plays it."""
    found = hashlib.sha256(tocsin.__version__.encode() + b"\0" + data)
    seen: set[bytes] = set()
    for bundle in bundles:
        for one in (bundle.scenario, *bundle.regimes):
            text = msgspec.json.encode(one)
            if text not in seen:
                seen.add(text)
                found.update(text)
    return found.hexdigest()


def play_bundle(bundle: Bundle) -> list[bytes]:
    """Every run of a bundle, each as its line."""
    rehearsal = Rehearsal.of(bundle.scenario, bundle.seed)
    return [msgspec.json.encode(one) for one in _outcomes(bundle, rehearsal)]


def _outcomes(bundle: Bundle, rehearsal: Rehearsal) -> Iterator[Outcome]:
    for key, regime in zip(bundle.keys, bundle.regimes, strict=True):
        run, _ = run_one(bundle.scenario, regime, bundle.seed, rehearsal=rehearsal, hybrid=False)
        yield _outcome(key, bundle, run)


def _outcome(key: str, bundle: Bundle, run: RegimeRun) -> Outcome:
    return Outcome(
        key=key, case=bundle.case, point=bundle.point, regime=run.regime, seed=bundle.seed,
        nature=bundle.scenario.nature,
        tracked_s={side.party: side.tracked_s for side in run.sides},
        explained_s={side.party: side.explained_s for side in run.sides},
        conference_s={side.party: side.conference_s for side in run.sides},
        levels={side.party: tuple(sorted({step.level for step in side.conference})) for side in run.sides},
        finding=run.finding, adopted=run.decision.startswith("adopted"), decision_s=run.decision_s,
        agree=run.pictures_agree, explained_away=explained_away(run),
        acted=tuple(f"{act.object}: {act.outcome}" for act in run.acted),
    )  # fmt: skip
