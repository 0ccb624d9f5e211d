"""Figure: where the minutes of the flight went, party by party and tier by tier, one chart a regime."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear
from tocsin.report.moments import parties
from tocsin.study.results import Comparison, Minutes, RegimeRun

LEFT, RIGHT, TOP = 118.0, 12.0, 26.0
ROW, BAR = 42.0, 16.0
_CENTRE = frozenset({"detect", "explain"})
_BEYOND = 1.3


def draw(comparison: Comparison) -> list[Markup]:
    """One SVG element for each regime that has minutes to show."""
    order, end = parties(comparison), axis_end_min(comparison)
    return [_chart(run, k, order, end) for k, run in enumerate(comparison.runs) if run.minutes]


def axis_end_min(comparison: Comparison) -> float:
    """End of the shared axis, minutes: past the flight and every median, and a slow decile if it is not far."""
    found = [one for run in comparison.runs for one in run.minutes]
    flight = max((one.flight for one in found), default=1.0)
    medians = max((one.flight - one.left for one in found), default=0.0)
    slow = max((one.flight - one.left_low for one in found), default=0.0)
    return max(1.08 * flight, 1.08 * medians, min(1.05 * slow, _BEYOND * flight))


def people_of(one: Minutes, run: RegimeRun) -> int:
    """How many of a row's steps come before the capital's own ones."""
    officer = next((m for m in run.minutes if m.party == one.party and m.tier == "officer"), None)
    return len(one.steps) if officer is None or one.tier == "officer" else len(officer.steps)


def _chart(run: RegimeRun, index: int, order: Sequence[str], end_min: float) -> Markup:
    height = len(run.minutes) * ROW
    box = plot.Box(x=LEFT, y=TOP, width=svg.WIDTH - LEFT - RIGHT, height=height)
    seconds, x = plot.time_scale(box, 0.0, 60.0 * end_min), Linear(0.0, end_min, box.x, box.right)
    flight = max(one.flight for one in run.minutes)
    parts = [
        svg.text(0, 13, words.clean(run.regime), "panel-title"),
        plot.time_axis(box, seconds, title="minutes after launch"),
        svg.line(x(flight), box.y, x(flight), box.bottom, "event"),
        svg.text(x(flight), box.y - 7, "impact", "tick", text_anchor="middle"),
        *(_row(one, run, order.index(one.party) if one.party in order else 0, box.y + k * ROW, x)
          for k, one in enumerate(run.minutes)),
        plot.frame(box),
    ]  # fmt: skip
    name = words.clean(run.regime)
    return svg.drawing(
        f"minutes-{index}", TOP + height + 42, f"Where the minutes went: {name}", _description(run), *parts
    )


def _row(one: Minutes, run: RegimeRun, place: int, y: float, x: Linear) -> Markup:
    style, own = svg.party_class(place), people_of(one, run)
    edges = [0.0, *accumulate(max(value, 0.0) for value in one.steps.values())]
    parts = [
        svg.text(0, y + 19, words.clean(one.party)[:12], f"label strong {style}"),
        svg.text(0, y + 34, words.clean(one.tier)[:14], "tick"),
        svg.line(0, y + ROW, svg.WIDTH - RIGHT, y + ROW, "grid"),
    ]
    for k, (name, (begin, end)) in enumerate(zip(one.steps, pairwise(edges), strict=True)):
        kind = "tracked" if k < 2 and name in _CENTRE else "step officer" if k < own else "step capital"
        left, right = x(min(begin, x.high)), x(min(end, x.high))
        parts.append(svg.rect(left, y + 8, right - left, BAR, f"{kind} {style}"))
    return svg.group(*parts, _spread(one, y + 32, x), _left(one, y, x))


def _spread(one: Minutes, y: float, x: Linear) -> Markup:
    """Four fifths of the draws, and their median: a line with ends and a mark, below the bar."""
    quick, middle, slow = (one.flight - left for left in (one.left_high, one.left, one.left_low))
    first, last = x(min(max(quick, 0.0), x.high)), x(min(slow, x.high))
    parts = [svg.line(first, y, last, y, "base"), svg.line(first, y - 4, first, y + 4, "base")]
    if slow > x.high:
        parts.append(svg.path([(last - 6, y - 4), (last, y), (last - 6, y + 4)], "base open"))
    else:
        parts.append(svg.line(last, y - 4, last, y + 4, "base"))
    if middle <= x.high:
        parts.append(svg.element("circle", cx=float(x(middle)), cy=float(y), r=3.2, class_="seal"))
    return Markup("").join(parts)


def _left(one: Minutes, y: float, x: Linear) -> Markup:
    """The median that is left, beside the bar or within it."""
    said = left_words(one.left)
    at = x(min(max(one.flight - one.left, sum(one.steps.values())), x.high))
    if at + 10 + svg.text_width(said) <= x.end:
        return svg.text(at + 8, y + 20.5, said, "label halo")
    return svg.text(x.end - 6, y + 20.5, said, "label halo", text_anchor="end")


def left_words(left_min: float) -> str:
    """'21.1 min left', '3.4 min too late'."""
    return f"{left_min:.1f} min left" if left_min >= 0 else f"{-left_min:.1f} min too late"


def _description(run: RegimeRun) -> str:
    told = [
        f"{words.clean(one.party)}, {words.clean(one.tier)}: {left_words(one.left)} of {one.flight:.1f} min"
        for one in run.minutes
    ]
    return f"Medians. {'; '.join(told)}."


def legend() -> Markup:
    """The key of all charts of the figure."""
    ends = [svg.line(1, 6, 23, 6, "base"), svg.line(1, 2, 1, 10, "base"), svg.line(23, 2, 23, 10, "base")]
    spread = Markup("").join([*ends, svg.element("circle", cx=12, cy=6, r=3.2, class_="seal")])
    items = [
        (svg.rect(0, 0, 24, 12, "tracked neutral"), "centre: detect, explain"),
        (svg.rect(0, 0, 24, 12, "step officer neutral"), "officer"),
        (svg.rect(0, 0, 24, 12, "step capital neutral"), "capital"),
        (spread, "end: median, and four fifths of the draws"),
    ]
    keys, height = svg.legend(items, 0, 2, svg.WIDTH)
    return svg.drawing("minutes-key", height + 2, "Key of the minutes", "Bars and marks of the charts.", keys)
