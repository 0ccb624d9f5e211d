"""Failures of the flight model.

    BadEvidence
    └── FlightError             the design does not make a flight (never lifts off, never comes down)
        └── FlightTableError    a [flight] table that is not one; names the field and what was expected
"""

from tocsin.errors import BadEvidence


class FlightError(BadEvidence):
    """No flight comes of this design; the message says why."""


class FlightTableError(FlightError):
    """The table cannot be read as a flight; the message names the field and what was expected."""
