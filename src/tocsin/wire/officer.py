"""Officers' signatures over statements. No cryptography here: signing and verifying are ports.

A signature's `scheme`, `key_id` and `role` are labels that the log owner wrote. What they are worth is for the port to
say, which knows the keys: it must refuse a key under a scheme or role that is not its own.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tocsin.wire.envelope import OfficerSignature, Statement, officer_message

Sign = Callable[[bytes], bytes]
"""Message to raw signature."""
Verify = Callable[[OfficerSignature, bytes, bytes], bool | None]
"""(labels, raw signature, message): True good, False bad, None for a key that is not known here."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One signature and what became of it. Only `good` counts; `unknown` is no evidence against anyone."""

    signature: OfficerSignature
    outcome: Literal["good", "bad", "unknown"]


def sign(
    statement: Statement, port: Sign, *, scheme: str, key_id: str, role: str, context: str = ""
) -> OfficerSignature:
    """A signature over what gives the statement its meaning (`officer_message`), to be put into its envelope."""
    value = base64.b64encode(port(officer_message(statement))).decode()
    return OfficerSignature(scheme=scheme, key_id=key_id, role=role, value=value, context=context)


def check(statement: Statement, port: Verify) -> Iterator[Checked]:
    """Every signature of a statement, in order. A value that is not base64 is bad; nothing raises."""
    message = officer_message(statement)
    for signature in statement.signatures:
        try:
            raw = base64.b64decode(signature.value, validate=True)
        except (binascii.Error, ValueError):
            yield Checked(signature, "bad")
            continue
        known = port(signature, raw, message)
        yield Checked(signature, "unknown" if known is None else "good" if known else "bad")
