"""`tocsin study`: campaigns over many flights or runs."""

import sys
from io import StringIO
from pathlib import Path

from cyclopts import App

from tocsin.errors import Refusal
from tocsin.node.adapters.tilefiles import write_file
from tocsin.study.flights import main as check_flights

study = App(name="study", help="Studies over many flights or runs.")


@study.default
def many(file: Path, *, out: Path = Path("runs"), workers: int | None = None, dask: str = "") -> int:
    """Play a study file: cases, what is varied, regimes and seeds; figures with intervals. Goes on where it stopped.

    Parameters
    ----------
    file
        TOML; examples are in the folder studies of the repository, its format in docs/studies.md.
    out
        Folder for a folder of the study's name, with one line a run and the figures.
    workers
        Processes side by side (default: one a core). The results are the same for any number.
    dask
        Address of the scheduler of an existing Dask cluster, for example tcp://host:8786.
    """
    from tocsin.app.many import run_study

    if workers is not None and workers < 1:
        raise Refusal(f"--workers {workers}: 1 or more expected")
    return run_study(file, out, workers, dask)


@study.command
def flights(file: Path, *, out: Path | None = None) -> int:
    """Hold published flight figures against ballistic physics; print predicted minutes per row as CSV.

    Parameters
    ----------
    file
        CSV with columns date, time_utc, vehicle, site, site_lat_deg, site_lon_deg, bearing_deg, apogee_km, range_km
        and optionally flight_min.
    out
        Where to write the CSV (default: standard output).
    """
    if out is None:
        return check_flights(file, sys.stdout, sys.stderr)
    text = StringIO()
    code = check_flights(file, text, sys.stderr)
    write_file(out, text.getvalue().encode())
    return code
