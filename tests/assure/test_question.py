"""Questions: shipped ones load, bad ones are refused with the reason."""

import pytest

from tocsin.assure import QuestionRefused, load, shipped
from tocsin.assure.capacity import capacity, remaining
from tocsin.assure.meaning import meant_high, meant_low
from tocsin.assure.shipped import NAMES

GOOD = shipped("poland-2007").decode()


@pytest.mark.parametrize("name", NAMES)
def test_shipped_questions_load(name: str) -> None:
    question = load(shipped(name))
    assert question.name == name
    assert question.delays_s[0] == 0
    assert question.delays_s[-1] == 600
    assert question.disputes
    assert question.forces


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("value = [54.2, 54.8]", "value = [54.8, 54.2]", "empty"),
        ("value = [54.2, 54.8]", "value = [54.49, 54.51]", "at least 40 km"),
        ("value = [54.2, 54.8]", "value = 54.5", "never points"),
        ("value = [52, 58]", "value = [52, 91]", "pole"),
        ("value = [52, 58]", "value = [52, 53]", "at least 150 km"),
        ('value = [52, 58], unit = "deg"', "value = [52, 58]", "unit"),
        ('value = [52, 58], unit = "deg"', 'value = [52, 58], unit = "rad"', "unit"),
        ("value = [0, 600]", "value = [-60, 600]", "between 0"),
        ("value = [0, 600]", "value = [nan, 600]", "not finite"),
        ("value = [0.8, 1.25]", "value = [0.8, 4]", "between 0.5"),
        ('frame = "inertial"', 'frame = "airframe"', "frame"),
        ('meaning = "maximum"', 'meaning = "average"', "meaning"),
        ('mark = "S"', 'mark = "X"', "mark"),
        ('format = "tocsin-assure/1"', 'format = "tocsin-assure/9"', "format"),
        ('name = "eastern United States"', 'name = "western United States"', "same name"),
        ("value = [30, 45]", "value = [50, 57]", "deg"),
        ("[family]", "[families]", "unknown names"),
        ("[family]", "[family", "not TOML"),
    ],
)
def test_refused(old: str, new: str, why: str) -> None:
    assert old in GOOD
    changed = GOOD.replace(old, new, 1)
    if why == "deg":
        changed = changed.replace("value = [-90, -70]", "value = [34, 40]", 1)
        why = "touch"
    with pytest.raises(QuestionRefused, match=why):
        load(changed.encode())


def test_meaning_of_a_speed() -> None:
    question = load(GOOD.encode())
    assert meant_low(question, 6.3) == meant_high(question, 6.3) < 6.3
    fixed = load(GOOD.replace('frame = "inertial"', 'frame = "earth-fixed"').encode())
    assert meant_low(fixed, 6.3) < meant_low(question, 6.3) < meant_high(fixed, 6.3)
    arc = load(GOOD.replace('meaning = "maximum"', 'meaning = "arc"').encode())
    assert meant_low(arc, 6.3) == 6.3


def test_a_short_burn_bounds_the_height_of_burnout() -> None:
    """Nothing climbs faster than its greatest speed: less is lost to the climb than from the greatest height."""
    question = load(GOOD.encode())
    without = load("\n".join(line for line in GOOD.splitlines() if not line.startswith("burn_time_max")).encode())
    for arc_km_s in (1.2, 2.6, 4.0, 6.3, 8.0):
        speed = meant_low(question, arc_km_s)
        height = min(200.0, 40.0 * speed)
        lost = 2.0 * 398600.4418 * (1.0 / 6371.0 - 1.0 / (6371.0 + height))
        assert speed**2 + lost == pytest.approx(arc_km_s**2)
        assert speed == meant_high(question, arc_km_s)
        assert speed >= meant_low(without, arc_km_s) - 1e-12
    with pytest.raises(QuestionRefused, match="burn time"):
        load(GOOD.replace("burn_time_max = { value = 40", "burn_time_max = { value = 0").encode())


def test_capacity() -> None:
    assert remaining(100, 10, 1, 1.0) == 90
    assert remaining(100, 10, 2, 1.0) == 95
    assert remaining(5, 100, 1, 1.0) == 0
    assert remaining(100, 10, 2, 0.5) == pytest.approx(100 - 5 * 0.75)
    found = capacity(load(GOOD.encode()).forces[0])
    assert found.least == 490
    assert found.share_least == pytest.approx(0.98)
