"""Failures of deciding.

    Refusal
    └── MayNotVote          a vote that the rules or our own log forbid; the message says which
"""

from tocsin.errors import Refusal


class MayNotVote(Refusal):
    """A vote that the rules or our own log forbid; the message says which."""
