"""Coverage-guided fuzzing of everything that foreign bytes reach, with atheris.

Each parser may return, or raise BadEvidence; anything else is a finding, kept under build/fuzz with its bytes. What
parses must survive its own round trip.

    python -m campaigns.fuzz                 every parser, 60 s each
    python -m campaigns.fuzz entry 600       one of them, for 600 s
"""

import asyncio
import base64
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from tocsin.node.centre import Centre

with atheris.instrument_imports(include=["tocsin"]):
    from tocsin.errors import BadEvidence
    from tocsin.log.checkpoint import parse_checkpoint
    from tocsin.log.keys import parse_vkey
    from tocsin.log.note import parse_note, parse_signature_lines
    from tocsin.log.policy import parse_policy
    from tocsin.log.proof import parse_proof
    from tocsin.log.tiles import encode_bundle, parse_bundle, parse_path
    from tocsin.mirror import parse_fork
    from tocsin.mirror.bundle import parse_bundle as parse_votes
    from tocsin.mirror.evidence import parse_time_lie
    from tocsin.mirror.state import parse_state
    from tocsin.node.adapters.keys import parse_card
    from tocsin.node.custody.signatures import challenge, public_half, verifies
    from tocsin.node.exchange import decode_reply, decode_request, encode
    from tocsin.regime import load
    from tocsin.wire import body_of, decode
    from tocsin.wire import encode as encode_statement

GOLDEN = Path("tests/wire/golden")
OUT = Path("build/fuzz")


def entry(data: bytes) -> None:
    statement = decode(data)
    assert decode(encode_statement(statement)) == statement
    body_of(statement)


def note(data: bytes) -> None:
    parsed = parse_note(data)
    assert parse_note(parsed.encode()) == parsed
    checkpoint = parse_checkpoint(parsed.text)
    assert checkpoint.body == parsed.text


def messages(data: bytes) -> None:
    with contextlib.suppress(BadEvidence):
        request = decode_request(data)
        assert decode_request(encode(request)) == request
    reply = decode_reply(data)
    assert decode_reply(encode(reply)) == reply


def assertion(data: bytes) -> None:
    key = public_half("webauthn-ed25519", bytes(range(32)))
    context = data.decode(errors="replace")
    assert not verifies(key, data[:64], b"message", context, "rp", ("https://rp",))
    challenge(data)


def tile(data: bytes) -> None:
    width = 1 + data[0] if data else 1
    assert encode_bundle(parse_bundle(data[1:], width)) == data[1:]


class _Cells:
    """Cells that hold these bytes, whatever is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def load(self, _: str) -> bytes:
        return self._data

    def swap(self, _name: str, _old: bytes | None, _new: bytes) -> bool:
        return False


def conclusion(data: bytes) -> None:
    from tocsin.node.concluding import Conclusions  # whole centres load slowly: only where they are fuzzed

    floor_s = Conclusions(_Cells(data)).floor_s("ab")
    assert floor_s is None or b"%d" % floor_s in data


def body(data: bytes) -> None:
    """A request to the partner's door, in pieces as they come; the first byte chooses method and path."""
    from tocsin.node.adapters.http import door

    answers: list[int] = []
    at = data[0] if data else 0
    pieces = [data[start : start + 7] for start in range(1, len(data), 7)] or [b""]

    async def receive() -> dict[str, object]:
        part = pieces.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(pieces)}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            answers.append(int(str(message["status"])))

    async def exchange(request: bytes) -> bytes:
        return encode(decode_request(request))  # type: ignore[arg-type]

    path = "/exchange" if at % 2 else "/tile/" + data[1:40].decode(errors="replace")
    scope = {"type": "http", "method": "POST" if at % 2 else "GET", "path": path}
    asyncio.run(door(exchange, lambda _: None)(scope, receive, send))  # type: ignore[arg-type]
    assert answers
    assert answers[0] in (200, 404, 408, 413, 503)


def border(data: bytes) -> None:
    """A whole centre behind its border, with whatever it held before: it answers, and what it holds is not less."""
    centre = _centre()
    held = centre.mirrors["west"].size
    encode(centre.receive("west", data))
    centre.answered("west", data)
    assert centre.mirrors["west"].size >= held
    assert not centre.border.opening.halted
    centre.ports.private.evidence_notes.clear()  # type: ignore[attr-defined]


