"""The assurance page: well formed, self-contained, named, escaped, and exact about what is proved."""

import html as html_module
import re

import html_checks
import msgspec
import pytest
import synthetic_assurance as made

from tocsin.assure.result import AssuranceResult
from tocsin.report import assurance_html, assurance_words
from tocsin.report.figures import shares, threshold

replace = msgspec.structs.replace
HOSTILE = '</title></style><script>alert(1)</script><img src=x onerror=alert(1)>"\'&{{ 7*7 }}{% x %}\x1b[31m\u202e'


def with_brackets(r: AssuranceResult, **changes) -> AssuranceResult:
    return replace(r, brackets=tuple(replace(b, **changes) for b in r.brackets))


def quick(r: AssuranceResult) -> AssuranceResult:
    """Thresholds and proofs only."""
    return replace(r, regions=(), fractions=(), sensitivities=(), covers=())


def bare(r: AssuranceResult) -> AssuranceResult:
    empty = dict.fromkeys(("inputs", "areas", "disputes", "brackets", "capacities", "compare"), ())
    return replace(quick(r), **empty, proofs={}, summary="", title="")


def nothing_found(r: AssuranceResult) -> AssuranceResult:
    nothing = {"high_km_s": None, "high_meant_km_s": None, "width": None, "where": "", "minutes": None}
    silent = replace(
        with_brackets(r, **nothing),
        regions=tuple(replace(x, speed_km_s=None) for x in r.regions),
        sensitivities=tuple(replace(x, from_km_s=None, to_km_s=None) for x in r.sensitivities),
        fractions=tuple(replace(x, shares=(0.0,) * len(x.shares)) for x in r.fractions),
    )
    covers = tuple(replace(c, cells=tuple(replace(x, share=0.0) for x in c.cells)) for c in r.covers)
    return replace(silent, covers=covers)


def not_proved(r: AssuranceResult) -> AssuranceResult:
    nothing = {"low_km_s": None, "low_meant_km_s": None, "width": None, "leaves": 0, "proof": ""}
    return replace(with_brackets(r, **nothing), proofs={})


def far(r: AssuranceResult) -> AssuranceResult:
    """Boxes round the world, over the pole and on the antimeridian."""
    boxes = ((-60.0, -50.0), (-180.0, -170.0)), ((80.0, 89.0), (100.0, 179.0)), ((0.0, 5.0), (170.0, 180.0))
    areas = tuple(replace(r.areas[0], latitude_deg=a, longitude_deg=b) for a, b in boxes)
    return replace(r, areas=areas)


CASES = {
    "ordinary": made.result(),
    "quick": quick(made.result()),
    "stored without proofs": replace(made.result(), proofs={}),
    "one delay": replace(made.result(), brackets=made.result().brackets[:1]),
    "nothing found": nothing_found(made.result()),
    "not proved": not_proved(made.result()),
    "neither": not_proved(nothing_found(made.result())),
    "arc speeds": replace(made.result(), speed_meaning="arc", speed_frame="earth-fixed"),
    "one cover": replace(made.result(), covers=made.result().covers[:1]),
    "far": far(made.result()),
    "bare": bare(made.result()),
}


@pytest.fixture(scope="module")
def ordinary() -> str:
    return assurance_html(CASES["ordinary"])


def words_of(page_html: str) -> str:
    """Text of the page, without style and marks, in one line."""
    body = page_html.split("</style>")[1]
    return " ".join(html_module.unescape(re.sub(r"<[^>]*>", " ", body)).replace("\u00a0", " ").split())


@pytest.mark.parametrize("name", CASES)
def test_every_case_passes_every_check(name):
    page_html = assurance_html(CASES[name])
    assert {check.__name__: check(page_html) for check in html_checks.ALL} == {c.__name__: [] for c in html_checks.ALL}
    assert not re.search(r"\b(None|NaN|nan|inf)\b", page_html.split("</style>")[1])


