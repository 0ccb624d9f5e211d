"""Confidential release at one centre (L7): seal what the regime lets some parties read alone, open what is for us.

A group key is drawn for a set of recipients and put into the log, wrapped for each of them (`key-wrap`); for a minute
entries for the same recipients use it, each under a key of its own that follows from the group key and the entry's
commitment. The log commits to the ciphertext: parties who cannot read it mirror, receipt and verify it all the same.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tocsin.errors import BadEvidence, TocsinError
from tocsin.mirror import Verified
from tocsin.node.book import Book
from tocsin.node.custody.vault import ZERO_NONCE, Vault, encryption_key_id
from tocsin.node.record import Said, read
from tocsin.release import Draft, Released, Withheld, WithheldRecord
from tocsin.wire.bodies import body_of
from tocsin.wire.confidential import (
    EncryptionKey,
    KeyWrap,
    WrappedKey,
    associated,
    ciphertext_of,
    disclosed,
    envelope,
    for_recipients,
    hidden_text,
    key_reference,
    padded,
    unpadded,
    with_ciphertext,
)
from tocsin.wire.envelope import Reference, Statement, decode, encode, entry_sha256
from tocsin.wire.errors import UnknownKind, WireError
from tocsin.wire.groups import split_group
from tocsin.wire.reading import parsed

SCHEME = "group-chacha20poly1305"
PERIOD_NS = 60 * 1_000_000_000
Append = Callable[[Draft], Released | Withheld]


class NotForUs(UnknownKind):
    """A confidential entry for others: held, receipted, not read. No evidence against anyone."""


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A key in use and the entry that holds it, wrapped."""

    secret: bytes
    reference: Reference
    since_tai_ns: int


def group_key_id(secret: bytes) -> str:
    """Name of a group key, which also commits to it."""
    return hashlib.sha256(b"tocsin group key v1\n" + secret).hexdigest()[:16]


def encrypt(plain: Statement, salt: bytes, secret: bytes, key: Reference) -> Statement:
    """A statement as it goes into the log. Raises WireError for one that is too long."""
    text = hidden_text(plain, salt)
    made = envelope(plain, text, SCHEME, key, group_key_id(secret))
    return with_ciphertext(made, _cipher(made, secret).encrypt(ZERO_NONCE, padded(text), associated(made)))


def decrypt(statement: Statement, secret: bytes) -> Statement:
    """The statement in the clear. Raises BadEvidence for a ciphertext, padding or text that is not what it must be."""
    slot = statement.encryption
    if slot is None or slot.scheme != SCHEME:
        raise WireError(f"{statement.kind}: encryption scheme {SCHEME} expected")
    data = ciphertext_of(statement)
    try:
        text = _cipher(statement, secret).decrypt(ZERO_NONCE, data, associated(statement))
    except InvalidTag as error:
        raise WireError(f"{statement.kind}: its ciphertext does not open with the key it names", data) from error
    if len(text) != slot.padded_bytes:
        raise WireError(f"{statement.kind}: {len(text)} bytes of text, {slot.padded_bytes} stated", data)
    return disclosed(statement, unpadded(text))


