"""Files that another party sent, packed or damaged."""

import gzip

import pytest

from tocsin.errors import BadEvidence
from tocsin.node.adapters.tilefiles import unpacked

WHOLE = gzip.compress(b"a bound proof" * 400, mtime=0)


def test_a_file_is_the_same_packed_or_not(tmp_path):
    for data in (b"a bound proof" * 400, WHOLE):
        (tmp_path / "proof").write_bytes(data)
        assert unpacked(tmp_path / "proof", "a bound proof") == b"a bound proof" * 400


DAMAGED = {
    "cut short": WHOLE[:30],
    "no such block": WHOLE[:10] + b"\xff" * 50,
    "another checksum": WHOLE[:-8] + bytes(8),
    "its first two bytes": b"\x1f\x8b",
}


@pytest.mark.parametrize("how", DAMAGED)
def test_damaged_packing_is_bad_evidence(tmp_path, how):
    (tmp_path / "proof").write_bytes(DAMAGED[how])
    with pytest.raises(BadEvidence, match="the gzip file is damaged"):
        unpacked(tmp_path / "proof", "a bound proof")
