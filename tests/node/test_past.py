"""When an entry was held, from logs alone: against worlds in which it is known."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from tocsin.node.past import Seen, held_ns, logged_ns

S = 1_000_000_000
BEAT = 5 * S


@st.composite
def worlds(draw):
    """True times of logging; when each entry truly came over a link with cuts; the reader's heartbeats."""
    logged = sorted(draw(st.lists(st.integers(0, 120 * S), min_size=1, max_size=40)))
    cuts = draw(st.lists(st.tuples(st.integers(0, 110 * S), st.integers(S, 40 * S)), max_size=2))
    came, now = [], 0
    for t in logged:
        at = t + 40_000_000
        for begin, length in sorted(cuts):
            if begin <= at < begin + length:
                at = begin + length + 40_000_000
        now = max(now, at)
        came.append(now)
    beats = [Seen(t, sum(c <= t for c in came), True) for t in range(draw(st.integers(0, BEAT)), 130 * S, BEAT)]
    return logged, came, beats


@given(worlds())
def test_what_is_worked_out_agrees_with_every_heartbeat_and_is_off_by_less_than_one(world):
    logged, came, beats = world
    found = held_ns(logged, beats)
    known = [t for t in found if t is not None]
    assert known == sorted(known)
    for beat in beats:
        assert sum(t is not None and t <= beat.t_tai_ns for t in found) == beat.size
    last = beats[-1].t_tai_ns
    for true, told, was in zip(came, found, logged, strict=True):
        if told is None:
            assert true > last - BEAT  # nothing ever showed that it came
        else:
            assert abs(told - true) <= BEAT
            assert told >= was


@given(worlds(), st.data())
def test_a_reference_proves_that_an_entry_was_held(world, data):
    logged, came, beats = world
    index = data.draw(st.integers(0, len(logged) - 1))
    told = held_ns(logged, [*beats, Seen(came[index], index + 1, False)])
    assert told[index] is not None
    assert told[index] <= came[index] or told[index] <= logged[index] + 100_000_000


def test_what_was_observed_long_ago_was_logged_where_it_stands():
    def said(kind, t_s):
        return SimpleNamespace(kind=kind, observed=SimpleNamespace(t_tai_us=t_s * 1_000_000))

    line = [("agreement", 100), ("notification", 7), None, ("heartbeat", 105), ("vote", 999), ("heartbeat", 110)]
    line = [None if one is None else said(*one) for one in line]
    assert logged_ns(line) == [t * S for t in (100, 100, 100, 105, 110, 110)]
    assert all(a <= b for a, b in pairwise(logged_ns(line)))
