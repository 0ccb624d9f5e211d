"""Sound bodies of the kinds in which centres talk, and a ledger that knows what they rest on."""

import hashlib

import msgspec

from tocsin.release import Ledger
from tocsin.wire import bodies, encode_body
from tocsin.wire.council import COUNCIL_KINDS
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.sealing import commitment, judgement_text
from wire.examples import BODIES

SALT = bytes(range(32))
TEXT = judgement_text(
    bodies.Assessment(event="e", site_report="valid", confidence="low", explanations=(), officer="A")
)
SEAL = SealedJudgement(
    event="e", commitment=commitment("exercise.example/west", "e", None, SALT, TEXT), opens_tai_us=10**15, officer="A"
)
OPENING = OpenedJudgement(event="e", salt=SALT.hex(), judgement=TEXT, officer="A")
BOOK = BODIES["codebook"]
BOOK_SHA256 = hashlib.sha256(bytes(encode_body(BOOK))).hexdigest()
CODE = msgspec.structs.replace(BODIES["short-code"], codebook_sha256=BOOK_SHA256)
COUNCIL = {kind: BODIES[kind] for kind, _ in COUNCIL_KINDS} | {
    "sealed-judgement": SEAL, "opened-judgement": OPENING, "short-code": CODE,
}  # fmt: skip


def prepared(kind: str) -> Ledger:
    """A ledger in which a body of that kind is in turn."""
    ledger = Ledger()
    ledger.codebooks.add(BOOK_SHA256)
    if kind == "opened-judgement":
        ledger.seals["e", "", ""] = SEAL
    if kind == "assessment":
        ledger.opened.add("e")
    return ledger
