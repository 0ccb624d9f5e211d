"""Every record of the recordings, against a decoder that we did not write (tests/formats/data/README.md)."""

import json
from pathlib import Path

import pytest

from tocsin.formats.asterix.capture import read
from tocsin.formats.tally import Tally

DATA = Path(__file__).parent / "data"
GOLDEN = json.loads((DATA / "golden.json").read_text())["recordings"]


def leaves(value):
    if isinstance(value, bytes):
        return []
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


def same(ours, theirs):
    if isinstance(ours, float) or isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=1e-9, abs=1e-12)
    return ours == theirs


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_every_record_of_a_recording_decodes_to_the_golden_values(name):
    tally = Tally()
    found = [record for _, record in read((DATA / name).read_bytes(), tally)]
    assert not tally.left
    assert len(found) == len(GOLDEN[name])
    for record, (category, items) in zip(found, GOLDEN[name], strict=True):
        assert record.category == category
        assert sorted(record.items) == sorted(items)
        for reference, theirs in items.items():
            ours = leaves(record[reference])
            assert len(ours) == len(theirs), (name, category, reference, ours, theirs)
            wrong = [(a, b) for a, b in zip(ours, theirs, strict=True) if not same(a, b)]
            assert not wrong, (name, category, reference, wrong)


def test_the_golden_values_are_compared_leaf_by_leaf():
    """Canary: one bit of one record changed."""
    data = bytearray((DATA / "cat048.raw").read_bytes())
    data[14] ^= 1  # the last bit of a position
    found = [record for _, record in read(bytes(data), Tally())]
    theirs = GOLDEN["cat048.raw"][0][1]
    assert any(
        not same(a, b) for ref, values in theirs.items() for a, b in zip(leaves(found[0][ref]), values, strict=True)
    )
