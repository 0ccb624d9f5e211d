"""Where runs are written, and what is written there."""

from pathlib import Path

from tocsin.node.adapters.tilefiles import publish, write_file
from tocsin.node.adapters.zipped import write_log
from tocsin.node.centre import Centre
from tocsin.node.custody.roster import epoch_of
from tocsin.node.export import dropped_files, former_files
from tocsin.sim.play import Played

RUNS = Path("runs")


def write_logs(played: Played, folder: Path) -> None:
    """Export all logs of a finished run: FOLDER/PARTY/GROUP/{checkpoint,policy,tile,receipts}."""
    for name, centre in sorted(played.centres.items()):
        for group in sorted(centre.books):
            write_log(centre, group, folder / name / group)


def write_former(centre: Centre, folder: Path) -> None:
    """Export our ended shared logs, as far as they bind: FOLDER/shared, FOLDER/shared-1, ..."""
    for origin, (store, end, files) in sorted(former_files(centre).items()):
        epoch = epoch_of(origin)
        place = folder / (f"shared-{epoch}" if epoch else "shared")
        if end and "checkpoint" in files:
            dropped, kept = dropped_files(centre, origin)
            publish(store, 0, end, files.pop("checkpoint"), place, dropped)
            for name, data in (files | kept).items():
                write_file(place / name, data)
