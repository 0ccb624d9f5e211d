"""The page of a comparison: well formed, self-contained, named, escaped, and honest about what is missing."""

import html as html_module
import re

import html_checks
import msgspec
import pytest
import synthetic_comparison as made

from tocsin.report import answer, comparison_html, page
from tocsin.report.moments import MOMENTS, apogee_s, estimate_at
from tocsin.study.results import Comparison

replace = msgspec.structs.replace
HOSTILE = '</title></style><script>alert(1)</script><img src=x onerror=alert(1)>"\'&{{ 7*7 }}{% x %}\x1b[31m\u202e'


def blind(side):
    """A side that saw nothing at all."""
    return replace(side, tracked_s=None, explained_s=None, conference=(), conference_s=0, estimates=(), picture=())


def vague(side):
    """A side with a picture, but with no launch or impact point in it."""
    nothing = dict.fromkeys(
        ("launch_latitude_deg", "launch_longitude_deg", "launch_error_km", "launch_semi_major_km", "launch_inside",
         "impact_latitude_deg", "impact_longitude_deg", "impact_error_km", "impact_semi_major_km",
         "impact_semi_minor_km", "impact_orientation_deg", "impact_inside", "apogee_km")
    )  # fmt: skip
    return replace(side, estimates=tuple(replace(e, **nothing) for e in side.estimates))


def with_sides(c: Comparison, change) -> Comparison:
    return replace(c, runs=tuple(replace(run, sides=change(run.sides)) for run in c.runs))


def over_the_pole(c: Comparison) -> Comparison:
    truth = tuple(
        replace(p, latitude_deg=90 - abs(30 - 60 * p.t_s / c.flight_s), longitude_deg=0.0 if p.t_s < 720 else 180.0)
        for p in c.truth
    )
    return replace(c, truth=truth, launch=(60.0, 0.0), impact=(60.0, 180.0))


def bare(c: Comparison) -> Comparison:
    return replace(c, runs=(), facts=(), sensors=(), truth=(), notice_area=(), flight_s=0.0, launch_utc="unknown")


def third(sides):
    return (*sides, replace(sides[0], party="north"))


def huge(c: Comparison) -> Comparison:
    """Half of the world: from one side of the globe to the other."""
    return replace(c, launch=(10.0, -80.0), impact=(-10.0, 95.0))


CASES = {
    "ordinary": made.comparison(),
    "nothing seen": with_sides(made.comparison(), lambda sides: tuple(blind(s) for s in sides)),
    "one blind": with_sides(made.comparison(), lambda sides: (sides[0], blind(sides[1]))),
    "no points": with_sides(made.comparison(), lambda sides: tuple(vague(s) for s in sides)),
    "one side": with_sides(made.comparison(), lambda sides: sides[1:]),
    "no side": with_sides(made.comparison(), lambda sides: ()),
    "three sides": with_sides(made.comparison(), third),
    "five sides": with_sides(made.comparison(), lambda s: tuple(replace(s[0], party=f"party {k}") for k in range(5))),
    "one regime": replace(made.comparison(), runs=made.runs()[:1]),
    "six regimes": replace(made.comparison(), runs=(*made.runs(), *made.runs()[:2])),
    "over the pole": over_the_pole(made.comparison()),
    "round the world": huge(made.comparison()),
    "bare": bare(made.comparison()),
}


@pytest.fixture(scope="module")
def ordinary() -> str:
    return comparison_html(CASES["ordinary"])


@pytest.mark.parametrize("name", CASES)
def test_every_case_passes_every_check(name):
    page_html = comparison_html(CASES[name])
    assert {check.__name__: check(page_html) for check in html_checks.ALL} == {c.__name__: [] for c in html_checks.ALL}
    assert not re.search(r"\b(None|NaN|nan|inf)\b", page_html.split("</style>")[1])


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (html_checks.nesting, "<p><b></p></b>"),
        (html_checks.nesting, '<p class="a" class="b"></p>'),
        (html_checks.duplicate_ids, '<p id="a"></p><p id="a"></p>'),
        (html_checks.broken_references, '<a href="#gone">x</a>'),
        (html_checks.unnamed_figures, "<svg></svg>"),
        (html_checks.unnamed_figures, "<figure></figure>"),
        (html_checks.outside_requests, '<img src="https://example.org/x.png">'),
        (html_checks.outside_requests, "<style>a{background:url(https://example.org)}</style>"),
        (html_checks.outside_requests, '<a href="javascript:alert(1)">x</a>'),
        (html_checks.outside_requests, '<p onclick="x">y</p>'),
        (html_checks.skipped_headings, "<h1>a</h1><h3>b</h3>"),
    ],
)
def test_checks_catch_their_canaries(check, text):
    assert check(text)


