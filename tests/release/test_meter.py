"""What the shared log gives away, counted as it grows, and a party's own limit."""

import dataclasses

import numpy as np
import pytest
from campaigns.disclosure import OPTIONS, RADAR, THETA, filtered, regime_with

from tocsin.release import Context, Ledger, Meter, Released, Withheld, publish, track_drafts
from tocsin.release.disclosure import disclosure, seen
from tocsin.release.meter import theta_of
from tocsin.wire.bodies import Tracklet

from campaigns.disclosure import NS, T0, Picture  # isort: skip


def flown(limit_km=None, option=0, looks=40):
    """(ledger after a flight through the gate, tracklets by group, the last draft)."""
    regime, ledger = regime_with(OPTIONS[option]), Ledger(Meter((RADAR,), place_km_min=limit_km))
    context = Context(
        party="west", partners=("east",), origin="exercise/west", own_origin="exercise/west/own", epoch=0,
        mode="exercise", authority="test", clock="simulated", now_tai_ns=T0 + 9_999 * NS,
    )  # fmt: skip
    told, indexes, drafts = {"shared": [], "own": []}, {"shared": 0, "own": 0}, []
    for t_ns, _, mean, covariance in filtered(np.random.default_rng(4))[:looks]:
        one = np.array([0.99]), np.zeros(1), np.array([t_ns])
        picture = Picture(t_ns, (1,), mean[None], covariance[None], *one, (("radar",),))
        for draft in track_drafts(picture, ledger, regime, context):
            outcome = publish(draft, regime, ledger, context)
            assert isinstance(outcome, Released), outcome
            ledger.add(outcome.group, outcome.statement(indexes[outcome.group]))
            indexes[outcome.group] += 1
            told[outcome.group].append(outcome.body)
            drafts.append(draft)
    return ledger, told, (regime, context, drafts)


def test_the_running_number_is_that_of_all_statements_at_once():
    ledger, told, _ = flown()
    line = next(one for one in ledger.meter.lines() if not one.track)
    whole = disclosure(THETA, seen(told["shared"]))
    assert np.allclose(theta_of(RADAR), THETA)
    assert line.told.statements == whole.statements > 5
    assert line.told.place_km == pytest.approx(whole.place_km, rel=1e-9)
    stream = next(one for one in ledger.meter.lines() if one.track)
    assert stream.told.place_km == pytest.approx(line.told.place_km)


def test_a_limit_sends_the_track_into_the_own_log_and_holds():
    free, _, _ = flown()
    reached = next(one.told.place_km for one in free.meter.lines() if not one.track)
    limit = 3.0 * reached
    ledger, told, (regime, context, drafts) = flown(limit)
    held = next(one.told.place_km for one in ledger.meter.lines() if not one.track)
    assert limit <= held < 10.0 * limit
    assert told["shared"] and told["own"] and told["own"][0].since_tai_us is None
    assert "our limit is" in drafts[-1].remark
    # the gate refuses what the drafts did not avoid
    body = next(one for one in free_bodies(told, flown()[1]) if ledger.meter.too_much(one))
    refused = publish(drafts[0].__class__(body=body, observed_tai_ns=body.t_tai_us * 1_000), regime, ledger, context)
    assert isinstance(refused, Withheld)


def free_bodies(limited, free):
    """Statements that the limit kept at home."""
    return [body for body in free["shared"] if body.t_tai_us > limited["shared"][-1].t_tai_us]


def test_sums_survive_a_start_that_reads_no_streams():
    ledger, told, _ = flown(looks=15)
    again = Meter((RADAR,))
    again.restore(ledger.meter.packed())
    last = told["shared"][-1]
    assert isinstance(last, Tracklet)
    before, after = (next(one.told for one in m.lines() if not one.track) for m in (ledger.meter, again))
    assert before == after


def test_a_radar_that_never_sees_anything_is_left_out_without_a_warning():
    blind = dataclasses.replace(RADAR, id="blind", detection_probability=0.0)
    assert Meter((blind,)).lines() == ()
