"""The after-action report as a page: the review in words and tables."""

from dataclasses import dataclass

from markupsafe import Markup

from tocsin.exercise.review import Review, missed
from tocsin.report import page, words
from tocsin.world.time import clock_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One side in one run."""

    party: str
    run: str
    tracked: float | None
    explained: float | None
    conference: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One entry of the director's journal."""

    utc: str
    who: str
    act: str
    text: str


def review_html(review: Review, verdict: str) -> str:
    """The page; all text of players is foreign text and shown as text. `verdict` is that of the logs."""
    played = review.comparison.runs[0]
    context = {
        "c": review.comparison,
        "r": review,
        "lead": lead(review),
        "sentences": sentences(review),
        "known": known(review),
        "minutes": played.minutes,
        "journal": [
            Line(utc=clock_text(one.t_tai_us * 1_000), who=one.who, act=one.act, text=one.text)
            for one in review.journal
        ],
        "questions": questions(review),
        "verdict": verdict,
        "shared": Markup(""),
    }
    return page.render("after_action.html", context)


def lead(review: Review) -> str:
    """What came of it, in one sentence."""
    adopted = [one for one in review.decided if one.outcome == "adopted"]
    if adopted:
        one = adopted[0]
        margin = f", {words.duration(one.margin_s)} before the deadline" if one.margin_s is not None else ""
        return f"The parties signed one finding about {words.clean(one.event)}{margin}."
    if review.decided:
        count = words.several(len(review.decided), "joint finding was", "joint findings were")
        return f"{count} put to the vote, and none was adopted."
    return "No joint finding was put to the vote."


def sentences(review: Review) -> list[str]:
    """Each side against its scripted self, and what the director had to know."""
    played, scripted = review.comparison.runs
    found = []
    for side in played.sides:
        other = next(one for one in scripted.sides if one.party == side.party)
        found.append(
            f"{words.clean(side.party)} put an explanation on record {_when(side.explained_s)}; "
            f"by script {_when(other.explained_s)}."
        )
    left = missed(review.decided)
    if left:
        found.append(f"{words.several(left, 'proposal')} did not get all the signatures that were needed.")
    if review.refused:
        found.append(f"{words.several(review.refused, 'inject')} could not happen; the journal says why.")
    if not played.pictures_agree:
        found.append("The centres ended with different common pictures: see the logs.")
    return found


def _when(t_s: float | None) -> str:
    return "never" if t_s is None else f"at {words.moment(t_s)}"


def known(review: Review) -> list[Known]:
    """Both runs, side by side."""
    found = []
    for number, run in enumerate(review.comparison.runs):
        found += [
            Known(
                party=side.party, run="as played" if number == 0 else "by script", tracked=side.tracked_s,
                explained=side.explained_s, conference=side.conference_s,
            )
            for side in run.sides
        ]  # fmt: skip
    return sorted(found, key=lambda one: one.party)


def questions(review: Review) -> list[str]:
    """What to talk about afterwards: general ones, and those that this play raises."""
    found = [
        "When did each side believe what, and what would have had to be on the screen to believe it earlier?",
        "Which figure did you trust without asking where it came from?",
        "What did you not say to the other side, and what did that cost?",
    ]
    if any(one.still_needed for one in review.decided):
        found.append("Why did the missing signature not come: doubt, time, orders, or a page that was not understood?")
    if any(entry.act == "inject" for entry in review.journal):
        found.append("Which inject changed what you did, and which went unnoticed?")
    found += [f"History did not know: {words.clean(one)}. Did you?" for one in review.comparison.unknown[:2]]
    return found
