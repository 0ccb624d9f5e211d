"""Keys that change while centres run: planned, and after a thief was in; partners follow, old decisions stand."""

import msgspec
import pytest

from tocsin.errors import BadEvidence
from tocsin.node import commands, queries
from tocsin.node.audit import Exported, audit
from tocsin.node.custody.epochs import rotate
from tocsin.node.custody.following import checked, follow, planned
from tocsin.node.export import former_files, log_files, receipted_checkpoint
from tocsin.release import Draft, Withheld
from tocsin.wire import bodies
from tocsin.wire.custody import EpochNoted, Succession

from .lives import ANCHORS, Two, log_keys, revoked
from .pairs import REGIME, origin

AREA = bodies.Circle(latitude_deg=69.0, longitude_deg=16.0, radius_km=10.0)
WINDOW = bodies.Window(start_tai_us=1, end_tai_us=2)


def adopt(two, event):
    """West proposes, both sign, the decision is computed at both."""
    commands.propose(two.west, event, "benign", "Anna", "")
    two.turn(2)
    for centre in (two.west, two.east):
        proposal = next(s.entry for s in centre.said if isinstance(s.body, bodies.Proposal) and s.body.event == event)
        commands.vote(centre, proposal, "yes", "Anna")
    two.turn(3)
    return statuses(two)


def statuses(two):
    return [[view.decision.status for view in queries.proposals(centre)] for centre in (two.west, two.east)]


def rotated(two, name="west"):
    """Announce, run to the end, and start both centres again with what they have on file."""
    assert all(outcome.group == "shared" for outcome in two.announce(name))
    two.turn(30)
    ended, other = two.lives[name], next(life for life in two.lives.values() if life.name != name)
    (own,), (theirs,) = planned(ended.centre), planned(other.centre)
    assert own.succession == theirs.succession
    ended.own.append(own)
    other.theirs.append(theirs)
    for life in two.lives.values():
        life.start()
    two.turn(20)
    return own.succession


def test_a_planned_change_of_keys():
    two = Two()
    assert adopt(two, "west-0001") == [["ADOPTED"]] * 2
    old = two.east.mirrors["west"].checkpoint_note
    closed = rotated(two)
    west, east = two.west, two.east
    assert west.config.origin == east.mirrors["west"].origin == f"{origin('west')}/1"
    first = next(said for said in east.said if isinstance(said.body, Succession))
    assert (first.entry.index, first.body) == (0, closed)
    noted = next(said for said in west.said if isinstance(said.body, EpochNoted))
    assert noted.party == "east" and noted.body.closed_root == closed.closed_root and noted.body.own_receipted > 0
    assert len([said for said in east.said if said.kind == "roster"]) == 2  # no new ones: the old ones go on
    assert not east.registry.refused and not west.registry.refused
    assert statuses(two) == [["ADOPTED"]] * 2
    assert adopt(two, "west-0002") == [["ADOPTED", "ADOPTED"]] * 2
    assert old and east.ports.store(origin("west")).entries(0, closed.closed_size)
    assert west.silent() == east.silent() == ()
    rotated(two, "east")
    assert statuses(two) == [["ADOPTED", "ADOPTED"]] * 2
    assert adopt(two, "west-0003") == [["ADOPTED"] * 3] * 2
    rotated(two)  # a second time
    assert two.west.config.origin.endswith("/2") and adopt(two, "west-0004") == [["ADOPTED"] * 4] * 2
    for life in two.lives.values():
        life.start()
    two.turn(20)
    assert statuses(two) == [["ADOPTED"] * 4] * 2


def test_the_old_log_ends_where_it_said():
    two = Two()
    first, _ = two.announce("west")
    assert isinstance(two.announce("west", ahead=1)[0], Withheld)
    end = first.body.effective_index
    two.turn(30)
    assert two.west.books["shared"].size == end and two.west.ended
    said = two.west.publish(Draft(body=bodies.NegativeStatement(area=AREA, window=WINDOW), observed_tai_ns=0))
    assert isinstance(said, Withheld) and "next epoch" in said.reason
    assert len(two.west.ports.store(origin("west")).entries(0, end + 9)) == end


def test_a_rotation_without_the_root_keys_ends_nothing():
    two = Two()
    body = rotate(origin("west"), "log", log_keys("west", 0), log_keys("west", 1), 60)
    two.west.publish(Draft(body=body, observed_tai_ns=0))
    two.turn(3)
    assert two.west.ending is None and two.east.announced("west", origin("west")) is None
    assert not planned(two.east)


def stolen(two):
    """A thief writes on in west's old log, and gets receipts for it; west closes it further down."""
    adopt(two, "west-0001")
    size = two.west.books["shared"].size
    root = two.west.books["shared"].gate.held.tree.root_at(size).hex()
    two.west.say(bodies.NegativeStatement(area=AREA, window=WINDOW, text="said by the thief"))
    two.turn(2)
    assert any("thief" in getattr(said.body, "text", "") for said in two.east.said)
    made = revoked("west", 0, size, root)
    assert checked(made, ANCHORS.parties[1], "exercise", REGIME.sha256) == made
    two.lives["west"].own.append(made)
    two.lives["east"].theirs.append(made)
    for life in two.lives.values():
        life.start()
    two.turn(20)
    return made


