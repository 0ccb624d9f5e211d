"""Two centres with their own keys, stores and certificates, made for a measurement in a folder of their own."""

import hashlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from tocsin.log.signers import log_signers, mirror_signers
from tocsin.node.adapters import tls
from tocsin.node.adapters.clock import SystemClock
from tocsin.node.adapters.private import PrivateFolder
from tocsin.node.adapters.runner import Line
from tocsin.node.adapters.sqlite import Database, SqliteCells, SqliteLog
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig, Partner, Ports
from tocsin.regime import load, shipped

NAMES = ("west", "east")
Load = Callable[[], bytes | None]


def other(name: str) -> str:
    return NAMES[1 - NAMES.index(name)]


def origin(name: str) -> str:
    return f"bench.exercise/{name}"


def secret(name: str) -> bytes:
    return hashlib.sha256(f"measurement {name}".encode()).digest()


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def prepare(folder: Path) -> None:
    for name in NAMES:
        (folder / name).mkdir(parents=True)
        tls.make_identity(folder / name, name)


def centre(folder: Path, name: str, kind: type[Centre] = Centre, shortcut: Load | None = None) -> Centre:
    """A centre with hybrid signatures and stores on disk."""
    place, partner = folder / name, other(name)
    database = Database(place / "store.db")
    config = CentreConfig(
        party=name, origin=origin(name), mode="exercise", regime=load(shipped("joint")), sensors=(),
        partners=(
            Partner(
                party=partner, origin=origin(partner),
                log_keys=tuple(one.key for one in log_signers(origin(partner), secret(partner))),
                mirror_keys=tuple(one.key for one in mirror_signers(f"{origin(partner)}/mirror", secret(partner))),
            ),
        ),
    )  # fmt: skip
    ports = Ports(
        clock=SystemClock(),
        store=lambda which: SqliteLog(database, which),
        cells=SqliteCells(place / "checkpoints.db"),
        log_signers=lambda which: log_signers(which, secret(name)),
        mirror_signers=mirror_signers(f"{origin(name)}/mirror", secret(name)),
        private=PrivateFolder(place / "private"),
        shortcut=shortcut,
    )
    return kind(config, ports)


def line(folder: Path, name: str, own_port: int, partner_port: int) -> Line:
    """The link of `name` to the other, over mutual TLS on loopback."""
    issuer = (folder / other(name) / tls.ISSUER).read_text()
    return Line(
        party=other(name), url=f"https://127.0.0.1:{partner_port}", port=own_port,
        listening=tls.listening(folder / name, issuer), calling=tls.calling(folder / name, issuer),
    )  # fmt: skip


def fsync_ms(folder: Path, count: int = 200) -> dict[str, float]:
    """What the disk takes to make 8 KiB durable: p50 and p99 in milliseconds."""
    taken = []
    descriptor = os.open(folder / "fsync.probe", os.O_CREAT | os.O_WRONLY)
    for _ in range(count):
        os.write(descriptor, b"x" * 8_192)
        begun = time.perf_counter()
        os.fdatasync(descriptor)
        taken.append(1e3 * (time.perf_counter() - begun))
    os.close(descriptor)
    taken.sort()
    return {"fsync_p50_ms": round(taken[count // 2], 2), "fsync_p99_ms": round(taken[int(0.99 * count)], 2)}


def percentile(values: list[float], share: float) -> float:
    """Nearest-rank percentile; 0 of an empty list."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
