"""The stand-alone checker: it accepts what is proved and rejects everything else, naming the leaf."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from math import atan, cos, prod, sin, sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assure import check
from tocsin.assure.checker import check_bound as checker
from tocsin.assure.forms import kepler, kepler_bend, kepler_slope
from tocsin.assure.threshold import Claim

Change = Callable[[dict[str, Any]], None]


def test_accepts_a_proof(proof: bytes, claim: Claim) -> None:
    verdict = check(proof)
    assert verdict.accepted, verdict.why
    assert verdict.leaves == claim.leaves
    assert "4 km/s" in verdict.claim


def test_a_proof_of_the_older_format_is_still_checked() -> None:
    """By the checker that both sides read then, which nobody has touched since."""
    data = gzip.decompress(Path(__file__).with_name("format-2.proof.json.gz").read_bytes())
    top = json.loads(data)
    smallest = min(top["roots"], key=lambda root: len(root["tree"]))
    top["roots"] = [smallest]
    verdict = check(json.dumps(top).encode())
    assert verdict.accepted, verdict.why
    assert verdict.leaves == sum(mark in "TUVLBHSEC" for mark in smallest["tree"])
    smallest["tree"] = smallest["tree"][:-1]
    assert "incomplete" in check(json.dumps(top).encode()).why
    with pytest.raises(checker.ProofError, match="format"):
        checker.check(data)


def test_runs_alone_with_the_standard_library(proof: bytes, tmp_path: Path) -> None:
    copy = tmp_path / "check_bound.py"
    copy.write_bytes(Path(checker.__file__).read_bytes())
    assert len(copy.read_text().splitlines()) < 600
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(proof)
    bad.write_bytes(proof.replace(b'"speed_km_s": ["4", "4"]', b'"speed_km_s": ["7", "7"]'))
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(copy), str(good), str(bad)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ACCEPTED" in done.stdout
    assert "REJECTED: root 0" in done.stdout
    assert "leaf" in done.stdout


def _set(*path: str | int, value: Any) -> Change:
    def change(proof: dict[str, Any]) -> None:
        node: Any = proof
        for name in path[:-1]:
            node = node[name]
        node[path[-1]] = value

    return change


def _cut_tree(proof: dict[str, Any]) -> None:
    proof["roots"][0]["tree"] = proof["roots"][0]["tree"][:-1]


def _longer_tree(proof: dict[str, Any]) -> None:
    proof["roots"][0]["tree"] += "T"


def _no_roots(proof: dict[str, Any]) -> None:
    proof["roots"] = []


def _without(name: str) -> Change:
    return lambda proof: proof.pop(name)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_set("claim", "speed_km_s", value=["13/2", "13/2"]), "leaf"),
        (_set("claim", "commit_delay_s", value=["0", "0"]), "leaf"),
        (_set("model", "arc_start_max_s", value="900"), "leaf"),
        (_set("model", "burn_radius_km", value="2000"), "leaf"),
        (_set("family", "apogee_factor", value=["1/2", "5/4"]), "leaf"),
        (_set("roots", 0, "site", "latitude_deg", value=["74", "76"]), "leaf"),
        (_set("roots", 0, "tree", value="T"), "leaf 0 (T)"),
        (_set("roots", 0, "tree", value="E"), "leaf 0 (E)"),
        (_set("roots", 0, "tree", value="L"), "leaf 0 (L)"),
        (_set("roots", 0, "tree", value="C"), "leaf 0 (C)"),
        (_set("roots", 0, "tree", value="S"), "leaf 0 (S)"),
        (_set("roots", 0, "tree", value="H"), "leaf 0 (H)"),
        (_set("roots", 0, "tree", value="B"), "leaf 0 (B)"),
        (_set("roots", 0, "tree", value="U"), "leaf 0 (U)"),
        (_set("roots", 0, "tree", value="V"), "leaf 0 (V)"),
        (_set("roots", 0, "tree", value="8LL"), "cannot be split"),
        (_set("roots", 0, "tree", value="X"), "unknown mark"),
        (_set("roots", 0, "tree", value=""), "incomplete"),
        (_cut_tree, "incomplete"),
        (_longer_tree, "goes on"),
        (_no_roots, "covers nothing"),
        (_set("claim", "speed_km_s", value=["NaN", "NaN"]), "not a plain decimal"),
        (_set("claim", "speed_km_s", value=["inf", "inf"]), "not a plain decimal"),
        (_set("claim", "speed_km_s", value=["12", "12"]), "escape"),
        (_set("claim", "speed_km_s", value=["-4", "-4"]), "positive"),
        (_set("claim", "speed_km_s", value=[4.5, 4.5]), "bare number"),
        (_set("claim", "speed_km_s", value=[float("nan")] * 2), "bare number"),
        (_set("claim", "commit_delay_s", value=["600", "0"]), "empty"),
        (_set("claim", "commit_delay_s", value=["-60", "-60"]), "not negative"),
        (_set("model", "mu_km3_s2", value="0"), "positive"),
        (_set("model", "mu_km3_s2", value="1/0"), "not a plain decimal"),
        (_set("model", "drift_km_s2", value="-1"), "negative"),
        (_set("model", "clips", value=["1/2", "1/2", "1048575/1048576"]), "waiting could help"),
        (_set("model", "clips", value=["1/2", "3/4", "1"]), "clips"),
        (_set("model", "clips", value=["1/2"]), "clips"),
        (_set("model", "altitude_min_km", value="0"), "least height"),
        (_set("family", "apogee_factor", value=["4/5", "5"]), "apogee factor"),
        (_set("roots", 0, "aim", "latitude_deg", value=["30", "95"]), "poles"),
        (_set("roots", 0, "aim", "latitude_deg", value=["30", "30"]), "poles"),
        (_set("roots", 0, "aim", "longitude_deg", value=["-70"]), "two ends"),
        (_set("format", value="tocsin-bound-proof/4"), "format"),
        (_without("family"), "format"),
        (lambda p: p["model"].pop("clips"), "missing"),
        (lambda p: p["roots"][0].pop("tree"), "missing"),
    ],
)
def test_rejects(proof: bytes, change: Change, why: str) -> None:
    changed = json.loads(proof)
    change(changed)
    verdict = check(json.dumps(changed).encode())
    assert not verdict.accepted
    assert why in verdict.why


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{", b'{"a":1}', b'{"a":"1","a":"2"}', b"[" * 100_000])
def test_rejects_what_is_no_proof(data: bytes) -> None:
    assert not check(data).accepted


def test_every_single_leaf_matters(proof: bytes) -> None:
    """A leaf that is taken away, whichever it is, leaves a tree that does not cover its box."""
    tree = json.loads(proof)["roots"][0]["tree"]
    top = json.loads(proof)
    for place in (0, 1, len(tree) // 3, len(tree) - 2, len(tree) - 1):
        top["roots"][0]["tree"] = tree[:place] + tree[place + 1 :]
        assert not check(json.dumps(top).encode()).accepted


def _close(bounds: tuple[int, int], value: float, width: int = 40) -> None:
    low, high = (Fraction(x, checker.ONE) for x in bounds)
    assert high - low <= Fraction(width, checker.ONE)
    slack = Fraction(1, 10**12) * (1 + abs(Fraction(value)))
    assert low - slack <= Fraction(value) <= high + slack


@given(st.floats(0.0, 1e3))
def test_square_root_bounds(x: float) -> None:
    n = int(x * checker.ONE)
    low, high = checker.sqrt_bounds(n)
    assert low * low <= n << checker.P <= high * high
    _close((low, high), sqrt(x))


@given(st.floats(-1e3, 1e3))
def test_arc_tangent_bounds(x: float) -> None:
    _close(checker.atan_bounds(int(x * checker.ONE)), atan(x))


@given(st.floats(-12.0, 12.0))
def test_cosine_and_sine(x: float) -> None:
    c, s = checker.cos_sin(int(x * checker.ONE))
    _close((c - 2, c + 2), cos(x))
    _close((s - 2, s + 2), sin(x))
    assert abs(c * c + s * s - checker.ONE**2) < 8 * checker.ONE


def test_arc_tangent_of_one_is_a_quarter_of_pi() -> None:
    low, high = (4 * Fraction(x, checker.ONE) for x in checker.atan_bounds(checker.ONE))
    assert low < Fraction("3.14159265358979323846264338327950288") < high
    assert high - low < Fraction(1, 10**18)


@given(st.floats(1e-6, 0.999))
def test_flight_time_function(y: float) -> None:
    value, slope, bend = checker.kepler_at(int(y * checker.ONE))
    _close(value, kepler(y), 10_000)
    assert slope[0] / checker.ONE == pytest.approx(kepler_slope(y), rel=1e-9)
    assert 2 * bend[0] / checker.ONE == pytest.approx(kepler_bend(y), rel=1e-9)


Numbers = tuple[float, list[float], list[float]]
tenths = st.lists(st.floats(-0.1, 0.1), min_size=10, max_size=10)
forms = st.tuples(st.floats(0.5, 4.5), tenths, st.lists(st.floats(-0.01, 0.01), min_size=10, max_size=10))
signs = st.lists(st.floats(-1.0, 1.0), min_size=10, max_size=10)


def _pair(n: int) -> tuple[int, int]:
    return (n, n) if n < 5 else (n - 5, n)


def _form(x: Numbers) -> checker.Form:
    """Five squares and five mixed terms beside the linear part."""
    terms = {(i,): int(v * checker.ONE) for i, v in enumerate(x[1])}
    terms |= {_pair(n): int(q * checker.ONE) for n, q in enumerate(x[2])}
    return checker.Form(int(x[0] * checker.ONE), terms, 2)


def _point(x: Numbers, e: list[float]) -> float:
    mixed = sum(q * e[_pair(n)[0]] * e[_pair(n)[1]] for n, q in enumerate(x[2]))
    return x[0] + sum(v * s for v, s in zip(x[1], e, strict=True)) + mixed


@given(forms, forms, signs)
def test_forms_contain_the_value(a: Numbers, b: Numbers, e: list[float]) -> None:
    """At every point of the box, the exact value lies within the form (slow twin: floats at the point)."""
    slack = 1e-9 * checker.ONE

    def within(f: checker.Form, value: float, lower: bool = True, upper: bool = True) -> None:
        middle = f.value + sum(c * prod(e[i] for i in k) for k, c in f.terms.items())
        assert middle - value * checker.ONE <= f.radius + slack or not lower
        assert value * checker.ONE - middle <= f.radius + slack or not upper
        assert f.low() - slack <= f.least() <= middle + f.radius + slack
        assert middle - f.radius - slack <= f.high()

    p, q, left, right = _point(a, e), _point(b, e), _form(a), _form(b)
    within(left * right, p * q)
    within(left + right, p + q)
    within(-left.scale(checker.HALF), -p / 2)
    within(checker.arctan(right), atan(q))
    cosine, sine = checker.turn(right)
    within(cosine, cos(q))
    within(sine, sin(q))
    if left.low() > checker.ONE // 100:
        within(checker.bent(left, checker.root_at), sqrt(p))
        within(checker.bent(left, checker.inverse_at), 1.0 / p)
        quarter, clip = left.scale(checker.ONE // 4), checker.ONE * 31 // 32
        if quarter.high() < checker.ONE:
            within(checker.bent(quarter, checker.kepler_at), kepler(p / 4), lower=False)
        at = min(p / 4, 31 / 32)
        cut = kepler(at) + kepler_slope(at) * (p / 4 - at)
        within(checker.kepler_cut(quarter, clip), cut, upper=False)
