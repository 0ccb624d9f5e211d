"""Failures of this package.

Refusal
└── QuestionRefused     a question that cannot be answered as it stands, with the reason
BadEvidence
└── ProofRejected       a bound proof that does not prove its claim; names the leaf
"""

from tocsin.errors import BadEvidence, Refusal


class QuestionRefused(Refusal):
    """The question file is not one that this package answers."""


class ProofRejected(BadEvidence):
    """The proof does not prove what it claims."""
