"""Exported logs as verified entries: the folder of one log, of one run, or of a centre."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.app.check import exported
from tocsin.errors import BadEvidence, Refusal
from tocsin.fuse import CommonPicture, Fold
from tocsin.mirror import Verified
from tocsin.node.audit import open_mirror
from tocsin.wire.bodies import Tracklet, body_of
from tocsin.wire.envelope import Mode, Record, Statement, decode

NS = 1_000_000_000
MOST_PICTURES = 2_000


@dataclass(frozen=True, slots=True)
class Read:
    """One entry and what it says; `body` is None for a kind that is not known here."""

    entry: Verified
    statement: Statement
    body: Record | None


def held(path: Path, *, own: bool = False) -> tuple[Verified, ...]:
    """Entries of every shared log below `path` (the own ones, too, if asked for), each as it was signed.

    A log that a regime's partner mirrored lies in several folders with the same entries: it is read once.
    """
    found: dict[tuple[str, int], Verified] = {}
    folders = [one.parent for one in sorted(path.rglob("checkpoint")) if (one.parent / "policy").is_file()]
    for folder in folders:
        if folder.name == "own" and not own:
            continue
        mirror = open_mirror(exported(folder, path))
        found |= {(entry.origin, entry.index): entry for entry in mirror.held.stream(0, mirror.size)}
    if not found:
        raise Refusal(f"{path}: no entries of a log here; a folder with files checkpoint and policy was expected")
    return tuple(found[key] for key in sorted(found))


def read(entries: Sequence[Verified]) -> Iterator[Read]:
    """Statements of entries. One that cannot be read keeps no place here: `tocsin log show` shows it."""
    for entry in entries:
        try:
            statement = decode(entry.data)
        except BadEvidence:
            continue
        try:
            yield Read(entry, statement, body_of(statement))
        except BadEvidence:
            yield Read(entry, statement, None)


def mode_of(found: Sequence[Read]) -> Mode:
    """The mode of all entries: exercise and live are never exported together."""
    modes = {one.statement.mode for one in found}
    if len(modes) > 1:
        raise Refusal("the logs hold entries of an exercise and live ones: export them apart")
    return modes.pop() if modes else "exercise"


def pictures(entries: Sequence[Verified], found: Sequence[Read], step_s: float) -> list[CommonPicture]:
    """Common pictures from the first tracklet to the last, `step_s` apart, and at the last one."""
    times = sorted({one.body.t_tai_us * 1_000 for one in found if isinstance(one.body, Tracklet)})
    if not times:
        return []
    step_ns = max(round(step_s * NS), 1_000)
    if (times[-1] - times[0]) // step_ns > MOST_PICTURES:
        raise Refusal(f"--step {step_s}: more than {MOST_PICTURES} pictures; a longer step was expected")
    wanted = [*range(times[0], times[-1], step_ns), times[-1]]
    fold = Fold()
    fold.add(entries)
    return [fold.picture(t) for t in wanted]
