"""What is thinned out decides nothing: verdicts of votes are the same before and after, and steps stay small."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.mirror import thinning
from tocsin.mirror.thinning import Needs, Short, block_of, last_of_blocks, superfluous

from .making import JOINT, D, parties, propose, receipt, vote

THREE = parties("east", "north", "west")
EAST, NORTH, WEST = THREE
BLOCK = 16
P = propose(everyone=THREE)


@st.composite
def histories(draw):
    """Checkpoints of west's log with the times that east and north state, mostly in order; where west voted."""
    sizes = sorted(draw(st.sets(st.integers(1, 3 * BLOCK), min_size=3)))
    given_by = {}
    for name in ("east", "north"):
        time_s = D - draw(st.integers(0, 12))
        for size in sizes:
            time_s += draw(st.sampled_from([0, 0, 1, 1, 2, -3]))
            if draw(st.booleans()):
                given_by.setdefault(size, {})[name] = time_s
    return sizes, given_by, draw(st.integers(1, 3 * BLOCK - 1))


def kept_of(sizes, given_by, index, fits=lambda a, b: True):
    """Sizes that stay, thinned block by block."""
    kept = set(sizes)
    for start in range(0, 3 * BLOCK, BLOCK):
        notes = [
            Short(size, {(name, b""): (time_s,) for name, time_s in given_by.get(size, {}).items()})
            for size in sizes
            if block_of(size, BLOCK) == start
        ]
        needs = Needs([index], [D], [[[("east", b"")]], [[("north", b"")]]])
        kept -= set(superfluous(notes, needs, fits))
    return kept


def verdict(sizes, given_by, index, more=()):
    """As `decide` has it: east and north voted, and their votes are receipted in time; west's stands at `index`."""
    from tocsin.decide import decision

    votes = [vote(P, EAST, 1), vote(P, NORTH, 1), vote(P, WEST, index)]
    fixed = [receipt(a, b, 5, D - 100) for a in THREE for b in (EAST, NORTH) if a is not b]
    found = [
        receipt({"east": EAST, "north": NORTH}[name], WEST, size, time_s)
        for size in sizes
        for name, time_s in given_by.get(size, {}).items()
    ]
    return decision(P, votes, [*fixed, *found, *more], THREE, JOINT).status


@settings(max_examples=80, deadline=None)
@given(histories(), st.integers(1, 3 * BLOCK), st.integers(D - 2, D + 2))
def test_verdicts_are_the_same_before_and_after(history, late_size, late_s):
    sizes, given_by, index = history
    kept = kept_of(sizes, given_by, index)
    assert verdict(sizes, given_by, index) == verdict(kept, given_by, index)
    if "east" not in given_by.get(late_size, {}):  # a receipt that comes when all others were thinned
        late = [receipt(EAST, WEST, late_size, late_s)]
        assert verdict(sizes, given_by, index, late) == verdict(kept, given_by, index, late)
    whole = [size for size in sizes if len(given_by.get(size, {})) == 2 and size > index]
    assert not whole or min(whole) in kept  # what an exported vote is shown under


@pytest.mark.parametrize("blind", ["_between", "first of all"])
def test_a_thinning_that_forgets_votes_is_caught(monkeypatch, blind):
    """Canary of the test above."""
    if blind == "_between":
        monkeypatch.setattr(thinning, "_between", lambda ascending, low, high: False)
    else:
        monkeypatch.setattr(thinning, "_telling", lambda run, needs: {size for size, _ in run[-1:]})
    sizes = list(range(1, BLOCK + 1))
    given_by = {size: {"east": D - 8 + size, "north": D - 8 + size} for size in sizes}
    assert verdict(sizes, given_by, 4) == "ADOPTED"
    assert verdict(kept_of(sizes, given_by, 4), given_by, 4) == "PENDING"


@settings(max_examples=30, deadline=None)
@given(histories(), st.integers(4, 20))
def test_steps_stay_as_small_as_they_can(history, most):
    sizes, given_by, index = history
    kept = sorted(kept_of(sizes, given_by, index, lambda a, b: b - a <= most))
    for a, b in pairwise(kept):
        between = [size for size in sizes if a < size < b]
        assert b - a <= most or not between
    for name in ("east", "north"):
        theirs = [size for size in sizes if name in given_by.get(size, {})]
        assert last_of_blocks(theirs, BLOCK) <= set(kept)


def test_done_again_it_stays_as_it_is():
    sizes = list(range(1, BLOCK + 1))
    given_by = {size: {"east": D + size} for size in sizes}
    once = kept_of(sizes, given_by, 7)
    assert once == {1, 7, 8, BLOCK} == kept_of(sorted(once), given_by, 7)


def test_what_is_under_way_stays():
    notes = [Short(size, {}) for size in range(1, 9)]
    assert superfluous(notes, Needs(busy={5}), lambda a, b: True) == [2, 3, 4, 6, 7]
