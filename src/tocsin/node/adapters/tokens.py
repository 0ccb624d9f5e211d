"""An officer's key in a file of its own: a stand-in for a token, outside the centre's secret and folder.

The private half is PKCS 8, encrypted under a passphrase if one is given. A real token signs the same message
(`wire.officer_message`) or, over WebAuthn, its SHA-256; the centre never sees a private half in either case.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from msgspec import Meta, Struct

from tocsin.errors import BadEvidence, Outage, Refusal
from tocsin.node.adapters.tilefiles import read_file
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signatures import key_id, public_half
from tocsin.wire.custody import KeyScheme, Officer, PublicHalf, Roster
from tocsin.wire.envelope import OfficerSignature, Statement
from tocsin.wire.officer import sign, terms_for

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | MLDSA44PrivateKey
Pem = Annotated[str, Meta(max_length=20_000)]
SCHEMES: tuple[KeyScheme, ...] = ("ed25519", "p256", "mldsa44")


class TokenFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file: whose it is, in which roles, and the private keys (several: all of them sign)."""

    name: str
    roles: tuple[str, ...]
    keys: Annotated[tuple[Pem, ...], Meta(min_length=1, max_length=4)]


class Token:
    """A person's keys, opened."""

    def __init__(self, name: str, roles: Sequence[str], keys: Sequence[PrivateKey]) -> None:
        self.name = name
        self.roles = tuple(roles)
        self._keys = tuple(keys)

    @property
    def public(self) -> tuple[PublicHalf, ...]:
        """Public halves, as a roster or an anchor lists them."""
        return tuple(_public(key) for key in self._keys)

    @property
    def officer(self) -> Officer:
        """The entry of a roster."""
        return Officer(name=self.name, roles=self.roles, keys=self.public)

    def sign(self, statement: Statement, role: str) -> tuple[OfficerSignature, ...]:
        """One signature a key over what gives the statement its meaning."""
        if role not in self.roles:
            raise Refusal(f"{self.name} has the roles {', '.join(self.roles)}, not {role}")
        made = ((_public(key), key) for key in self._keys)
        terms = None if role == ROOT else terms_for(statement)  # what root keys sign is bound by its number
        return tuple(
            sign(statement, _signer(key), scheme=public.scheme, key_id=key_id(public), role=role, terms=terms)
            for public, key in made
        )


def new_key(scheme: KeyScheme) -> PrivateKey:
    """A fresh private key. WebAuthn keys are made by authenticators, never here."""
    if scheme == "ed25519":
        return Ed25519PrivateKey.generate()
    if scheme == "p256":
        return generate_private_key(SECP256R1())
    if scheme == "mldsa44":
        return MLDSA44PrivateKey.generate()
    raise Refusal(f"scheme {scheme}: its keys are made by an authenticator; one of {', '.join(SCHEMES)} expected")


def new_token(name: str, roles: Sequence[str], schemes: Sequence[KeyScheme] = ("ed25519",)) -> Token:
    """A new person's keys."""
    return Token(name, roles, [new_key(scheme) for scheme in schemes])


def write_token(token: Token, path: Path, passphrase: str = "") -> None:
    """Put a token into a file that its owner alone can read. Refuses to replace one."""
    protection = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    pems = tuple(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection).decode() for key in token._keys
    )
    data = msgspec.json.format(msgspec.json.encode(TokenFile(name=token.name, roles=token.roles, keys=pems)), indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refusal(f"{path}: a key is there already; keys are not replaced by accident") from error
    except OSError as error:
        raise Outage(f"{path}: could not be written ({error.strerror})") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def read_token(path: Path, passphrase: str = "") -> Token:
    """Open a token's file. Raises BadEvidence, or Refusal for a wrong passphrase."""
    data = read_file(path, "an officer's key (make one with tocsin officer new)")
    try:
        file = msgspec.json.decode(data, type=TokenFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEvidence(f"{path}: not an officer's key: {error}") from error
    return Token(file.name, file.roles, [_private(pem, path, passphrase) for pem in file.keys])


def _private(pem: str, path: Path, passphrase: str) -> PrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), passphrase.encode() if passphrase else None)
    except TypeError as error:
        raise Refusal(f"{path}: a passphrase is {'not ' if passphrase else ''}needed for this key") from error
    except ValueError as error:
        raise Refusal(f"{path}: could not be opened; a wrong passphrase, or not a key") from error
    if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey | MLDSA44PrivateKey):
        raise BadEvidence(f"{path}: a key of another kind; one of {', '.join(SCHEMES)} expected")
    return key


def _signer(key: PrivateKey) -> "_Sign":
    return _Sign(key)


class _Sign:
    """The port `wire.officer.Sign` over one private key."""

    def __init__(self, key: PrivateKey) -> None:
        self._key = key

    def __call__(self, message: bytes) -> bytes:
        """Raw signature."""
        if isinstance(self._key, EllipticCurvePrivateKey):
            return self._key.sign(message, ECDSA(SHA256()))
        return self._key.sign(message)


def _public(key: PrivateKey) -> PublicHalf:
    if isinstance(key, EllipticCurvePrivateKey):
        return public_half("p256", key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    scheme: KeyScheme = "ed25519" if isinstance(key, Ed25519PrivateKey) else "mldsa44"
    return public_half(scheme, key.public_key().public_bytes_raw())


class TokensAtHand:
    """`custody.staffed.Hands` over tokens that lie open: for exercises, whose officers are scripted."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tuple(tokens)

    def __call__(self, statement: Statement, roster: Roster, count: int) -> tuple[OfficerSignature, ...]:
        """Signatures of as many officers as are needed, the one named in the statement first."""
        body = msgspec.json.decode(statement.body)
        named, role = body.get("officer", ""), body.get("role", "")
        known = {officer.name for officer in roster.officers}
        ready = sorted((one for one in self._tokens if one.name in known), key=lambda one: one.name != named)
        signed = ((one, role if role in one.roles else one.roles[0]) for one in ready[:count])
        return tuple(made for one, used in signed for made in one.sign(statement, used))
