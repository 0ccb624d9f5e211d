"""Requests to a running centre to drop what was agreed, or to take it back (L11), as files in its folder `pruning`.

A command writes NAME.request; the centre begins at its next turn, and says in NAME.done or NAME.refused what became of
it. Bundles that are kept lie in `kept`, by their SHA-256: every export of a pruned log has its own.
"""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from tocsin.errors import BadEvidence, Outage, Refusal, TocsinError
from tocsin.node.adapters.tilefiles import folder_reader, read_file, write_file
from tocsin.node.centre import Centre
from tocsin.node.pruning import CHUNK


class Request(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`export`: folder of the exported log, whose checkpoint has `size` and `root` (hex)."""

    what: Literal["drop", "restore"]
    origin: str
    export: str
    size: int
    root: str
    before: int = 0
    bundle_sha256: str = ""


def ask(folder: Path, request: Request) -> Path:
    """Leave a request for the centre of this folder; its file."""
    data = msgspec.json.encode(request)
    path = folder / "pruning" / f"{request.what}-{hashlib.sha256(data).hexdigest()[:12]}.request"
    for ending in (".done", ".refused"):
        path.with_suffix(ending).unlink(missing_ok=True)
    write_file(path, data)
    return path


def keep_bundle(folder: Path, bundle: bytes) -> str:
    """Put a bundle where exports find it; its SHA-256."""
    digest = hashlib.sha256(bundle).hexdigest()
    write_file(folder / "kept" / digest, bundle)
    return digest


def kept_bundle(folder: Path, digest: str) -> bytes:
    """A bundle that is kept. Raises Outage, or BadEvidence where it is another."""
    path = folder / "kept" / digest
    data = read_file(path, "the bundle that was agreed to be kept")
    if hashlib.sha256(data).hexdigest() != digest:
        raise BadEvidence(f"{path}: not the bundle that was agreed to be kept")
    return data


class PruningFolder:
    """Call `exchange` at every turn."""

    def __init__(self, folder: Path) -> None:
        self._centre_folder = folder
        self._folder = folder / "pruning"
        self._dropping: dict[str, Path] = {}
        self._restoring: tuple[Path, Request, int] | None = None

    def exchange(self, centre: Centre) -> None:
        """Begin what is asked for, go on with what was begun, say what is done."""
        for path in sorted(self._folder.glob("*.request")) if self._restoring is None else ():
            self._begin(centre, path)
        if self._restoring is not None:
            self._restore(centre, *self._restoring)
        for origin in set(self._dropping) - set(centre.pruning.under_way):
            self._say(self._dropping.pop(origin), ".done", f"{origin}: dropped, as agreed")

    def _begin(self, centre: Centre, path: Path) -> None:
        data = read_file(path, "a request")
        try:
            request = msgspec.json.decode(data, type=Request)
            _same_history(centre, request)
            if request.what == "restore":
                self._restoring = (path, request, 0)
                return
            bundle = kept_bundle(self._centre_folder, request.bundle_sha256)
            centre.pruning.begin(request.origin, request.before, bundle)
            self._dropping[request.origin] = path
            path.unlink()
        except (TocsinError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._say(path, ".refused", str(error))

    def _restore(self, centre: Centre, path: Path, request: Request, start: int) -> None:
        """The next thousand entries from the export."""
        try:
            upto = centre.pruning.dropped(request.origin).at
            end = min(start + CHUNK, upto)
            found = folder_reader(Path(request.export), request.size).entries(start, end)
            if len(found) < end - start:
                raise Refusal(f"{request.export}: entry {start + len(found)} is not in this export; another is needed")
            centre.pruning.restore(request.origin, list(enumerate(found, start)), last=end == upto)
        except Outage as outage:
            centre.keep(outage)
            return
        except TocsinError as error:
            self._restoring = None
            self._say(path, ".refused", str(error))
            return
        self._restoring = (path, request, end)
        if end == upto:
            self._restoring = None
            self._say(path, ".done", f"{request.origin}: {upto} entries are back")

    def _say(self, path: Path, ending: str, words: str) -> None:
        path.unlink(missing_ok=True)
        write_file(path.with_suffix(ending), words.encode())


def _same_history(centre: Centre, request: Request) -> None:
    """An export helps only if it is of the very log that is held here, as far as it is to be dropped."""
    if request.what == "drop" and request.size < request.before:
        raise Refusal(f"{request.export}: the export ends at {request.size}, before entry {request.before}")
    tree = centre.pruning.tree(request.origin)
    if request.size > tree.size or tree.root_at(request.size).hex() != request.root:
        raise Refusal(f"{request.export}: the export is not of the history of {request.origin} that is held here")
