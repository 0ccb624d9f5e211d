"""ASTERIX there and back, for every item of every category; and whatever else comes, comes to no harm."""

import pytest
from asterix_values import record
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.formats.asterix.capture import read
from tocsin.formats.asterix.fields import group
from tocsin.formats.asterix.records import encode_block, encode_record, records
from tocsin.formats.asterix.tables import CATEGORIES, category
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally

KINDS = [(number, kind) for number in CATEGORIES for kind in category(number).uaps]


@pytest.mark.parametrize(("number", "kind"), KINDS)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_encoded_is_decoded(number, kind, data):
    wanted = data.draw(st.lists(record(number, kind), min_size=1, max_size=3))
    tally = Tally()
    found = list(records(encode_block(number, [encode_record(number, one, kind) for one in wanted]), tally))
    assert not tally.left
    assert [one.values() for one in found] == wanted


@settings(max_examples=80)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_counted(data):
    tally = Tally()
    try:
        found = list(read(data, tally))
    except FormatError:
        return
    for _, one in found:
        one.values()
    assert found or tally.left


@settings(max_examples=40)
@given(st.data())
def test_a_broken_block_costs_itself_alone(data):
    number, kind = data.draw(st.sampled_from(KINDS))
    good = encode_block(48, [encode_record(48, {"010": {"SAC": 1, "SIC": 2}})])
    body = encode_record(number, data.draw(record(number, kind)), kind)
    cut = body[: data.draw(st.integers(1, len(body) - 1))] if len(body) > 1 else b"\x01"
    tally = Tally()
    found = [one for _, one in read(good + encode_block(number, [cut]) + good, tally)]
    assert found[0].values() == {"010": {"SAC": 1, "SIC": 2}}
    assert found[-1].values() == {"010": {"SAC": 1, "SIC": 2}}


def test_skipped_records_are_shown_with_their_offset():
    good = encode_block(48, [encode_record(48, {"010": {"SAC": 1, "SIC": 2}})])
    unknown = bytes([247, 0, 5, 1, 2])
    tally = Tally()
    found = [one for _, one in read(good + encode_block(62, [b"\x81"]) + unknown + good, tally)]
    assert [one.offset for one in found] == [3, len(good) + 4 + 5 + 3]
    assert [(one.offset, one.what) for one in tally.skipped] == [
        (len(good) + 3, "ASTERIX 062"),
        (len(good) + 4, "ASTERIX 247"),
    ]
    assert any("truncated record, first at offset 9" in line for line in tally.words())


def test_what_does_not_fit_is_refused_with_the_field_named():
    with pytest.raises(FormatError, match="RHO"):
        encode_record(48, {"040": {"RHO": 300.0, "THETA": 0.0}})
    with pytest.raises(FormatError, match="alphabet"):
        encode_record(48, {"240": {"ID": "DLH?"}})
    with pytest.raises(KeyError):
        encode_record(65, {"040 of another": {}})


def test_a_group_that_does_not_fill_bytes_is_our_own_bug():
    with pytest.raises(AssertionError):
        _ = group("A:u3").size


@pytest.mark.parametrize("number", CATEGORIES)
def test_the_tables_are_sound(number):
    known = category(number)
    used = {ref for order in known.uaps.values() for ref in order} - {"-", "RFS"}
    assert used == set(known.items)
