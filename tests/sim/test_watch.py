"""The long watch (campaigns/soak.py) in small: two minutes of its sky through complete centres, and what it counts."""

from collections import Counter
from types import SimpleNamespace

from campaigns.soak import Tally, Watch, merged, per_hour


def test_two_minutes_of_a_sky_in_which_nothing_is_launched():
    found = Watch(1, 2.0 / 60.0, "connected").run()
    assert found["scans"] > 50
    assert found["threats_in_all"] == 0
    assert all(row["threats"] == [] for row in found["parties"].values())
    twice = merged([found | {"cpu_s": 1.0}] * 2)
    assert twice["scans"] == 2 * found["scans"]


def test_the_tally_keeps_the_highest_step_of_an_event_whatever_it_is_called():
    """Its canary: a threat that is proposed once is counted, though the event goes by another name and calms down."""
    tally = Tally()
    for level, names in (("display", ("a",)), ("threat", ("b", "a")), ("none", ("b", "a"))):
        view = SimpleNamespace(id=names[0], names=names, proposed_level=level, reason="words")
        tally.see(view, "nothing" if level == "display" else "aircraft", 10.0)
    assert tally.proposed == {"a": "threat"}
    assert tally.what == {"a": "aircraft"}
    assert (tally.called, len(tally.threats)) == (1, 1)
    assert per_hour(Counter(tally.what.values()), 0.5) == "2.0 aircraft"
