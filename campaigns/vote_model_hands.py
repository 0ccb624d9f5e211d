"""Custody for the vote model: whether an entry has its officers' hands, by the product's own roster (R1 to R5).

Real Ed25519 signatures of one officer of west, whose anchor and roster stand at the head of west's log. The other
parties have no officers, so that everything they log counts.
"""

from hashlib import sha256

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from campaigns.vote_model import Logged
from tocsin.node.adapters.tokens import Token
from tocsin.node.custody.roster import ROOT, registry
from tocsin.node.custody.signing import to_sign
from tocsin.node.record import Said, read
from tocsin.wire.custody import Anchor, Anchors, Roster
from tocsin.wire.envelope import Record, decode, encode

PARTY, ORIGIN = "west", "exercise.example/west"


def _token(name: str, role: str) -> Token:
    return Token(name, (role,), (Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()),))


OFFICER, KEEPER = _token("model", "duty-officer"), _token("root", ROOT)


def handed(entry: Logged) -> Logged:
    """The same entry with the officer's signature."""
    statement = decode(entry.data)
    signed = msgspec.structs.replace(statement, signatures=OFFICER.sign(statement, "duty-officer"))
    data = encode(signed)
    return Logged(entry.origin, entry.index, data, sha256(data).hexdigest())


def _head(index: int, body: Record) -> Said:
    made = to_sign(body, party=PARTY, origin=ORIGIN, epoch=0, mode="exercise", regime="0" * 64)
    signed = msgspec.structs.replace(made, sequence=index, signatures=KEEPER.sign(made, ROOT))
    data = encode(signed)
    return read(PARTY, Logged(ORIGIN, index, data, sha256(data).hexdigest()))  # type: ignore[arg-type]


_ANCHORS = Anchors(parties=(Anchor(party=PARTY, root_keys=KEEPER.public, threshold=1),))
_ROSTER = Roster(number=0, officers=(OFFICER.officer,), rules=(), relying_party="", web_origins=())
REGISTRY = registry({PARTY: (_head(0, _ANCHORS), _head(1, _ROSTER))})
_COUNTED: dict[Logged, bool] = {}


def counted(entry: Logged) -> bool:
    """Whether an entry has the hands that it needs."""
    if entry not in _COUNTED:
        party = entry.origin.rsplit("/", maxsplit=1)[-1]
        _COUNTED[entry] = not REGISTRY.objection(read(party, entry))  # type: ignore[arg-type]
    return _COUNTED[entry]
