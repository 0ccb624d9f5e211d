"""What a defence architecture can reach: thresholds and bound proofs. See README.md."""

from tocsin.assure.errors import ProofRejected, QuestionRefused
from tocsin.assure.load import load
from tocsin.assure.result import AssuranceResult, Verdict
from tocsin.assure.run import Depth, check, run, thresholds
from tocsin.assure.shipped import shipped, shipped_proofs

__all__ = [
    "AssuranceResult",
    "Depth",
    "ProofRejected",
    "QuestionRefused",
    "Verdict",
    "check",
    "load",
    "run",
    "shipped",
    "shipped_proofs",
    "thresholds",
]
