"""The seminar kit: a two-hour plan, role cards and a paper fallback, printed from the scenario.

The paper fallback is played by the simulator once: its cards are what each side's sensors and desk would have said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.regime import Regime
from tocsin.report import page, words
from tocsin.sim.parts import InfraredFile, PartyFile, RadarFile
from tocsin.sim.scenario import Scenario
from tocsin.study.results import RegimeRun, TimelineEntry

PLAN = (
    ("0-10", "Welcome, consent, pseudonyms, NO DUFF", "director"),
    ("10-25", "The situation; each team reads its cards; log-in, a circuit test, acknowledged", "teams"),
    ("25-35", "A dry run: a notice is given, acknowledged and matched", "director"),
    ("35-85", "Play, in real time or faster; injects as planned", "teams"),
    ("85-90", "ENDEX; every team writes down in two sentences what it believed and when", "teams"),
    ("90-115", "The after-action report on the screen: who knew what when; the questions at its end", "director"),
    ("115-120", "What each team would change in the regime", "teams"),
)
PAPER_KINDS = frozenset(
    {"tracklet", "notification", "conference", "retraction", "negative-statement", "launch-detection"}
)
PAPER_MOST = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A row of the plan."""

    minutes: str
    what: str
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A person's role."""

    party: str
    role: str
    task: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperCard:
    """What the director reads out, to whom, and when."""

    minute: float
    to: str
    text: str


def kit_html(scenario: Scenario, regime: Regime, run: RegimeRun) -> str:
    """The kit as one page to print. `run` is the scenario by script under the regime."""
    context = {
        "s": scenario,
        "people": words.several(len(scenario.party), "party", "parties"),
        "plan": [Step(minutes=minutes, what=what, who=who) for minutes, what, who in PLAN],
        "cards": [card for party in scenario.party for card in cards(party, regime)],
        "situation": situation(scenario, regime),
        "knows": {party.name: knows(scenario, party) for party in scenario.party},
        "paper": paper(run.timeline, scenario.begins_s, regime),
        "shared": Markup(""),
    }
    return page.render("kit.html", context)


def cards(party: PartyFile, regime: Regime) -> list[Card]:
    """Three roles a party; small teams combine them."""
    signs = regime.finding.required != "none"
    watch = "Say what it is, whether it is explained, and how long is left. Acknowledge what the other side tells you."
    senior = "Decide whether to convene a conference, and say why; you are the second hand of every vote."
    capital = "You are reached late and know little. Ask; you may suspend the agreement, openly."
    hands = "A joint finding needs the signatures of all; read the exact words before you sign." if signs else (
        "Under this regime each side decides alone; nothing is signed together."
    )  # fmt: skip
    guards = tuple(f"You guard {area.name}." for area in party.protects)
    return [
        Card(party=party.name, role="watch officer", task=watch, lines=(hands, *guards)),
        Card(party=party.name, role="senior officer", task=senior, lines=guards),
        Card(party=party.name, role="capital", task=capital, lines=("The hot line is yours.",)),
    ]


def situation(scenario: Scenario, regime: Regime) -> str:
    """What everybody may know: no truth, no outcome."""
    names = words.listed([party.name for party in scenario.party])
    return (
        f"{scenario.launch[:10]}. The centres of {names} are on watch under the regime {regime.name} "
        f"({regime.title}). Nothing unusual has been seen yet."
    )


def knows(scenario: Scenario, party: PartyFile) -> list[str]:
    """A party's own sensors and papers."""
    found = [f"your sensor {one.id}: {_looks(one)}" for one in party.sensor]
    given = [one for one in scenario.notice if one.by == party.name]
    found += [
        f"your own notice {one.identifier}: {one.vehicle}, {one.window_start} to {one.window_end}" for one in given
    ]
    return found or ["nothing but what is on the screen"]


def _looks(one: RadarFile | InfraredFile) -> str:
    if isinstance(one, InfraredFile):
        return f"infrared, from above {one.longitude_deg:g} E, sees burning motors"
    return f"radar at {words.position(one.latitude_deg, one.longitude_deg)}, out to {one.range_max_km:,.0f} km"


def paper(timeline: Sequence[TimelineEntry], begins_s: float, regime: Regime) -> list[PaperCard]:
    """Cards in the order of play, from what each side put on record in the scripted run."""
    shown = [one for one in timeline if one.kind in PAPER_KINDS and one.t_s >= begins_s and one.party != "world"]
    linked = bool(regime.terms.shares.kinds)
    return [
        PaperCard(
            minute=max(0.0, (one.t_s - begins_s) / 60.0),
            to="all" if linked and not one.origin.endswith("/own") else one.party,
            text=f"{one.party}: {one.text}",
        )
        for one in shown[:PAPER_MOST]
    ]  # fmt: skip
