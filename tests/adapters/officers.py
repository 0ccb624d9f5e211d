"""Officers, rosters and logs to try signatures on. Keys are made from fixed seeds; nothing here is random."""

import base64
import hashlib
import json

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.signers import log_signers
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.adapters.tokens import Token
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signatures import challenge, key_id, public_half
from tocsin.node.custody.signing import to_sign
from tocsin.node.record import read
from tocsin.wire import bodies, encode
from tocsin.wire.custody import Anchor, Anchors, Officer, Roster, SigningRule
from tocsin.wire.envelope import OfficerSignature, officer_message

REGIME = "ab" * 32
RP, WEB = "watch.west.example", "https://watch.west.example"


def ed25519(seed):
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def p256(seed):
    return derive_private_key(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:31], "big") + 1, SECP256R1())


def mldsa(seed):
    return MLDSA44PrivateKey.from_seed_bytes(hashlib.sha256(seed.encode()).digest())


ROOT_TOKEN = Token("root of west", (ROOT,), (ed25519("root"), mldsa("root")))
ANNA = Token("Anna", ("watch-officer",), (ed25519("anna"),))
BORIS = Token("Boris", ("watch-officer", "duty-officer"), (p256("boris"),))
CARLA = Token("Carla", ("watch-officer",), (ed25519("carla"), mldsa("carla")))
PEOPLE = (ANNA, BORIS, CARLA)
ANCHORS = Anchors(parties=(Anchor(party="west", root_keys=ROOT_TOKEN.public, threshold=2),))


def roster(number=0, officers=None, votes=2):
    officers = tuple(one.officer for one in PEOPLE) if officers is None else officers
    return Roster(
        number=number, officers=officers, rules=(SigningRule(kind="vote", officers=votes),), relying_party=RP,
        web_origins=(WEB,),
    )  # fmt: skip


def vote(officer="Anna", role="watch-officer"):
    return bodies.Vote(
        proposal_sha256="0" * 64, proposal_origin="tocsin.exercise/east", proposal_epoch=0, party="west", role=role,
        choice="yes", officer=officer, heads=(),
    )  # fmt: skip


def blank(body, party="west"):
    return to_sign(body, party=party, origin=f"tocsin.exercise/{party}", epoch=0, mode="exercise", regime=REGIME)


def signed(body, *hands, party="west"):
    """A statement with the signatures of (token, role) pairs."""
    made = blank(body, party)
    given = tuple(one for token, role in hands for one in token.sign(made, role))
    return msgspec.structs.replace(made, signatures=given)


def root_signed(body, party="west"):
    return signed(body, (ROOT_TOKEN, ROOT), party=party)


def log_of(*statements, party="west", origin=""):
    """The statements as verified entries of the party's log, read."""
    origin = origin or f"tocsin.exercise/{party}"
    clock = ManualClock(1_000)
    signers = log_signers(origin, party.encode(), hybrid=False)
    writer = LogWriter.open(origin, MemoryMirrorStore(), MemoryCells(), signers, clock)
    entries = [encode(msgspec.structs.replace(one, sequence=number)) for number, one in enumerate(statements)]
    writer.append(entries)
    mirror = Mirror(origin, writer.keys, MemoryMirrorStore(), MemoryCells(), clock)
    mirror.offer(writer.commit(), 0, entries)
    return [read(party, entry) for entry in mirror.entries(0, len(entries))]


class Authenticator:
    """What a browser and its authenticator make of a challenge (WebAuthn Level 2, sections 5.8.1 and 6.1)."""

    def __init__(self, name, key, scheme):
        self.name, self._key, self._scheme = name, key, scheme

    @property
    def officer(self):
        return Officer(name=self.name, roles=("watch-officer",), keys=(self.public,))

    @property
    def public(self):
        if self._scheme == "webauthn-p256":
            raw = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        else:
            raw = self._key.public_key().public_bytes_raw()
        return public_half(self._scheme, raw)

    def sign(self, statement, role, *, rp=RP, origin=WEB, flags=0x05, kind="webauthn.get", said=None):
        client = json.dumps(
            {
                "type": kind, "challenge": said or challenge(officer_message(statement)), "origin": origin,
                "crossOrigin": False, "other_keys_can_be_added_here": "do not compare",
            }
        ).encode()  # fmt: skip
        data = hashlib.sha256(rp.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big")
        signs = data + hashlib.sha256(client).digest()
        raw = self._key.sign(signs, ECDSA(SHA256())) if self._scheme == "webauthn-p256" else self._key.sign(signs)
        b64 = lambda value: base64.b64encode(value).decode()  # noqa: E731
        context = json.dumps({"authenticator_data": b64(data), "client_data_json": b64(client)})
        labels = {"scheme": self._scheme, "key_id": key_id(self.public), "role": role}
        return (OfficerSignature(**labels, value=b64(raw), context=context),)
