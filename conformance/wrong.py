"""A deliberately wrong implementation, for the canary:  python -m conformance.wrong MISTAKE

Each mistake is one that somebody could make in good faith. The runner must catch every one.
"""

import json
import sys
from collections.abc import Callable

from conformance import ours
from conformance.ours import Answer, answer, raw


def duplicates(test: str, ask: Answer) -> Answer:
    """A JSON parser that takes the last of two equal names."""
    if test == "wire.read":
        try:
            ask = {"entry": ours.base64.b64encode(json.dumps(json.loads(raw(ask["entry"]))).encode()).decode()}
        except ValueError:
            return ours.REFUSED
    return answer(test, ask)


def future(test: str, ask: Answer) -> Answer:
    """Refuses what it does not know, in place of holding it."""
    said = answer(test, ask)
    return ours.REFUSED if test == "wire.read" and said.get("known") is False else said


def one_key(test: str, ask: Answer) -> Answer:
    """Is content with one of the log's two signatures (L9)."""
    if test in ("log.checkpoint", "log.receipt"):
        for key in ask["log_keys"]:
            said = answer(test, {**ask, "log_keys": [key]})
            if said != ours.REFUSED:
                return said
    return answer(test, ask)


def long_proofs(test: str, ask: Answer) -> Answer:
    """Ignores what is left over of a proof."""
    said = answer(test, ask)
    if test == "log.inclusion" and said == ours.REFUSED and ask["proof"]:
        return answer(test, {**ask, "proof": ask["proof"][:-1]})
    return said


def late_receipts(test: str, ask: Answer) -> Answer:
    """Counts votes whenever they were receipted (against V2)."""
    if test == "decide.decision":
        ask = {**ask, "receipts": [{**one, "time_s": min(one["time_s"], 1_899_999_999)} for one in ask["receipts"]]}
    return answer(test, ask)


def last_vote(test: str, ask: Answer) -> Answer:
    """Lets a party change its mind (against V1)."""
    if test == "decide.decision":
        ask = {**ask, "entries": [{**one, "index": 9 - one["index"]} for one in ask["entries"]]}
    return answer(test, ask)


def rounding(test: str, ask: Answer) -> Answer:
    """Leaves the last entry of every log out of the picture."""
    if test == "fuse.picture":
        ask = {**ask, "logs": [{**log, "entries": log["entries"][:-1] or log["entries"]} for log in ask["logs"]]}
    return answer(test, ask)


def version_1(test: str, ask: Answer) -> Answer:
    """Signs for officers without their terms."""
    if test != "wire.message":
        return answer(test, ask)
    statement = ours.decode(raw(ask["entry"]))
    made = (ours.message_under(statement, None) for _ in statement.signatures)
    return {"sha256": [ours.hashlib.sha256(message).hexdigest() for message in made]}


def silent(test: str, ask: Answer) -> Answer:
    """Refuses everything."""
    del test, ask
    return ours.REFUSED


MISTAKES: dict[str, Callable[[str, Answer], Answer]] = {
    one.__name__: one
    for one in (
        duplicates, future, one_key, long_proofs, late_receipts, last_vote, rounding, version_1, silent
    )
}  # fmt: skip


def main() -> None:
    """Answer wrongly until the questions end."""
    made = MISTAKES[sys.argv[1]]
    for line in sys.stdin:
        question = json.loads(line)
        said = {"id": question["id"], "answer": made(question["test"], question["input"])}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
