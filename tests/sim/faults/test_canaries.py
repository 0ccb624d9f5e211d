"""Every check of the fault simulator catches a fault that was put there for it."""

import base64
import json
from types import SimpleNamespace

import numpy as np
import pytest

from tocsin.node import pruning
from tocsin.node.border import Border
from tocsin.node.gates import Floored, Gates
from tocsin.node.opening import Opening
from tocsin.sim.faults import checks, dropping, final
from tocsin.sim.faults.disk import FaultyStore
from tocsin.sim.faults.plan import HEALED_S, SETTLE_S, TROUBLE_S, Plan
from tocsin.sim.faults.run import begin
from tocsin.sim.faults.trouble import make_trouble, mend
from tocsin.sim.faults.world import BEGIN_TAI_NS, NS, World


def played(*faults, names=("east", "north", "west"), cheat=("", ""), seed=3, patient=True, during=None, drops=False):
    """A world after its troubles, with chosen faults, and `during` called in the middle of them."""
    rng = np.random.default_rng(seed)
    world = World(seed, Plan(names, faults, cheat, patient, False), rng)
    begin(world)
    make_trouble(world)
    if during is not None:
        world.at(30.0, lambda: during(world))
    world.schedule.run(BEGIN_TAI_NS + round(TROUBLE_S * NS))
    mend(world)
    if drops:
        dropping.drop_after(world, seed, TROUBLE_S + HEALED_S)
    world.schedule.run(BEGIN_TAI_NS + round((TROUBLE_S + SETTLE_S) * NS))
    final.judge(world)
    return world


def found(world, check):
    return [words for words in world.violations if words.startswith(check)]


def first(check, *faults, begin_at=0, **how):
    """Whether one of a few seeds shows it; stops at the first that does."""
    return any(found(played(*faults, seed=seed, **how), check) for seed in range(begin_at, begin_at + 40))


def test_without_faults_nothing_is_found():
    assert played().violations == []


def test_c1_catches_a_receipted_entry_that_is_gone():
    def lose(world):
        store = world.parties["east"].disk.store(world.parties["west"].origin)
        store.durable.held[0] = b"something else"
        world.parties["east"].disk.power.touched[store.name] = 0

    assert found(played(during=lose), "C1 east receipted entry 0")


def test_c1_catches_a_receipt_before_the_sync(monkeypatch):
    monkeypatch.setattr(FaultyStore, "sync", lambda self: None)
    assert found(played(), "C1")


def test_what_was_agreed_is_dropped_and_nothing_is_found():
    world = played(drops=True)
    assert world.violations == []
    assert world.happened["dropping"] == 1


def test_c1_catches_dropping_of_what_decisions_rest_on(monkeypatch):
    monkeypatch.setattr(pruning, "kept_indexes", lambda entries, before: [])
    assert found(played(drops=True), "C1")


def test_c1_catches_dropping_that_not_everybody_agreed(monkeypatch):
    say, silent, terms = dropping._say, [], dropping.terms_of("", 0, b"")
    monkeypatch.setattr(dropping, "_say", lambda *one: silent.append(one) if not silent else say(*one))
    monkeypatch.setattr(pruning, "may_prune", lambda *_: terms)
    assert found(played(drops=True), "C1")


def test_c2_catches_an_honest_log_that_forks_itself(monkeypatch):
    """Without L1 a restored backup goes on signing."""
    monkeypatch.setattr(Opening, "ready", property(lambda self: True))
    monkeypatch.setattr(Border, "_weigh", lambda self, party, note: None)
    assert first("C2", "old-backup")


def test_c2_catches_a_fork_that_nobody_proves(monkeypatch):
    monkeypatch.setattr(Gates, "convict", lambda self, party, fork: None)
    monkeypatch.setattr(Border, "compare", lambda self, party, heads: None)
    assert first("C2", cheat=("north", "equivocate"))


def test_c3_catches_adopted_beside_closed():
    assert checks.parted({"east": "ADOPTED", "west": "CLOSED"})
    assert not checks.parted({"east": "ADOPTED", "west": "PENDING"})


def test_c3_catches_a_mind_that_changes():
    assert checks.flipped("ADOPTED", "PENDING")
    assert checks.flipped("CLOSED", "ADOPTED")
    assert not checks.flipped("ADOPTED", "DISPUTED")
    assert not checks.flipped("PENDING", "ADOPTED")


