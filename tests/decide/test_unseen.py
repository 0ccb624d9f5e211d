"""What an outsider must be shown so that no earlier vote can have been left out (V1)."""

from tocsin.decide import decision, stretch, unseen
from tocsin.wire.bodies import Head

from .making import JOINT, TWO, D, entry, proposal_body, propose, receipt, vote

EAST, WEST = TWO
HEADS = tuple(Head(origin=party.origin, size=2, root="0" * 64) for party in TWO)


def asked(heads=HEADS):
    body = proposal_body()
    picture = type(body.picture)(
        heads=heads, as_of_tai_us=0, fuse_version=body.picture.fuse_version, digest=body.picture.digest
    )
    return entry(EAST, 2, proposal_body(picture=picture))


P = asked()
YES_EAST, YES_WEST = vote(P, EAST, 3), vote(P, WEST, 5)


def filler(party, *indexes):
    return [entry(party, index, proposal_body(text=f"other {index}")) for index in indexes]


def test_from_the_named_head_to_the_vote_and_no_more():
    assert stretch(P, YES_WEST) == range(2, 6)
    assert stretch(P, YES_EAST) == range(3, 4)
    assert stretch(propose(), vote(propose(), WEST, 5)) == range(6)
    assert unseen(P, [P, YES_EAST, YES_WEST, *filler(WEST, 2, 3, 4)], TWO) == ()


def test_an_adoption_made_by_leaving_a_close_out_is_seen():
    """West closed at 3 and, against V1, signed yes at 5: a bundle without entry 3 would show ADOPTED."""
    receipts = [receipt(WEST, EAST, 4, D), receipt(EAST, WEST, 6, D)]
    shown = [P, YES_EAST, YES_WEST, *filler(WEST, 2, 4)]
    assert decision(P, shown, receipts, TWO, JOINT).status == "ADOPTED"
    (words,) = unseen(P, shown, TWO)
    assert "1 entries" in words
    assert "3 first" in words
    whole = [*shown, vote(P, WEST, 3, "close")]
    assert unseen(P, whole, TWO) == ()
    assert decision(P, whole, receipts, TWO, JOINT).status == "CLOSED"


def test_who_has_not_voted_has_nothing_to_show():
    assert unseen(P, [P], TWO) == ()
