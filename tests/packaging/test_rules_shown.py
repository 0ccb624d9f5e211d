"""docs/protocol.md and docs/threats.md: every rule, trap and threat has a row, and every test and file named exists."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/protocol.md", "docs/threats.md", "docs/keys.md")
PLACE = re.compile(r"(tests(?:/\w+)+(?:\.py)?)|\b(test_\w+\.py)|`(test_[\w*]+)`")
CODE = re.compile(r"`([a-z_]+(?:\.[a-z_0-9]+)+)(?:\.[A-Z]\w*(?:\.\w+)?)?`")
ROOMS = {path.name for path in (ROOT / "src/tocsin").iterdir() if path.is_dir()}


def missing_tests(text):
    """Names of tests in a text that are not there."""
    found, file = [], None
    for path, short, name in PLACE.findall(text):
        if path or short:
            file = ROOT / path if path else (file.parent if file and file.suffix else file or ROOT) / short
            if not file.exists():
                found.append(str(file.relative_to(ROOT)))
        elif file is None or not file.is_file():
            found.append(f"{name} of no file")
        else:
            there = re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
            if not any(fnmatch(one, name) for one in there):
                found.append(f"{file.relative_to(ROOT)} {name}")
    return found


def missing_code(text):
    """Places in the code, as `room.module`, that are not there."""
    found = []
    for dotted in CODE.findall(text):
        room, *rest = dotted.removeprefix("tocsin.").split(".")
        if room not in ROOMS:
            continue
        places = [ROOT / "src/tocsin" / room / Path(*rest[:count]) for count in range(len(rest), 0, -1)]
        if not any(place.is_dir() or place.with_suffix(".py").is_file() for place in places):
            text_of = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/tocsin" / room).rglob("*.py"))
            if not re.search(rf"\b{rest[-1]}\b", text_of):
                found.append(dotted)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert missing_tests(text) == []
    assert missing_code(text) == []


def test_every_rule_trap_and_threat_has_a_row_with_a_test():
    rows = {}
    for page in PAGES[:2]:
        for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
            head = re.match(r"\| ([VLT]?\d+)\b", line)
            if head:
                rows.setdefault(head[1], line)
    wanted = [*(f"V{n}" for n in range(1, 7)), *(f"L{n}" for n in range(1, 12)), *(f"T{n}" for n in range(1, 15))]
    wanted += [str(n) for n in range(1, 14)]
    assert [name for name in wanted if "test_" not in rows.get(name, "")] == []


def test_canaries():
    assert missing_tests("tests/log/test_note.py `test_nothing_like_it`")
    assert missing_tests("tests/log/test_nothing.py")
    assert missing_tests("`test_round_trip`")
    assert not missing_tests("tests/log/test_note.py `test_round_*`, test_tiles.py `test_paths`; tests/decide")
    assert missing_code("`log.nothing_of_the_kind`")
    assert not missing_code("`log.note`, `mirror.evidence`, `node.custody.roster`")
