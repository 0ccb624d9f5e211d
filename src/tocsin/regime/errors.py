"""Failures of regime files.

    BadEvidence
    └── RegimeError         bytes that are not a regime; the message names file, field and what was expected
"""

from tocsin.errors import BadEvidence


class RegimeError(BadEvidence):
    """Not a regime file; the message names the file, the field and what was expected."""
