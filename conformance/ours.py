"""Our own answers: one question a line on standard input, one answer a line on standard output.

    python -m conformance.ours < questions.jsonl

An implementation of somebody else replaces this program and nothing else; README.md says what each question means.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from tocsin import regime as regimes
from tocsin.decide import OwnFloor, Party, Receipt, decision
from tocsin.errors import BadEvidence
from tocsin.fuse import common_picture
from tocsin.log.cosignature import open_checkpoint
from tocsin.log.keys import parse_vkey
from tocsin.log.merkle import leaf_hash, root_of_leaves, verify_consistency, verify_inclusion
from tocsin.mirror import parse_fork, verify_fork, verify_receipt
from tocsin.mirror.memory import mirrored
from tocsin.wire import body_of, decode
from tocsin.wire.confidential import disclosed
from tocsin.wire.errors import UnknownKind
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.officer import message_under, terms_of
from tocsin.wire.sealing import fits

Answer = dict[str, Any]
REFUSED: Answer = {"refused": True}


def raw(text: str) -> bytes:
    """Bytes of a base64 field."""
    return base64.b64decode(text, validate=True)


def wire_read(ask: Answer) -> Answer:
    """What an entry says it is."""
    entry = raw(ask["entry"])
    statement = decode(entry)
    try:
        body_of(statement)
        known = True
    except UnknownKind:
        known = False
    return {
        "known": known, "kind": statement.kind, "schema": statement.schema, "origin": statement.origin,
        "epoch": statement.epoch, "sequence": statement.sequence, "mode": statement.mode,
        "sha256": hashlib.sha256(entry).hexdigest(),
    }  # fmt: skip


def wire_message(ask: Answer) -> Answer:
    """SHA-256 of what each officer signed."""
    statement = decode(raw(ask["entry"]))
    made = (message_under(statement, terms_of(one)) for one in statement.signatures)
    return {"sha256": [hashlib.sha256(message).hexdigest() for message in made]}


def wire_disclosed(ask: Answer) -> Answer:
    """The body of a confidential entry that is shown with its text."""
    opened = disclosed(decode(raw(ask["entry"])), raw(ask["text"]))
    return {"body": base64.b64encode(bytes(opened.body)).decode()}


def wire_seal(ask: Answer) -> Answer:
    """Whether an opened judgement is the sealed one."""
    sealed, opened = (body_of(decode(raw(ask[name]))) for name in ("sealed", "opened"))
    ok = isinstance(sealed, SealedJudgement) and isinstance(opened, OpenedJudgement)
    return {"fits": ok and fits(ask["origin"], sealed, opened)}  # type: ignore[arg-type]


def log_root(ask: Answer) -> Answer:
    """RFC 6962 root of entries."""
    return {"root": root_of_leaves([leaf_hash(raw(one)) for one in ask["entries"]]).hex()}


def log_inclusion(ask: Answer) -> Answer:
    """An inclusion proof."""
    proof = [raw(one) for one in ask["proof"]]
    verify_inclusion(ask["index"], ask["size"], leaf_hash(raw(ask["entry"])), proof, bytes.fromhex(ask["root"]))
    return {"ok": True}


def log_consistency(ask: Answer) -> Answer:
    """A consistency proof."""
    roots = [bytes.fromhex(ask[name]) for name in ("old_root", "new_root")]
    verify_consistency(ask["old_size"], ask["new_size"], roots[0], roots[1], [raw(one) for one in ask["proof"]])
    return {"ok": True}


def log_checkpoint(ask: Answer) -> Answer:
    """A checkpoint under every one of the log's keys."""
    head = open_checkpoint(raw(ask["note"]), [parse_vkey(key) for key in ask["log_keys"]]).checkpoint
    return {"origin": head.origin, "size": head.size, "root": head.root.hex()}


def log_receipt(ask: Answer) -> Answer:
    """A receipt under every one of the mirror's keys."""
    log_keys, mirror_keys = ([parse_vkey(key) for key in ask[name]] for name in ("log_keys", "mirror_keys"))
    return {"time_s": verify_receipt(raw(ask["note"]), log_keys, mirror_keys)}


def log_fork(ask: Answer) -> Answer:
    """A proof that a log signed two histories."""
    verify_fork(parse_fork(raw(ask["proof"])), [parse_vkey(key) for key in ask["log_keys"]])
    return {"ok": True}


def fuse_picture(ask: Answer) -> Answer:
    """The common picture of entries at a time."""
    entries = []
    for log in ask["logs"]:
        data = [raw(one) for one in log["entries"]]
        entries += mirrored(log["origin"], data).entries(0, len(data))
    picture = common_picture(entries, ask["as_of_tai_us"] * 1_000)
    return {"fuse_version": picture.fuse_version, "digest": picture.digest, "tracks": len(picture.tracks)}


class _Entry(msgspec.Struct, frozen=True):
    """An entry whose place was verified: the conformance question says so."""

    origin: str
    index: int
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def decide_decision(ask: Answer) -> Answer:
    """What became of a proposal."""
    def entry(one: Answer) -> Any:
        return _Entry(one["origin"], one["index"], raw(one["data"]))

    own = OwnFloor(**ask["own"]) if ask.get("own") else None
    found = decision(
        entry(ask["proposal"]), [entry(one) for one in ask["entries"]], [Receipt(**one) for one in ask["receipts"]],
        [Party(**one) for one in ask["parties"]], regimes.load(ask["regime"].encode()), own,
    )  # fmt: skip
    return {"status": found.status, "binding": found.binding}


TESTS: dict[str, Callable[[Answer], Answer]] = {
    "wire.read": wire_read, "wire.message": wire_message, "wire.disclosed": wire_disclosed, "wire.seal": wire_seal,
    "log.root": log_root, "log.inclusion": log_inclusion, "log.consistency": log_consistency,
    "log.checkpoint": log_checkpoint, "log.receipt": log_receipt, "log.fork": log_fork,
    "fuse.picture": fuse_picture, "decide.decision": decide_decision,
}  # fmt: skip


def answer(test: str, ask: Answer) -> Answer:
    """Our answer to one question; what is not as it must be is `refused`."""
    try:
        return TESTS[test](ask)
    except BadEvidence:
        return REFUSED


def main() -> None:
    """Answer until the questions end."""
    for line in sys.stdin:
        question = json.loads(line)
        said = {"id": question["id"], "answer": answer(question["test"], question["input"])}
        sys.stdout.write(json.dumps(said, sort_keys=True) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
