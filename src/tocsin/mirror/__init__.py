"""The one gate for foreign bytes: verify, store, then receipt. The only maker of Verified. See README.md."""

from tocsin.mirror.bundle import Bundle, Receipted, join, open_bundle, parse_bundle
from tocsin.mirror.evidence import (
    Fork,
    TimeLie,
    find_time_lie,
    parse_fork,
    parse_time_lie,
    verify_cosigned_fork,
    verify_fork,
    verify_time_lie,
)
from tocsin.mirror.gate import Mirror
from tocsin.mirror.holdings import Holdings
from tocsin.mirror.judge import Quota
from tocsin.mirror.receipt import Receipt, verify_receipt
from tocsin.mirror.verified import Verified

__all__ = [
    "Bundle",
    "Fork",
    "Holdings",
    "Mirror",
    "Quota",
    "Receipt",
    "Receipted",
    "TimeLie",
    "Verified",
    "find_time_lie",
    "join",
    "open_bundle",
    "parse_bundle",
    "parse_fork",
    "parse_time_lie",
    "verify_cosigned_fork",
    "verify_fork",
    "verify_receipt",
    "verify_time_lie",
]
