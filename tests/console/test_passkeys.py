"""Passkeys: registration and log-in, each part forged; the CBOR reader, against a writer apart from it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.officers import Authenticator, p256
from tocsin.console.cbor import CborError, decode
from tocsin.console.people import Person, invitation

from .desk import House, house
from .passkeys import asserted, cbor, enrol

__all__ = ["house"]

KEY = Authenticator("Anna", p256("anna's phone"), "webauthn-p256")
THIEF = Authenticator("Anna", p256("a thief's phone"), "webauthn-p256")
VALUES = st.recursive(
    st.booleans() | st.integers(0, 60_000) | st.integers(-60_000, -1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.dictionaries(st.text(max_size=8) | st.integers(0, 99), inner, max_size=4), max_leaves=8,
)  # fmt: skip


@pytest.fixture
def strict():
    """A console without development, to which Anna is invited."""
    house = House(development=False)
    person = Person(name="Anna", roles=("watch-officer",), invitation_sha256=invitation("come in"))
    house.app.door.people.put(person)
    return house


def log_in(browser, key, **wrong):
    question = browser.ask("POST", "session/begin", json={"name": "Anna"}).json()
    answer = {"ticket": question["ticket"], "assertion": asserted(key, question["challenge"], **wrong)}
    return browser.ask("POST", "session/finish", json=answer)


def test_enrol_and_log_in(strict):
    anna = strict.browser()
    assert enrol(strict, anna, "Anna", KEY, "come in")["name"] == "Anna"
    assert log_in(anna, KEY, count=1).status_code == 200
    assert anna.get("board").json()["me"]["login"] == "passkey"
    again = House(development=False, drawer=strict.drawer)  # it is kept
    assert log_in(again.browser(), KEY, count=2).status_code == 200
    assert log_in(again.browser(), KEY, count=2).status_code == 422  # a counter that stands still was copied


@pytest.mark.parametrize(
    ("invited", "wrong"),
    [
        ("", {}), ("guess", {}), ("come in", {"rp": "evil.example"}), ("come in", {"origin": "http://evil.example"}),
        ("come in", {"flags": 0x41}), ("come in", {"credential": b""}),
    ],
)  # fmt: skip
def test_what_is_not_enrolled(strict, invited, wrong):
    assert enrol(strict, strict.browser(), "Anna", KEY, invited, **wrong).status_code in (403, 422)
    assert not strict.app.door.people.of("Anna").badges


def test_an_invitation_is_for_one_person_and_one_passkey(strict):
    anna = strict.browser()
    assert enrol(strict, anna, "Olga", KEY, "come in").status_code == 403
    enrol(strict, anna, "Anna", KEY, "come in")
    assert enrol(strict, anna, "Anna", THIEF, "come in", credential=b"d" * 16).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"rp": "evil.example"}, {"origin": "http://evil.example"}, {"flags": 0x01}, {"credential": b"x" * 16}]
)
def test_what_does_not_log_in(strict, wrong):
    anna = strict.browser()
    enrol(strict, anna, "Anna", KEY, "come in")
    assert log_in(anna, KEY, **wrong).status_code in (403, 422)
    assert log_in(anna, THIEF).status_code == 422
    assert anna.get("board").status_code == 401


@given(VALUES)
def test_cbor_reads_what_was_written(value):
    assert decode(cbor(value)) == value


@given(st.binary(max_size=60))
def test_cbor_refuses_or_reads_anything(data):
    with contextlib.suppress(CborError):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"", b"\x5f\x41a\xff", b"\xfb" + bytes(8), b"\xc0\x60", b"\xa2\x01\x02\x01\x03", b"\x81" * 9 + b"\x01",
             b"\x9a\xff\xff\xff\xff", b"\x5a\xff\xff\xff\xff", b"\x01\x01", b"\x61\xff"]
)  # fmt: skip
def test_cbor_refuses(data):
    with pytest.raises(CborError):
        decode(data)
