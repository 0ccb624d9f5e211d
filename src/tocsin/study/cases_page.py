"""docs/cases.md from the scenario files: each case, what history did, what is unknown, with marks and sources."""

from collections import Counter
from collections.abc import Sequence

from tocsin.sim import scenario as room
from tocsin.sim.scenario import Scenario

HEAD = """# The library of cases

Made by `tocsin.study.cases_page.page()`; do not edit. Marks: S stated in the cited source, C computed, I inferred,
U uncertain, or sources conflict. A case that no source gives physics for says so; sensors are stand-ins throughout.
What sharing does in each, and where it does nothing or harm: [sharing](sharing.md).
"""


def page(cases: Sequence[Scenario] | None = None) -> str:
    """The page of all shipped cases."""
    found = tuple(room.load(room.shipped_bytes(name), f"{name}.toml") for name in room.shipped())
    chosen = found if cases is None else cases
    lines = [HEAD, "| case | nature | flights, ghosts | S | C | I | U |", "|---|---|---|---|---|---|---|"]
    lines += [_row(case) for case in chosen]
    for case in chosen:
        lines += ["", *_section(case)]
    return "\n".join(lines) + "\n"


def _row(case: Scenario) -> str:
    marks: Counter[str] = Counter(fact.mark for fact in case.fact)
    counts = " | ".join(str(marks[letter]) for letter in "SCIU")
    return f"| [{case.name}](#{case.name}) | {case.nature} | {len(case.flights)}, {len(case.ghost)} | {counts} |"


def _section(case: Scenario) -> list[str]:
    lines = [f"## {case.name}", "", f"**{case.title}.** {' '.join(case.summary.split())}"]
    for head, items in (
        ("What history did", case.history),
        ("What it would have needed", case.needed),
        ("What is unknown", case.unknown),
    ):
        lines += ["", f"{head}:", "", *(f"* {item}" for item in items)]
    lines += ["", "| value of | value | mark | source |", "|---|---|---|---|"]
    return lines + [f"| {_cell(f.what)} | {_cell(f.value)} | {f.mark} | {_cell(f.source)} |" for f in case.fact]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
