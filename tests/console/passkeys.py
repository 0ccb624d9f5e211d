"""A browser with an authenticator: registration and assertions as WebAuthn Level 2 has them, made by hand."""

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from .desk import WEB

RP = "localhost"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def client(kind, challenge, origin=WEB):
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def cbor_head(major, number):
    for limit, low, size in ((24, number, 0), (256, 24, 1), (65_536, 25, 2)):
        if number < limit:
            return bytes([major << 5 | low]) + (number.to_bytes(size, "big") if size else b"")
    raise AssertionError(number)


def cbor(value):
    """A writer apart from the reader under test."""
    if isinstance(value, bool):
        return bytes([0xF5 if value else 0xF4])
    if isinstance(value, int):
        return cbor_head(0, value) if value >= 0 else cbor_head(1, -1 - value)
    if isinstance(value, bytes):
        return cbor_head(2, len(value)) + value
    if isinstance(value, str):
        return cbor_head(3, len(value.encode())) + value.encode()
    return cbor_head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def attested(key, challenge, *, rp=RP, flags=0x45, origin=WEB, credential=b"c" * 16):
    numbers = key._key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    data = hashlib.sha256(rp.encode()).digest() + bytes([flags]) + (0).to_bytes(4, "big") + bytes(16)
    data += len(credential).to_bytes(2, "big") + credential + cbor(cose)
    made = cbor({"fmt": "none", "attStmt": {}, "authData": data})
    return {"client_data_json": b64(client("webauthn.create", challenge, origin)), "attestation_object": b64(made)}


def asserted(key, challenge, *, rp=RP, flags=0x05, origin=WEB, count=0, credential=b"c" * 16):
    said = client("webauthn.get", challenge, origin)
    data = hashlib.sha256(rp.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")
    signature = key._key.sign(data + hashlib.sha256(said).digest(), ECDSA(SHA256()))
    return {
        "credential_id": b64(credential), "client_data_json": b64(said), "authenticator_data": b64(data),
        "signature": b64(signature),
    }  # fmt: skip


def enrol(house, browser, name, key, invitation="", **wrong):
    question = browser.ask("POST", "session/enrol/begin", json={"name": name, "invitation": invitation})
    if question.status_code != 200:
        return question
    ticket, challenge = question.json()["ticket"], question.json()["challenge"]
    answer = browser.ask(
        "POST", "session/enrol/finish", json={"ticket": ticket, "credential": attested(key, challenge, **wrong)}
    )
    return answer.json() if answer.status_code == 201 else answer
