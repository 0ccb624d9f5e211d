"""Every case under every regime, played as it is and with two parties' names exchanged: every outcome must exchange.

    python -m campaigns.symmetry [--case NAME ...] [--regime NAME ...] [--ends SECONDS] [--seed 1995] [--processes 2]

Cases are worked on by several processes; what is finished is kept under build/, so that a campaign that was broken off
goes on where it stood (`campaigns.pieces`). Regimes of one case share truth, scans and own pictures (`sim.rehearsal`).
Prints a line an exchange. Exit 1 if any outcome differs: times, pictures, explanations, conferences, disclosure,
followed objects, authority, minutes, findings, votes and margins. Left out, because names are in them: roots of logs,
their size in bytes, and the words of the time line. A case that cannot be played under a regime is named and left out.
"""

import argparse
import copy
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import msgspec

from campaigns import pieces
from tocsin import regime as regimes
from tocsin.errors import TocsinError
from tocsin.sim import scenario as scenarios
from tocsin.sim.rehearsal import Rehearsal
from tocsin.study.compare import run_one
from tocsin.study.results import RegimeRun, Side

# Values under these keys are names of parties, never of anything else.
PARTY_KEYS = frozenset({"by", "aimed_at", "to"})
TOLERANCE = 1e-6
_TEXTS = frozenset({"title", "regime", "logs", "verdict", "timeline", "verified"})


def exchanged(table: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same case with parties' names exchanged: who stands where, sees and says what stays as it was."""
    made: dict[str, Any] = _named(copy.deepcopy(dict(table)), names, "")
    for party in made["party"]:
        party["name"] = names.get(party["name"], party["name"])
    return made


def _named(value: Any, names: Mapping[str, str], key: str) -> Any:
    if isinstance(value, dict):
        return {k: _named(v, names, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_named(v, names, key) for v in value]
    return names.get(value, value) if key in PARTY_KEYS and isinstance(value, str) else value


def exchanged_rules(regime: str, names: Mapping[str, str]) -> regimes.Regime:
    """The regime with the owners of its sectors exchanged too: a sector belongs to the party that stands there."""
    text = regimes.shipped(regime).decode()
    owned = re.sub(r'(?m)^(owner = )"([^"]+)"', lambda m: f'{m[1]}"{names.get(m[2], m[2])}"', text)
    return regimes.load(owned.encode(), f"{regime}.toml")


def differences(there: RegimeRun, back: RegimeRun, names: Mapping[str, str]) -> list[str]:
    """Outcomes of a run and of the exchanged one that differ, in words; empty if they mirror each other."""
    return list(_differ("", outcomes(there, {}), outcomes(back, names)))


def outcomes(run: RegimeRun, names: Mapping[str, str]) -> dict[str, Any]:
    """What happened, with every party under the name that it bears in the case as shipped."""
    raw = {name: getattr(run, name) for name in run.__struct_fields__ if name not in _TEXTS}
    table: dict[str, Any] = msgspec.to_builtins(raw)
    table["sides"] = {names.get(side.party, side.party): _side(side) for side in run.sides}
    for key in ("followed", "acted", "minutes", "margins"):
        table[key] = sorted((_renamed(one, names) for one in table[key]), key=_rank)
    return table


def _side(side: Side) -> dict[str, Any]:
    """A side's outcomes; roots and ids of logs hang on names by design, and its bytes on the lengths of names."""
    table: dict[str, Any] = msgspec.to_builtins(side)
    for key in ("party", "log_root", "disclosed_bytes"):
        table.pop(key)
    table["conference"] = [(one.level, one.from_s, one.to_s) for one in side.conference]
    return table


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(v, names) for key, v in value.items()}
    if isinstance(value, list | tuple):
        found = [_renamed(v, names) for v in value]
        return sorted(found, key=_rank)
    return names.get(value, value) if isinstance(value, str) else value


def _rank(value: Any) -> str:
    """An order that does not hang on the last bits of a number."""
    if isinstance(value, dict):
        return repr([(k, v) for k, v in sorted(value.items()) if isinstance(v, str | bool)])
    return repr(value)


def _differ(path: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}, key=str):
            yield from _differ(f"{path}.{key}", one.get(key), other.get(key))
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            yield f"{path}: {len(one)} against {len(other)}"
        for k, (a, b) in enumerate(zip(one, other, strict=False)):
            yield from _differ(f"{path}[{k}]", a, b)
    elif isinstance(one, float) and isinstance(other, float):
        if abs(one - other) > TOLERANCE * max(1.0, abs(one), abs(other)):
            yield f"{path}: {one:.9g} against {other:.9g}"
    elif one != other:
        yield f"{path}: {one!r} against {other!r}"


