"""The study as a page: docs/flights.md."""

from collections import Counter
from collections.abc import Sequence

from tocsin.study.flights import Flights, Progress, Result, shipped, study
from tocsin.study.flights_criterion import FREE_FALL_PRESSURE_PA, LARGEST_SPEED_RATIO, VERDICTS, boost_classes

HEAD = f"""# Public flights against the flight model

Made by `tocsin.study.flights_report.page()`; do not edit. Rows: `src/tocsin/study/data/flights_public.csv` (sources
and marks beside each row) and `flights_dprk.csv` (CNS North Korea Missile Test Database, James Martin Center, NTI).
Marks: S stated in the source, I inferred, U uncertain or sources in conflict.

For every row the launch is found that meets its apogee (0.1 %), range (0.5 %) and bearing (0.2 degrees), with thrust,
air, and the turning Earth (`src/tocsin/sim/flight`). No parameter belongs to a row: burn times and ballistic
coefficients are those of public classes of vehicle (below).

## The criterion

A vacuum arc exists between any two points with any apogee, so the mere existence of an arc decides nothing.

1. **not identifiable**: at the top of the arc the dynamic pressure is {FREE_FALL_PRESSURE_PA:.0f} Pa or more. A body of
   7324 kg/m^2 and lift-to-drag ratio 2.6 can there bend its path with 1 % of gravity or more, and much harder lower
   down. Lift and drag shape the whole flight; neither a ballistic coefficient nor a manoeuvre can be told from apogee
   and range. Over a few hundred kilometres this is an apogee below 60 to 65 km.
2. **inconsistent**: the arc passes below the one of least speed and needs more than {LARGEST_SPEED_RATIO:.2f} times the
   least speed for its range, which gives a sixth of its reach away. Or no flight of the vehicle's class meets the
   figures. It means: not an arc flown near least energy. A depressed ballistic flight (possible: Gronlund and Wright
   1992) and a manoeuvring one both have such figures. No proof either way.
3. **consistent**: otherwise. The figures allow a ballistic flight; they do not prove one. Lofted flights need more than
   the least speed too, but at hundreds of kilometres there is only free fall.

The bounds of 1 % and {LARGEST_SPEED_RATIO:.2f} are conventions [I]; pressure and ratio are printed for every row. A
time agrees if it is within one minute or 3 % of the published one, whichever is larger. The interval beside a
prediction comes from the class's shortest and longest burn and its heaviest and lightest body, not from rounding of the
figures. In rows that are not identifiable the minutes are those of a ballistic flight with such figures, not a
prediction.

## What to read with care

* Row 20 turns on whose range one believes. At the claimed 1000 km it is inconsistent, at the 650 and 600 km of the
  neighbours consistent; the bound is crossed near 860 km.
* Rows 3 and 3r are two sides' figures for one launch. Both are consistent: figures that agree with themselves do not
  say which track was the right one.
* The two flights of Unha-3 are consistent in apogee and range, and each put a satellite into orbit. The database does
  not say what its range means there.
* The flight time of row 1 depends on how the payload fell: 22.7 min nose first to 27.5 min broadside. The nominal
  coefficient is the geometric mean of the two [I].
"""


def page(progress: Progress | None = None) -> str:
    """Judge the shipped tables and write the page."""
    public, dprk = shipped("flights_public"), shipped("flights_dprk")
    results = study((*public.rows, *dprk.rows), progress)
    return to_markdown(results[: len(public.rows)], results[len(public.rows) :], public)


def to_markdown(public: Sequence[Result], dprk: Sequence[Result], table: Flights) -> str:
    """The page. `table` is the public file as read, for the rows that could not be used."""
    timed = [one for one in public if one.row.flight_min is not None]
    parts = [
        HEAD,
        _classes(),
        _counts("## Verdicts", (("public table", public), ("database", dprk))),
        _times(timed),
        _misses(timed),
        "## Every public row\n\n" + _verdicts(public),
        "## Every row of the database\n\nEqual figures share a line.\n\n" + _verdicts(dprk),
        _skipped(table),
    ]
    return "\n".join(parts)


