"""Officers' signatures: what they cover, what they do not, and that labels are for the port to judge."""

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.wire import decode, encode, officer_message
from tocsin.wire.envelope import Marking, Observed
from tocsin.wire.officer import check, sign

from .examples import statement

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
BARE = msgspec.structs.replace(statement("vote"), signatures=())


def port(signature, raw, message):
    if (signature.scheme, signature.key_id, signature.role) != ("ed25519", "k7", "duty-officer"):
        return None
    try:
        KEY.public_key().verify(raw, message)
    except InvalidSignature:
        return False
    return True


def signed(**labels):
    labels = {"scheme": "ed25519", "key_id": "k7", "role": "duty-officer"} | labels
    return msgspec.structs.replace(BARE, signatures=(sign(BARE, KEY.sign, **labels),))


def outcomes(made):
    return [checked.outcome for checked in check(decode(encode(made)), port)]


def test_good_and_unknown():
    assert outcomes(signed()) == ["good"]
    assert outcomes(signed(key_id="k8")) == outcomes(signed(role="general")) == ["unknown"]


def test_several_are_checked_each():
    two = msgspec.structs.replace(BARE, signatures=(*signed().signatures, *signed(key_id="k8").signatures))
    assert outcomes(two) == ["good", "unknown"]


@pytest.mark.parametrize("value", ["AAAA", "A", "not base64!", ""])
def test_bad_values(value):
    made = signed()
    wrong = msgspec.structs.replace(made.signatures[0], value=value)
    assert outcomes(msgspec.structs.replace(made, signatures=(wrong,))) == ["bad"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "floor"}, {"schema": 2}, {"origin": "east.example/shared"}, {"epoch": 2}, {"mode": "live"},
        {"regime": "1" * 64}, {"references": ()}, {"body": msgspec.Raw(b"{}")},
    ],
)  # fmt: skip
def test_what_gives_the_body_its_meaning_is_covered(change):
    assert outcomes(msgspec.structs.replace(signed(), **change)) == ["bad"]


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 99},
        {"observed": Observed(t_tai_us=1, uncertainty_us=0, clock="other")},
        {"marking": Marking(releasable_to=(), originator="west", authority="other")},
    ],
)
def test_what_the_log_sets_afterwards_is_not(change):
    assert outcomes(msgspec.structs.replace(signed(), **change)) == ["good"]


def test_parts_cannot_be_shifted_into_each_other():
    one = msgspec.structs.replace(BARE, kind="vot", origin="e1.example")
    two = msgspec.structs.replace(BARE, kind="vo", origin="te1.example")
    assert officer_message(one) != officer_message(two)
