"""Seeds of the fault simulator: nothing breaks, a seed replays exactly, whatever the hash seed."""

import os
import subprocess
import sys

import pytest

from tocsin.sim.faults import OUTCOMES, run

SEEDS = 80


@pytest.mark.parametrize("first", range(0, SEEDS, 20))
def test_no_check_finds_anything(first):
    found = {seed: run(seed) for seed in range(first, first + 20)}
    assert {seed: result.violations for seed, result in found.items() if result.violations} == {}
    assert {outcome for result in found.values() for outcome in result.outcomes} >= {"ADOPTED", "PENDING"}
    assert set(OUTCOMES) >= {outcome for result in found.values() for outcome in result.outcomes}


# Seeds that once found something, with what it was.
FOUND = {
    3003: "the only holder of what a backup lost cheats: the product waits, and the judge asked for more",
    3012: "a doubled answer made the next request twice, and a full disk ended the recovery of an old copy for good",
    3051: "bytes past a mirror's checkpoint, left by a power cut, were taken by the judge for what it holds",
    3268: "a receipt for entries that were taken while mute was given, and not known to whoever gave it",
    3354: "the judge read a push of an old copy after the receipt for it",
    100691: "the judge forgot what the backup itself holds",
    100004: "what a restored machine had receipted of a cheat's log, the cheat keeps for itself",
    100299: "a cheat receipted what it did not take, and of two pushes the second first",
    21070: "a receipt that a restored machine brought with a pull was not read by the judge",
    300123: "entries that a restarted centre could not read from a rotten disk were counted as in its picture",
    21043: "rotten tiles under a mirror, met while a floor was raised at a tick, left the centre as an error",
    202270: "an entry taken while mute rotted before any receipt for it, and was receipted unread",
    203209: "an old copy that waited for one partner did not ask again another that came to hold what it lost",
    211163: "a centre that says it cannot read a rotten vote was held to the decision that rests on it",
    213052: "what a third party withholds was pulled of others one checkpoint in two heartbeats, however far behind",
    3398: "a link that had waited long went on waiting although its partner had started anew",
}


@pytest.mark.parametrize("seed", FOUND)
def test_what_was_found_stays_mended(seed):
    assert run(seed, whole=True).violations == ()


def test_with_real_signatures():
    assert [run(seed, real=True).violations for seed in range(3)] == [()] * 3


def test_a_seed_replays_exactly():
    assert run(11) == run(11)
    assert run(11).roots != run(12).roots


def test_a_seed_replays_under_any_hash_seed():
    code = "from tocsin.sim.faults import run; r = run(7); print(r.roots, r.steps, r.happened)"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
