"""Failures of simulation input.

    BadEvidence
    └── ScenarioError       a scenario file that is not one; names the file and the field or line
"""

from tocsin.errors import BadEvidence


class ScenarioError(BadEvidence):
    """The scenario cannot be played as written; the message says where and what was expected."""
