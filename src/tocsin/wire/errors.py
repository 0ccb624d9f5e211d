"""Failures of the border format.

    BadEvidence
    └── WireError           bytes that are not a statement, or a statement out of bounds
        └── UnknownKind     a well-formed envelope of a kind or schema this version does not know
"""

from tocsin.errors import BadEvidence


class WireError(BadEvidence):
    """Not a statement; the message names the field and what was expected."""


class UnknownKind(WireError):  # noqa: N818 - the name says the case, its root the failure
    """A sound envelope whose body belongs to another version; kept and shown, never acted upon."""