def time_line(one: Result) -> str:
    """A line of the table of flight times."""
    row = one.row
    agrees = {None: "", True: "yes", False: "**no**"}[one.time_agrees]
    difference = round(one.difference_min or 0.0, 1) + 0.0
    interval = f"{_minutes(one.predicted_min)} ({_minutes(one.low_min)} to {_minutes(one.high_min)})"
    return (
        f"| {row.row} | {row.date} | {row.vehicle} | {row.apogee_km:g} | {row.range_km:g} | {one.vacuum_min:.1f} "
        f"| {interval} | {row.flight_min:g} | {difference:+.1f} | {agrees} | {row.mark} |"
    )


def _classes() -> str:
    lines = [
        f"| {c.name} | {c.burn_s[0]:g} / {c.burn_s[1]:g} / {c.burn_s[2]:g} | {c.reentry_kg_m2[0]:g} / "
        f"{c.reentry_kg_m2[1]:g} / {c.reentry_kg_m2[2]:g} | {c.mark} | {c.source} |"
        for c in boost_classes()
    ]
    head = "| class | burn s, low / nominal / high | re-entry kg/m^2 | mark | source |\n|---|---|---|---|---|"
    return "\n".join(["## Classes of boost", "", head, *lines, ""])


def _counts(title: str, groups: Sequence[tuple[str, Sequence[Result]]]) -> str:
    lines = []
    for name, results in groups:
        count = Counter(one.verdict for one in results)
        lines.append(f"| {name} | {len(results)} | " + " | ".join(str(count[verdict]) for verdict in VERDICTS) + " |")
    head = "| rows | judged | " + " | ".join(VERDICTS) + " |\n|---|---|---|---|---|"
    return "\n".join([title, "", head, *lines, ""])


def _times(timed: Sequence[Result]) -> str:
    stated = [one for one in timed if one.row.mark == "S"]
    agree = sum(one.time_agrees is True for one in stated)
    head = (
        "| row | date | vehicle | apogee km | range km | vacuum min | predicted min (interval) | published min "
        "| published - predicted | agrees | mark |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    text = (
        f"## Flight times\n\n{agree} of {len(stated)} stated times (mark S) agree, and "
        f"{sum(one.time_agrees is True for one in timed) - agree} of {len(timed) - len(stated)} uncertain ones.\n"
    )
    return "\n".join([text, head, *(time_line(one) for one in timed), ""])


def _misses(timed: Sequence[Result]) -> str:
    lines = []
    for one in timed:
        if one.time_agrees is False and one.row.flight_min is not None and one.difference_min is not None:
            fall = ""
            if one.row.flight_min < one.vacuum_min:
                fall = f"shorter than the fall in vacuum ({one.vacuum_min:.2f} min), so not the time of that apogee; "
            lines.append(f"* Row {one.row.row} ({one.difference_min:+.2f} min): {fall}{one.row.note}.")
    return "\n".join(["### The misses", "", *(lines or ["None."]), ""])


def _verdicts(results: Sequence[Result]) -> str:
    head = (
        "| row | date | vehicle | apogee km | range km | times | verdict | speed ratio | Pa at apogee | predicted min "
        "| class |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    lines = Counter(_verdict_line(one) for one in results)
    return "\n".join([head, *(line.format(times=times) for line, times in lines.items()), ""])


def _verdict_line(one: Result) -> str:
    row = one.row
    return (
        f"| {row.row} | {row.date} | {row.vehicle} | {row.apogee_km:g} | {row.range_km:g} | {{times}} | {one.verdict} "
        f"| {one.speed_ratio:.2f} | {one.apogee_pressure_pa:.2g} | {_minutes(one.predicted_min)} | {one.boost_class} |"
    )


def _skipped(table: Flights) -> str:
    lines = [f"* line {one.line}: {one.reason}" for one in table.skipped]
    text = "Kept in the file because they are known flights; what is missing was not found in a public text."
    return "\n".join(["## Rows that cannot be judged", "", text, "", *lines, ""])


def _minutes(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
