"""Bodies of statements about keys, officers and the keeping of logs.

What authorises them is not the log that carries them (whoever runs the centre can append to it) but signatures in the
envelope by a party's root keys, which lie outside the centre (docs/keys.md). Public keys are base64 of raw bytes:
Ed25519 32, P-256 65 (uncompressed point), ML-DSA-44 1,312.
"""

from typing import Annotated, Literal

from msgspec import Meta

from tocsin.wire.envelope import Count, Hex32, Line, Name, Origin, Record, TaiUs, Text

KeyScheme = Literal["ed25519", "p256", "mldsa44", "webauthn-ed25519", "webauthn-p256"]
PublicKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}\Z", max_length=1_800)]
Signers = Annotated[int, Meta(ge=1, le=8)]


class PublicHalf(Record, frozen=True, kw_only=True):
    """A public key and how its signatures are made."""

    scheme: KeyScheme
    public: PublicKey


class Anchor(Record, frozen=True, kw_only=True):
    """What was compared with a party at pairing, besides its log and mirror keys.

    `threshold` of `root_keys` sign what changes its keys and officers. `tls_sha256` is the SHA-256 of the DER bytes of
    the certificate under which its link is authenticated.
    """

    party: Name
    root_keys: Annotated[tuple[PublicHalf, ...], Meta(min_length=1, max_length=8)]
    threshold: Signers
    tls_sha256: Hex32 | None = None

    def __post_init__(self) -> None:
        if self.threshold > len(self.root_keys):
            raise ValueError("`threshold` above the number of `root_keys`: at most as many were expected")


class Anchors(Record, frozen=True, kw_only=True):
    """Every party's anchor as this party compared it; all parties log theirs right after the agreement."""

    parties: Annotated[tuple[Anchor, ...], Meta(min_length=1, max_length=64)]


class Officer(Record, frozen=True, kw_only=True):
    """A person who may sign in these roles. Every one of the keys must sign (a token's and a hybrid companion's)."""

    name: Line
    roles: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=8)]
    keys: Annotated[tuple[PublicHalf, ...], Meta(min_length=1, max_length=4)]


class SigningRule(Record, frozen=True, kw_only=True):
    """How many officers must sign statements of a kind, else the statement binds nobody."""

    kind: Name
    officers: Signers


class Roster(Record, frozen=True, kw_only=True):
    """The party's officers and what needs their hands, from this entry on. Signed by the party's root keys.

    Replaces the roster with the next lower `number`. `relying_party` and `web_origins` are those under which WebAuthn
    keys were registered.
    """

    number: Count
    officers: Annotated[tuple[Officer, ...], Meta(max_length=64)]
    rules: Annotated[tuple[SigningRule, ...], Meta(max_length=32)]
    relying_party: Annotated[str, Meta(max_length=253)] = ""
    web_origins: Annotated[tuple[Line, ...], Meta(max_length=8)] = ()


class Rotation(Record, frozen=True, kw_only=True):
    """New keys of a log or of a mirror, from entry `effective_index` of this log on. Signed by the root keys.

    `proofs` are signature lines of every old and every new key over the rotation's own text (docs/keys.md), so that
    neither an old key alone nor a new one alone can rotate.
    """

    purpose: Literal["log", "mirror"]
    old_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]
    new_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]
    effective_index: Count
    proofs: Annotated[tuple[Text, ...], Meta(min_length=2, max_length=16)]


class Succession(Record, frozen=True, kw_only=True):
    """First entry of a new epoch after a compromise: what of the old log binds. Signed by the root keys (L10).

    The old epoch is closed at its last receipted checkpoint; its later entries bind nobody.
    """

    old_origin: Origin
    old_epoch: Count
    closed_size: Count
    closed_root: Hex32
    new_epoch: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    log_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]
    mirror_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]
    because: Text


class EpochNoted(Record, frozen=True, kw_only=True):
    """This party follows a partner into its new epoch, and says with which checkpoint the old log ended for it.

    `own_receipted`: up to this size of the author's own log the old epoch's mirror had receipted it. Receipts under the
    old mirror keys for more bind nobody, since a thief may hold those keys.
    """

    old_origin: Origin
    new_origin: Origin
    new_epoch: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    closed_size: Count
    closed_root: Hex32
    own_receipted: Count


class Retention(Record, frozen=True, kw_only=True):
    """Entries of a log below `before_index` need no longer be held, once every party has logged these terms (L11).

    `bundle_sha256` names the file of exported decisions that is kept in their place.
    """

    origin: Origin
    before_index: Count
    not_before_tai_us: TaiUs
    bundle_sha256: Hex32
    because: Text


CUSTODY_KINDS: dict[tuple[str, int], type[Record]] = {
    ("anchors", 1): Anchors,
    ("roster", 1): Roster,
    ("rotation", 1): Rotation,
    ("succession", 1): Succession,
    ("epoch-noted", 1): EpochNoted,
    ("retention", 1): Retention,
}
