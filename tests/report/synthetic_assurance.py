"""A made-up assurance result with every part filled: the shape of a real one, but its numbers are invented."""

import math

from tocsin.assure.result import (
    Area,
    AssuranceResult,
    Bracket,
    Capacity,
    Cover,
    CoverCell,
    Dispute,
    FractionCurve,
    Input,
    RegionSpeed,
    Sensitivity,
)

DELAYS_S = tuple(60.0 * k for k in range(11))
LAUNCHES, AIMS = ("western region", "eastern hills"), ("far coast", "near coast")


def climb(speed_km_s: float) -> float:
    """Speed left at 200 km of an arc with this speed at the surface; as in the real question."""
    return math.sqrt(max(speed_km_s**2 - 3.797, 0.0))


def threshold(delay_s: float) -> float:
    """Slowest engagement: rises with the delay and levels off."""
    return 3.2 + 3.4 * (1 - math.exp(-delay_s / 170.0))


def bracket(delay_s: float) -> Bracket:
    high = threshold(delay_s)
    low = math.floor(980 * high) / 1000
    return Bracket(
        delay_s=delay_s, low_km_s=low, high_km_s=high, low_meant_km_s=climb(low), high_meant_km_s=climb(high),
        width=1 - low / high, where=f"northern sites / {LAUNCHES[0]} / {AIMS[0]}", minutes=7 + round(delay_s / 60),
        leaves=2400 + int(5 * delay_s), proof=f"synthetic-{int(delay_s):04d}s.proof.json",
    )  # fmt: skip


def inputs() -> tuple[Input, ...]:
    rows = [
        ("site northern sites: latitude", "54.2 to 54.8", "deg", "I", "Covers every published position."),
        ("apogee, as a factor of the minimum-energy apogee", "0.8 to 1.25", "1", "I", "Assumption."),
        ("boost time", "180 to 300", "s", "U", "Sources differ: https://example.org/boost?a=1&b=2."),
        ("start of the traced-back arc, as a share of the boost time", "0.5 to 0.65", "1", "C", "Computed."),
        ("commit delay", "0 to 600", "s", "I", "Axis of the curve."),
        ("ten interceptors: interceptors", "10", "1", "S", "Stated in the plan."),
    ]
    return tuple(Input(what=a, value=b, unit=c, mark=d, source=e) for a, b, c, d, e in rows)


def areas() -> tuple[Area, ...]:
    rows = [
        ("site", "northern sites", (54.2, 54.8), (16.8, 18.6)),
        ("launch", LAUNCHES[0], (52.0, 58.0), (34.0, 46.0)),
        ("launch", LAUNCHES[1], (51.0, 58.0), (54.0, 64.0)),
        ("aim", AIMS[0], (30.0, 45.0), (-90.0, -70.0)),
        ("aim", AIMS[1], (32.0, 48.0), (-123.0, -105.0)),
    ]
    return tuple(Area(role=a, name=b, latitude_deg=c, longitude_deg=d) for a, b, c, d in rows)


def disputes() -> tuple[Dispute, ...]:
    speeds = (("5.4 km/s", "S", "One agency's slides."), ("6.3 km/s", "S", "The same agency, elsewhere."),
              ("7.7 to 8.3 km/s", "S", "A critic."), ("closer to 9 km/s", "S", "The same critic."))  # fmt: skip
    reach = (("no", "S", "An official."), ("yes (first no)", "S", "An analyst, https://example.org/2007."))
    return Dispute(what="speed of the interceptor", readings=speeds), Dispute(what="can it reach?", readings=reach)


def fractions() -> tuple[FractionCurve, ...]:
    speeds = tuple(1.0 + 0.25 * k for k in range(37))
    return tuple(
        FractionCurve(
            delay_s=d, samples=1600, speeds_km_s=speeds, error=0.025,
            shares=tuple(0.0 if v < threshold(d) else 1 - math.exp(-((v - threshold(d)) ** 1.5)) for v in speeds),
        )
        for d in (0.0, 120.0, 300.0, 600.0)
    )  # fmt: skip


def regions() -> tuple[RegionSpeed, ...]:
    out = []
    for d in (0.0, 120.0, 300.0, 600.0):
        for k, launch in enumerate(LAUNCHES):
            for m, aim in enumerate(AIMS):
                speed = None if (k, m, d) == (1, 1, 600.0) else round(threshold(d) + 0.8 * k + 0.5 * m, 2)
                out.append(RegionSpeed(site="northern sites", launch=launch, aim=aim, delay_s=d, speed_km_s=speed))
    return tuple(out)


def sensitivities() -> tuple[Sensitivity, ...]:
    base = round(threshold(300.0), 3)
    rows = [("commit delay", f"{s:+d} s", round(threshold(300.0 + s), 3)) for s in (-120, -60, -30, 30, 60, 120)]
    rows += [("boost time", "longest boost 60 s shorter", base + 0.31), ("boost time", "longest boost 60 s longer",
             base - 0.42), ("apogee factor", "minimum energy only", base + 0.12),
             ("apogee factor", "0.1 wider on both sides", base - 0.15), ("flight-time cap", "300 s", None)]  # fmt: skip
    return tuple(Sensitivity(what=a, change=b, delay_s=300.0, from_km_s=base, to_km_s=c) for a, b, c in rows)


def cover(delay_s: float) -> Cover:
    cells = tuple(
        CoverCell(
            latitude_deg=lat, longitude_deg=lon,
            share=min(max(round(24 * (1.25 - math.hypot(lat - 52 + delay_s / 60, (lon - 17) / 1.7) / 10)) / 24, 0), 1),
        )
        for lat in (37.5 + 2.5 * k for k in range(13))
        for lon in (-7.5 + 2.5 * k for k in range(20))
    )  # fmt: skip
    return Cover(range_km=3500.0, speed_km_s=6.46, delay_s=delay_s, cell_deg=2.5, cells=cells)


def capacities() -> tuple[Capacity, ...]:
    return (
        Capacity(name="ten interceptors", warheads=(500.0, 1550.0), interceptors=(10.0, 10.0), least=490.0,
                 most=1546.25, share_least=0.98, share_most=0.99758),
        Capacity(name="a larger force of interceptors", warheads=(500.0, 1550.0), interceptors=(300.0, 440.0),
                 least=60.0, most=1437.5, share_least=0.12, share_most=0.9274),
    )  # fmt: skip


def result() -> AssuranceResult:
    brackets = tuple(bracket(d) for d in DELAYS_S)
    return AssuranceResult(
        name="synthetic", title="A synthetic question", summary="Made-up sites and regions, for tests only.",
        defender="west", deterrent="east", question_sha256="ab" * 32, speed_meaning="maximum", speed_frame="inertial",
        inputs=inputs(), areas=areas(), disputes=disputes(), brackets=brackets, regions=regions(),
        fractions=fractions(), sensitivities=sensitivities(), capacities=capacities(),
        covers=(cover(120.0), cover(240.0)),
        compare=("Compare in private: the greatest speed of the flight.", "A declared ceiling would bind."),
        proofs={b.proof: b'{"format": "synthetic"}\n' * b.leaves for b in brackets},
    )  # fmt: skip
