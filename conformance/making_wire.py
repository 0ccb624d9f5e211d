"""Questions about entries: every kind that is kept as a golden entry, the same with faults, versions of the future."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from conformance.vector import Vector, ask, b64
from tocsin.node.custody.confidential import encrypt
from tocsin.wire.confidential import hidden_text
from tocsin.wire.envelope import OfficerSignature, Reference, decode, encode
from tocsin.wire.officer import terms_for

GOLDEN = Path(__file__).parents[1] / "tests" / "wire" / "golden"


def vectors() -> Iterator[Vector]:
    """Reading, refusing, what officers sign, what is disclosed."""
    chance = random.Random(1)
    listed = (line.split("  ")[1] for line in (GOLDEN / "SHA256SUMS").read_text().splitlines())
    names = [GOLDEN / name for name in sorted(listed)]
    for path in names:
        yield ask("wire.read", f"golden {path.stem}", entry=b64(path.read_bytes()))
    own = [path for path in names if ".foreign" not in path.name]
    logged = [path.read_bytes() for path in own]
    for path, data in zip(own, logged, strict=True):
        for why, spoilt in _spoilt(data, chance):
            yield ask("wire.read", f"{path.stem}: {why}", entry=b64(spoilt))
    for data in logged[:20]:
        yield ask("wire.message", "version 1", entry=b64(data))
        yield ask("wire.message", "version 2", entry=b64(_with_terms(data)))
    yield from _confidential(logged)


def _spoilt(data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    value = json.loads(data)
    body = value["body"]

    def made(**changes: object) -> bytes:
        return json.dumps({**value, **changes}).encode()

    first = next(iter(body))
    yield "a name twice", data.replace(b'"tocsin":1,', b'"tocsin":1,"tocsin":1,', 1)
    yield "a name twice, escaped", data.replace(b'"tocsin":1,', b'"tocsin":1,"\\u0074ocsin":1,', 1)
    yield "a name twice in the body", data.replace(f'"{first}":'.encode(), f'"{first}":null,"{first}":'.encode(), 1)
    yield "an unknown field", made(extra=1)
    yield "a missing field", json.dumps({key: one for key, one in value.items() if key != "mode"}).encode()
    yield "an unknown field in the body", made(body={**body, "extra": 1})
    yield "the next schema number of its kind", made(schema=value["schema"] + 7)
    yield "a kind of the future", made(kind="kind-of-the-future")
    yield "the next envelope", made(tocsin=2)
    yield "a number as text", made(epoch="1")
    yield "a negative sequence", made(sequence=-1)
    yield "an upper case origin", made(origin="West")
    yield "not a number", data.replace(b'"epoch":', b'"epoch":NaN,"x":', 1)
    yield "bytes after it", data + b" {}"
    yield "cut short", data[: chance.randrange(1, len(data))]
    yield "too long", made(marking={**value["marking"], "authority": "x" * 66_000})


def _with_terms(data: bytes) -> bytes:
    statement = decode(data)
    context = msgspec.json.encode({"terms": terms_for(statement, 3_600_000_000)}).decode()
    signed = OfficerSignature(scheme="ed25519", key_id="k", role="watch-officer", value="AAAA", context=context)
    return encode(msgspec.structs.replace(statement, signatures=(signed,)))


def _confidential(logged: list[bytes]) -> Iterator[Vector]:
    key = Reference(role="key", origin="west.example/shared", epoch=1, index=3, sha256="0" * 64)
    for data in logged[:12]:
        plain = decode(data)
        salt = bytes(range(32))
        entry, text = encode(encrypt(plain, salt, b"k" * 32, key)), hidden_text(plain, salt)
        yield ask("wire.read", "a confidential entry: held, not read", entry=b64(entry))
        yield ask("wire.disclosed", "the text that the log commits to", entry=b64(entry), text=b64(text))
        other = hidden_text(plain, salt[::-1])
        yield ask("wire.disclosed", "another salt", entry=b64(entry), text=b64(other))
