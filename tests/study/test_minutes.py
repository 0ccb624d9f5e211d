"""The human time budget: a sourced file, mistakes named, and minutes that add up."""

import msgspec
import numpy as np
import pytest

from tocsin.study import minutes
from tocsin.study.minutes import BudgetError, load, shipped, spent, steps_for

STEP = b"""format = 1
[[step]]
tier = "%s"
name = "x"
by = "log"
median = 2.0
p90 = %s
mark = "I"
source = "s"
"""


def rng(_tier="x"):
    return np.random.default_rng(1)


def test_every_step_carries_its_source_and_mark():
    assert all(step.source and step.mark in "SCIU" for step in shipped().step)
    names = {step.name for step in shipped().step}
    assert {"authenticate", "translate", "consult", "decide"} <= names
    assert {step.tier for step in shipped().step} == {"officer", "capital"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"format = 2\nstep = []", "format"),
        (b"format = 1\nstep = []", "step"),
        (STEP % (b"officer", b"1.0"), r"step\[0\]\.p90: at least the median"),
        (STEP % (b"king", b"3.0"), "tier"),
        (b"format = = 1", "line 1"),
    ],
)  # fmt: skip
def test_mistakes_are_named(text, words):
    with pytest.raises(BudgetError, match=words) as caught:
        load(text, "budget.toml")
    assert str(caught.value).startswith("budget.toml: ")


def test_minutes_add_up():
    sure = msgspec.structs.replace(
        shipped(), step=tuple(msgspec.structs.replace(step, p90=1.0001 * step.median) for step in shipped().step)
    )
    for budget, within in ((sure, 0.01), (shipped(), 3.0)):
        one = spent(budget, party="west", tier="officer", channel="voice", flight_min=24.0, detected_min=1.0,
                    explained_min=None, rng=rng())  # fmt: skip
        assert one is not None
        assert one.left == pytest.approx(24.0 - sum(one.steps.values()), abs=within)
        assert one.left_low < one.left < one.left_high


def test_what_is_explained_need_not_be_asked():
    asked = steps_for(shipped(), "officer", "voice", explained=False)
    known = steps_for(shipped(), "officer", "voice", explained=True)
    assert {step.name for step in asked} - {step.name for step in known} == {"authenticate", "translate", "consult"}


def test_a_signed_log_takes_less_time_than_a_voice_and_the_capital_more_than_the_officer():
    def left(tier, channel):
        return spent(shipped(), party="w", tier=tier, channel=channel, flight_min=20.0, detected_min=1.0,
                     explained_min=None, rng=rng()).left  # fmt: skip

    assert left("officer", "log") > left("officer", "voice")
    assert left("capital", "log") > left("capital", "voice")
    assert left("capital", "log") < left("officer", "log")


def test_nothing_seen_is_no_row():
    assert minutes.table([("west", None, None)], 20.0, "log", rng) == ()


def test_the_share_too_late_is_the_share_below_nought():
    short = spent(shipped(), party="w", tier="capital", channel="voice", flight_min=2.0, detected_min=1.0,
                  explained_min=None, rng=rng())  # fmt: skip
    long = spent(shipped(), party="w", tier="capital", channel="voice", flight_min=900.0, detected_min=1.0,
                 explained_min=None, rng=rng())  # fmt: skip
    assert short.too_late == 1.0
    assert long.too_late == 0.0