def test_after_a_compromise_the_thief_binds_nobody():
    two = Two()
    made = stolen(two)
    for centre in (two.west, two.east):
        assert not any("thief" in getattr(said.body, "text", "") for said in centre.said)
        assert next(type(s.body) for s in centre.said if s.entry.origin.endswith("west/1")) is Succession
    assert [said.party for said in two.west.said if isinstance(said.body, EpochNoted)] == ["east"]
    assert statuses(two) == [["ADOPTED"]] * 2 and adopt(two, "west-0002") == [["ADOPTED"] * 2] * 2
    held = two.east.ports.store(origin("west")).entries(0, 999)
    assert len(held) > made.succession.closed_size  # kept as evidence, and no more


def test_the_thief_is_not_heard_any_more():
    """The old key goes on pushing into the frozen log: refused, kept, nothing taken."""
    two = Two()
    old = two.west
    stolen(two)
    before = two.east.mirrors["west"].size
    old.say(bodies.NegativeStatement(area=AREA, window=WINDOW, text="the thief again"))
    message = old.message("east")
    reply = two.east.receive("west", message)
    assert "thief again" not in str([said.body for said in two.east.said]) and not getattr(reply, "receipt", "")
    assert two.east.mirrors["west"].size == before


@pytest.mark.parametrize(
    "made",
    [
        lambda root: revoked("west", 0, 5, root, signed=False),
        lambda root: msgspec.structs.replace(
            revoked("west", 0, 5, root), succession=revoked("west", 0, 6, root).succession
        ),
        lambda root: msgspec.structs.replace(revoked("west", 0, 5, root), party="east"),
    ],
)
def test_a_file_that_the_root_keys_did_not_sign(made):
    with pytest.raises(BadEvidence, match="did not sign"):
        checked(made("ab" * 32), ANCHORS.parties[1], "exercise", REGIME.sha256)
    with pytest.raises(BadEvidence, match="did not sign"):
        checked(revoked("west", 0, 5, "ab" * 32), ANCHORS.parties[1], "live", REGIME.sha256)


def test_epochs_out_of_order_are_refused():
    two = Two()
    partner = two.east.config.partners[0]
    later = revoked("west", 1, 5, "ab" * 32)
    with pytest.raises(BadEvidence, match="stands at"):
        follow(partner, [later])
    now, former = follow(partner, [revoked("west", 0, 5, "ab" * 32), later])
    assert now.epoch == 2 and [one.end for one in former] == [5, 5]


def exported(two):
    """Every log that the two hold of themselves, as an auditor gets it."""
    found = []
    for name, life in two.lives.items():
        for origin_, (store, end, files) in former_files(life.centre).items():
            if "checkpoint" not in files:
                continue
            notes = {path: note for path, note in files.items() if path.startswith("receipts/")}
            notes = {path: note for path, note in notes.items() if int(path.split("/")[1]) <= end}
            found.append(Exported(f"{name}/{origin_}", files["policy"], files["checkpoint"], notes, store))
        files = log_files(life.centre, "shared")
        notes = {path: note for path, note in files.items() if path.startswith("receipts/")}
        _, note = receipted_checkpoint(life.centre, "shared")
        reader = life.centre.books["shared"].reader
        found.append(Exported(f"{name}/{life.centre.config.origin}", files["policy"], note, notes, reader))
    return found


@pytest.mark.parametrize("how", [rotated, stolen])
def test_an_auditor_finds_the_same(how):
    two = Two()
    if how is rotated:
        adopt(two, "west-0001")
    how(two)
    adopt(two, "west-0002")
    verdict = audit(exported(two))
    bad = [finding for finding in verdict.findings if not finding.ok and finding.step != "P6"]
    assert not bad
    words = [finding.words for finding in verdict.findings]
    assert sum("ADOPTED" in line.upper() for line in words) == 2
    (ended,) = [finding.words for finding in verdict.findings if finding.step == "P11"]
    assert "noted by east" in ended
    assert [f.ok for f in verdict.findings if f.step in ("P9", "P10")] == [True, True]


def test_an_auditor_sees_a_log_that_nothing_opens():
    """Canary: a thief opens an epoch of his own; without the root keys it is shown and binds nobody."""
    two = Two()
    adopt(two, "west-0001")
    logs = exported(two)
    forged = revoked("west", 0, 3, "ab" * 32, signed=False)
    two.lives["west"].own.append(forged)
    two.lives["east"].theirs.append(forged)
    for life in two.lives.values():
        life.start()
    two.turn(20)
    commands.propose(two.west, "west-0009", "benign", "Anna", "")
    two.turn(2)
    assert not [said for said in two.west.said if isinstance(said.body, EpochNoted)]
    verdict = audit([*exported(two), logs[1]])
    assert [finding.step for finding in verdict.findings if not finding.ok and finding.step != "P6"]
    assert any("did not sign it" in f.words or "binds nobody" in f.words for f in verdict.findings if not f.ok)
