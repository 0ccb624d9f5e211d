"""The report of an assurance run: thresholds, what is proved and what is computed, as one self-contained page."""

import hashlib
import shlex
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.assure.result import AssuranceResult, Bracket
from tocsin.report import assurance_words as said
from tocsin.report import page, words
from tocsin.report.comparison import MARKS, Figure, mark_letters
from tocsin.report.figures import boxes, cover, defs, force, moves, shares, svg, threshold


def assurance_html(result: AssuranceResult) -> str:
    """The page. Everything in `result` is taken as foreign text and shown as text."""
    name = words.clean(result.name)
    folder = f"runs/assure-{name}/proofs"
    proofs = _proofs(result)
    context = {
        "r": result,
        "lead": said.lead(result),
        "meaning": said.meaning(result),
        "two_speeds": said.two_speeds(result),
        "glance": said.glance(result),
        "rows": [_row(b) for b in said.ordered(result.brackets)],
        "regions": _regions(result),
        "figures": {figure.key: figure for figure in figures(result)},
        "proofs": proofs,
        "leaves": sum(b.leaves for b in result.brackets),
        "folder": folder,
        "checks": [shlex.quote(f"{folder}/{p.file}") for p in proofs[:1]],
        "first_file": shlex.quote(proofs[0].file) if proofs else "",
        "command": f"tocsin assure {shlex.quote(name)}",
        "marks": MARKS,
        "mark_of": mark_letters,
        "decide": said.decide(result),
        "proved_sign": _sign("proved"),
        "computed_sign": _sign("computed"),
        "shared": defs.shared(),
    }
    return page.render("assurance.html", context)


def _sign(kind: str) -> Markup:
    """The chart's mark of a proof or of an engagement found, for use beside text."""
    shape = (
        svg.element("circle", cx=7, cy=7, r=4.5, class_="sign-mark proved")
        if kind == "proved"
        else svg.path([(7, 1.5), (12, 7), (7, 12.5), (2, 7)], "sign-mark computed", close=True)
    )
    return svg.element(
        "svg", shape, viewBox="0 0 14 14", width=14, height=14, class_="chip-box", aria_hidden="true", focusable="false"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One commit delay in the table of thresholds."""

    delay: str
    proved: str
    found: str
    gap: str
    width: str
    meant_width: str
    arc: str
    where: str
    when: str
    leaves: str


def _row(b: Bracket) -> Row:
    found = b.high_meant_km_s is not None
    return Row(
        delay=said.seconds(b.delay_s),
        proved=said.low(b.low_meant_km_s),
        found=said.high(b.high_meant_km_s),
        gap=said.gap(b),
        width=said.width(b),
        meant_width=said.meant_width(b),
        arc=f"{said.low(b.low_km_s)}, {said.high(b.high_km_s)}",
        where=words.clean(b.where) if found else "",
        when=f"about {b.minutes} min after launch" if found and b.minutes is not None else "",
        leaves=f"{b.leaves:,}" if b.leaves else "none",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Regions:
    """The slowest engagements by region: heads of the delays, and (site, launch, aim, cells) rows."""

    delays: list[str]
    rows: list[tuple[str, str, str, list[tuple[str, bool]]]]


def _regions(result: AssuranceResult) -> Regions:
    delays = sorted({r.delay_s for r in result.regions})
    speeds = {(r.site, r.launch, r.aim, r.delay_s): r.speed_km_s for r in result.regions}
    least = {d: min((v for k, v in speeds.items() if k[3] == d and v is not None), default=None) for d in delays}
    rows = []
    for site, launch, aim in dict.fromkeys((r.site, r.launch, r.aim) for r in result.regions):
        cells = []
        for d in delays:
            speed = speeds.get((site, launch, aim, d))
            missing = (site, launch, aim, d) not in speeds
            cells.append(("not computed" if missing else said.high(speed), speed is not None and speed == least[d]))
        rows.append((words.clean(site), words.clean(launch), words.clean(aim), cells))
    return Regions(delays=[said.seconds(d) for d in delays], rows=rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One bound proof: what it claims, and how to know its file again."""

    file: str
    claim: str
    leaves: str
    size: str
    sha256: str


def _proofs(result: AssuranceResult) -> list[Proof]:
    out = []
    told = {b.proof: b for b in said.ordered(result.brackets) if b.proof}
    for name in dict.fromkeys([*told, *sorted(result.proofs)]):
        b, data = told.get(name), result.proofs.get(name)
        claim = "" if b is None else f"no arc slower than {said.low(b.low_km_s, 3)}, from {said.seconds(b.delay_s)} on"
        out.append(
            Proof(
                file=words.clean(name),
                claim=claim or "see the file",
                leaves=f"{b.leaves:,}" if b else "see the file",
                size=words.size(len(data)) if data else "not in this result",
                sha256=hashlib.sha256(data).hexdigest() if data else "",
            )
        )
    return out


def _samples(result: AssuranceResult) -> str:
    found = shares.curves(result)
    if not found:
        return ""
    counts = sorted({c.samples for c in found})
    error = max(c.error for c in found)
    return (
        f"{words.listed([f'{n:,}' for n in counts])} arcs were drawn, even in position and apogee within every pair of "
        f"launch and aim regions; the bands are the sampling error, at most ±{100 * error:.1f} points."
    )


def _reading_note(result: AssuranceResult) -> str:
    if not threshold.readings(result):
        return ""
    return (
        " Dotted lines and values on the right: disputed speeds, for orientation only. Their sources do not always "
        "say which speed they mean, and none of them enters the calculation."
    )


def figures(result: AssuranceResult) -> list[Figure]:
    """All figures, numbered in the order in which the page shows them; those without data are left out."""
    about = said.meaning(result)
    question, search = "the question file", "search with ordinary arithmetic, not proved"
    drafts = [
        ("threshold", "Thresholds over commit delay", f"Speed: {about}. Stairs, because a proof at one delay holds for "
         "every later commitment, and an engagement found at one delay is open to every earlier one. Between the "
         f"stairs nothing is decided.{_reading_note(result)}", f"filled area: bound proofs; diamonds: {search}",
         threshold.draw, True),
        ("boxes", "The boxes of the question", "Regions, never points. A proof covers every point of every box. No "
         "ground tracks are drawn: a line on a map leaves out time and height, which decide here.", question,
         boxes.draw, True),
        ("shares", "Share of the family that can be engaged", "One line a commit delay, over the speed of the "
         f"interceptor's free-flight arc at the surface. {_samples(result)}", "sampling, not proved",
         shares.draw, bool(shares.curves(result))),
        ("moves", "What moves the slowest engagement", "Each bar goes from the speed with unchanged inputs to the "
         "speed with one input changed, at the same commit delay unless the delay is what changes.", search,
         moves.draw, bool(result.sensitivities)),
        ("cover", "What the same defence still protects", "Each cell: the share of approach directions from which a "
         "missile of the stated range that ends in the cell can be met. Title: range, interceptor speed on its arc, "
         "commit delay.", "computed on a grid, not proved", cover.draw, any(c.cells for c in result.covers)),
        ("force", "What remains of a force", "If every stated interceptor could be used, and all of them against this "
         "force. Whether they can reach it at all is the question of the sections before.",
         f"arithmetic on {question}", force.draw, bool(result.capacities)),
    ]  # fmt: skip
    shown = [d for d in drafts if d[-1]]
    return [
        Figure(number=n, key=key, title=title, caption=caption, sources=sources, drawings=(draw(result),))
        for n, (key, title, caption, sources, draw, _) in enumerate(shown, start=1)
    ]
