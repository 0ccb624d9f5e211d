"""A party's own side: what it may log about a proposal, and what it owes the others."""

import pytest

from tocsin.decide import MayNotVote, OwnFloor, cast_close, cast_yes, decision, floor_statement

from .making import JOINT, REGIMES, TWO, D, entry, floor, propose, receipt, vote

EAST, WEST = TWO
P = propose()
AS = {"role": "duty-officer", "officer": "B", "heads": ()}
IN_TIME, LATE = OwnFloor(party="west", floor_s=D), OwnFloor(party="west", floor_s=D + 1)


def test_a_cast_vote_counts():
    body = cast_yes(P, (), TWO, JOINT, IN_TIME, **AS)
    receipts = [receipt(WEST, EAST, 4, D), receipt(EAST, WEST, 6, D)]
    found = decision(P, [vote(P, EAST, 3), entry(WEST, 5, body)], receipts, TWO, JOINT)
    assert found.status == "ADOPTED"
    close = cast_close(P, (), TWO, JOINT, LATE, **AS)
    assert decision(P, [entry(WEST, 5, close)], (), TWO, JOINT).status == "CLOSED"


@pytest.mark.parametrize("cast", [cast_yes, cast_close])
@pytest.mark.parametrize("first", ["yes", "close"])
def test_first_entry_is_final(cast, first):
    with pytest.raises(MayNotVote, match="V1"):
        cast(P, [vote(P, WEST, 2, first)], TWO, JOINT, IN_TIME, **AS)


def test_no_yes_after_the_deadline_by_our_own_floor():
    with pytest.raises(MayNotVote, match="deadline"):
        cast_yes(P, (), TWO, JOINT, LATE, **AS)


@pytest.mark.parametrize("cast", [cast_yes, cast_close])
def test_no_vote_without_role_proposal_or_regime(cast):
    with pytest.raises(MayNotVote, match="cook"):
        cast(P, (), TWO, JOINT, IN_TIME, **(AS | {"role": "cook"}))
    with pytest.raises(MayNotVote, match="no proposal"):
        cast(vote(P, EAST, 3), (), TWO, JOINT, IN_TIME, **AS)
    with pytest.raises(MayNotVote, match="void"):
        cast(propose(required=("west",)), (), TWO, JOINT, IN_TIME, **AS)
    with pytest.raises(MayNotVote, match="another regime"):
        cast(P, (), TWO, REGIMES["connected"], IN_TIME, **AS)


def test_floor_is_owed_once_when_a_yes_was_not_receipted():
    votes = [vote(P, EAST, 3), vote(P, WEST, 5)]
    mine, theirs = receipt(WEST, EAST, 4, D), receipt(EAST, WEST, 6, D)
    assert floor_statement(P, votes, [mine, theirs], TWO, JOINT, LATE) is None
    assert floor_statement(P, votes, [theirs], TWO, JOINT, IN_TIME) is None
    owed = floor_statement(P, votes, [theirs], TWO, JOINT, LATE)
    assert (owed.unreceipted, owed.floor_s) == (("east",), D + 1)
    said = entry(WEST, 8, owed)
    assert floor_statement(P, [*votes, said], [theirs], TWO, JOINT, LATE) is None
    assert decision(P, [*votes, said], [theirs], TWO, JOINT).status == "CLOSED"


def test_who_need_not_sign_owes_nothing():
    regime = REGIMES["sectoral"]
    proposal = propose(regime=regime, required=("east",))
    assert floor_statement(proposal, (), (), TWO, regime, LATE) is None


def test_an_honest_floor_never_contradicts():
    """Whatever it states it had not receipted, it indeed had not."""
    votes = [vote(P, EAST, 3)]
    late_receipt = receipt(WEST, EAST, 4, D + 1)
    owed = floor_statement(P, votes, [late_receipt], TWO, JOINT, LATE)
    found = decision(P, [*votes, entry(WEST, 8, owed)], [late_receipt], TWO, JOINT)
    assert (found.status, found.misconduct) == ("CLOSED", ())
    assert floor(P, WEST, 8, D + 1, "east").data == entry(WEST, 8, owed).data
