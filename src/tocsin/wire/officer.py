"""Officers' signatures over statements. No cryptography here: signing and verifying are ports.

A signature's `scheme`, `key_id` and `role` are labels that the log owner wrote. What they are worth is for the port to
say, which knows the keys: it must refuse a key under a scheme or role that is not its own.

Version 1 signs the statement's own meaning (`officer_message`), wherever and whenever it is logged. Version 2 signs
`Terms` besides: the log, the place from which on and the time within which the entry may stand there, and the proposal
it is about. They travel in the signature's context, so that whoever takes them out breaks the signature.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from tocsin.wire.envelope import Count, OfficerSignature, Origin, Record, Statement, TaiUs, officer_message

Sign = Callable[[bytes], bytes]
"""Message to raw signature."""
Verify = Callable[[OfficerSignature, bytes, bytes], bool | None]
"""(labels, raw signature, message): True good, False bad, None for a key that is not known here."""
VALID_US = 86_400 * 1_000_000  # a day: no vote is open for longer


class Terms(Record, frozen=True, kw_only=True):
    """Where and when a signed statement may be logged: at `from_index` of the log `origin` or later, in this time."""

    version: Literal[2]
    origin: Origin
    from_index: Count
    not_before_tai_us: TaiUs
    not_after_tai_us: TaiUs
    proposal_sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")] = ""


class _Context(Struct, frozen=True):
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One signature and what became of it. Only `good` counts; `unknown` is no evidence against anyone."""

    signature: OfficerSignature
    outcome: Literal["good", "bad", "unknown"]


def terms_for(statement: Statement, valid_us: int = VALID_US) -> Terms:
    """Terms for a statement that is about to be logged: not before its place and time, valid for `valid_us`."""
    body = msgspec.json.decode(statement.body)
    about = body.get("proposal_sha256", "") if isinstance(body, dict) else ""
    return Terms(
        version=2, origin=statement.origin, from_index=statement.sequence,
        not_before_tai_us=statement.observed.t_tai_us, not_after_tai_us=statement.observed.t_tai_us + valid_us,
        proposal_sha256=about,
    )  # fmt: skip


def terms_of(signature: OfficerSignature) -> Terms | None:
    """Terms that a signature carries; None for version 1."""
    try:
        return msgspec.json.decode(signature.context or "{}", type=_Context).terms
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def message_under(statement: Statement, terms: Terms | None) -> bytes:
    """What is signed: version 1 without terms; else version 2, each part with its length in front."""
    meaning = officer_message(statement)
    if terms is None:
        return meaning
    parts = (
        b"tocsin/officer/v2", meaning, terms.origin.encode(), str(terms.from_index).encode(),
        str(terms.not_before_tai_us).encode(), str(terms.not_after_tai_us).encode(), terms.proposal_sha256.encode(),
    )  # fmt: skip
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def keeps(statement: Statement, terms: Terms) -> bool:
    """Whether an entry stands where and when its terms have it, and is about what they name."""
    return (
        statement.origin == terms.origin
        and statement.sequence >= terms.from_index
        and terms.not_before_tai_us <= statement.observed.t_tai_us <= terms.not_after_tai_us
        and terms.proposal_sha256 == terms_for(statement, 0).proposal_sha256
    )


def sign(
    statement: Statement, port: Sign, *, scheme: str, key_id: str, role: str, context: str = "",
    terms: Terms | None = None,
) -> OfficerSignature:  # fmt: skip
    """A signature to be put into the statement's envelope; with `terms`, of version 2."""
    value = base64.b64encode(port(message_under(statement, terms))).decode()
    if terms is not None:
        context = msgspec.json.encode(_Context(terms=terms)).decode()
    return OfficerSignature(scheme=scheme, key_id=key_id, role=role, value=value, context=context)


def check(statement: Statement, port: Verify) -> Iterator[Checked]:
    """Every signature of a statement, in order. A value that is not base64 is bad; nothing raises."""
    for signature in statement.signatures:
        try:
            raw = base64.b64decode(signature.value, validate=True)
        except (binascii.Error, ValueError):
            yield Checked(signature, "bad")
            continue
        terms = terms_of(signature)
        known = port(signature, raw, message_under(statement, terms))
        if known and terms is not None and not keeps(statement, terms):
            known = False
        yield Checked(signature, "unknown" if known is None else "good" if known else "bad")
