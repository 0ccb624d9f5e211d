"""V1 to V5, case by case."""

import pytest

from tocsin.decide import OwnFloor, decision, wording

from .making import JOINT, REGIMES, TWO, D, entry, floor, parties, proposal_body, propose, raw, receipt, vote

EAST, WEST = TWO
P = propose()
YES_EAST, YES_WEST = vote(P, EAST, 3), vote(P, WEST, 5)
IN_TIME = (receipt(WEST, EAST, 4, D), receipt(EAST, WEST, 6, D - 7))


def decide(entries, receipts=IN_TIME, own=None, proposal=P, everyone=TWO, regime=JOINT):
    return decision(proposal, entries, receipts, everyone, regime, own)


def test_v2_adopted_with_the_whole_certificate():
    found = decide([YES_WEST, YES_EAST])
    assert found.status == "ADOPTED"
    assert found.receipts == tuple(sorted(IN_TIME))
    assert [place.index for place in found.entries] == [3, 5]
    assert found.binding


@pytest.mark.parametrize(
    "receipts",
    [
        (),
        IN_TIME[:1],
        (receipt(WEST, EAST, 4, D + 1), IN_TIME[1]),  # a second late
        (receipt(WEST, EAST, 3, D), IN_TIME[1]),  # the vote has index 3: size 3 does not cover it
        (receipt(EAST, EAST, 4, D), IN_TIME[1]),  # one's own mirror proves nothing to the other
        (receipt(WEST, WEST, 4, D), IN_TIME[1]),  # another log
    ],
)
def test_v4_pending_without_a_receipt_that_counts(receipts):
    found = decide([YES_EAST, YES_WEST], receipts)
    assert found.status == "PENDING"
    assert wording(found).startswith("Undetermined; act as not adopted")


def test_v4_pending_without_a_vote():
    assert decide([YES_EAST]).status == "PENDING"


def test_v3_closed_by_a_first_entry():
    found = decide([YES_EAST, vote(P, WEST, 5, "close")])
    assert found.status == "CLOSED"
    assert found.entries[0].origin == WEST.origin


def test_v1_first_entry_is_final():
    close_later, close_first = vote(P, WEST, 9, "close"), vote(P, WEST, 1, "close")
    assert decide([YES_EAST, YES_WEST, close_later]).status == "ADOPTED"
    assert decide([YES_EAST, YES_WEST, close_first]).status == "CLOSED"
    assert "second vote" in decide([YES_EAST, YES_WEST, close_later]).reasons[1]


def test_v3_closed_by_a_floor_statement():
    found = decide([YES_EAST, YES_WEST, floor(P, WEST, 8, D + 1, "east")], IN_TIME[1:])
    assert found.status == "CLOSED"
    assert "1 s past the deadline" in found.reasons[0]


@pytest.mark.parametrize(
    "stated",
    [
        floor(P, WEST, 8, D, "east"),  # not past the deadline
        floor(P, WEST, 8, D + 1, "west"),  # it need not receipt itself
        floor(P, WEST, 8, D + 1, "nobody"),
    ],
)
def test_v3_floor_statements_that_do_not_count(stated):
    assert decide([YES_EAST, YES_WEST, stated], IN_TIME[1:]).status == "PENDING"


def test_v3_a_party_may_conclude_it_itself():
    late = OwnFloor(party="west", floor_s=D + 1)
    assert decide([YES_EAST, YES_WEST], IN_TIME[1:], late).status == "CLOSED"
    assert decide([YES_WEST], IN_TIME, late).status == "CLOSED"
    assert decide([YES_EAST, YES_WEST], IN_TIME[1:], OwnFloor(party="west", floor_s=D)).status == "PENDING"
    # west receipted east's yes in time: its own floor says nothing about what east did
    assert decide([YES_EAST, YES_WEST], IN_TIME[:1], late).status == "PENDING"
    assert decide([YES_EAST, YES_WEST], IN_TIME, late).status == "ADOPTED"


def test_v5_floor_against_own_receipt_is_disputed_with_proof():
    lie = floor(P, WEST, 8, D + 1, "east")
    found = decide([YES_EAST, YES_WEST, lie])
    assert found.status == "DISPUTED"
    assert lie.sha256 in {place.sha256 for place in found.entries}
    assert found.receipts == IN_TIME[:1]
    assert found.misconduct


def test_v5_backdated_receipt_is_disputed_with_proof():
    late, back = receipt(WEST, EAST, 2, D + 5), receipt(WEST, EAST, 4, D)
    found = decide([YES_EAST, YES_WEST], (late, back, IN_TIME[1]))
    assert found.status == "DISPUTED"
    assert found.receipts == (late, back)


def test_v5_a_clean_receipt_beside_a_backdated_one_still_adopts_and_tells():
    early, late, back = receipt(WEST, EAST, 4, D - 9), receipt(WEST, EAST, 5, D + 5), receipt(WEST, EAST, 6, D)
    found = decide([YES_EAST, YES_WEST], (early, late, back, IN_TIME[1]))
    assert found.status == "ADOPTED"
    assert found.receipts[1] == early
    assert found.misconduct


