"""Scenario files: what happened, who watched with what, what was announced, and how people behaved.

A scenario is TOML. Values taken from a source stand in `[[fact]]` with the mark of the source: S stated,
C computed, I inferred, U uncertain. Angles in files are degrees, distances kilometres, times UTC.
"""

import tomllib
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tocsin.regime import SHIPPED
from tocsin.sim.errors import ScenarioError
from tocsin.sim.parts import (
    BookFile,
    Defects,
    EngagementFile,
    FactFile,
    GhostFile,
    Happening,
    Name,
    NoticeFile,
    Part,
    PartyFile,
    Positive,
    Utc,
)
from tocsin.sim.truths import Flying, check_flight, read_flight
from tocsin.world.errors import BadTime
from tocsin.world.time import parse_utc

Sentences = Annotated[tuple[str, ...], Meta(max_length=64)]


class Scenario(Part, frozen=True, kw_only=True):
    """One case. `[flight]` or several `[[flight]]` are read by `tocsin.sim.truths`; a case may have none.

    `nature`: what kind of case it is. `history`: what happened. `needed`: what the regimes would have needed.
    `unknown`: what nobody knows or could read.
    """

    name: Name
    title: str
    summary: str
    nature: Literal["flight", "sensor-fault", "data-fault", "human-error", "suspension", "attack"] = "flight"
    launch: Utc
    begins_s: float = -600.0
    ends_s: Positive = 1_800.0
    link_delay_ms: Positive = 40.0
    flight: dict[str, Any] | Annotated[tuple[dict[str, Any], ...], Meta(max_length=16)] = ()
    ghost: Annotated[tuple[GhostFile, ...], Meta(max_length=16)] = ()
    happening: Annotated[tuple[Happening, ...], Meta(max_length=32)] = ()
    party: Annotated[tuple[PartyFile, ...], Meta(min_length=1, max_length=16)]
    notice: Annotated[tuple[NoticeFile, ...], Meta(max_length=64)] = ()
    codebook: Annotated[tuple[BookFile, ...], Meta(max_length=16)] = ()
    defects: Defects = Defects()
    engagement: EngagementFile = EngagementFile()
    history: Sentences = ()
    needed: Sentences = ()
    unknown: Sentences = ()
    fact: Annotated[tuple[FactFile, ...], Meta(max_length=256)] = ()

    @property
    def flights(self) -> tuple[dict[str, Any], ...]:
        """Tables of all flights, in the order of the file."""
        return (self.flight,) if isinstance(self.flight, dict) else self.flight

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of all parties, in the order of the file."""
        return tuple(party.name for party in self.party)


def truths(scenario: Scenario) -> tuple[Flying, ...]:
    """Everything that flies (or stands on a tape), flown. Raises ScenarioError or FlightTableError."""
    found: list[Flying] = []
    for number, (label, table) in enumerate(_labelled(scenario)):
        found.append(read_flight(table, scenario.name, label, f"object-{number + 1}"))
    names = [one.name for one in found]
    if len(set(names)) != len(names):
        raise ScenarioError(f"{scenario.name}: flight.name: each name once expected, got {', '.join(names)}")
    return tuple(found)

def _labelled(scenario: Scenario) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(scenario.flight, dict):
        return [("flight", scenario.flight)]
    return [(f"flight[{number}]", table) for number, table in enumerate(scenario.flight)]


def load(data: bytes, name: str) -> Scenario:
    """A scenario from the bytes of file `name`. Raises ScenarioError naming file and field or line."""
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{name}: not UTF-8 at byte {error.start}", data) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{name}: not TOML: {error}", data) from error
    return convert(raw, name, data)


def convert(raw: dict[str, Any], name: str, data: bytes = b"") -> Scenario:
    """A scenario from a parsed table."""
    try:
        scenario = msgspec.convert(raw, Scenario, strict=False)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{name}: {error}".replace("`$.", "`"), data) from error
    _cross_check(scenario, name, data)
    return scenario


def _cross_check(scenario: Scenario, name: str, data: bytes) -> None:
    names = [party.name for party in scenario.party]
    sensors = [sensor.id for party in scenario.party for sensor in party.sensor]
    if len(set(names)) != len(names):
        raise ScenarioError(f"{name}: party: each name once expected, got {', '.join(names)}", data)
    if len(set(sensors)) != len(sensors):
        raise ScenarioError(f"{name}: party.sensor: each id once expected, got {', '.join(sensors)}", data)
    speakers = [("notice.by", one.by) for one in scenario.notice]
    speakers += [("notice.to", party) for one in scenario.notice for party in one.to]
    speakers += [("happening.by", one.by) for one in scenario.happening]
    for field, party in speakers:
        if party not in names:
            raise ScenarioError(f"{name}: {field}: one of {', '.join(names)} expected, got {party!r}", data)
    _check_times(scenario, name, data)
    _check_ghosts(scenario, name, data)
    if scenario.begins_s >= scenario.ends_s:
        raise ScenarioError(f"{name}: begins_s must be before ends_s", data)
    for label, table in _labelled(scenario):
        check_flight(table, name, label)


def _check_times(scenario: Scenario, name: str, data: bytes) -> None:
    """Times that look like times and are none: month 13, the 30th of February."""
    times = [("launch", scenario.launch)]
    for number, one in enumerate(scenario.notice):
        given = {"announced": one.announced, "window_start": one.window_start, "window_end": one.window_end}
        times += [(f"notice[{number}].{field}", text) for field, text in given.items()]
        times += [(f"notice[{number}].actual", one.actual)] if one.actual else []
    for field, text in times:
        try:
            instant = parse_utc(text)
        except BadTime as error:
            raise ScenarioError(f"{name}: {error} - at `{field}`", data) from error
        if instant + min(0.0, scenario.begins_s) * 1e9 < 0:  # the wire and the cosignatures count from 1970
            wanted = "a time from 1970 on expected, where the clock of the record begins"
            raise ScenarioError(f"{name}: {text}: {wanted} - at `{field}`", data)


def _check_ghosts(scenario: Scenario, name: str, data: bytes) -> None:
    kinds = {file.id: type(file).__name__ for party in scenario.party for file in party.sensor}
    for ghost in scenario.ghost:
        wanted = "RadarFile" if ghost.kind == "moon" else "InfraredFile"
        if kinds.get(ghost.sensor) != wanted:
            what = "a radar" if ghost.kind == "moon" else "an infrared satellite"
            raise ScenarioError(f"{name}: ghost.sensor: the id of {what} expected, got {ghost.sensor!r}", data)
    for number, happening in enumerate(scenario.happening):
        if happening.does == "deny" and happening.area is None:
            raise ScenarioError(f"{name}: happening.area: an area expected where a party denies a launch", data)
        wrong = _wrong_measure(happening) or _wrong_code(happening, scenario.codebook)
        if wrong:
            raise ScenarioError(f"{name}: happening[{number}].{wrong}", data)


def _wrong_measure(one: Happening) -> str:
    if (one.does == "propose") != (one.measure is not None):
        return "measure: a table expected exactly where a party proposes"
    if one.measure is None:
        return ""
    if one.measure.kind == "amend" and one.measure.amend not in SHIPPED:
        return f"measure.amend: one of {', '.join(SHIPPED)} expected, got {one.measure.amend!r}"
    if one.measure.kind == "share-more" and (one.measure.until_s or 0.0) <= one.measure.effective_s:
        return "measure.until_s: a time after effective_s expected"
    if one.measure.kind == "share-more" and not (one.measure.share or one.measure.every_s is not None):
        return "measure.share: kinds of statement, or every_s, expected"
    return ""


def _wrong_code(one: Happening, books: tuple[BookFile, ...]) -> str:
    if (one.does == "code") != (one.code is not None):
        return "code: a table expected exactly where a party sends a short code"
    sizes = {book.word: len(book.text) for book in books}
    if one.code is not None and one.code.number > sizes.get(one.code.word, 0):
        return f"code: a word and number of a [[codebook]] expected, got {one.code.word} {one.code.number}"
    return ""


def override(raw: dict[str, Any], setting: str) -> None:
    """Apply one `table.field=value` to a parsed table (TOML value on the right). Raises ScenarioError."""
    path, _, value = setting.partition("=")
    keys = path.strip().split(".")
    try:
        parsed = tomllib.loads(f"v = {value.strip()}")["v"]
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"--set {setting}: a TOML value expected after '=', for example true or 3.5") from error
    table: Any = raw
    for before, key in zip(("the scenario", *keys), keys[:-1], strict=False):
        table = _inside(table, before, key, setting)
    last = keys[-1]
    if isinstance(table, list):
        _inside(table, keys[-2], last, setting)
        table[int(last)] = parsed
    elif isinstance(table, dict):
        table[last] = parsed
    else:
        raise ScenarioError(f"--set {setting}: {keys[-2]} is not a table of the scenario")


def _inside(table: Any, before: str, key: str, setting: str) -> Any:
    """One step down: into a table by name, into a list by number from 0."""
    if isinstance(table, list):
        if not key.isdecimal() or int(key) >= len(table):
            raise ScenarioError(f"--set {setting}: {before} has no place {key}; 0 to {len(table) - 1} expected")
        return table[int(key)]
    if not isinstance(table, dict):
        raise ScenarioError(f"--set {setting}: {before} is not a table of the scenario")
    return table.setdefault(key, {})


def shipped() -> tuple[str, ...]:
    """Names of the cases that come with the product."""
    folder = resources.files("tocsin.sim").joinpath("library")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def shipped_bytes(name: str) -> bytes:
    """File of a shipped case. Raises ScenarioError listing what there is."""
    if name not in shipped():
        raise ScenarioError(f"{name}: no such file, and no shipped case of that name; there are {', '.join(shipped())}")
    return resources.files("tocsin.sim").joinpath("library", f"{name}.toml").read_bytes()
