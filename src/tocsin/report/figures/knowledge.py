"""Figure: who knew what, when, and what each side did: one chart a regime, all on one time axis."""

from collections.abc import Sequence

from markupsafe import Markup

from tocsin.report import words
from tocsin.report.figures import plot, svg
from tocsin.report.figures.scale import Linear, time_ticks
from tocsin.report.moments import apogee_s, flew, horizon_s, parties
from tocsin.study.results import Comparison, ConferenceStep, RegimeRun, Side

LEVELS = ("none", "display", "threat", "attack")
LEFT, RIGHT = 74.0, 8.0
LANE = 92.0
STEP = 11.0
JOINT = 34.0
TOP = 24.0


def draw(comparison: Comparison) -> list[Markup]:
    """One SVG element a regime."""
    order = parties(comparison)
    return [_chart(comparison, run, k, order) for k, run in enumerate(comparison.runs)]


def _chart(comparison: Comparison, run: RegimeRun, index: int, order: Sequence[str]) -> Markup:
    body = len(run.sides) * LANE + JOINT
    box = plot.Box(x=LEFT, y=TOP, width=svg.WIDTH - LEFT - RIGHT, height=body)
    x = Linear(0.0, axis_end_s(comparison), box.x, box.right)
    parts = [
        svg.text(0, 13, words.clean(run.regime), "panel-title"),
        *_grid(comparison, box, x),
        *(
            _lane(side, order.index(side.party), box.y + k * LANE, x)
            for k, side in enumerate(run.sides)
        ),
        _joint(run, box.y + len(run.sides) * LANE, x),
        plot.frame(box),
    ]
    height = TOP + body + 40
    name = words.clean(run.regime)
    return svg.drawing(
        f"knowledge-{index}", height, f"Who knew what, when: {name}", _description(run), *parts
    )


def _description(run: RegimeRun) -> str:
    said = [
        f"{words.clean(s.party)} tracked it: {words.moment(s.tracked_s)}; explained it: "
        f"{words.moment(s.explained_s)}; in conference for {words.duration(s.conference_s)}"
        for s in run.sides
    ]
    return f"{'. '.join(said)}. Joint finding: {words.clean(run.finding) or 'none'}."


def _grid(comparison: Comparison, box: plot.Box, x: Linear) -> list[Markup]:
    parts = []
    for t in time_ticks(x.low, x.high, 8):
        parts.append(svg.line(x(t), box.y, x(t), box.bottom, "grid"))
        parts.append(svg.text(x(t), box.bottom + 16, words.moment(t), "tick", text_anchor="middle"))
        clock = words.zulu(comparison.launch_utc, t)
        parts.append(svg.text(x(t), box.bottom + 32, clock[:5] + "Z" if clock else "", "tick", text_anchor="middle"))
    beyond = []
    moments = ((apogee_s(comparison), "apogee"), (comparison.flight_s, "impact")) if flew(comparison) else ()
    for t, name in moments:
        if t > x.high:
            beyond.append(f"{name} {words.moment(t)}")
            continue
        parts.append(svg.line(x(t), box.y, x(t), box.bottom, "event"))
        anchor = "end" if x(t) > box.right - 24 else "middle"
        parts.append(svg.text(x(t) + (2 if anchor == "end" else 0), box.y - 6, name, "tick", text_anchor=anchor))
    if beyond:
        parts.append(svg.text(box.x + 60, 13, f"the axis ends before {words.listed(beyond)}", "tick"))
    return parts


def axis_end_s(comparison: Comparison) -> float:
    """End of the shared time axis: past the last first track, explanation, conference and decision.

    It stops before the impact if all of these are early, because then the minutes that matter need the room.
    """
    sides = [side for run in comparison.runs for side in run.sides]
    events = [t for side in sides for t in (side.tracked_s, side.explained_s) if t is not None]
    events += [step.to_s for side in sides for step in side.conference]
    events += [run.decision_s for run in comparison.runs if run.decision_s is not None]
    last = max(events, default=0.0)
    return max(min(horizon_s(comparison), max(1.15 * last, 0.25 * comparison.flight_s)), 60.0)


def _lane(side: Side, index: int, y: float, x: Linear) -> Markup:
    style = svg.party_class(index)
    return svg.group(
        svg.text(0, y + 24, words.clean(side.party)[:10], f"label strong {style}"),
        svg.text(0, y + 62, "conference", "tick"),
        _knowledge(side, style, y + 10, x),
        _ladder(side.conference, style, y + 78, x),
        _conference_words(side, y, x),
        svg.line(0, y + LANE, svg.WIDTH - RIGHT, y + LANE, "grid"),
    )


