"""Records that are frozen verify for ever, to the same findings; the same with one bit changed does not."""

import shutil
from pathlib import Path

import pytest

from tocsin.app.check import verify_folder

RECORDS = sorted(path for path in (Path(__file__).parent / "golden_logs").iterdir() if (path / "west").is_dir())


def verdict(folder):
    (found,) = verify_folder(folder).values()
    return found


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name)
def test_an_old_record_verifies(record):
    found = verdict(record)
    assert found.ok, found.words
    words = [finding.words for finding in found.findings]
    assert sum(line.split(": ")[-1].startswith("Adopted") or ": Adopted" in line for line in words) == 3
    assert sum(finding.step == "P11" for finding in found.findings) == 2
    assert found.logs == 4 and {"P6", "P8", "P9", "P10"} <= {finding.step for finding in found.findings}


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name)
@pytest.mark.parametrize("party", ["east", "west"])
def test_a_changed_bit_does_not(record, party, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(record, copy)
    (file, *_) = sorted((copy / party / "shared" / "tile" / "entries").rglob("*/*"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    assert not verdict(copy).ok