def hostile_strings(value):
    """The same records with every text replaced by a hostile one; file names keep apart by a number."""
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
    r = CASES["ordinary"]
    roles = tuple(replace(hostile_strings(a), role=a.role) for a in r.areas)
    page_html = assurance_html(replace(hostile_strings(r), areas=roles))
    for check in (html_checks.nesting, html_checks.duplicate_ids, html_checks.outside_requests):
        assert check(page_html) == []
    assert "<script" not in page_html
    assert "onerror=alert(1)&gt;" in page_html
    assert "{{ 7*7 }}" in html_module.unescape(page_html)
    assert "\x1b" not in page_html
    assert "\u202e" not in page_html


def test_commands_of_a_hostile_name_stay_one_word():
    r = replace(CASES["ordinary"], name="x; rm -rf ~", proofs={"$(reboot).json": b"x"}, brackets=())
    said = words_of(assurance_html(r))
    assert "tocsin assure 'x; rm -rf ~'" in said
    assert "python check_bound.py '$(reboot).json'" in said


def test_page_is_small_and_repeats_to_the_byte(ordinary):
    assert len(ordinary.encode()) < 1_000_000
    assert assurance_html(made.result()) == ordinary


def test_the_word_is_bound_proof(ordinary):
    said = words_of(ordinary).lower()
    assert not re.search(r"verif|certif|authentic|enem|adversar|\bblue\b|\bred\b", said)
    assert said.count("bound proof") > 5


def test_honest_sentences_are_there(ordinary):
    said = words_of(ordinary)
    for sentence in (
        "no proof makes an input true",
        "never one below the proved speed",
        "That something within reach would be hit.",
        "Regions, never points.",
        "No disputed reading enters a proof.",
        "tocsin assure --check runs/assure-synthetic/proofs/synthetic-0000s.proof.json",
        "python check_bound.py synthetic-0000s.proof.json",
        "tocsin assure synthetic",
        "Natural Earth",
    ):
        assert sentence in said
    for section in ("shares", "moves", "cover", "capacity"):
        part = ordinary.split(f'<section id="{section}"')[1].split("</section>")[0]
        assert "computed, not proved" in part


def test_everything_of_the_question_is_on_the_page(ordinary):
    r, said = made.result(), words_of(ordinary)
    texts = [i.source for i in r.inputs] + [i.value for i in r.inputs] + [a.name for a in r.areas]
    texts += [text for d in r.disputes for reading in d.readings for text in reading]
    texts += [*r.compare, *r.proofs, r.question_sha256, r.defender, r.deterrent]
    squeezed = said.replace(" ", "")
    assert [text for text in texts if text.replace(" ", "") not in squeezed] == []


def test_missing_answers_are_said_in_words():
    assert "none below 10 km/s" in words_of(assurance_html(CASES["nothing found"]))
    assert "At no commit delay was an engagement found" in words_of(assurance_html(CASES["nothing found"]))
    unproved = words_of(assurance_html(CASES["not proved"]))
    assert "does not say that anything is out of reach" in unproved
    assert "This result comes without bound proofs: nothing in it is proved." in unproved
    assert "not in this result" in words_of(assurance_html(CASES["stored without proofs"]))


def test_two_speeds_are_told_apart_only_where_they_differ(ordinary):
    assert "Two speeds." in words_of(ordinary)
    r = made.result()
    same = tuple(replace(b, low_meant_km_s=b.low_km_s, high_meant_km_s=b.high_km_s) for b in r.brackets)
    assert "Two speeds." not in words_of(assurance_html(replace(r, brackets=same)))


def test_curves_are_named_where_they_pass_one_half():
    curve = made.result().fractions[0]
    at = shares.crossing(curve, 0.5)
    pairs = list(zip(curve.speeds_km_s, curve.shares, strict=True))
    assert max(v for v, s in pairs if s < 0.5) < at <= min(v for v, s in pairs if s >= 0.5)
    assert shares.crossing(replace(curve, shares=(0.0,) * len(curve.shares)), 0.5) is None


def test_readings_are_only_speeds():
    assert threshold.readings(made.result()) == [(5.4, 5.4), (6.3, 6.3), (7.7, 8.3), (9.0, 9.0)]
    assert assurance_words.ordered(made.result().brackets[::-1]) == list(made.result().brackets)