def _knowledge(side: Side, style: str, y: float, x: Linear) -> Markup:
    """Nothing known, tracked, explained: empty, hatched, full."""
    height = 18.0
    if side.tracked_s is None and side.explained_s is None:
        return svg.text(x.start + 8, y + 14, f"tracked: {words.NEVER}", "label halo")
    end = max([e.t_s for e in side.estimates[-1:]] + [t for t in (side.tracked_s, side.explained_s) if t is not None])
    end = min(end, x.high)
    first = min(t for t in (side.tracked_s, side.explained_s) if t is not None)
    parts = [svg.rect(x(max(first, 0)), y, x(end) - x(max(first, 0)), height, f"tracked {style}")]
    if side.explained_s is None:
        parts.append(svg.text(x(end) - 6, y + 14, "not explained in this run", "label halo", text_anchor="end"))
    else:
        at = max(side.explained_s, 0.0)
        parts.append(svg.rect(x(at), y, x(end) - x(at), height, f"explained {style}"))
        parts.append(svg.text(x(at) + 7, y + 13.5, f"explained {words.moment(side.explained_s)}", "label on-fill"))
    if side.tracked_s is not None:
        parts.append(_tracked_words(side, y, x))
    return Markup("").join(parts)


def _tracked_words(side: Side, y: float, x: Linear) -> Markup:
    content = f"tracked {words.moment(side.tracked_s)}"
    at = x(max(side.tracked_s or 0.0, 0.0))
    explained = side.explained_s
    room = x(explained) - at if explained is not None else x.end - at
    if room > svg.text_width(content) + 12:
        return svg.text(at + 6, y + 13.5, content, "label halo")
    return svg.text(max(at, x.start + 4), y + 31.5, content, "label halo")


def _level(name: str) -> int:
    return LEVELS.index(name) if name in LEVELS else 1


def _ladder(steps: Sequence[ConferenceStep], style: str, base: float, x: Linear) -> Markup:
    """The national ladder as stairs: display, threat, attack one step each."""
    parts = [svg.line(x.start, base, x.end, base, "axis")]
    for step in steps:
        rise = STEP * _level(step.level)
        left, right = x(max(step.from_s, x.low)), x(min(step.to_s, x.high))
        if rise:
            parts.append(svg.rect(left, base - rise, right - left, rise, f"ladder {style}"))
    return Markup("").join(parts)


def _conference_words(side: Side, y: float, x: Linear) -> Markup:
    held = [s for s in side.conference if _level(s.level)]
    if not held:
        return svg.text(x.start + 8, y + 73, "none convened", "label halo")
    top = max(held, key=lambda s: _level(s.level))
    content = f"{words.clean(top.level)}, {words.duration(side.conference_s)} in all"
    left, right = x(max(held[0].from_s, x.low)), x(min(held[-1].to_s, x.high))
    width = svg.text_width(content)
    if right + 14 + width <= x.end:
        return svg.text(right + 7, y + 73, content, "label halo")
    if left - 14 - width >= x.start:
        return svg.text(left - 7, y + 73, content, "label halo", text_anchor="end")
    return svg.text((left + right) / 2, y + 73, content, "label halo", text_anchor="middle")


def _joint(run: RegimeRun, y: float, x: Linear) -> Markup:
    parts = [svg.text(0, y + 21, "together", "label strong")]
    decision, finding = words.clean(run.decision), words.clean(run.finding)
    told = [f"finding: {finding}" if finding else "", decision]
    said = ", ".join(filter(None, told)) or "no joint finding or decision"
    if run.decision_s is None:
        parts.append(svg.text(x.start + 8, y + 21, said, "label halo"))
        return Markup("").join(parts)
    at = x(min(max(run.decision_s, x.low), x.high))
    seal = svg.element("circle", cx=at, cy=y + 17, r=6.5, class_="seal-ring")
    dot = svg.element("circle", cx=at, cy=y + 17, r=3.5, class_="seal")
    content = f"{said} {words.moment(run.decision_s)}"
    left = at + 12 + svg.text_width(content) > x.end
    words_ = svg.text(at + (-12 if left else 12), y + 21, content, "label halo", text_anchor="end" if left else None)
    return Markup("").join([*parts, seal, dot, words_])


def legend() -> Markup:
    """The key of all charts of the figure."""
    steps = [svg.rect(8.0 * k, 8 - 4.0 * k, 8, 4.0 * (k + 1), "ladder neutral") for k in range(3)]
    stairs = Markup("").join(steps)
    items = [
        (svg.rect(0, 0, 24, 12, "tracked neutral"), "tracked, not yet explained"),
        (svg.rect(0, 0, 24, 12, "explained neutral"), "explained"),
        (stairs, "conference: display, threat, attack"),
        (
            svg.element("circle", cx=12, cy=6, r=6, class_="seal-ring")
            + svg.element("circle", cx=12, cy=6, r=3.5, class_="seal"),
            "joint decision",
        ),
    ]
    keys, height = svg.legend(items, 0, 2, svg.WIDTH)
    return svg.drawing("knowledge-key", height + 2, "Key of the time lines", "Bars and marks of the charts.", keys)