def hostile_strings(value):
    """The same records with every text replaced by a hostile one; regimes and parties keep apart by a number."""
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, dict):
        return {f"{HOSTILE}{k}": v for k, v in enumerate(value.values())}
    if isinstance(value, tuple):
        return tuple(hostile_strings(v) for v in value)
    if isinstance(value, msgspec.Struct):
        return type(value)(**{f: hostile_strings(getattr(value, f)) for f in value.__struct_fields__})
    return value


def test_hostile_text_is_shown_as_text():
    page_html = comparison_html(hostile_strings(CASES["ordinary"]))
    for check in (html_checks.nesting, html_checks.duplicate_ids, html_checks.outside_requests):
        assert check(page_html) == []
    assert "<script" not in page_html
    assert "onerror=alert(1)&gt;" in page_html
    assert "{{ 7*7 }}" in html_module.unescape(page_html)
    assert "\x1b" not in page_html
    assert "\u202e" not in page_html


def test_links_are_only_made_of_web_addresses():
    linked = page.linked('see https://example.org/a?b=1&c="><b>. or javascript:alert(1) or http://x.example/y).')
    assert linked.count("<a ") == 2
    assert 'href="https://example.org/a?b=1&amp;c="' in linked
    assert 'href="http://x.example/y"' in linked
    assert "<b>" not in linked


def test_page_is_small_and_repeats_to_the_byte(ordinary):
    assert len(ordinary.encode()) < 1_500_000
    assert comparison_html(made.comparison()) == ordinary


def test_what_never_happened_is_said(ordinary):
    assert "never in this run" in ordinary
    nothing = comparison_html(CASES["nothing seen"])
    assert nothing.count("never in this run") > 10
    assert "no picture then" in nothing
    assert "Under none of these regimes could every side explain it" in nothing


def test_honest_sentences_are_there(ordinary):
    for sentence in (
        "Verified means authentic, unaltered, as held; it never means true.",
        "too mechanistic",
        "sensors are simulated",
        "tocsin compare andoya-1995 --seed 1995",
        "Natural Earth",
    ):
        assert sentence in ordinary
    assert ordinary.count("Source: ") >= 5 + 2


def test_unverified_logs_are_said_plainly():
    c = made.comparison()
    broken = replace(c, runs=(replace(c.runs[0], verified=False, verdict="Entry 41 differs."), *c.runs[1:]))
    page_html = comparison_html(broken)
    assert "logs not verified" in page_html
    assert "Entry 41 differs." in page_html


def test_answer_compares_with_the_first_regime():
    changes = answer.changes(made.comparison())
    assert [c.regime for c in changes] == ["separate", "notify", "connected", "joint"]
    assert "east: tracked T+1 min 36 s; never explained in this run" in changes[0].sentences[1]
    assert "explained T+4 min 22 s (separate: never)" in changes[1].sentences[1]
    assert changes[1].sentences[0] == "west: no change against separate in these measures."
    assert "Joint finding “benign”: ADOPTED T+2 min 21 s." in changes[3].sentences


def test_moments_take_the_nearest_picture_or_none():
    side, t = made.runs()[0].sides[1], apogee_s(made.comparison())
    acquisition, apogee, last = (estimate_at(side, moment, t) for moment in MOMENTS)
    assert acquisition.t_s == pytest.approx(126)
    assert abs(apogee.t_s - 720) <= 5
    assert last is side.estimates[-1]
    lost = replace(side, estimates=side.estimates[:20])
    assert estimate_at(lost, MOMENTS[1], t) is None


def test_where_nothing_flew_the_page_claims_no_launch_and_draws_no_flight():
    """Serpukhov 1983, NORAD 1980, Hawaii 2018: a display is no object."""
    page = comparison_html(replace(made.comparison(), flight_s=0.0, truth=()))
    assert "Nothing flew: whatever was shown" in page and "was launched" not in page
    assert 'id="where"' not in page and 'id="accuracy"' not in page and "error against truth" not in page
    assert 'href="#where"' not in page and ">apogee</text>" not in page
    flown = comparison_html(made.comparison())
    assert "was launched from" in flown and ">apogee</text>" in flown
