"""The quick judge against its slow twin: every centre looked at and every proposal decided again after every step."""

import itertools

import pytest

from tocsin.sim.faults import checks
from tocsin.sim.faults.run import run
from tocsin.sim.faults.telling import Telling
from tocsin.sim.faults.world import World


@pytest.mark.parametrize("seed", [40_000, 40_003, 40_009, 40_013])
def test_nothing_is_missed_that_looking_at_everything_shows(seed, monkeypatch):
    quick = run(seed)
    number, judge = itertools.count(1), World.judge

    def slow_judge(self):
        self._acted.update(party.name for party in self.honest)
        judge(self)

    monkeypatch.setattr(World, "judge", slow_judge)
    monkeypatch.setattr(Telling, "of", lambda self, centre, known: Always(number))
    monkeypatch.setattr(checks.History, "root_at", lambda self, size: checks.tree_root(self.leaves[:size]).hex())
    assert quick == run(seed)


class Always(dict):
    """Something new about every proposal at every look."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def get(self, key, default=None):
        return next(self.number)
