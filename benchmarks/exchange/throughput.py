"""How many statements a second one centre logs and another receipts, and how long a receipt takes.

Two processes on loopback: hybrid signatures, mutual TLS, SQLite with synchronous=FULL. Each statement is durable,
tiled, pushed, verified, decoded, mirrored and receipted before it counts. Urgent statements are committed by
themselves amid the load. The disk's own fsync is measured before and after, beside the result.

    exchange   the logs and the link alone: tracks are made before, and pictures computed elsewhere
    whole      the release gate before, and both pictures after, in the same two processes

    python -m benchmarks.exchange.throughput [SECONDS [PER_SECOND [PER_SECOND_WHOLE]]]
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from benchmarks.exchange._pair import centre, free_ports, fsync_ms, line, percentile, prepare
from tocsin.fuse import Fold
from tocsin.log.steps import Steps
from tocsin.mirror import Verified
from tocsin.node.adapters.apart import slow
from tocsin.node.adapters.runner import Runner
from tocsin.node.centre import Centre
from tocsin.release import Draft, Released, publish
from tocsin.wire.bodies import Circle, NegativeStatement, Tracklet, Window

BAR_PER_S, BAR_MS, BAR_URGENT_MS, BAR_IDLE_MS = 10_000, 150.0, 50.0, 30.0
STEP_S = 0.02
URGENT_S = 0.25


def tracklet(number: int, t_tai_ns: int) -> Tracklet:
    """A whole, rounded estimate, as a regime with coarsening lets out."""
    return Tracklet(
        track=f"west-{number}", since_tai_us=None, t_tai_us=t_tai_ns // 1_000 + number,
        position_ecef_m=(2199480.12, 631234.56, 6017000.01), velocity_ecef_m_s=(-812.3456, 12.5, 2890.0001),
        information=tuple(float(row == column) * 1e-4 for row in range(6) for column in range(row, 6)),
        information_vector=(0.0,) * 6, process_noise_m2_s3=0.001, existence=0.998, phase="coast", coarsened=True,
    )  # fmt: skip


class NoPicture(Fold):
    """Takes entries and computes nothing."""

    def add(self, entries: Iterable[Verified]) -> None:
        del entries


class Exchange(Centre):
    """A centre whose pictures are computed elsewhere."""

    def _clear(self) -> None:
        super()._clear()
        self.national, self.common = NoPicture(), NoPicture()


class Sender(Centre):
    """Remembers when statements were appended, and when their receipt came."""

    def prepare(self) -> None:
        self.appended: deque[tuple[int, float, bool]] = deque()
        self.latency: dict[bool, list[float]] = {True: [], False: []}

    def answering(self, party: str, data: bytes) -> Steps[None]:
        yield from super().answering(party, data)
        now, held = time.perf_counter(), self.links[party].receipted
        while self.appended and self.appended[0][0] < held:
            _, then, urgent = self.appended.popleft()
            self.latency[urgent].append(1e3 * (now - then))

    def log(self, draft: Draft, *, urgent: bool) -> None:
        """One statement; a lone urgent one is committed at once, the rest in groups (L5)."""
        self.appended.append((self.books["shared"].next_index, time.perf_counter(), urgent))
        self._append(draft)
        if urgent:
            self.commit(wait=False)

    def track(self, number: int, now_ns: int) -> None:
        """One statement of the load."""
        self.log(Draft(body=tracklet(number, now_ns), observed_tai_ns=now_ns), urgent=False)


class BareSender(Sender, Exchange):
    """Its statements of tracks passed the release gate before."""

    made: list[Released]

    def track(self, number: int, now_ns: int) -> None:
        del now_ns
        self.appended.append((self.books["shared"].next_index, time.perf_counter(), False))
        self.books["shared"].append(self.made[number % len(self.made)])

    def prepare(self) -> None:
        super().prepare()
        drafts = (Draft(body=tracklet(n, self.now_tai_ns), observed_tai_ns=self.now_tai_ns) for n in range(200))
        passed = [publish(draft, self.config.regime, self.ledger, self._context()) for draft in drafts]
        self.made = [one for one in passed if isinstance(one, Released)]


async def feed(sender: Sender, runner: Runner, seconds: float, rate: float) -> dict[str, float]:
    """Log at a steady rate, urgent ones between; then wait for the last receipts."""
    while not sender.links["east"].receipted:
        await asyncio.sleep(0.05)
    used_before_s = time.process_time()
    first, begun, urgent_at = sender.books["shared"].next_index, time.perf_counter(), 0.0
    area = Circle(latitude_deg=69.0, longitude_deg=16.0, radius_km=10.0)
    logged = 0
    while (elapsed := time.perf_counter() - begun) < seconds:
        now_ns = sender.now_tai_ns
        while logged < elapsed * rate and time.perf_counter() - begun < elapsed + STEP_S:
            sender.track(logged, now_ns)
            logged += 1
        if elapsed >= urgent_at:
            urgent_at += URGENT_S
            window = Window(start_tai_us=0, end_tai_us=now_ns // 1_000)
            sender.log(Draft(body=NegativeStatement(area=area, window=window), observed_tai_ns=now_ns), urgent=True)
        sender.commit(urgent=False, wait=False)
        runner.flush()
        await asyncio.sleep(max(0.0, STEP_S - (time.perf_counter() - begun - elapsed)))
    last = sender.books["shared"].next_index
    deadline = time.perf_counter() + 30.0
    while sender.links["east"].receipted < last and time.perf_counter() < deadline:
        runner.flush()
        await asyncio.sleep(0.005)
    taken_s = time.perf_counter() - begun
    used_s = time.process_time() - used_before_s
    receipted = sender.links["east"].receipted - first
    return {"cpu_s": used_s, "logged": last - first, "receipted": receipted, "seconds": taken_s}


async def send(folder: Path, ports: list[int], seconds: float, rate: float, *, whole: bool) -> dict[str, object]:
    sender = centre(folder, "west", Sender if whole else BareSender)
    assert isinstance(sender, Sender)
    sender.prepare()
    sender.begin()
    found: dict[str, float] = {}

    async def feeding(runner: Runner) -> None:
        found.update(await feed(sender, runner, seconds, rate))
        runner.stop()

    west = [line(folder, "west", ports[0], ports[1])]
    runner = Runner(sender, ports[2], west, dict, lambda: None, 1.0, slow_disk=slow(folder))
    await runner.run(feeding)
    return {**found, "plain": sender.latency[False], "urgent": sender.latency[True]}


async def receive(folder: Path, ports: list[int], *, whole: bool) -> None:
    receiver = centre(folder, "east", Centre if whole else Exchange)
    receiver.begin()
    east = [line(folder, "east", ports[1], ports[0])]
    runner = Runner(receiver, ports[3], east, dict, lambda: None, 1.0, slow_disk=slow(folder))
    began_s = time.process_time()
    await runner.run()
    (folder / "receiver.cpu").write_text(str(time.process_time() - began_s))


def measure(seconds: float, rate: float, *, whole: bool) -> dict[str, object]:
    """One run: the receiver in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        folder = Path(name)
        prepare(folder)
        ports = free_ports(4)
        before = fsync_ms(folder)
        role = ["receive", name, json.dumps(ports), str(whole)]
        command = [sys.executable, "-m", "benchmarks.exchange.throughput", *role]
        process = subprocess.Popen(command)
        try:
            found = asyncio.run(send(folder, ports, seconds, rate, whole=whole))
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20.0)
            process.kill()
            process.wait()
        found["receiver_cpu_s"] = float((folder / "receiver.cpu").read_text())
        return {**found, "before": before, "after": fsync_ms(folder)}


