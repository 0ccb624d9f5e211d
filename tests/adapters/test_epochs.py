"""Rotation and succession: a thief of the log key gains a branch that binds nobody."""

import msgspec
import pytest

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence
from tocsin.log.signers import log_signers
from tocsin.node.custody.epochs import check_rotation, epochs, origin_of_epoch, rotate
from tocsin.node.custody.roster import ROOT, registry
from tocsin.wire.custody import Succession

from .officers import ANCHORS, ANNA, ROOT_TOKEN, blank, log_of

OLD, NEW = "tocsin.exercise/west", "tocsin.exercise/west/1"
ROOTS = "ab" * 32
RECEIPTS = (Receipt(cosigner="east", origin=OLD, size=5, root=ROOTS, time_s=1_000),)
ANCHORED = registry({"west": log_of(blank(ANCHORS))})


def succession(**changes):
    body = Succession(
        old_origin=OLD, old_epoch=0, closed_size=5, closed_root=ROOTS, new_epoch=1,
        log_keys=tuple(one.key.text for one in log_signers(NEW, b"new", hybrid=False)), mirror_keys=("m",),
        because="the machine of the log key was entered",
    )  # fmt: skip
    return msgspec.structs.replace(body, **changes)


def entry(body, hands=((ROOT_TOKEN, ROOT),), before=(), origin=NEW):
    made = msgspec.structs.replace(blank(body), origin=origin, epoch=1)
    signatures = tuple(one for token, role in hands for one in token.sign(made, role))
    first = [msgspec.structs.replace(blank(one), origin=origin) for one in before]
    return log_of(*first, msgspec.structs.replace(made, signatures=signatures), origin=origin)


def test_names_of_epochs():
    assert origin_of_epoch(OLD, 1) == NEW and origin_of_epoch(NEW, 2) == "tocsin.exercise/west/2"
    assert origin_of_epoch(NEW, 0) == OLD


def test_a_succession_ends_the_old_log():
    found = epochs({NEW: entry(succession())}, ANCHORED, RECEIPTS)
    assert not found.refused and found.follows == {OLD: NEW}
    assert found.binds(OLD, 4) and not found.binds(OLD, 5)
    assert found.binds(NEW, 10**6) and found.binds("tocsin.exercise/east", 10**6)


@pytest.mark.parametrize(
    ("log", "why"),
    [
        (lambda: entry(succession(), hands=()), "root keys of west did not sign"),
        (lambda: entry(succession(), hands=((ANNA, "watch-officer"),)), "root keys"),
        (lambda: entry(succession(), before=(ANCHORS,)), "first entry"),
        (lambda: entry(succession(), origin="tocsin.exercise/west/2"), "later epoch"),
        (lambda: entry(succession(new_epoch=1, old_epoch=1)), "later epoch"),
        (lambda: entry(succession(log_keys=("x",))), "carry the new origin"),
        (lambda: entry(succession(closed_size=9)), "receipt"),
        (lambda: entry(succession(closed_root="cd" * 32)), "receipt"),
    ],
)
def test_what_is_no_succession(log, why):
    found = epochs({NEW: log()}, ANCHORED, RECEIPTS)
    assert why in found.refused[0] and found.binds(OLD, 5)


def test_two_successions_bind_up_to_the_smaller():
    smaller = (Receipt(cosigner="east", origin=OLD, size=3, root=ROOTS, time_s=900), *RECEIPTS)
    second = "tocsin.exercise/west/2"
    keys = tuple(one.key.text for one in log_signers(second, b"n", hybrid=False))
    logs = {
        NEW: entry(succession()),
        second: entry(succession(closed_size=3, new_epoch=2, log_keys=keys), origin=second),
    }
    found = epochs(logs, ANCHORED, smaller)
    assert "succeeded twice" in found.refused[0]
    assert found.binds(OLD, 2) and not found.binds(OLD, 3)


OLD_KEYS, NEW_KEYS = log_signers(OLD, b"old"), log_signers(OLD, b"new")
KNOWN = tuple(one.key for one in OLD_KEYS)


def test_a_rotation_needs_every_key():
    made = rotate(OLD, "log", OLD_KEYS, NEW_KEYS, 512)
    assert check_rotation(OLD, made, KNOWN) == tuple(one.key for one in NEW_KEYS)
    for missing in range(4):
        proofs = tuple(proof for number, proof in enumerate(made.proofs) if number != missing)
        with pytest.raises(BadEvidence, match="no good signature"):
            check_rotation(OLD, msgspec.structs.replace(made, proofs=proofs), KNOWN)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: rotate(OLD, "log", NEW_KEYS, OLD_KEYS, 512), "not those in use"),
        (lambda: rotate(OLD, "log", OLD_KEYS, (NEW_KEYS[0], OLD_KEYS[1]), 512), "stands there twice"),
        (lambda: rotate(OLD, "log", OLD_KEYS, NEW_KEYS[:1], 512), "stay hybrid"),
        (lambda: msgspec.structs.replace(rotate(OLD, "log", OLD_KEYS, NEW_KEYS, 512), effective_index=9), "no good"),
        (lambda: msgspec.structs.replace(rotate(OLD, "mirror", OLD_KEYS, NEW_KEYS, 9), purpose="log"), "no good"),
    ],
)
def test_rotations_that_are_none(made, why):
    with pytest.raises(BadEvidence, match=why):
        check_rotation(OLD, made(), KNOWN)
