"""Officers' hands: a centre cannot forge them, two are two people, and an auditor needs only the logs."""

import msgspec
import pytest

from tocsin.node.custody.roster import hands, registry
from tocsin.wire import bodies
from tocsin.wire.custody import Anchor, Anchors, SigningRule

from .officers import (
    ANCHORS,
    ANNA,
    BORIS,
    CARLA,
    ROOT_TOKEN,
    Authenticator,
    blank,
    ed25519,
    log_of,
    p256,
    root_signed,
    roster,
    signed,
    vote,
)

BEGUN = (blank(ANCHORS), root_signed(roster()))


def left_out(*statements, other=()):
    """Why votes of west do not count, in the order of its log."""
    logs = {"west": log_of(*statements), "east": log_of(*other, party="east") if other else []}
    return registry(logs).counted(one for one in logs["west"] if one.kind == "vote")[1]


def test_two_officers_sign_a_vote():
    good = signed(vote(), (ANNA, "watch-officer"), (BORIS, "watch-officer"))
    assert left_out(*BEGUN, good) == []
    hybrid = signed(vote("Carla"), (CARLA, "watch-officer"), (BORIS, "duty-officer"))
    assert left_out(*BEGUN, hybrid) == []


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ((), "signed by nobody"),
        (((ANNA, "watch-officer"),), "signed by Anna; 2 officers"),
        (((ANNA, "watch-officer"), (ANNA, "watch-officer")), "signed by Anna; 2"),
        (((BORIS, "watch-officer"), (BORIS, "duty-officer")), "signed by Boris; 2"),
        (((BORIS, "watch-officer"), (CARLA, "watch-officer")), "in the name of Anna, who did not sign"),
        (((ROOT_TOKEN, "root"), (ANNA, "watch-officer")), "signed by Anna; 2"),
    ],
)
def test_what_lacks_hands_does_not_count(pairs, why):
    (found,) = left_out(*BEGUN, signed(vote(), *pairs))
    assert why in found


def test_half_of_a_hybrid_hand_is_none():
    both = signed(vote("Carla"), (CARLA, "watch-officer"), (BORIS, "watch-officer"))
    half = msgspec.structs.replace(both, signatures=both.signatures[1:])
    assert "signed by Boris; 2" in left_out(*BEGUN, half)[0]


def test_a_role_must_be_used_by_somebody():
    assert "in the role duty-officer" in left_out(
        *BEGUN, signed(vote(role="duty-officer"), (ANNA, "watch-officer"), (BORIS, "watch-officer"))
    )[0]


def test_a_signature_belongs_to_its_statement():
    """A centre that holds officers' signatures cannot put them under anything else."""
    given = signed(vote(), (ANNA, "watch-officer"), (BORIS, "watch-officer"))
    for changed in (
        msgspec.structs.replace(blank(vote("Boris")), signatures=given.signatures),
        msgspec.structs.replace(given, mode="live"),
        msgspec.structs.replace(given, epoch=1),
        msgspec.structs.replace(given, regime="cd" * 32),
    ):
        assert hands(changed, roster()).bad == 2


def test_a_centre_cannot_enrol_its_own_officers():
    mallory = type(ANNA)("Anna", ("watch-officer",), (ed25519("mallory"),))
    forged = roster(1, (mallory.officer, BORIS.officer), votes=1)
    for attempt in (blank(forged), signed(forged, (mallory, "watch-officer"))):
        logs = {"west": log_of(*BEGUN, attempt, signed(vote(), (mallory, "watch-officer")))}
        found = registry(logs)
        assert "root keys must sign" in found.refused[0]
        assert found.counted(logs["west"][3:])[0] == []


def test_one_root_key_of_two_is_not_enough():
    whole = root_signed(roster())
    half = msgspec.structs.replace(whole, signatures=whole.signatures[:1])
    good = signed(vote(), (ANNA, "watch-officer"), (BORIS, "watch-officer"))
    assert "no roster in force" in left_out(blank(ANCHORS), half, good)[0]


