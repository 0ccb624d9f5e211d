"""Runs of scenarios in worker processes: each is a function of scenario, regime and seed, so results are the same."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from queue import Empty
from typing import Any

import msgspec

from tocsin.app.check import verify_folder
from tocsin.app.files import write_logs
from tocsin.regime import Regime
from tocsin.sim.rehearsal import Rehearsal
from tocsin.sim.scenario import Scenario
from tocsin.study.compare import run_one
from tocsin.study.results import RegimeRun, TimelineEntry

Event = tuple[str, str, TimelineEntry | float]
Heard = Callable[[Event], None]
LAST_WORDS = 50  # fifths of a second without a word after a result: then its worker died with the last of them


@dataclass(frozen=True, slots=True)
class Task:
    """One run: scenario, regime, seed, where its logs go; `quiet`: nobody listens to its time line."""

    scenario: Scenario
    regime: Regime
    seed: int
    folder: Path
    hybrid: bool = True
    quiet: bool = False

    @property
    def key(self) -> str:
        """Name of the task."""
        return f"{self.scenario.name}/{self.regime.name}"


_heard: list[Any] = []  # in a worker: the queue to the parent
_rehearsed: list[Rehearsal] = []  # in a worker: of the case it played last


def _begin(queue: Any) -> None:
    _heard[:] = [queue]
    end_with_parent()


def end_with_parent() -> None:
    """In a worker: end when the process that began it has ended, though it was killed and could tell nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


def carry_out(task: Task, hear: Heard) -> RegimeRun:
    """Play, write the logs, verify them as anybody would."""
    run, played = run_one(
        task.scenario,
        task.regime,
        task.seed,
        rehearsal=rehearsal(task),
        progress=None if task.quiet else lambda _name, share: hear((task.key, "share", share)),
        tell=None if task.quiet else lambda line: hear((task.key, "line", line)),
        hybrid=task.hybrid,
    )
    write_logs(played, task.folder)
    verdicts = list(verify_folder(task.folder).values())
    words = " ".join(verdict.words for verdict in verdicts) or "No log was written, so nothing was verified."
    ok = bool(verdicts) and all(verdict.ok for verdict in verdicts)
    return msgspec.structs.replace(run, logs=str(task.folder), verdict=words, verified=ok)


def rehearsal(task: Task) -> Rehearsal:
    """What the regimes of the task's case have in common; kept until another case comes."""
    if not _rehearsed or (_rehearsed[0].scenario, _rehearsed[0].seed) != (task.scenario, task.seed):
        _rehearsed[:] = [Rehearsal.of(task.scenario, task.seed)]
    return _rehearsed[0]


def _work(tasks: Sequence[Task]) -> list[bytes]:
    queue = _heard[0]
    found = []
    for task in tasks:
        run = carry_out(task, lambda event: queue.put(_packed(event)))
        found.append(msgspec.msgpack.encode(run))
        queue.put(_packed((task.key, "share", 1.0)))
    return found


def _packed(event: Event) -> tuple[str, str, bytes]:
    return (event[0], event[1], msgspec.msgpack.encode(event[2]))


def _unpacked(event: tuple[str, str, bytes]) -> Event:
    key, what, data = event
    said: TimelineEntry | float
    if what == "line":
        said = msgspec.msgpack.decode(data, type=TimelineEntry)
    else:
        said = msgspec.msgpack.decode(data, type=float)
    return (key, what, said)


def workers() -> int:
    """How many processes run side by side."""
    return max(1, min(os.cpu_count() or 1, 8))


@contextmanager
def pool(size: int) -> Iterator[tuple[ProcessPoolExecutor, Any]]:
    """Worker processes and the queue on which they are heard."""
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    queue = context.Queue()
    with ProcessPoolExecutor(size, mp_context=context, initializer=_begin, initargs=(queue,)) as executor:
        try:
            yield executor, queue
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def run_all(tasks: Sequence[Task], hear: Heard, size: int | None = None) -> Iterator[tuple[Task, RegimeRun]]:
    """Results in the order of the tasks; `hear` is told lines and shares as they come, from any of them.

    Runs that nobody listens to go to workers case by case: the regimes of a case share what is computed once.
    """
    size = min(size or workers(), len(tasks))
    if size <= 1:
        for task in tasks:
            run = carry_out(task, hear)
            hear((task.key, "share", 1.0))
            yield task, run
        return
    with pool(size) as (executor, queue):
        bundles = bundled(tasks)
        futures = [executor.submit(_work, bundle) for bundle in bundles]
        ended: set[str] = set()

        def note(event: Event) -> None:
            hear(event)
            if event[1:] == ("share", 1.0):
                ended.add(event[0])

        for bundle, future in zip(bundles, futures, strict=True):
            _listen(future, queue, note, partial({task.key for task in bundle}.issubset, ended))
            for task, data in zip(bundle, future.result(), strict=True):
                yield task, msgspec.msgpack.decode(data, type=RegimeRun)


def bundled(tasks: Sequence[Task]) -> list[list[Task]]:
    """Quiet tasks of one case and seed that follow each other, together; every other alone."""
    bundles: list[list[Task]] = []
    for task in tasks:
        last = bundles[-1][-1] if bundles else None
        if last is not None and task.quiet and last.quiet and (last.scenario, last.seed) == (task.scenario, task.seed):
            bundles[-1].append(task)
        else:
            bundles.append([task])
    return bundles


def _listen(future: "Future[list[bytes]]", queue: Any, hear: Heard, said_all: Callable[[], bool]) -> None:
    """Pass on what workers say until this one is done and its last word is heard: results overtake words."""
    left = LAST_WORDS
    while not future.done() or (left and future.exception() is None and not said_all()):
        try:
            hear(_unpacked(queue.get(timeout=0.2)))
        except Empty:
            left -= future.done()
