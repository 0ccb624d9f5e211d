"""Old bytes are read for ever, to the same values; published schemas do not move."""

import hashlib
import json
from pathlib import Path

import pytest

from tocsin.wire import KINDS, body_of, decode, encode, schema

from .examples import statement
from .golden.make import bare

GOLDEN = Path(__file__).parent / "golden"
SUMS = dict(reversed(line.split("  ")) for line in (GOLDEN / "SHA256SUMS").read_text().splitlines())
LOGGED = sorted(name for name in SUMS if not name.endswith(".foreign.json"))


@pytest.mark.parametrize("name", sorted(SUMS))
def test_bytes_are_those_that_were_logged(name):
    assert hashlib.sha256((GOLDEN / name).read_bytes()).hexdigest() == SUMS[name]


def test_every_kind_and_number_has_an_old_entry():
    assert {f"{kind}-{number}.json" for kind, number in KINDS} <= set(LOGGED)


@pytest.mark.parametrize("name", LOGGED)
def test_old_entry_is_read_to_the_same_values(name):
    read = decode((GOLDEN / name).read_bytes())
    kind, number = name.removesuffix(".json").rsplit("-", 1)
    assert (read.kind, read.schema) == (kind, int(number))
    expected = statement(kind if number == "1" else f"{kind}@{number}")
    assert body_of(read) == body_of(expected)
    assert read == expected


@pytest.mark.parametrize("name", LOGGED)
def test_the_same_statement_written_by_another_program(name):
    data = (GOLDEN / name.replace(".json", ".foreign.json")).read_bytes()
    own = decode((GOLDEN / name).read_bytes())
    read = decode(data)
    assert body_of(read) == body_of(own)
    assert encode(read) != data  # it is other bytes, and stays them: nobody encodes a partner's statement again


@pytest.mark.parametrize("name", sorted(schema()))
def test_schema_is_the_published_one(name):
    assert bare(schema()[name]) == json.loads((GOLDEN / "schema" / f"{name}.json").read_text())


def test_no_published_schema_was_dropped():
    assert {path.stem for path in (GOLDEN / "schema").glob("*.json")} == set(schema())


@pytest.mark.parametrize("name", sorted(schema()))
def test_schema_patterns_are_portable(name):
    assert r"\Z" not in json.dumps(schema()[name])
