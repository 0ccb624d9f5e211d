"""Whole lives of tracks at the gate: cadence, death, suspension, coarsening, retraction; and fusion takes it all."""

from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pytest

from tocsin.fuse import common_picture
from tocsin.regime import load, shipped
from tocsin.release import RETRACTS, DelayLine, Draft, Released, track_drafts
from tocsin.release.reading import information_matrix
from tocsin.wire.bodies import Retraction, body_of
from tocsin.wire.envelope import Reference, encode
from tocsin.world.frames import covariance_to_ecef
from tocsin.world.motion import propagate

from .flight import REGIMES, T0, Desk, S, picture, start

JOINT = REGIMES["joint"]
COARSE = load(
    shipped("joint")
    .decode()
    .replace("position_quantum_m = 0.01", "position_quantum_m = 5000.0")
    .replace("velocity_quantum_m_s = 0.0001", "velocity_quantum_m_s = 50.0")
    .replace("coarsen = false", "coarsen = true\ninflation = 4.0")
    .encode()
)
P0 = np.diag([1e6] * 3 + [1e3] * 3)


@dataclass(frozen=True)
class Logged:
    origin: str
    index: int
    data: bytes
    sha256: str


def entries(desk, group="shared"):
    for statement in desk.logs[group]:
        data = encode(statement)
        yield Logged(statement.origin, statement.sequence, data, sha256(data).hexdigest())


def tracklets(desk, group="shared"):
    return [body_of(statement) for statement in desk.logs[group] if statement.kind == "tracklet"]


def at(second, *numbers, boost=0.0, updated_s=None):
    """Picture at a second, each track a little better known than before."""
    tracks = []
    for number in numbers:
        mean, covariance = propagate(start(60.0 + number), P0, float(second), 1e-3)
        tracks.append((number, mean, covariance / (1.0 + second)))
    updated = None if updated_s is None else T0 + updated_s * S
    return picture(T0 + second * S, *tracks, boost=boost, updated_ns=updated)


def show(desk, *pictures):
    """Outcomes of all drafts about these pictures."""
    found = []
    for now in pictures:
        drafts = track_drafts(now, desk.ledger, desk.regime, desk.context, desk.settings)
        found += [desk.say(draft) for draft in drafts]
    assert all(isinstance(outcome, Released) for outcome in found)
    return found