@pytest.mark.parametrize(("rotten", "status", "caught"), [
    (False, "PENDING", True), (True, "PENDING", False), (True, "CLOSED", True),
])  # fmt: skip
def test_c3_lets_only_a_rotten_disk_forget_and_only_for_a_while(rotten, status, caught):
    world = World(3, Plan(("east", "west"), (), ("", ""), True, False), np.random.default_rng(3))
    east = world.parties["east"]
    east.rotten, east.centre = rotten, SimpleNamespace(remembers=False, waiting=1)
    world._statuses["ab"] = {"east": "ADOPTED"}
    world._status(east, "ab", status, None)
    assert bool(found(world, "C3")) == caught
    assert world._statuses["ab"]["east"] == (status if caught else "ADOPTED")


def test_c3_catches_conclusions_from_a_forgotten_past(monkeypatch):
    """A restored centre that trusts its own floor closes what others have adopted."""
    monkeypatch.setattr(Border, "remembers", property(lambda self: True))
    monkeypatch.setattr(Gates, "remember", lambda self, party, note: None)
    assert first("C3", "old-backup", "reorder", begin_at=22)


def test_c3_catches_an_adoption_without_its_certificate():
    seen = checks.Seen({"east": True}, {"east": "e", "west": "w"})
    vote = {"kind": "vote", "body": {"proposal_sha256": "ab", "choice": "yes"}}
    for origin in ("e", "w"):
        seen.logs[origin] = checks.History(entries=[json.dumps(vote).encode()])
    seen.receipts = {("east", "w"): [(1, 10)], ("west", "e"): [(1, 11)]}
    assert checks.certificate(seen, ["east", "west"], 11, "ab") == ""
    assert checks.certificate(seen, ["east", "west"], 10, "ab")
    assert checks.certificate(seen, ["east", "west"], 11, "cd")
    vote["body"]["choice"] = "close"
    seen.logs["e"].entries[0] = json.dumps(vote).encode()
    assert checks.certificate(seen, ["east", "west"], 11, "ab")


def test_c4_catches_another_picture():
    def paint(world):
        """An officer's statement that only one centre's picture knows."""
        centre = world.parties["east"].centre
        centre.common = type(centre.common)()

    assert first("C4", during=paint)


def test_c4_catches_a_centre_that_lost_a_track():
    world = played()
    centres = [party.centre for party in world.honest]
    world.compare(centres)
    assert world.violations == []
    centres[0].common = type(centres[0].common)()
    world.compare(centres)
    assert found(world, "C4")


def test_a_look_at_everything_catches_what_the_quick_judge_would_not():
    world = played()
    (statuses,) = [by_party for by_party in world._statuses.values() if "ADOPTED" in by_party.values()][:1]
    statuses["east"] = "CLOSED"
    world.judge()
    assert world.violations == []
    world.judge_everything()
    assert found(world, "C3 east went from CLOSED to ADOPTED")


def test_c5_catches_what_never_arrives(monkeypatch):
    monkeypatch.setattr(World, "handle", lambda self, party, message: None)
    assert found(played(), "C5")


def test_c6_catches_a_failure_that_leaves_the_border(monkeypatch):
    def explode(self, party, data):
        raise ValueError("no root of failure")

    monkeypatch.setattr(Border, "receive", explode)
    assert found(played(), "C6")


def test_c7_catches_contradictory_times(monkeypatch):
    monkeypatch.setattr(Floored, "posix_s", lambda self: self._clock.posix_s())
    seen = checks.Seen({"east": True}, {"west": "w", "east": "e"})
    for size, time_s in ((3, 100), (5, 90)):
        line = base64.b64encode(b"abcd" + time_s.to_bytes(8, "big")).decode()
        answer = json.dumps({"type": "answer", "held": size, "receipt": f"— east {line}\n"}).encode()
        seen.reply("east", "west", answer)
    assert [words for words in seen.violations if words.startswith("C7")]


def test_the_judges_tree_is_the_specifications():
    from tocsin.log.merkle import leaf_hash, root_of_leaves

    for size in (*range(10), 255, 256, 257):
        leaves = [leaf_hash(b"%d" % index) for index in range(size)]
        assert checks.tree_root(leaves) == root_of_leaves(leaves)


@pytest.mark.parametrize("how", ["equivocate", "withhold", "flood", "backdate"])
def test_a_cheat_alone_breaks_nothing(how):
    for seed in range(3):
        assert played(cheat=("east", how), seed=seed).violations == []


def test_the_judge_remembers_roots_and_forgets_them_with_their_entries():
    history = checks.History(leaves=[bytes([index]) * 32 for index in range(70)])
    for size in (*range(71), 64, 3):
        assert history.root_at(size) == checks.tree_root(history.leaves[:size]).hex()
    before = history.root_at(60)
    history.forget(40)
    history.leaves += [bytes([index]) * 32 for index in range(100, 120)]
    assert history.root_at(60) == checks.tree_root(history.leaves).hex() != before
