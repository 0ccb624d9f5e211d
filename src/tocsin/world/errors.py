"""Failures of the world.

BadEvidence
├── BadTime     a text that is not a UTC instant, or an instant outside the calendar
└── BadArea     a ring or circle that bounds no area
"""

from tocsin.errors import BadEvidence


class BadTime(BadEvidence):
    """Not an instant of UTC; the message says what was expected."""


class BadArea(BadEvidence):
    """Not an area on the Earth; the message says what was expected."""