def test_cadence_phase_change_and_silence():
    desk = Desk(JOINT)  # every 5 s
    for second in range(12):
        show(desk, at(second, 1))
    assert [body.t_tai_us - T0 // 1000 for body in tracklets(desk)] == [0, 5_000_000, 10_000_000]
    show(desk, at(12, 1, boost=0.9))
    show(desk, at(13, 1, boost=0.9))
    assert [body.phase for body in tracklets(desk)][-2:] == ["coast", "boost"]
    for second in range(14, 60, 5):
        show(desk, at(second, 1, boost=0.9, updated_s=12))  # no sensor added anything
    assert len(tracklets(desk)) == 4


def test_new_tracks_at_once_and_death_is_said_once():
    desk = Desk(JOINT)
    show(desk, at(0, 1), at(1, 1, 2), at(2, 2), at(3, 2), at(4, 2, 3))
    bodies = tracklets(desk)
    assert [(body.track[-1], body.ended) for body in bodies] == [("1", False), ("2", False), ("1", True), ("3", False)]
    assert (bodies[2].existence, set(bodies[2].information)) == (0.0, {0.0})
    show(desk, at(5, 1))  # a name that ended never speaks again; 2 and 3 end
    assert [body.track[-1] for body in tracklets(desk)[4:]] == ["2", "3"]


def test_fusion_uses_every_statement():
    desk = Desk(JOINT)
    for second in range(31):
        show(desk, at(second, 1, 2, boost=0.9 if second < 8 else 0.0))
    show(desk, at(31, 2))
    found = common_picture(list(entries(desk)), T0 + 32 * S)
    assert found.unused == ()
    assert any(track.members[0][1] == "west-0002" for track in found.tracks)


def test_suspended_and_resumed():
    """Own log while suspended; afterwards the shared log continues where it stopped and the own one is closed."""
    desk = Desk(JOINT)
    show(desk, at(0, 1))
    desk.context = replace(desk.context, suspended=True)
    show(desk, at(5, 1), at(10, 1))
    desk.context = replace(desk.context, suspended=False)
    show(desk, at(15, 1), at(20, 1))
    shared, own = tracklets(desk), tracklets(desk, "own")
    since = [None if body.since_tai_us is None else body.since_tai_us - T0 // 1000 for body in shared]
    assert since == [None, 0, 15_000_000]
    assert [(body.since_tai_us is None, body.ended) for body in own] == [(True, False), (False, False), (False, True)]


def test_coarsened_tracklets_are_whole_rounded_and_never_overclaim():
    desk = Desk(COARSE)
    for second in (0, 5, 10):
        show(desk, at(second, 1))
    show(desk, at(15))
    bodies = tracklets(desk)
    assert len(bodies) == 4 and bodies[-1].ended
    for body in bodies:
        assert body.coarsened and body.since_tai_us is None
        assert all(value % 5000.0 == 0.0 for value in body.position_ecef_m)
        assert all(value % 50.0 == 0.0 for value in body.velocity_ecef_m_s)
    truth = at(10, 1)
    told = information_matrix(bodies[2].information)
    root = np.linalg.cholesky(4.0 * covariance_to_ecef(truth.covariance_eci[0], truth.t_tai_ns))
    assert np.linalg.eigvalsh(root.T @ told @ root)[-1] <= 1.0


@pytest.mark.parametrize("correlation", [0.0, 0.9, 0.999, 0.999999])
def test_coarse_information_is_sound_for_narrow_covariances(correlation):
    desk = Desk(COARSE)
    covariance = np.diag([1e10] * 3 + [1e6] * 3)
    for i in range(3):
        covariance[i, i + 3] = covariance[i + 3, i] = correlation * 1e8
    (outcome,) = show(desk, picture(T0, (1, start(), covariance)))
    assert np.linalg.eigvalsh(information_matrix(outcome.body.information))[0] > 0.0


def test_after_a_retraction_the_next_carries_everything():
    desk = Desk(JOINT)
    show(desk, at(0, 1), at(5, 1))
    wrong = list(entries(desk))[1]
    reference = Reference(role=RETRACTS, origin=wrong.origin, epoch=0, index=wrong.index, sha256=wrong.sha256)
    desk.say(Draft(body=Retraction(because="bias found"), observed_tai_ns=T0 + 6 * S, references=(reference,)))
    show(desk, at(7, 1), at(12, 1))
    assert [body.since_tai_us is None for body in tracklets(desk)] == [True, False, True, False]
    found = common_picture(list(entries(desk)), T0 + 13 * S)
    assert [(unused.reason, unused.count) for unused in found.unused] == [("withdrawn by its author", 1)]


def test_scope_keeps_small_flights_own_and_never_flickers():
    text = shipped("joint").decode()
    regime = load((text + '\n[scope]\nkinds = ["tracklet"]\nrange_min_km = 500.0\napogee_min_km = 500.0\n').encode())
    desk = Desk(regime)
    small, large = start(height_m=100e3), start(height_m=100e3)
    small[3:] *= 0.1
    large[3:] *= 2.0
    tiny = np.diag([1e2] * 3 + [1.0] * 3)
    outcomes = show(desk, picture(T0, (1, small, tiny), (2, large, tiny)))
    assert [outcome.group for outcome in outcomes] == ["own", "shared"]
    assert "speaks of more than" in outcomes[0].withheld.why
    later = picture(T0 + 5 * S, (2, propagate(small, tiny, 5.0, 0.0)[0], tiny))
    (draft,) = track_drafts(later, desk.ledger, regime, desk.context)[:1]
    assert desk.say(draft).group == "shared"


def test_delay_line_gives_pictures_when_they_are_old_enough():
    text = shipped("joint").decode().replace("[tracklet]", "[shares.delay_s]\ntracklet = 20\n\n[tracklet]")
    regime, line = load(text.encode()), DelayLine()
    desk = Desk(regime)
    for second in range(0, 60, 5):
        line.push(at(second, 1))
        desk.context = replace(desk.context, now_tai_ns=T0 + second * S)
        show(desk, *line.due(regime, desk.context.now_tai_ns))
    assert [body.t_tai_us - T0 // 1000 for body in tracklets(desk)] == [i * 5_000_000 for i in range(8)]
    assert len(line) == 4
