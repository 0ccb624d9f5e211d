"""Long campaigns in numbered pieces: on several processes, with progress, and to be broken off and gone on with.

Each finished piece is one line of a file under build/. A campaign that begins again passes over the pieces that stand
there; a line torn by the end of the program is worked again. The file's first line names the program that made it
(a hash of the sources that matter): results of another program are put aside, never mixed in.
"""

import hashlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "campaigns"
SOON_S = 15.0  # between two lines of progress
Piece = int | str
Result = object


def program(rooms: Sequence[str], *files: str) -> str:
    """Hash of the sources of some rooms, and of campaign files: results of one are not those of another."""
    digest = hashlib.sha256()
    places = [path for room in rooms for path in sorted((ROOT / "src" / "tocsin" / room).rglob("*.py"))]
    for path in (*places, *(Path(file) for file in files)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def held(path: Path, key: str) -> dict[Piece, Result]:
    """Results that stand in a file made by this program; a file of another one is renamed."""
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    if not lines or _read(lines[0]) != {"program": key}:
        path.rename(path.with_suffix(f".old-{int(time.time())}"))
        return {}
    found: dict[Piece, Result] = {}
    for line in lines[1:]:
        one = _read(line)
        if isinstance(one, dict) and "piece" in one:
            found[one["piece"]] = one["result"]
    return found


def _read(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None  # torn: the program ended while it was written


def play(
    work: Callable[[Piece], Result], pieces: Iterable[Piece], path: Path, key: str, processes: int,
    told: Callable[[dict[Piece, Result]], str] = lambda _: "",
) -> dict[Piece, Result]:  # fmt: skip
    """Results of all pieces by piece, in their order: those held in `path`, and the rest worked out and added.

    `work` is a function of a module; its results are JSON. `told` makes the end of a line of progress.
    """
    wanted = list(pieces)
    done = {piece: result for piece, result in held(path, key).items() if piece in set(wanted)}
    rest = [piece for piece in wanted if piece not in done]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    begun, last, before = time.monotonic(), 0.0, len(done)
    with path.open("a") as file:
        file.write(json.dumps({"program": key}) + "\n" if fresh else "\n")  # a torn line ends here
        for piece, result in _worked(work, rest, processes):
            file.write(json.dumps({"piece": piece, "result": result}) + "\n")
            file.flush()
            done[piece] = result
            if time.monotonic() - last > SOON_S or len(done) == len(wanted):
                last = time.monotonic()
                spent = last - begun
                left = spent / (len(done) - before) * (len(wanted) - len(done))
                line = f"{len(done)} of {len(wanted)}, {spent:.0f} s, {left / 60:.0f} min left"
                sys.stderr.write(f"{line} {told(done)}\n")
                sys.stderr.flush()
    return {piece: done[piece] for piece in wanted}


def _worked(work: Callable[[Piece], Result], rest: list[Piece], processes: int) -> Iterable[tuple[Piece, Result]]:
    """Pieces as they are finished; few are handed out ahead, so that breaking off loses little."""
    if processes <= 1:
        yield from ((piece, work(piece)) for piece in rest)
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"  # two processes on two cores want no threads of their own
    context = multiprocessing.get_context("spawn")
    queue = iter(rest)
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        running: dict[Future[Result], Piece] = {}
        while True:
            while len(running) < 2 * processes and (piece := next(queue, None)) is not None:
                running[pool.submit(work, piece)] = piece
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()
