"""What can go wrong in an exercise, hung from the four roots."""

from tocsin.errors import BadEvidence, Refusal


class NotInPlay(Refusal):
    """Something that needs a running game while it is paused, over, or stopped by NO DUFF."""


class BadInject(BadEvidence):
    """An inject that is not one; names the field and what was expected."""
