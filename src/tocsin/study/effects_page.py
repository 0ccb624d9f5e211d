"""docs/sharing.md from a campaign over the library: where sharing helps, changes nothing, or hurts."""

from collections.abc import Sequence

from tocsin.study.library import BASELINE, Library, Row

HEAD = """# Where sharing helps, changes nothing, or hurts

Made by `{command}`, which writes this page as `sharing.md` beside its report; do not edit. Seed {seed}. Every regime is
held against `separate` on the same case and the same chance; the rule is in `src/tocsin/study/library.py`. One seed is
one course of events: a case near an edge may fall on its other side with the next.

Conferences of all parties are added up. A party that is shown what it would have seen later, or never, sits about it
too: that counts as harm wherever the object was harmless and nobody could explain it, and a longer warning of the same
object looks the same in these minutes as a false alarm.
"""
WORDS = {"helped": "Helps", "mixed": "Helps and hurts", "hurt": "Hurts", "no difference": "Changes nothing"}


def page(library: Library) -> str:
    """Counts by regime, then every case under what sharing did there, the worst said as plainly as the best."""
    others = [name for name in library.regimes if name != BASELINE]
    lines = [HEAD.format(command=library.command, seed=library.seed)]
    lines += ["| regime | " + " | ".join(one.lower() for one in WORDS.values()) + " |", "|---" * (len(WORDS) + 1) + "|"]
    for name in others:
        counts = [sum(row.regime == name and row.effect == effect for row in library.rows) for effect in WORDS]
        lines.append(f"| `{name}` | " + " | ".join(map(str, counts)) + " |")
    for effect, word in WORDS.items():
        found = [row for row in library.rows if row.effect == effect]
        lines += ["", f"## {word}", ""]
        lines += _told(found) if found else ["No case."]
    return "\n".join(lines) + "\n"


def _told(rows: Sequence[Row]) -> list[str]:
    """One line for a case and what happened there, with all regimes under which that happened."""
    table: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        table.setdefault((row.scenario, row.reasons), []).append(f"`{row.regime}`")
    return [
        f"* [{case}](cases.md#{case}), {', '.join(regimes)}: {'; '.join(reasons)}."
        if reasons
        else f"* [{case}](cases.md#{case}), {', '.join(regimes)}."
        for (case, reasons), regimes in table.items()
    ]
