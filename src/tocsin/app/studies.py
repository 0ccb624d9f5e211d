"""`tocsin study`: campaigns over many flights or runs."""

import sys
from io import StringIO
from pathlib import Path

from cyclopts import App

from tocsin.node.adapters.tilefiles import write_file
from tocsin.study.flights import main as check_flights

study = App(name="study", help="Studies over many flights or runs.")


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
