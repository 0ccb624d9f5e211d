"""docs/statements.md speaks of every field of the kinds in which centres talk, under the name of the kind."""

import re
from pathlib import Path

import pytest

from tocsin.wire.bodies import Notification, Notification2
from tocsin.wire.council import COUNCIL_KINDS

TEXT = (Path(__file__).parents[2] / "docs" / "statements.md").read_text()
SECTIONS = {
    name.strip(): part
    for heading, part in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    for name in heading.split(",")
}


def unnamed(kind: str, record: type, text: dict[str, str] = SECTIONS) -> list[str]:
    fields = record.__struct_fields__
    return [field for field in fields if f"`{field}`" not in text.get(kind, "")]


@pytest.mark.parametrize("kind", sorted(kind for kind, _ in COUNCIL_KINDS))
def test_every_field_of_a_kind_is_explained_under_its_name(kind):
    assert unnamed(kind, COUNCIL_KINDS[kind, 1]) == []


def test_the_new_fields_of_a_notification_too():
    new = [name for name in Notification2.__struct_fields__ if name not in Notification.__struct_fields__]
    assert [name for name in new if f"`{name}`" not in SECTIONS["schema 2"]] == []


def test_every_section_has_a_mark():
    unmarked = [kind for kind, _ in COUNCIL_KINDS if not re.search(r"\*\*\[[SCIU]\]\*\*", SECTIONS[kind])]
    assert unmarked == []


def test_canary():
    assert unnamed("docket", COUNCIL_KINDS["docket", 1], {"docket": "`case` alone"})
