"""Words never claim more than was proved."""

from tocsin.assure.describe import floored, raised


def test_proved_speeds_go_down_and_found_ones_up():
    assert floored(1.5465) == "1.54"
    assert raised(1.8301) == "1.84"
    assert (floored(2.0), raised(2.0)) == ("2.00", "2.00")
