"""A joint decision that cites a file: logged, receipted, voted on by hash, and found again offline."""

import hashlib

import pytest

from tocsin.errors import Refusal
from tocsin.node import commands, council, queries
from tocsin.node.audit_bundle import audit_bundle
from tocsin.node.shown import decision_bundle
from tocsin.wire.judging import Attachment
from tocsin.wire.measures import Measure, ShareMore

from .two import notice, pass_time, settle, world

FILE = b"a report that both sides can read"
ATTACHED = Attachment(name="report.json", sha256=hashlib.sha256(FILE).hexdigest(), bytes=len(FILE))


def evidence(side):
    """A case of `side` with the file as evidence; its statement."""
    council.ask(side.centre, list(side.centre.links), "What can the sites not reach?", "A")
    council.answer(side.centre, docket(side), "evidence", "This.", "A", attachments=(ATTACHED,))
    return docket(side)


def docket(side):
    """The last statement of a case."""
    return [one for one in side.centre.said if one.kind == "docket"][-1]


def measure(centre):
    return next(one for one in centre.said if isinstance(one.body, Measure))


def put(side, cites):
    now_s = side.centre.posix_s()
    terms = ShareMore(kinds=("site-check",), effective_s=now_s + 600, until_s=now_s + 1_200)
    commands.propose_measure(side.centre, terms, "A", "The sites reach none of it: so we share more.", cites=cites)


@pytest.fixture(scope="module")
def adopted():
    """Three parties that adopted a measure resting on a file; each one's bundle, and the bare one's words."""
    *sides, clock = world("east", "north", "west")
    (west,) = (side for side in sides if side.name == "west")
    cited = evidence(west)
    settle(*sides)
    put(west, (cited,))
    settle(*sides)
    for side in sides:
        side.centre.say(notice(code=side.name[:3].upper()))
        commands.vote(side.centre, measure(side.centre).entry, "yes", "A")
        settle(*sides)
    pass_time(sides, clock, 8)
    assert {queries.decided(side.centre, measure(side.centre).entry).status for side in sides} == {"ADOPTED"}
    return sides, {side.name: decision_bundle(side.centre, measure(side.centre)) for side in sides}


def words(verdict):
    return " / ".join(finding.words for finding in verdict.findings)


@pytest.mark.parametrize("name", ["east", "north", "west"])
def test_every_partys_bundle_shows_the_file_that_was_cited(adopted, name):
    _, bundles = adopted
    found = audit_bundle("x", bundles[name], [], {"mine.json": FILE})
    assert found.ok, words(found)
    assert "Adopted: the measure" in words(found)
    assert "cites report.json, entry" in words(found)
    assert "receipted by east, north" in words(found)
    assert "nothing is left out" in words(found)
    assert "is the file that measure" in words(found)


def test_another_file_is_not_the_one(adopted):
    _, bundles = adopted
    found = audit_bundle("x", bundles["east"], [], {"mine.json": FILE + b" "})
    assert not found.ok
    assert "no decision here cites this file" in found.words


def test_the_vote_binds_the_hash(adopted):
    sides, _ = adopted
    (line,) = measure(sides[0].centre).body.void_if
    assert line.startswith("what report.json shows does not hold") and ATTACHED.sha256 in line


def test_what_is_cited_must_have_been_receipted_and_be_there():
    east, west, _ = world()
    cited = evidence(west)
    put(west, (cited,))
    held = west.centre.books["shared"].gate.held
    spoken = [one.entry.index for one in west.centre.said if one.entry.origin == west.centre.config.origin]
    without = [index for index in spoken if index != cited.entry.index]
    for indexes, why in ((spoken, "east had not receipted entry"), (without, "which is not here")):
        found = audit_bundle("x", held.bundle(indexes).encode(), [])
        assert not found.ok
        assert why in words(found)
    settle(east, west)
    assert "receipted by east" in words(audit_bundle("x", held.bundle(spoken).encode(), []))


def test_only_a_docket_with_a_file_can_be_cited():
    east, _, _ = world()
    council.ask(east.centre, ["west"], "And?", "A")
    with pytest.raises(Refusal, match="with a file expected"):
        put(east, (docket(east),))
