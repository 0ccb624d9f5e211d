"""Numbers of a centre for those who watch machines: the text format 0.0.4 of Prometheus. Counts and ages, no contents.

Written here by hand: a page of text from what the centre already counts, so that nothing is counted twice and no
registry of the process stands beside the centre. The tests read it with the format's own parser.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tocsin
from tocsin.node import queries
from tocsin.node.centre import Centre

KIND = "text/plain; version=0.0.4; charset=utf-8"
BEHIND = 1_000  # entries that wait to be read: more, and the pictures are not those of now
Sample = tuple[dict[str, str], float]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, whether it only grows, what it says, and its samples by labels."""

    name: str
    counts: bool
    words: str
    samples: tuple[Sample, ...]


def exposition(centre: Centre) -> str:
    """Every number, in the order of the families."""
    return "".join(line for family in families(centre) for line in _lines(family))


def not_ready(centre: Centre) -> str:
    """Why the centre should not be relied on now, one sentence; empty if it may."""
    opening = centre.border.opening
    if not opening.ready:
        return opening.why_not or "it has not heard from every partner what they hold of its log"
    if centre.waiting > BEHIND:
        return f"{centre.waiting} verified entries are not in the pictures yet; at most {BEHIND} were expected"
    return ""


def families(centre: Centre) -> tuple[Family, ...]:
    """What is told, from the centre's own counts."""
    config, links = centre.config, sorted(centre.links.items())
    about = {"version": tocsin.__version__, "party": config.party, "mode": config.mode, "regime": config.regime.name}
    decided = [view.decision.status for view in queries.proposals(centre)]
    dropped = centre.picture.dropped if centre.picture is not None else {}
    return (
        _one("info", "What runs here", 1, about),
        _one("ready", "1 if the centre may be relied on now", not not_ready(centre)),
        _one("suspended", "1 while the regime is suspended", centre.suspended),
        _each("log_entries", "Signed entries of our logs", "log", ((k, b.size) for k, b in centre.books.items())),
        _one("entries_waiting", "Verified entries not yet in the pictures", centre.waiting),
        _one("tracks", "Confirmed tracks of our own tracker", len(centre.picture) if centre.picture else 0),
        _each("detections_unused_total", "Records that the tracker did not use", "why", dropped.items(), True),
        _each("disclosed_total", "Statements in our shared log", "kind", centre.disclosed.items(), True),
        _one("disclosed_bytes_total", "Bytes of statements in our shared log", centre.disclosed_bytes, counts=True),
        _each("disclosed_place_km", "One sigma within which partners could place a radar of ours by what we told",
              "sensor", ((line.sensor, line.told.place_km) for line in centre.ledger.meter.lines() if not line.track)),
        _each("withheld_total", "Statements that the regime kept at home", "kind", centre.withheld.items(), True),
        _each("proposals", "Proposals by what became of them", "status", ((s, decided.count(s)) for s in set(decided))),
        _each("partner_entries", "Verified entries of a partner's log", "partner",
              ((party, centre.mirrors[party].size) for party, _ in links if party in centre.mirrors)),
        _each("partner_receipted_entries", "Our entries that a partner proved to hold", "partner",
              ((party, link.receipted) for party, link in links)),
        _each("partner_silence_seconds", "Since a partner showed anything new and verified", "partner",
              centre.silence_s().items()),
        _each("partner_silent", "1 if a partner missed three heartbeats", "partner",
              ((party, party in centre.silent()) for party, _ in links)),
    )  # fmt: skip


def _one(name: str, words: str, value: float, labels: dict[str, str] | None = None, counts: bool = False) -> Family:
    return Family(f"tocsin_{name}", counts, words, ((labels or {}, float(value)),))


def _each(name: str, words: str, label: str, values: Iterable[tuple[str, float]], counts: bool = False) -> Family:
    samples = tuple(({label: key}, float(value)) for key, value in sorted(values))
    return Family(f"tocsin_{name}", counts, words, samples)


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.words}.\n"
    yield f"# TYPE {family.name} {'counter' if family.counts else 'gauge'}\n"
    for labels, value in family.samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        number = str(int(value)) if value == int(value) else repr(value)
        yield f"{family.name}{{{inside}}} {number}\n" if inside else f"{family.name} {number}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
