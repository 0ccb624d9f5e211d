"""A stored log gives the stored picture, to the last bit, on every machine (golden/three-parties.json)."""

import json

import pytest
from make_golden import FILE, SECONDS, picture_bits
from reference_radars import Entry

from tocsin.fuse import FUSE_VERSION

GOLDEN = json.loads(FILE.read_text())
ENTRIES = [Entry(origin, index, data.encode()) for origin, index, data in GOLDEN["entries"]]


def test_it_belongs_to_this_version():
    assert GOLDEN["fuse_version"] == FUSE_VERSION


@pytest.mark.parametrize("place", range(len(SECONDS)))
def test_bits(place):
    assert picture_bits(ENTRIES, SECONDS[place]) == GOLDEN["pictures"][place]


def test_a_changed_bit_is_caught():
    """Canary: the smallest change of one stored number shows."""
    first = ENTRIES[0].data.decode()
    place = first.index('"position_ecef_m":[') + len('"position_ecef_m":[')
    changed = first[:place] + "1" + first[place:]
    entries = [Entry(ENTRIES[0].origin, 0, changed.encode()), *ENTRIES[1:]]
    assert picture_bits(entries, SECONDS[0]) != GOLDEN["pictures"][0]
