"""`tocsin fsck --repair`: tiles come back from entries, entries from a partner's copy, lies from nowhere."""

import shutil
from pathlib import Path

import pytest

from tocsin.app.check import fsck
from tocsin.log.tiles import TileName, encode_bundle, parse_bundle

LOG = Path(__file__).parent / "golden_logs" / "one" / "west" / "shared"


@pytest.fixture
def logs(tmp_path):
    for name in ("ours", "copy"):
        shutil.copytree(LOG, tmp_path / name)
    return tmp_path / "ours", tmp_path / "copy"


def bundle(folder):
    (path,) = (folder / "tile" / "entries").rglob("*.p/*")
    return path


def tile(folder):
    (path,) = (folder / "tile" / "0").rglob("*.p/*")
    return path


def spoil(path, at=70):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def test_a_damaged_tile_comes_back_from_the_entries(logs, capsys):
    ours, _ = logs
    before = tile(ours).read_bytes()
    spoil(tile(ours))
    assert fsck(ours) == 1 and fsck(ours, repair=True) == 0
    assert tile(ours).read_bytes() == before and "After repair" in capsys.readouterr().out
    assert fsck(ours) == 0


def test_a_damaged_entry_comes_back_from_a_copy(logs):
    ours, copy = logs
    before = bundle(ours).read_bytes()
    spoil(bundle(ours))
    assert fsck(ours, repair=True) == 1  # alone it cannot
    assert fsck(ours, repair=True, copy=copy) == 0 and bundle(ours).read_bytes() == before


def test_entry_and_tile_changed_together_come_back(logs):
    ours, copy = logs
    path = bundle(ours)
    size = int(path.name)
    entries = [*parse_bundle(path.read_bytes(), size)]
    entries[1] = entries[1].replace(b"anchors", b"anchorz", 1)
    path.write_bytes(encode_bundle(entries))
    spoil(tile(ours))
    assert fsck(ours) == 1 and fsck(ours, repair=True, copy=copy) == 0


def test_a_copy_that_lies_repairs_nothing(logs):
    ours, copy = logs
    spoil(bundle(ours))
    spoil(bundle(copy), at=90)
    assert fsck(ours, repair=True, copy=copy) == 1
    assert TileName(None, 0, 21).path in str(bundle(ours))