class Confidential:
    """What one centre needs to seal and to open. `keys`: every partner's encryption key, as compared at pairing."""

    def __init__(self, party: str, vault: Vault | None, keys: Iterable[EncryptionKey]) -> None:
        self._party, self._vault = party, vault
        self._keys: Mapping[str, EncryptionKey] = {key.party: key for key in keys}
        self._using: dict[tuple[str, tuple[str, ...]], GroupKey] = {}
        self._opened: dict[tuple[str, int], tuple[str, bytes]] = {}

    def clear(self) -> None:
        """Forget what follows from the logs."""
        self._opened.clear()
        self._using.clear()

    def seal(self, outcome: Released, append: Append, book: Book, now_tai_ns: int) -> Released | Withheld:
        """What goes into the log in place of `outcome`; as it is where everybody may read it.

        Appends a fresh group key first where none is in use. Never lets out in the clear what is for some alone.
        """
        if not outcome.recipients:
            return outcome
        plain = for_recipients(outcome.template, outcome.recipients)
        try:
            key = self._group_key(plain, outcome, append, book, now_tai_ns)
            sealed = encrypt(plain, self._ready().fresh(), key.secret, key.reference)
            encode(sealed)
        except TocsinError as error:
            record = WithheldRecord(what=plain.kind, about="-", t_tai_ns=now_tai_ns, why=str(error))
            return Withheld(record=record)
        return replace(outcome, template=sealed)

    def read(self, party: str, entry: Verified, now_tai_ns: int) -> Said:
        """A verified entry, opened if it is for us. Raises NotForUs, or WireError for what does not open."""
        try:
            statement, body = parsed(entry.data)
        except WireError:
            statement, body = decode(entry.data), None
        if body is not None or statement.encryption is None:
            said = read(party, entry, now_tai_ns, statement, body)
            if isinstance(said.body, KeyWrap):
                self._take(said, said.body)
            return said
        if party != self._party and self._party not in statement.marking.releasable_to:
            raise NotForUs(f"{statement.kind} of {party}: for {', '.join(statement.marking.releasable_to)} alone")
        place = key_reference(statement)
        held = self._opened.get((entry.origin, place.index))
        if held is None or held[0] != place.sha256 or place.origin != entry.origin:
            raise WireError(f"{statement.kind} of {party}: marked for us, and no key for us stands where it says")
        plain = decrypt(statement, held[1])
        if (plain.origin, plain.sequence) != (entry.origin, entry.index):
            raise WireError(f"entry {entry.index} of {entry.origin} says it is {plain.sequence} of {plain.origin}")
        return Said(party, entry, plain, body_of(plain), now_tai_ns)

    def _ready(self) -> Vault:
        if self._vault is None:
            raise BadEvidence("this centre has no encryption key: nothing confidential can leave it")
        return self._vault

    def _group_key(
        self, plain: Statement, wanted: Released, append: Append, book: Book, now_tai_ns: int
    ) -> GroupKey:
        recipients = wanted.recipients
        found = self._using.get((plain.origin, recipients))
        if found is not None and 0 <= now_tai_ns - found.since_tai_ns < PERIOD_NS:
            return found
        secret = self._ready().fresh()
        body = self._wrapped(secret, plain, recipients)
        index = book.next_index
        outcome = append(Draft(body=body, observed_tai_ns=now_tai_ns, log_of=split_group(plain.origin)[1]))
        if isinstance(outcome, Withheld) or outcome.group != wanted.group:
            raise BadEvidence(f"the key for {', '.join(recipients)} may not be logged: {outcome.reason}")
        name = entry_sha256(outcome.data(index))
        place = Reference(role="key", origin=plain.origin, epoch=plain.epoch, index=index, sha256=name)
        made = GroupKey(secret, place, now_tai_ns)
        self._using[plain.origin, recipients] = made
        return made

    def _wrapped(self, secret: bytes, plain: Statement, recipients: tuple[str, ...]) -> KeyWrap:
        vault = self._ready()
        missing = [party for party in recipients if party not in self._keys]
        if missing:
            raise BadEvidence(f"no encryption key of {', '.join(missing)} was compared at pairing")
        name = group_key_id(secret)
        wrapped = []
        for key in sorted((vault.key, *(self._keys[party] for party in recipients)), key=lambda one: one.party):
            data = vault.wrap(key, secret, _info(plain, name, key.party))
            wrapped.append(WrappedKey(party=key.party, key_id=encryption_key_id(key), wrapped=_base64(data)))
        return KeyWrap(group_key_id=name, scheme=vault.key.scheme, recipients=tuple(wrapped))

    def _take(self, said: Said, body: KeyWrap) -> None:
        """Open a group key that is wrapped for us; one that is not ours, or that no key of ours opens, is left."""
        mine = next((one for one in body.recipients if one.party == self._party), None)
        if mine is None or self._vault is None:
            return
        info = _info(said.statement, body.group_key_id, self._party)
        secret = self._vault.unwrap(_raw(mine.wrapped, said.kind), info)
        if len(secret) != 32 or group_key_id(secret) != body.group_key_id:
            raise WireError(f"{said.kind} of {said.party}: it holds another key than it names", said.entry.data)
        self._opened[said.entry.origin, said.entry.index] = (said.entry.sha256, secret)


def _cipher(statement: Statement, secret: bytes) -> ChaCha20Poly1305:
    """The entry's own key: it can be disclosed alone, and the group key does not follow from it."""
    made = statement.encryption.commitment if statement.encryption else ""
    info = f"tocsin/entry-key/v1\n{statement.origin}\n{statement.epoch}\n{made}".encode()
    return ChaCha20Poly1305(HKDF(SHA256(), 32, None, info).derive(secret))


def _info(statement: Statement, name: str, party: str) -> bytes:
    head = ("tocsin/key-wrap/v1", statement.origin, str(statement.epoch), statement.mode, name, party)
    return "\n".join(head).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _raw(text: str, kind: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError(f"{kind}: wrapped key is not base64", text.encode()) from error
