"""The paced clock never goes back, stands when told, and refuses a speed that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.exercise.errors import BadInject
from tocsin.exercise.pace import SPEED_MAX, Pace

steps = st.lists(
    st.tuples(
        st.integers(0, 10**12), st.none() | st.floats(0.01, SPEED_MAX), st.none() | st.booleans()
    ),
    max_size=20,
)  # fmt: skip


@given(steps)
def test_game_time_never_goes_back_whatever_is_done_to_the_clock(acts):
    pace, wall, last = Pace(0, 0), 0, 0
    for gone, speed, paused in acts:
        wall += gone
        assert pace.at(wall) >= last
        last = pace.at(wall)
        pace = pace.paced(wall, speed=speed, paused=paused)
        assert pace.at(wall) == last


def test_speed_and_pause():
    pace = Pace(100, 0, 1.0, True)
    assert pace.at(10**9) == 100
    pace = pace.paced(10**9, speed=2.0, paused=False)
    assert pace.at(2 * 10**9) == 100 + 2 * 10**9
    assert pace.reached(150, 3 * 10**9).at(3 * 10**9) == 150


@pytest.mark.parametrize("speed", [0.0, -1.0, SPEED_MAX * 2, float("nan")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(BadInject, match="speed"):
        Pace(0, 0).paced(0, speed=speed)