def check(case: str, regime: str, seed: int, ends_s: float | None) -> dict[str, list[str]]:
    """Differences by exchanged pair of parties, for one case and regime."""
    there = _run(case, regime, seed, ends_s)
    parties = sorted(party["name"] for party in tomllib.loads(scenarios.shipped_bytes(case).decode())["party"])
    found = {}
    for a, b in combinations(parties, 2):
        back = _run(case, regime, seed, ends_s, (a, b))
        found[f"{a}/{b}"] = differences(there, back, {a: b, b: a})
    return found


def _run(case: str, regime: str, seed: int, ends_s: float | None, pair: tuple[str, ...] = ()) -> RegimeRun:
    """A case under a regime, as it is or with a pair of parties exchanged."""
    rehearsal, names = _rehearsal(case, seed, ends_s, pair), _names(pair)
    return run_one(rehearsal.scenario, exchanged_rules(regime, names), seed, rehearsal=rehearsal, hybrid=False)[0]


@lru_cache(maxsize=8)  # a case and the exchanges of its parties
def _rehearsal(case: str, seed: int, ends_s: float | None, pair: tuple[str, ...]) -> Rehearsal:
    table = tomllib.loads(scenarios.shipped_bytes(case).decode())
    if ends_s is not None:
        table["ends_s"] = min(float(table["ends_s"]), ends_s)
    called = f"{case} exchanged" if pair else case
    return Rehearsal.of(scenarios.convert(exchanged(table, _names(pair)), called), seed)


def _names(pair: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(pair, reversed(pair), strict=True))


def work(piece: pieces.Piece) -> pieces.Result:
    """One piece: a case under some regimes. By regime: differences by exchange, or why it cannot be played."""
    case, chosen, seed, ends = str(piece).split(" ")
    found: dict[str, Any] = {}
    for regime in chosen.split("+"):
        try:
            found[regime] = check(case, regime, int(seed), float(ends) if ends else None)
        except TocsinError as error:
            found[regime] = str(error)
    return found


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", action="append", choices=scenarios.shipped())
    parser.add_argument("--regime", action="append", choices=regimes.SHIPPED)
    parser.add_argument("--seed", type=int, default=1995)
    parser.add_argument("--ends", type=float, help="cut every case at this many seconds after launch")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    ends = "" if chosen.ends is None else f"{chosen.ends:g}"
    wanted = [
        f"{case} {'+'.join(half)} {chosen.seed} {ends}"
        for case in chosen.case or scenarios.shipped()
        for half in _halves(chosen.regime or regimes.SHIPPED)
    ]
    source = pieces.ROOT / "src" / "tocsin"
    rules = [str(path) for path in sorted(source.rglob("*.toml"))]
    key = pieces.program(sorted(room.name for room in source.iterdir()), __file__, *rules)
    found = pieces.play(work, wanted, pieces.BUILD / "symmetry.jsonl", key, chosen.processes)
    return _told(found)


def _halves(chosen: Sequence[str]) -> Iterator[Sequence[str]]:
    """Regimes of one piece: few enough that breaking off loses little, enough to share what they have in common."""
    half = (len(chosen) + 1) // 2
    yield from (part for part in (chosen[:half], chosen[half:]) if part)


def _told(results: Mapping[pieces.Piece, Any]) -> int:
    """A line an exchange. Exit status: 1 if any differs, or none was made."""
    bad = compared = 0
    for piece, by_regime in results.items():
        for regime, found in by_regime.items():
            head = f"{str(piece).split(' ')[0]}/{regime}"
            if isinstance(found, str):
                print(f"{head}: left out: {found}")
                continue
            for pair, wrong in found.items():
                compared, bad = compared + 1, bad + bool(wrong)
                print(f"{head}, {pair}: {'same' if not wrong else f'{len(wrong)} DIFFER'}")
                for line in wrong[:5]:
                    print(f"        {line}")
    print(f"{compared} exchanges compared, {bad} differ.")
    return 1 if bad or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
