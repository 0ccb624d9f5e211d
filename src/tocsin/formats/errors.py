"""Failures of foreign formats.

BadEvidence
└── FormatError     bytes or text that the format does not allow; the message says where and what was expected
"""

from tocsin.errors import BadEvidence


class FormatError(BadEvidence):
    """Not what the format's name promises. `offset` is where, in bytes or lines from the start of the input."""

    def __init__(self, message: str, evidence: bytes = b"", offset: int = 0) -> None:
        super().__init__(message, evidence)
        self.offset = offset
