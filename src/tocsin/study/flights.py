"""Validation against public flights: what a ballistic flight with the published apogee, range and bearing would be.

For every row the launch is solved that meets the figures (`tocsin.sim.flight.solve`), with the burn time of the
vehicle's public class, air, and the turning Earth; `flights_criterion` says whether a ballistic flight is consistent
with them; the flight time is predicted, and held against the published one where there is one.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TextIO

from tocsin.errors import BadEvidence
from tocsin.sim.flight import FlightError, Inconsistent, Trajectory, kepler, solve
from tocsin.study.flights_criterion import VERDICTS, BoostClass, Verdict, Yardstick, class_of, judge, yardstick
from tocsin.study.flights_csv import Flights, Row, Skipped, read_csv

__all__ = ["Flights", "Result", "Row", "Skipped", "main", "read_csv", "shipped", "study", "to_csv"]

TIME_TOLERANCE_SHARE = 0.03
TIME_TOLERANCE_MIN = 1.0

Progress = Callable[[int, int], None]

COLUMNS = (
    "line", "row", "date", "time_utc", "vehicle", "site", "apogee_km", "range_km", "verdict", "predicted_min",
    "predicted_low_min", "predicted_high_min", "published_min", "difference_min", "time_agrees", "kepler_min",
    "vacuum_min", "boost_class", "boost_s", "speed_ratio", "apogee_pressure_pa", "reason",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One row judged. Minutes; the prediction is None when no ballistic flight of the class meets the figures, and
    its interval also where lift and drag shape the flight. `kepler_min` is the fall over an Earth that does not turn,
    `vacuum_min` over one that does: no boost and no air, so no flight with these figures is shorter."""

    row: Row
    verdict: Verdict
    reason: str
    predicted_min: float | None
    low_min: float | None
    high_min: float | None
    kepler_min: float
    vacuum_min: float
    boost_class: str
    boost_s: float
    speed_ratio: float
    apogee_pressure_pa: float

    @property
    def difference_min(self) -> float | None:
        """Published minus predicted."""
        if self.row.flight_min is None or self.predicted_min is None:
            return None
        return self.row.flight_min - self.predicted_min

    @property
    def time_agrees(self) -> bool | None:
        """Within 3 % or one minute of the published time, whichever is larger; None if there is nothing to compare."""
        if self.row.flight_min is None or self.difference_min is None:
            return None
        return abs(self.difference_min) <= max(TIME_TOLERANCE_MIN, TIME_TOLERANCE_SHARE * self.row.flight_min)


def study(rows: Sequence[Row], progress: Progress | None = None) -> tuple[Result, ...]:
    """Judge every row, in order. `progress(done, of)` is called after each. Equal figures are solved once."""
    known: dict[tuple[object, ...], tuple[Yardstick, BoostClass, _Flown]] = {}
    results = []
    for number, row in enumerate(rows, start=1):
        results.append(_result(row, known))
        if progress is not None:
            progress(number, len(rows))
    return tuple(results)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Flown:
    nominal_min: float | None
    low_min: float | None
    high_min: float | None
    boost_s: float
    no_flight: str


def _result(row: Row, known: dict[tuple[object, ...], tuple[Yardstick, BoostClass, _Flown]]) -> Result:
    figures = (row.site_lat_deg, row.site_lon_deg, row.bearing_deg, row.apogee_km, row.range_km)
    key = (*figures, row.vehicle, row.outcome)
    if key not in known:
        stick = yardstick(row)
        boost = class_of(row, stick.arc.speed_m_s)
        known[key] = stick, boost, _fly(row, boost, ends=stick.free_fall)
    stick, boost, flown = known[key]
    verdict, reason = judge(stick, flown.no_flight)
    return Result(
        row=row,
        verdict=verdict,
        reason=reason,
        predicted_min=flown.nominal_min,
        low_min=flown.low_min,
        high_min=flown.high_min,
        kepler_min=kepler.flight_time_s(row.apogee_km, row.range_km) / 60.0,
        vacuum_min=stick.arc.flight_s / 60.0,
        boost_class=boost.name,
        boost_s=flown.boost_s,
        speed_ratio=stick.speed_ratio,
        apogee_pressure_pa=stick.apogee_pressure_pa,
    )