def test_refreshed_receipts_of_one_size_are_no_contradiction():
    again = receipt(WEST, EAST, 4, D + 60)
    found = decide([YES_EAST, YES_WEST], (*IN_TIME, again))
    assert (found.status, found.misconduct) == ("ADOPTED", ())


def test_forked_log_is_disputed():
    other = receipt(WEST, EAST, 4, D, root="ff")
    assert decide([YES_EAST, YES_WEST], (*IN_TIME, other)).status == "DISPUTED"
    again = receipt(EAST, WEST, 6, D - 9)  # the other log, and one root twice
    more = [*IN_TIME, again, other, receipt(WEST, EAST, 4, D + 9), receipt(WEST, EAST, 4, D - 9, root="ff")]
    assert decide([YES_EAST, YES_WEST], more) == decide([YES_EAST, YES_WEST], more[::-1])
    found = decide([YES_EAST, YES_WEST, vote(P, EAST, 3, "close")])
    assert (found.status, len(found.entries)) == ("DISPUTED", 2)


@pytest.mark.parametrize(
    "unsound",
    [
        vote(P, WEST, 5, party="east"),
        vote(P, WEST, 5, proposal_epoch=1),
        vote(P, WEST, 5, proposal_origin=WEST.origin),
        vote(P, WEST, 5, role="cook"),
        vote(P, WEST, 5, envelope={"epoch": 1}),
        vote(P, WEST, 5, envelope={"mode": "live"}),
        vote(P, WEST, 5, envelope={"regime": "1" * 64}),
        raw(WEST.origin, 6, YES_WEST.data),  # replayed at another index
        raw(WEST.origin, 5, YES_EAST.data),  # replayed from another log
        raw(WEST.origin, 5, YES_WEST.data.replace(b'"yes"', b'"yes","choice":"close"')),
    ],
)
def test_unsound_votes_do_not_count_and_are_named(unsound):
    found = decide([YES_EAST, unsound])
    assert found.status == "PENDING"
    assert any(WEST.origin in reason for reason in found.reasons)


def test_a_hash_written_with_escapes_is_still_a_vote():
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in P.sha256)
    data = vote(P, WEST, 1, "close").data.replace(P.sha256.encode(), escaped.encode())
    assert decide([YES_EAST, YES_WEST, raw(WEST.origin, 1, data)]).status == "CLOSED"


def test_votes_on_other_proposals_and_strangers_do_not_matter():
    other = propose(text="another")
    (stranger,) = parties("north")
    noise = [vote(other, WEST, 1, "close"), vote(P, stranger, 1, "close"), P, raw(WEST.origin, 2, b"\x00")]
    assert decide([YES_EAST, YES_WEST, *noise]).status == "ADOPTED"


@pytest.mark.parametrize(
    "proposal",
    [
        propose(required=("east",)),
        propose(required=("east", "east")),
        propose(everyone=parties("east", "north")),
        propose(parties=("east",)),
        raw(P.origin, 7, P.data),
        raw(P.origin, 0, b"{}"),
        vote(P, EAST, 0),
        entry(parties("north")[0], 0, proposal_body()),
    ],
)
def test_void_proposals_are_closed_for_everybody(proposal):
    votes = [vote(proposal, EAST, 3), vote(proposal, WEST, 5)]
    found = decide(votes, proposal=proposal)
    assert found.status == "CLOSED"
    assert found.reasons[0].startswith("void: ")


def test_proposal_under_another_regime_is_undetermined():
    found = decide([YES_EAST, YES_WEST], regime=REGIMES["connected"])
    assert found.status == "PENDING"


def test_advice_binds_nobody():
    regime = REGIMES["connected"]
    proposal = propose(regime=regime)
    found = decide(
        [vote(proposal, EAST, 3, regime=regime), vote(proposal, WEST, 5, regime=regime)],
        proposal=proposal, regime=regime,
    )  # fmt: skip
    assert (found.status, found.binding) == ("ADOPTED", False)
    assert "advice" in wording(found)


def test_owner_of_the_sector_decides_alone():
    regime = REGIMES["sectoral"]
    proposal = propose(regime=regime, required=("west",))
    found = decide([vote(proposal, WEST, 5, regime=regime)], (), proposal=proposal, regime=regime)
    assert (found.status, found.receipts) == ("ADOPTED", ())


def test_three_parties_need_six_receipts():
    three = parties("east", "north", "west")
    proposal = propose(everyone=three)
    votes = [vote(proposal, party, 2) for party in three]
    receipts = [receipt(a, b, 3, D) for a in three for b in three if a != b]
    assert decide(votes, receipts, proposal=proposal, everyone=three).status == "ADOPTED"
    for missing in receipts:
        rest = [found for found in receipts if found != missing]
        assert decide(votes, rest, proposal=proposal, everyone=three).status == "PENDING"


def test_every_status_has_words():
    for entries in ([], [YES_EAST, YES_WEST], [vote(P, WEST, 5, "close")], [YES_EAST, vote(P, EAST, 3, "close")]):
        assert wording(decide(entries)).endswith(".")
