"""All logs held here as files or one zip: PARTY/GROUP/{checkpoint,policy,tile,receipts}, what `tocsin verify` reads."""

import io
import tempfile
import zipfile
from pathlib import Path

from tocsin.node.adapters.tilefiles import publish, write_file
from tocsin.node.centre import Centre
from tocsin.node.export import dropped_files, log_files, receipted_checkpoint
from tocsin.node.shown import mirror_files
from tocsin.release.records import group_log


def zip_logs(centre: Centre, *, own: bool = False) -> bytes:
    """Our shared log and every partner's as held here, under their latest receipts; on request our own, and groups'."""
    with tempfile.TemporaryDirectory(prefix="tocsin-zip-") as name:
        export_logs(centre, Path(name), own=own)
        return _zip(Path(name))


def export_logs(centre: Centre, folder: Path, *, own: bool = False) -> None:
    """The same as files in a folder."""
    for group in sorted(centre.books) if own else ("shared",):
        write_log(centre, group, folder / centre.config.party / group)
    borders = [("shared", centre.border)]
    for name, room in sorted(centre.groups.rooms.items()) if own else ():
        borders += [(group_log(name), room.border)] if room.border is not None else []
    for group, border in borders:
        for party, mirror in sorted(border.mirrors.items()):
            if mirror.size:
                place = folder / party / group
                note = mirror.held.covering(mirror.size - 1) or mirror.checkpoint_note
                dropped, kept = dropped_files(centre, mirror.origin)
                publish(centre.ports.store(mirror.origin), 0, mirror.size, note, place, dropped)
                _put(place, mirror_files(centre, party, border) | kept)


def write_log(centre: Centre, group: str, folder: Path) -> None:
    """One log of our own as files, nothing where it is empty."""
    size, note = receipted_checkpoint(centre, group)
    if size:
        dropped, kept = dropped_files(centre, centre.books[group].writer.origin)
        publish(centre.books[group].reader, 0, size, note, folder, dropped)
        _put(folder, log_files(centre, group) | kept)


def _put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        write_file(folder / name, data)


def _zip(folder: Path) -> bytes:
    """The same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(str(path.relative_to(folder)), (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return out.getvalue()
