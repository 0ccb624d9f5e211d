"""A party's secret on disk, and the card with its public keys that it hands to partners.

One secret of 32 bytes, readable by its owner alone, gives every software key by purpose. Live and exercise secrets are
made apart and never mix: the mode is part of the origin and of every derivation.
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from tocsin.errors import BadEvidence, Outage, Refusal
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.log.signers import SoftwareSigner, derived_seed, log_signers, mirror_signers
from tocsin.node.adapters import tls
from tocsin.node.config import Partner
from tocsin.node.custody.epochs import origin_of_epoch
from tocsin.node.custody.signatures import key_id
from tocsin.node.custody.vault import XWingVault, xwing_public
from tocsin.wire.confidential import EncryptionKey
from tocsin.wire.custody import Anchor, PublicHalf
from tocsin.wire.envelope import Mode, Name, Origin

MAX_CARD_BYTES = 64_000
Vkey = Annotated[str, Meta(max_length=8_000)]
Url = Annotated[str, Meta(pattern=r"^https://[A-Za-z0-9.:\[\]-]{1,200}\Z")]


class Card(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Public half of a party: what partners need, compared by fingerprint before it is believed.

    `links` says at which door each partner knocks. Addresses may change and are not part of the fingerprint: whoever
    answers there must hold a certificate of `link_certificate`.
    """

    party: Name
    mode: Mode
    origin: Origin
    address: Annotated[str, Meta(max_length=200)]
    log_keys: Annotated[tuple[Vkey, ...], Meta(min_length=1, max_length=4)]
    mirror_keys: Annotated[tuple[Vkey, ...], Meta(min_length=1, max_length=4)]
    root_keys: Annotated[tuple[PublicHalf, ...], Meta(max_length=8)] = ()
    root_threshold: Annotated[int, Meta(ge=1, le=8)] = 1
    link_certificate: Annotated[str, Meta(max_length=tls.MAX_CERTIFICATE_BYTES)] = ""
    links: dict[Name, Url] = {}
    encryption_key: EncryptionKey | None = None


def origin_of(party: str, mode: Mode) -> str:
    """Log origin of a party's centre. The mode is part of the name, so that the two never meet."""
    return f"tocsin.{mode}/{party}"


def make_secret(path: Path) -> None:
    """A new secret, readable by its owner alone. Refuses to replace one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refusal(f"{path}: a secret is there already; a party's keys are not replaced by accident") from error
    except OSError as error:
        raise Outage(f"{path}: could not be written ({error.strerror})") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))


def read_secret(path: Path) -> bytes:
    """The 32 bytes of a secret."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Outage(f"{path}: cannot be read ({error.strerror}); run tocsin init first") from error
    if len(data) != 32:
        raise BadEvidence(f"{path}: {len(data)} bytes; a secret of 32 was expected")
    return data


def open_vault(path: Path, party: str) -> XWingVault:
    """What opens entries for this party alone; its 32 bytes lie apart from the log's secret."""
    return XWingVault(party, read_secret(path), secrets.token_bytes)


class PartyKeys:
    """Signers of one party in one mode."""

    def __init__(self, secret: bytes, party: str, mode: Mode, epoch: int = 0) -> None:
        self._master = derived_seed(secret, "party", mode, party)
        self.origin = origin_of_epoch(origin_of(party, mode), epoch)

    def log(self, origin: str) -> tuple[SoftwareSigner, ...]:
        """Signers of one of the party's logs."""
        return log_signers(origin, self._master)

    @property
    def mirror(self) -> tuple[SoftwareSigner, ...]:
        """Signers of its receipts, under a name and keys of their own."""
        return mirror_signers(f"{self.origin}/mirror", self._master)

    def card(self, party: str, mode: Mode, address: str) -> Card:
        """The public card."""
        return Card(
            party=party,
            mode=mode,
            origin=self.origin,
            address=address,
            log_keys=tuple(signer.key.text for signer in self.log(self.origin)),
            mirror_keys=tuple(signer.key.text for signer in self.mirror),
        )


def encode_card(card: Card) -> bytes:
    """Bytes of a card's file."""
    return msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"


def parse_card(data: bytes, name: str) -> Card:
    """A card from foreign bytes; its keys must parse and carry its origin. Raises BadEvidence."""
    if len(data) > MAX_CARD_BYTES:
        raise BadEvidence(f"{name}: {len(data)} bytes; a card has at most {MAX_CARD_BYTES}", data[:1024])
    try:
        card = msgspec.json.decode(data, type=Card)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEvidence(f"{name}: not a card: {error}", data) from error
    if card.origin != origin_of(card.party, card.mode):
        raise BadEvidence(f"{name}: origin {card.origin!r}; {origin_of(card.party, card.mode)!r} was expected", data)
    keys = [parse_vkey(text) for text in (*card.log_keys, *card.mirror_keys)]
    if any(key.name != card.origin for key in keys[: len(card.log_keys)]):
        raise BadEvidence(f"{name}: a log key that does not carry the origin", data)
    if len({key.public for key in keys}) != len(keys):
        raise BadEvidence(f"{name}: one key stands there twice", data)
    if len({key_id(key) for key in card.root_keys}) != len(card.root_keys) or (
        card.root_keys and card.root_threshold > len(card.root_keys)
    ):
        raise BadEvidence(f"{name}: root keys that differ, and a threshold of at most their number, expected", data)
    if card.link_certificate:
        tls.fingerprint(card.link_certificate, name)
    if card.encryption_key is not None:
        if card.encryption_key.party != card.party:
            raise BadEvidence(f"{name}: an encryption key of {card.encryption_key.party}", data)
        xwing_public(card.encryption_key)
    return card


def fingerprint(card: Card) -> str:
    """What two people read to each other: 8 groups of 4 hex digits over the party, mode, origin and every key."""
    keys = "\n".join((*card.log_keys, *card.mirror_keys))
    if card.root_keys:
        keys += f"\nroot {card.root_threshold}\n" + "\n".join(f"{key.scheme} {key.public}" for key in card.root_keys)
    if card.link_certificate:
        keys += f"\nlink {tls.fingerprint(card.link_certificate, card.party)}"
    if card.encryption_key is not None:
        keys += f"\nencryption {card.encryption_key.scheme} {card.encryption_key.public}"
    digest = hashlib.sha256(f"tocsin card v1\n{card.party}\n{card.mode}\n{card.origin}\n{keys}".encode()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def anchor_of(card: Card) -> Anchor | None:
    """What enters the logs of the root keys and the link of a party; None for a card without root keys."""
    if not card.root_keys:
        return None
    link = tls.fingerprint(card.link_certificate, card.party) if card.link_certificate else None
    return Anchor(party=card.party, root_keys=card.root_keys, threshold=card.root_threshold, tls_sha256=link)


def partner_of(card: Card) -> Partner:
    """The partner that a compared card describes."""
    return Partner(
        party=card.party, origin=card.origin, log_keys=_keys(card.log_keys), mirror_keys=_keys(card.mirror_keys),
        encryption_key=card.encryption_key,
    )  # fmt: skip


def _keys(texts: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    return tuple(parse_vkey(text) for text in texts)
