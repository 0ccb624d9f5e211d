"""Tracklets: nothing twice, nothing lost, and the ledger from the log is the live ledger."""

import numpy as np
import pytest

from tocsin.release import Ledger, TrackletSettings, track_drafts
from tocsin.release.reading import information_matrix
from tocsin.wire.bodies import body_of
from tocsin.wire.envelope import decode, encode
from tocsin.world.frames import covariance_to_eci, ecef_to_eci, rotation6, rotation6_inverse
from tocsin.world.motion import propagate

from .flight import REGIMES, T0, Desk, Kalman, S, flight, picture

JOINT = REGIMES["joint"]
WIDE = np.diag([1e8] * 3 + [1e5] * 3)


def run(desks, truth, noise, rng, boost=0.0, sigma_m=50.0):
    """Each desk filters its own measurements and says what the regime asks. Returns its filters and the reference:

    one filter that is given all measurements.
    """
    filters = {desk: Kalman(truth[0] + [900, 800, 700, 30, 20, 10], WIDE, noise, sigma_m) for desk in desks}
    alone = Kalman(*_prior(filters.values()), noise, sigma_m)
    for second, state in enumerate(truth):
        if second:
            for kalman in (*filters.values(), alone):
                kalman.predict(1.0)
            for kalman in filters.values():
                measured = state[:3] + sigma_m * rng.standard_normal(3)
                kalman.update(measured)
                alone.update(measured)
        if second % 10 == 0:
            for desk, kalman in filters.items():
                now = picture(T0 + second * S, (1, kalman.mean, kalman.covariance), boost=boost)
                for draft in track_drafts(now, desk.ledger, desk.regime, desk.context, desk.settings):
                    desk.say(draft)
    return filters, alone


def _prior(filters):
    """Independent priors of all filters as one."""
    informations = [np.linalg.inv(kalman.covariance) for kalman in filters]
    total = sum(informations)
    vector = sum(y @ kalman.mean for y, kalman in zip(informations, filters, strict=True))
    return np.linalg.solve(total, vector), np.linalg.inv(total)


def tracklets(desk, group="shared"):
    return [body_of(statement) for statement in desk.logs[group]]


def fused(all_logs):
    """What a reader finds by summing increments of all parties: plain matrices, no shared code with the ledger."""
    mean = covariance = last = None
    for body in sorted((b for log in all_logs for b in log), key=lambda b: b.t_tai_us):
        turn, back = rotation6(body.t_tai_us * 1000), rotation6_inverse(body.t_tai_us * 1000)
        reference = turn @ np.array([*body.position_ecef_m, *body.velocity_ecef_m_s])
        d_information = back.T @ information_matrix(body.information) @ back
        d_vector = back.T @ np.array(body.information_vector)
        before, away = np.zeros((6, 6)), np.zeros(6)
        if last is not None:
            if body.t_tai_us != last:
                noise = body.process_noise_m2_s3 or 1e-3
                mean, covariance = propagate(mean, covariance, (body.t_tai_us - last) / 1e6, noise)
            before, away = np.linalg.inv(covariance), mean - reference
        information = before + d_information
        mean = reference + np.linalg.solve(information, before @ away + d_vector)
        covariance, last = np.linalg.inv(information), body.t_tai_us
    return mean, covariance


@pytest.mark.parametrize("seed", range(4))
def test_sum_of_tracklets_equals_one_filter_with_all_data(seed):
    rng = np.random.default_rng(seed)
    desks = [Desk(JOINT, party="west"), Desk(JOINT, party="east")]
    filters, alone = run(desks, flight(60, 1e-3, rng), 1e-3, rng)
    mean, covariance = fused([tracklets(desk) for desk in desks])
    sigmas = np.sqrt(np.diag(alone.covariance))
    assert np.all(np.abs(mean - alone.mean) < 0.05 * sigmas)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(sigmas, rel=0.02)
    # a canary for the test itself: either party alone is clearly worse
    assert all(np.sqrt(np.trace(k.covariance[:3, :3])) > 1.2 * np.linalg.norm(sigmas[:3]) for k in filters.values())


@pytest.mark.parametrize("seed", range(3))
def test_channel_follows_the_own_estimate(seed):
    rng = np.random.default_rng(seed)
    desk = Desk(JOINT)
    filters, _ = run([desk], flight(60, 1e-3, rng), 1e-3, rng)
    said, own = desk.ledger.said("shared", "west-0001"), filters[desk]
    sigmas = np.sqrt(np.diag(own.covariance))
    assert np.all(np.abs(said.state_eci - own.mean) < 1e-3 * sigmas)
    assert np.sqrt(np.diag(said.covariance_eci)) == pytest.approx(sigmas, rel=0.01)


