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