def show(label: str, seconds: float, rate: float, *, whole: bool) -> None:
    """Measure and print."""
    found = measure(seconds, rate, whole=whole)
    plain, urgent, disk = found["plain"], found["urgent"], found["after"]
    assert isinstance(plain, list) and isinstance(urgent, list) and isinstance(disk, dict)
    two = 2 * disk["fsync_p99_ms"]
    shown = {"before": found["before"], "after": disk, "load_average": round(os.getloadavg()[0], 1)}
    urgent_ms, bar = percentile(urgent, 0.99), BAR_URGENT_MS if rate else BAR_IDLE_MS
    print(json.dumps({
        "name": f"urgent statements, {label}", "p50_ms": round(percentile(urgent, 0.5), 1),
        "p99_ms": round(urgent_ms, 1), "count": len(urgent), "bar": f"p99 {bar:g} ms + two fsyncs ({two:.0f} ms)",
        "met": urgent_ms <= bar + two, **shown,
    }), flush=True)  # fmt: skip
    if not rate:
        return
    count = max(1.0, float(str(found["receipted"])))
    per_s, plain_ms = float(str(found["receipted"])) / float(str(found["seconds"])), percentile(plain, 0.99)
    figures = {
        "name": f"statements receipted, {label}", "per_s": round(per_s), "asked_per_s": rate, "seconds": seconds,
        "p50_ms": round(percentile(plain, 0.5), 1), "p99_ms": round(plain_ms, 1),
        "sender_cpu_us": round(1e6 * float(str(found["cpu_s"])) / count),
        "receiver_cpu_us": round(1e6 * float(str(found["receiver_cpu_s"])) / count), **shown,
    }  # fmt: skip
    if not whole:
        figures["bar"] = f"{BAR_PER_S}/s for 60 s, p99 {BAR_MS:g} ms + two fsyncs ({two:.0f} ms)"
        figures["met"] = per_s >= 0.98 * BAR_PER_S and plain_ms <= BAR_MS + two and seconds >= 60.0
    print(json.dumps(figures), flush=True)


def main(seconds: float = 60.0, rate: float = 10_000.0, whole_rate: float = 500.0) -> None:
    show("idle", min(seconds, 20.0), 0.0, whole=True)
    show("exchange", seconds, rate, whole=False)
    show("whole", min(seconds, 20.0), whole_rate, whole=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["receive"]:
        asyncio.run(receive(Path(sys.argv[2]), json.loads(sys.argv[3]), whole=sys.argv[4] == "True"))
    else:
        main(*map(float, sys.argv[1:]))
