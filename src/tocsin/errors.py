"""The four roots of failure. Every package's `errors.py` hangs its own from one of them.

    Exception
    ├── AssertionError      our bug: a broken promise between rooms; stops the test, never hidden
    └── TocsinError
        ├── BadEvidence     their bytes are wrong: kept, shown, and the centre runs on
        ├── Outage          something is away (disk, link, clock): retried, shown as stale
        └── Refusal         we will not: policy, regime or safety says no, and the reason is said

A message is one sentence: what is wrong, where (file, field or entry), and what was expected.
"""


class TocsinError(Exception):
    """Root of everything that is not our own bug."""


class BadEvidence(TocsinError):  # noqa: N818
    """Bytes from outside that cannot be what they claim; `evidence` holds them as received."""

    def __init__(self, message: str, evidence: bytes = b"") -> None:
        super().__init__(message)
        self.evidence = evidence


class Outage(TocsinError):  # noqa: N818
    """A disk, link, clock or peer is away; the same call may succeed later."""


class Refusal(TocsinError):  # noqa: N818
    """Policy says no. The message is the reason, in words a person can act on."""