def test_a_roster_counts_from_its_entry_and_once():
    good = signed(vote(), (ANNA, "watch-officer"), (BORIS, "watch-officer"))
    without_anna = root_signed(roster(1, (BORIS.officer, CARLA.officer)))
    assert len(left_out(*BEGUN, good, without_anna, good)) == 1
    again = left_out(*BEGUN, without_anna, root_signed(roster()), good)  # the old one, logged again
    assert "in the name of Anna" in again[0] or "2 officers" in again[0]


def test_another_logs_anchors_are_shown_and_undo_nothing():
    """One party's entry must not take back, after the fact, what another has signed."""
    other = Anchors(parties=(Anchor(party="west", root_keys=ANNA.public, threshold=1),))
    good = signed(vote(), (ANNA, "watch-officer"), (BORIS, "watch-officer"))
    assert left_out(*BEGUN, good, other=(blank(other, "east"),)) == []
    assert left_out(*BEGUN, good, other=(blank(ANCHORS, "east"),)) == []


def test_anchors_after_a_vote_do_not_reach_back():
    assert left_out(blank(vote()), blank(ANCHORS)) == []


def test_without_anchors_nothing_is_asked():
    """Parties that never agreed on officers vote as centres."""
    assert left_out(blank(vote())) == []


def test_an_anchor_alone_stops_unsigned_votes():
    assert "no roster in force" in left_out(blank(ANCHORS), blank(vote()))[0]


AUTHENTICATORS = (
    Authenticator("Wanda", p256("wanda"), "webauthn-p256"), Authenticator("Wilma", ed25519("wilma"), "webauthn-ed25519")
)  # fmt: skip
WEB_ROSTER = roster(0, tuple(one.officer for one in AUTHENTICATORS))


def outcome(signature):
    found = hands(msgspec.structs.replace(blank(vote("Wanda")), signatures=signature), WEB_ROSTER)
    return len(found.officers), found.bad


@pytest.mark.parametrize("authenticator", AUTHENTICATORS)
def test_webauthn_assertions(authenticator):
    made = blank(vote("Wanda"))
    assert outcome(authenticator.sign(made, "watch-officer")) == (1, 0)
    wrong = (
        {"rp": "watch.east.example"}, {"origin": "https://evil.example"}, {"flags": 0x01}, {"flags": 0x04},
        {"kind": "webauthn.create"}, {"said": "AAAA"},
    )  # fmt: skip
    for change in wrong:
        assert outcome(authenticator.sign(made, "watch-officer", **change)) == (0, 1)
    assert outcome(authenticator.sign(blank(vote("Wilma")), "watch-officer")) == (0, 1)


@pytest.mark.parametrize("context", ["", "{}", "[]", '{"authenticator_data": "AAAA", "client_data_json": "e30="}', "é"])
def test_webauthn_contexts_that_are_none(context):
    (good,) = AUTHENTICATORS[0].sign(blank(vote("Wanda")), "watch-officer")
    assert outcome((msgspec.structs.replace(good, context=context),)) == (0, 1)


def test_two_people_at_two_browsers():
    made = blank(vote("Wanda"))
    given = tuple(one for person in AUTHENTICATORS for one in person.sign(made, "watch-officer"))
    assert left_out(blank(ANCHORS), root_signed(WEB_ROSTER), msgspec.structs.replace(made, signatures=given)) == []


def test_a_step_signed_once_counts_once():
    """R6. An old `suspend`, logged again after all have resumed: its officers signed one, and it stands elsewhere."""
    rules = msgspec.structs.replace(roster(), rules=(SigningRule(kind="standing", officers=2),))
    step = bodies.Standing(action="suspend", effective_tai_us=1, because="x", officer="Anna")
    pair = ((ANNA, "watch-officer"), (BORIS, "watch-officer"))
    suspend, resume = signed(step, *pair), signed(msgspec.structs.replace(step, action="resume"), *pair)
    one_new_hand = msgspec.structs.replace(
        suspend, signatures=(suspend.signatures[0], *CARLA.sign(blank(step), "watch-officer"))
    )
    log = log_of(blank(ANCHORS), root_signed(rules), suspend, resume, suspend, one_new_hand)
    made = registry({"west": log})
    assert [bool(made.objection(one)) for one in log[2:]] == [False, False, True, True]
    assert "signed by nobody" in made.objection(log[4])
    assert "signed by Carla" in made.objection(log[5])
