"""One file, one verdict: what a bundle shows by itself, with third parties' receipts, and what a forger gets."""

import pytest

from tocsin.log.keys import parse_vkey
from tocsin.node import commands, queries
from tocsin.node.audit_bundle import audit_bundle
from tocsin.node.export import policy_text
from tocsin.node.gates import foreign_shelf
from tocsin.node.shown import decision_bundle

from .test_restart import proposal
from .test_shown import by_outsiders
from .two import cosigners, notice, pass_time, settle, signers, world

NAMES = ("east", "north", "west")


@pytest.fixture(scope="module")
def adopted():
    """Three parties that adopted a finding, and each one's bundle of it."""
    *sides, clock = world(*NAMES)
    east = sides[0]
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(*sides)
    for side in sides:
        side.centre.say(notice(code=side.name[:3].upper()))
        commands.vote(side.centre, proposal(side), "yes", "A")
        settle(*sides)
    pass_time(sides, clock, 8)
    bundles = {}
    for side in sides:
        said = next(one for one in side.centre.said if one.kind == "proposal")
        assert queries.decided(side.centre, said.entry).status == "ADOPTED"
        bundles[side.name] = decision_bundle(side.centre, said)
    return sides, bundles


def policies():
    return [policy_text([one.key for one in signers(n)], [[tuple(c.key for c in cosigners(n))]]) for n in NAMES]


def words(verdict):
    return " / ".join(finding.words for finding in verdict.findings)


@pytest.mark.parametrize("name", NAMES)
def test_every_partys_bundle_shows_the_adoption_by_itself(adopted, name):
    sides, bundles = adopted
    assert by_outsiders(bundles[name], sides[0].centre, *NAMES) == ("ADOPTED", ())
    for given in ([], policies()):
        verdict = audit_bundle("one.tocsin-bundle", bundles[name], given)
        assert verdict.ok, words(verdict)
        assert "nothing is left out" in words(verdict)
        assert ("whose they are was not checked" in verdict.words) == (not given)
        assert ("compare them with the parties" in words(verdict)) == (not given)


def test_the_receipts_of_third_parties_come_from_their_shelf(adopted):
    (east, *_), _ = adopted
    assert east.centre.ports.store(foreign_shelf("tocsin.exercise/test/west")).first_receipt(0) is not None


def test_what_was_changed_or_is_signed_by_others_is_refused(adopted):
    _, bundles = adopted
    data = bundles["east"]
    assert not audit_bundle("x", data.replace(b"benign", b"denign", 1), []).ok
    assert not audit_bundle("x", data[:-1], []).ok
    others = [policy_text([one.key for one in signers("east", f"tocsin.exercise/test/{n}")], ()) for n in NAMES]
    found = audit_bundle("x", data, others)
    assert not found.ok
    assert found.words.startswith("Not verified")
    assert parse_vkey(signers("east")[0].key.text).name in data.decode(errors="replace")


def test_a_bundle_that_names_no_keys_needs_a_policy(adopted):
    (east, *_), _ = adopted
    data = east.centre.books["shared"].gate.held.bundle([1]).encode()
    found = audit_bundle("x", data, [])
    assert "give the policy files" in found.words
    assert "no agreement" in audit_bundle("x", data, policies()).words