@pytest.mark.parametrize("regime", ["joint", "separate"])
def test_ledger_from_the_log_is_the_live_ledger(regime):
    rng = np.random.default_rng(7)
    desk = Desk(REGIMES[regime])
    run([desk], flight(120, 10.0, rng), 10.0, rng)
    again = Ledger()
    for group, log in desk.logs.items():
        for statement in log:
            again.add(group, decode(encode(statement)))
    assert again.same(desk.ledger)
    assert desk.logs["own" if regime == "separate" else "shared"]
    assert not desk.logs["shared" if regime == "separate" else "own"]
    again.add("own", decode(encode([*desk.logs["own"], *desk.logs["shared"]][0])))
    assert not again.same(desk.ledger)  # canary


def test_first_carries_everything_then_only_the_gain():
    rng = np.random.default_rng(1)
    desk = Desk(JOINT)
    run([desk], flight(40, 1e-3, rng), 1e-3, rng)
    first, *rest = tracklets(desk)
    assert first.since_tai_us is None
    previous = first
    for body in rest:
        assert body.since_tai_us == previous.t_tai_us
        assert np.linalg.eigvalsh(scaled(information_matrix(body.information)))[0] > -1e-9
        previous = body


def scaled(matrix):
    root = np.sqrt(np.abs(np.diag(matrix))) + 1e-300
    return matrix / np.outer(root, root)


def test_manoeuvre_makes_the_channel_forget_and_says_so():
    rng = np.random.default_rng(3)
    desk = Desk(JOINT, TrackletSettings())
    truth = flight(60, 1e-3, rng)
    kalman = Kalman(truth[0], WIDE, 1e-3, 50.0)
    states = truth + np.where(np.arange(61)[:, None] < 30, 0.0, [0, 0, 5_000, 0, 0, 0])  # not where it should be
    for second, state in enumerate(states):
        if second:
            kalman.noise = 1e-3 if second < 30 else 2e3
            kalman.predict(1.0)
            kalman.update(state[:3])
        if second % 10 == 0:
            now = picture(T0 + second * S, (1, kalman.mean, kalman.covariance))
            for draft in track_drafts(now, desk.ledger, desk.regime, desk.context):
                desk.say(draft)
    noises = [body.process_noise_m2_s3 for body in tracklets(desk)]
    assert noises[1] == noises[2] == 1e-3
    assert noises[3] > 1.0
    said = desk.ledger.said("shared", "west-0001")
    assert np.linalg.norm(said.state_eci[:3] - kalman.mean[:3]) < 1.0
    ratio = np.diag(said.covariance_eci) / np.diag(kalman.covariance)
    assert np.all(ratio > 0.9) and np.all(ratio < 1.1)


def test_increment_never_claims_against_the_channel():
    """An estimate that grew worse gains nothing: dY = 0 in that direction, and the remark says what was cut."""
    desk = Desk(JOINT, TrackletSettings(noise_max_m2_s3=1e-3))
    mean = flight(0, 1e-3, np.random.default_rng(0))[0]
    small, large = np.diag([100.0] * 3 + [1.0] * 3), np.diag([1e4] * 3 + [1e2] * 3)
    for second, covariance in ((0, small), (10, large)):
        moved, _ = propagate(mean, covariance, float(second), 0.0)
        now = picture(T0 + second * S, (1, moved, covariance))
        drafts = track_drafts(now, desk.ledger, desk.regime, desk.context, desk.settings)
        desk.say(drafts[0])
    assert "cut from the increment" in drafts[0].remark
    assert np.allclose(information_matrix(drafts[0].body.information), 0.0, atol=1e-12)


def test_wire_frame_is_earth_fixed():
    desk = Desk(JOINT)
    mean, covariance = flight(0, 1e-3, np.random.default_rng(0))[0], np.diag([1e4] * 3 + [1e2] * 3)
    (draft,) = track_drafts(picture(T0, (7, mean, covariance)), desk.ledger, desk.regime, desk.context)
    body = draft.body
    assert body.track == "west-0007"
    back = ecef_to_eci(np.array([*body.position_ecef_m, *body.velocity_ecef_m_s]), T0)
    assert np.allclose(back, mean, atol=0.01)
    inverse = np.linalg.inv(information_matrix(body.information))
    assert np.allclose(covariance_to_eci(inverse, T0), covariance, rtol=1e-9, atol=1e-6)
    assert draft.uncertainty_ns == 1_500