_CENTRES: "list[Centre]" = []
_SAID: list[bytes] = []


def _centre() -> "Centre":
    if not _CENTRES:
        with atheris.instrument_imports(include=["tocsin.node", "tocsin.mirror"]):
            from tocsin.sim.faults.party import parties
            from tocsin.sim.faults.world import BEGIN_TAI_NS, REGIME
        from tocsin.sim.schedule import Schedule

        schedule = Schedule(BEGIN_TAI_NS)
        both = parties(("east", "west"), 1, REGIME, schedule, patient=True, real=False)
        _CENTRES.append(both["east"].boot())
        west = both["west"].boot()
        for one in (_CENTRES[0], west):
            one.begin()
        for _ in range(20):
            for sender, name, receiver in ((_CENTRES[0], "east", west), (west, "west", _CENTRES[0])):
                for _party, message in sender.outgoing():
                    if name == "west":
                        _SAID.append(message)
                    sender.answered(receiver.config.party, encode(receiver.receive(name, message)))
        quota = _CENTRES[0].links["west"].intake
        quota._messages = quota.messages_most = quota._bytes = quota.bytes_most = 1e15
    return _CENTRES[0]


def text(parse: Callable[[str], object]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        parse(data.decode(errors="replace"))

    return run


@atheris.instrument_func
def canary(data: bytes) -> None:
    """Must be found, or the fuzzer looks at nothing."""
    if data[:1] == b"t" and data[1:2] == b"o":
        raise KeyError("canary")


PARSERS: dict[str, Callable[[bytes], object]] = {
    "assertion": assertion,
    "body": body,
    "border": border,
    "bundle-of-entries": tile,
    "canary": canary,
    "conclusion": conclusion,
    "card": lambda data: parse_card(data, "card"),
    "entry": entry,
    "fork": parse_fork,
    "messages": messages,
    "mirror-state": parse_state,
    "note": note,
    "policy": parse_policy,
    "proof": parse_proof,
    "regime": load,
    "signature-lines": parse_signature_lines,
    "tile-path": text(parse_path),
    "vkey": text(parse_vkey),
    "time-lie": parse_time_lie,
    "votes": parse_votes,
}


def seeds(name: str, folder: Path) -> None:
    """A few sound examples to begin from."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [path.read_bytes() for path in sorted(GOLDEN.glob("*.json"))] if name == "entry" else []
    if name == "border":
        _centre()
        found += _SAID
    origin, root = "log.example/a", base64.b64encode(bytes(32)).decode()
    signed = f"{origin}\n1\n{root}\n\n\u2014 {origin} {base64.b64encode(bytes(68)).decode()}\n".encode()
    found += [signed, b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + signed, b"tile/0/x001/067.p/3", b"\0\1a\0\0"]
    found.append(b'{"type":"push","checkpoint":"x","start":0,"entries":["AA=="],"consistency":[]}')
    for number, data in enumerate(found):
        (folder / f"seed-{number}").write_bytes(data)


def one(name: str, seconds: int) -> None:
    """Fuzz one parser in this process; libFuzzer ends it."""
    parse = PARSERS[name]

    def target(data: bytes) -> None:
        with contextlib.suppress(BadEvidence):
            parse(data)

    corpus = OUT / "corpus" / name
    seeds(name, corpus)
    arguments = [
        sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-max_len=70000", "-rss_limit_mb=2048", "-timeout=10",
        f"-artifact_prefix={OUT}/{name}-", "-verbosity=0", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup(arguments, target)
    atheris.Fuzz()


def main(seconds: int) -> int:
    """Every parser in a process of its own; the exit says whether any failed."""
    failed = 0
    for name in PARSERS:
        begun = time.monotonic()
        run = [sys.executable, "-m", "campaigns.fuzz", name, str(seconds)]
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        counted = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        runs = int(counted[0].split()[-1]) if counted else 0
        wrong = (done.returncode != 0) != (name == "canary")
        failed += wrong
        taken = round(time.monotonic() - begun, 1)
        print(json.dumps({"name": name, "runs": runs, "seconds": taken, "found": done.returncode != 0}), flush=True)
        if wrong:
            print(done.stderr[-3_000:], flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
