"""Numbers for those who watch machines, read by the format's own parser and held against the centres."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tocsin.node.metrics import Family, _lines, exposition, not_ready

from .two import NS, notice, settle, world


def read(text):
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, "each sample once"
            found[key] = sample.value
    return found


def test_the_page_says_what_the_centre_counts():
    east, west, clock = world()
    east.centre.say(notice())
    settle(east, west)
    clock.now += 7 * NS
    found = read(exposition(east.centre))
    assert found["tocsin_ready", ()] == 1
    assert found["tocsin_log_entries", (("log", "shared"),)] == east.log.size
    assert found["tocsin_partner_entries", (("partner", "west"),)] == west.log.size
    assert found["tocsin_partner_receipted_entries", (("partner", "west"),)] == east.log.size
    assert found["tocsin_partner_silence_seconds", (("partner", "west"),)] == east.centre.silence_s()["west"] >= 7
    assert found["tocsin_disclosed_total", (("kind", "notification"),)] == 1
    assert found["tocsin_disclosed_bytes_total", ()] == east.centre.disclosed_bytes > 0


def test_a_silent_partner_shows_and_a_halted_centre_is_not_ready():
    east, west, clock = world()
    settle(east, west)
    clock.now += 3_600 * NS
    found = read(exposition(east.centre))
    assert found["tocsin_partner_silent", (("partner", "west"),)] == 1
    assert not_ready(east.centre) == "", "a partner's silence is not ours"
    east.centre.border.opening.halted = "our log is behind what a partner holds"
    assert not_ready(east.centre) == "our log is behind what a partner holds"
    assert read(exposition(east.centre))["tocsin_ready", ()] == 0


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
                       st.floats(allow_nan=False, allow_infinity=False), max_size=5))  # fmt: skip
def test_any_label_and_number_comes_back(values):
    family = Family("tocsin_x", False, "Test", tuple(({"of": key}, value) for key, value in values.items()))
    text = "".join(_lines(family))
    assert read(text) == {("tocsin_x", (("of", key),)): value for key, value in values.items()}
