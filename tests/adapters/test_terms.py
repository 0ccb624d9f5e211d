"""Version 2 of an officer's signature: bound to the log, the place from which on, the time, and the proposal."""

import msgspec
import pytest

from tocsin.node.custody.roster import hands
from tocsin.wire.envelope import officer_message
from tocsin.wire.officer import Terms, message_under, sign, terms_for, terms_of

from .officers import ANNA, BORIS, Authenticator, blank, ed25519, p256, roster, vote

replace = msgspec.structs.replace
SEEN = msgspec.structs.replace(blank(vote()), sequence=7)
SEEN = replace(SEEN, observed=replace(SEEN.observed, t_tai_us=1_000_000))


def with_hands(statement=SEEN, token=ANNA):
    return replace(statement, signatures=token.sign(statement, "watch-officer"))


def signers(statement):
    return set(hands(statement, roster()).officers)


@pytest.mark.parametrize("token", [ANNA, BORIS])
def test_a_token_signs_with_terms_and_they_hold(token):
    made = with_hands(token=token)
    assert signers(made) == {token.name}
    (terms,) = {terms_of(one) for one in made.signatures}
    assert (terms.origin, terms.from_index, terms.proposal_sha256) == (SEEN.origin, 7, "0" * 64)
    later = replace(made, sequence=900, observed=replace(made.observed, t_tai_us=1_000_000 + 3_600_000_000))
    assert signers(later) == {token.name}


@pytest.mark.parametrize(
    "moved",
    [
        lambda s: replace(s, sequence=6),
        lambda s: replace(s, observed=replace(s.observed, t_tai_us=999_999)),
        lambda s: replace(s, observed=replace(s.observed, t_tai_us=1_000_001 + 86_400_000_000)),
        lambda s: replace(s, origin="tocsin.exercise/other"),
    ],
)
def test_logged_elsewhere_or_at_another_time_nobody_signed_it(moved):
    assert signers(moved(with_hands())) == set()


def rewritten(statement, **changes):
    (one,) = statement.signatures
    terms = replace(terms_of(one), **changes)
    context = msgspec.json.encode({"terms": terms}).decode()
    return replace(statement, signatures=(replace(one, context=context),))


@pytest.mark.parametrize(
    "changes",
    [{"from_index": 0}, {"not_before_tai_us": 0}, {"not_after_tai_us": 2**53 - 1}, {"proposal_sha256": "1" * 64}],
)
def test_terms_cannot_be_rewritten_or_taken_out(changes):
    made = with_hands()
    assert signers(rewritten(made, **changes)) == set()
    bare = replace(made, signatures=tuple(replace(one, context="") for one in made.signatures))
    assert signers(bare) == set()


def test_terms_must_name_the_proposal_of_the_vote():
    terms = replace(terms_for(SEEN, 10**9), proposal_sha256="1" * 64)
    key = ed25519("anna")
    labels = {"scheme": "ed25519", "key_id": with_hands().signatures[0].key_id, "role": "watch-officer"}
    lying = sign(SEEN, key.sign, terms=terms, **labels)
    assert signers(replace(SEEN, signatures=(lying,))) == set()
    honest = sign(SEEN, key.sign, terms=terms_for(SEEN, 10**9), **labels)
    assert signers(replace(SEEN, signatures=(honest,))) == {"Anna"}


def test_version_1_is_read_for_ever():
    key = ed25519("anna")
    labels = {"scheme": "ed25519", "key_id": with_hands().signatures[0].key_id, "role": "watch-officer"}
    old = sign(SEEN, key.sign, **labels)
    assert old.context == "" and signers(replace(SEEN, sequence=0, signatures=(old,))) == {"Anna"}
    assert message_under(SEEN, None) == officer_message(SEEN)
    assert message_under(SEEN, terms_for(SEEN, 5)).startswith(b"\x00\x00\x00\x11tocsin/officer/v2")


def test_an_authenticator_carries_terms_in_its_context():
    from tocsin.node.custody.signatures import challenge

    device = Authenticator("Dora", p256("dora"), "webauthn-p256")
    terms = terms_for(SEEN, 10**9)
    said = challenge(message_under(SEEN, terms))
    (one,) = device.sign(SEEN, "watch-officer", said=said)
    context = {**msgspec.json.decode(one.context), "terms": terms}
    good = replace(one, context=msgspec.json.encode(context).decode())
    rules = roster(officers=(device.officer,), votes=1)
    assert set(hands(replace(SEEN, signatures=(good,)), rules).officers) == {"Dora"}
    assert not hands(replace(SEEN, signatures=(one,)), rules).officers
    assert not hands(replace(SEEN, sequence=3, signatures=(good,)), rules).officers


def test_any_context_is_read_or_is_version_1():
    for text in ("", "{", "[]", '{"terms":{}}', '{"terms":null}', "\x00", '{"terms":{"version":3}}'):
        assert terms_of(replace(with_hands().signatures[0], context=text)) is None
    assert isinstance(terms_of(with_hands().signatures[0]), Terms)