def _fly(row: Row, boost: BoostClass, *, ends: bool) -> _Flown:
    """The nominal flight, or if none fits one with the shortest or longest boost; and the interval, where asked for:
    shortest boost with the heaviest body, longest with the lightest."""
    low_s, nominal_s, high_s = boost.burn_s
    light, usual, heavy = boost.reentry_kg_m2
    reason = ""
    found: Trajectory | None = None
    for burn_s in dict.fromkeys((nominal_s, low_s, high_s)):
        one = _solve(row, boost, burn_s, usual, None)
        if isinstance(one, Trajectory):
            found = one
            break
        reason = reason or one.reason
    if found is None:
        return _Flown(nominal_min=None, low_min=None, high_min=None, boost_s=nominal_s, no_flight=reason)
    minutes = [found.flight_s / 60.0]
    for burn_s, reentry_kg_m2 in ((low_s, heavy), (high_s, light)) if ends else ():
        one = _solve(row, boost, burn_s, reentry_kg_m2, found)
        if isinstance(one, Trajectory):
            minutes.append(one.flight_s / 60.0)
    return _Flown(
        nominal_min=minutes[0],
        low_min=min(minutes) if ends else None,
        high_min=max(minutes) if ends else None,
        boost_s=found.burnout_s,
        no_flight="",
    )


def _solve(
    row: Row, boost: BoostClass, burn_s: float, reentry_kg_m2: float, near: Trajectory | None
) -> Trajectory | Inconsistent:
    try:
        return solve(
            boost.template(row, burn_s, reentry_kg_m2),
            bearing_deg=row.bearing_deg,
            apogee_km=row.apogee_km,
            range_km=row.range_km,
            start=None if near is None else near.design,
        )
    except FlightError as error:
        return Inconsistent(reason=str(error))


def to_csv(results: Sequence[Result]) -> str:
    """Predicted flight minutes and verdict of every row as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in results:
        row = one.row
        agrees = {None: "", True: "yes", False: "no"}[one.time_agrees]
        minutes = [one.predicted_min, one.low_min, one.high_min, row.flight_min, one.difference_min]
        writer.writerow([
            row.line, row.row, row.date, row.time_utc, row.vehicle, row.site, f"{row.apogee_km:g}",
            f"{row.range_km:g}", one.verdict, *("" if m is None else f"{m:.2f}" for m in minutes), agrees,
            f"{one.kepler_min:.2f}", f"{one.vacuum_min:.2f}", one.boost_class, f"{one.boost_s:g}",
            f"{one.speed_ratio:.3f}", f"{one.apogee_pressure_pa:.3g}", one.reason,
        ])  # fmt: skip
    return text.getvalue()


def shipped(name: str) -> Flights:
    """A table that comes with the product: `flights_public` or `flights_dprk`."""
    return read_csv(resources.files("tocsin.study").joinpath("data", f"{name}.csv").read_bytes())


def main(path: str | Path, out: TextIO, err: TextIO | None = None, progress: Progress | None = None) -> int:
    """`tocsin study flights FILE.csv`: the CSV to `out`, skipped rows and counts to `err` (or, without it, to `out` as
    lines that begin with #). 0 if any row was judged, 1 if none could be, 2 if the file is no such table."""

    def say(line: str) -> None:
        if err is None:
            out.write(f"# {line}\n")
        else:
            err.write(f"{line}\n")

    try:
        flights = read_csv(Path(path))
    except (BadEvidence, OSError) as error:
        say(f"{path}: {error}")
        return 2
    results = study(flights.rows, progress)
    out.write(to_csv(results))
    for one in flights.skipped:
        say(f"{path}: line {one.line} skipped: {one.reason}")
    counts = [f"{sum(one.verdict == verdict for one in results)} {verdict}" for verdict in VERDICTS]
    say(f"{path}: {len(results)} rows judged ({', '.join(counts)}), {len(flights.skipped)} skipped")
    return 0 if results else 1
