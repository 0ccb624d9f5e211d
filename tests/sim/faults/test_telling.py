"""The quick reading of who shows what against its slow twin, which decides every proposal again after every step."""

import itertools

import pytest

from tocsin.sim.faults.run import run
from tocsin.sim.faults.telling import Telling


@pytest.mark.parametrize("seed", [40_000, 40_003, 40_009, 40_013])
def test_nothing_is_missed_that_deciding_at_every_step_shows(seed, monkeypatch):
    quick = run(seed)
    number = itertools.count(1)
    monkeypatch.setattr(Telling, "of", lambda self, centre: Always(number))
    slow = run(seed)
    assert (quick.outcomes, quick.parted, quick.violations, quick.roots) == (
        slow.outcomes, slow.parted, slow.violations, slow.roots,
    )  # fmt: skip


class Always(dict):
    """Something new about every proposal at every look."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def get(self, key, default=None):
        return next(self.number)
