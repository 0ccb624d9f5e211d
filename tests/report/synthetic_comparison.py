"""A made-up comparison in the manner of the flight from Andoya: right shapes and sizes, no simulation behind it."""

import math

import msgspec
import numpy as np

from tocsin.study.results import (
    Comparison,
    ConferenceStep,
    Estimate,
    Fact,
    Margin,
    Minutes,
    RegimeRun,
    SensorSite,
    Side,
    TimelineEntry,
    TrackPoint,
    Voted,
)

FLIGHT_S = 1440.0
APOGEE_KM = 1453.0
LAUNCH = (69.294, 16.021)
IMPACT = (78.62, 13.5)
LAUNCH_UTC = "1995-01-25T06:24:00Z"
FACTS = tuple(
    Fact(what=what, value=value, mark=mark, source=source)
    for what, value, mark, source in (
        ("launch time", "06:24:00Z", "[S]", "https://thedarkatlas.com/posts/andoya-rocket-range-norway (weak)"),
        ("apogee", "1,453 km", "S", "http://www.example.org/Norwegian_rocket_incident.html"),
        ("time of flight", "24 min", "[S+C]", "stated; agrees with a Kepler arc"),
        ("Olenegorsk, angular error", "0.2°", "[I]", "inferred from aperture and wavelength"),
        ("Olenegorsk position", "68.11° N, 33.91° E", "[U]", "no source for the coordinates"),
    )
)


def truth_point(t_s: float) -> TrackPoint:
    share = t_s / FLIGHT_S
    return TrackPoint(
        t_s=t_s,
        latitude_deg=LAUNCH[0] + (IMPACT[0] - LAUNCH[0]) * share,
        longitude_deg=LAUNCH[1] + (IMPACT[1] - LAUNCH[1]) * share + 2.5 * math.sin(math.pi * share),
        height_km=4 * APOGEE_KM * share * (1 - share),
    )


def estimate(
    t_s: float, since_s: float, quality: float, rng: np.random.Generator, explained_s: float | None
) -> Estimate:
    """Errors that fall as the track grows older; `quality` 1 is one radar, less is better."""
    shrink = quality / (1 + since_s / 45.0) ** 1.4
    launch, impact = 160 * shrink + 1.2 * quality, 900 * shrink * (1 - 0.6 * t_s / FLIGHT_S) + 2.0 * quality
    error = lambda size: float(size * 0.42 * abs(rng.normal(1, 0.25)))  # noqa: E731
    known = since_s > 12
    launch_error, impact_error, turn = error(launch), error(impact), float(rng.normal(0.6, 0.2))
    return Estimate(
        t_s=t_s,
        position_error_km=error(6 * shrink + 0.25 * quality),
        position_sigma_km=4 * shrink + 0.2 * quality,
        launch_latitude_deg=LAUNCH[0] + launch_error * math.cos(turn) / 111.2,
        launch_longitude_deg=LAUNCH[1] + launch_error * math.sin(turn) / 39.4,
        launch_error_km=launch_error,
        launch_semi_major_km=launch,
        launch_inside=launch_error < launch,
        impact_latitude_deg=IMPACT[0] + impact_error * math.cos(turn) / 111.2 if known else None,
        impact_longitude_deg=IMPACT[1] + impact_error * math.sin(turn) / 22.0 if known else None,
        impact_error_km=impact_error if known else None,
        impact_semi_major_km=impact if known else None,
        impact_semi_minor_km=impact * 0.45 if known else None,
        impact_orientation_deg=20.0 if known else None,
        impact_inside=impact_error < impact if known else None,
        apogee_km=APOGEE_KM * (1 + shrink * 0.02) if known else None,
        explained_probability=0.0 if explained_s is None or t_s < explained_s else 0.97,
    )


def side(
    party: str, *, tracked_s: float | None, explained_s: float | None, quality: float,
    conference: tuple[tuple[str, float, float], ...], disclosed: dict[str, int], withheld: dict[str, int],
    seed: int, last_s: float = 1380.0, step_s: float = 10.0,
) -> Side:  # fmt: skip
    rng = np.random.default_rng(seed)
    times = [] if tracked_s is None else list(np.arange(tracked_s, last_s, step_s))
    estimates = tuple(estimate(float(t), float(t - (tracked_s or 0)), quality, rng, explained_s) for t in times)
    picture = []
    for e in estimates:
        p = truth_point(e.t_s)
        picture.append(msgspec.structs.replace(p, height_km=p.height_km + float(rng.normal(0, e.position_sigma_km))))
    return Side(
        party=party, tracked_s=tracked_s, explained_s=explained_s,
        conference=tuple(
            ConferenceStep(level=level, from_s=a, to_s=b, reason="unexplained launch") for level, a, b in conference
        ),
        conference_s=sum(b - a for _, a, b in conference),
        estimates=estimates, picture=tuple(picture), disclosed=disclosed,
        disclosed_bytes=410 * sum(disclosed.values()), withheld=withheld,
        log_entries=sum(disclosed.values()) + 60,
        log_root=f"{seed:02x}" * 32,
    )  # fmt: skip


def utc(t_s: float) -> str:
    if t_s < 0:
        return "1995-01-24T12:00:00Z"
    whole = int(t_s)
    return f"1995-01-25T06:{24 + whole // 60:02d}:{whole % 60:02d}Z"


def timeline(sides: tuple[Side, ...], finding_s: float | None) -> tuple[TimelineEntry, ...]:
    events = [
        (-66240.0, "world", "notice", "a research rocket from Andoya, northwards, 24 Jan to 10 Feb"),
        (0.0, "world", "launch", "four-stage research rocket leaves the pad"),
        (93.0, "world", "burnout", "fourth stage burns out"),
        (720.0, "world", "apogee", "1,453 km"),
        (1440.0, "world", "impact", "splash near Spitsbergen"),
    ]
    for k, s in enumerate(sides):
        if s.tracked_s is not None:
            events.append((s.tracked_s, s.party, "track", f"first track, object {k + 1}: climbing north, unknown"))
        events += [(c.from_s, s.party, "conference", f"level {c.level}: {c.reason}") for c in s.conference]
        if s.explained_s is not None:
            events.append((s.explained_s, s.party, "assessment", "matches the announced rocket, probability 0.97"))
        if s.disclosed.get("tracklet"):
            start = int(s.tracked_s or 0)
            told = "object 1, information since the last statement"
            events += [(float(t), s.party, "tracklet", told) for t in range(start + 10, 1380, 60)]
    if finding_s is not None:
        events.append((finding_s, sides[0].party, "decision", "finding benign ADOPTED with both signatures"))
    events.sort(key=lambda e: e[0])
    return tuple(
        TimelineEntry(
            t_s=t, utc=utc(t), party=party, kind=kind, text=text,
            origin="" if party == "world" else f"{party}.example/log", index=None if party == "world" else k,
        )
        for k, (t, party, kind, text) in enumerate(events)
    )  # fmt: skip


def minutes(side: Side) -> tuple[Minutes, ...]:
    """Officer and capital of a side; the capital of a side that never explained is too late."""
    if side.tracked_s is None:
        return ()
    steps = {"detect": side.tracked_s / 60}
    if side.explained_s is not None:
        steps["explain"] = (side.explained_s - side.tracked_s) / 60
    else:
        steps |= {"authenticate": 1.5, "translate": 3.0, "consult": 6.0}
    steps["decide"] = 0.7
    capital = steps | {"alert the capital": 4.0, "decide (capital)": 3.0 if side.explained_s is not None else 9.0}
    return tuple(
        Minutes(
            party=side.party, tier=tier, flight=FLIGHT_S / 60, steps=used,
            left=FLIGHT_S / 60 - sum(used.values()) - 0.2,
            left_low=FLIGHT_S / 60 - 1.7 * sum(used.values()), left_high=FLIGHT_S / 60 - 0.8 * sum(used.values()),
            too_late=0.004 if tier == "officer" else 0.58, marks="IS",
        )
        for tier, used in (("officer", steps), ("capital", capital))
    )  # fmt: skip


def margins(sides: tuple[Side, ...], finding: str, decision_s: float | None) -> tuple[Margin, ...]:
    """One finding put 60 s before it was decided; one that was advice alone lapsed without the second side."""
    if not finding:
        return ()
    put = (decision_s or 200.0) - 60.0
    votes = [Voted(party=sides[0].party, choice="yes", t_s=put)]
    if decision_s is not None:
        votes.append(Voted(party=sides[1].party, choice="yes", t_s=decision_s))
    return (
        Margin(by=sides[0].party, finding=finding, outcome="undetermined" if decision_s is None else "adopted",
               binding=True, required=tuple(s.party for s in sides), put_s=put, deadline_s=put + 180.0,
               decided_s=decision_s, votes=tuple(votes)),
    )  # fmt: skip


def run(regime: str, title: str, sides: tuple[Side, ...], *, finding: str = "", decision: str = "",
        decision_s: float | None = None, agree: bool = False, verified: bool = True) -> RegimeRun:  # fmt: skip
    return RegimeRun(
        regime=regime, title=title, sides=sides, finding=finding, decision=decision, decision_s=decision_s,
        pictures_agree=agree, timeline=timeline(sides, decision_s), logs=f"runs/andoya-1995/{regime}",
        verdict="All entries of both logs are present, in order and signed; every receipt matches."
        if verified else "west's log does not match the head that east receipted at entry 41.",
        verified=verified, minutes=tuple(one for side in sides for one in minutes(side)),
        margins=margins(sides, finding, decision_s),
    )  # fmt: skip


def runs() -> tuple[RegimeRun, ...]:
    kept = {"tracklet": 130, "detection": 24}
    separate = run("separate", "Each side alone: nothing is shared", (
        side("west", tracked_s=41, explained_s=75, quality=0.9, conference=(("display", 60, 95),),
             disclosed={}, withheld=kept, seed=1),
        side("east", tracked_s=96, explained_s=None, quality=1.6,
             conference=(("display", 110, 170), ("threat", 170, 660)), disclosed={}, withheld=kept, seed=2),
    ))  # fmt: skip
    notify = run("notify", "Launch notices, acknowledged by the duty officer", (
        side("west", tracked_s=41, explained_s=75, quality=0.9, conference=(("display", 60, 95),),
             disclosed={"notification": 2, "acknowledgement": 1}, withheld=kept, seed=1),
        side("east", tracked_s=96, explained_s=262, quality=1.6,
             conference=(("display", 110, 170), ("threat", 170, 300)),
             disclosed={"acknowledgement": 2, "negative_statement": 1}, withheld=kept, seed=2),
    ))  # fmt: skip
    shared = {"notification": 2, "acknowledgement": 1, "detection": 3, "tracklet": 118, "assessment": 4}
    shared["heartbeat"] = 480
    connected = run("connected", "Two linked centres, each deciding alone", (
        side("west", tracked_s=41, explained_s=72, quality=0.55, conference=(("display", 60, 92),),
             disclosed=shared, withheld={"tracklet": 12}, seed=3),
        side("east", tracked_s=52, explained_s=118, quality=0.6, conference=(("display", 66, 140),),
             disclosed={**shared, "tracklet": 97}, withheld={"tracklet": 33}, seed=4),
    ), finding="benign", decision="advice only", agree=True)  # fmt: skip
    joint = run("joint", "One common picture, joint findings", (
        side("west", tracked_s=41, explained_s=71, quality=0.5, conference=(("display", 60, 90),),
             disclosed={**shared, "vote": 1}, withheld={}, seed=5),
        side("east", tracked_s=44, explained_s=98, quality=0.5, conference=(("display", 66, 112),),
             disclosed={**shared, "vote": 1}, withheld={}, seed=5),
    ), finding="benign", decision="ADOPTED", decision_s=141.0, agree=True)  # fmt: skip
    return separate, notify, connected, joint


def comparison() -> Comparison:
    return Comparison(
        scenario="andoya-1995",
        title="Andoya, 25 January 1995: a research rocket that looked like something else",
        summary="A four-stage research rocket climbs almost straight up from northern Norway. It had been announced, "
        "but the announcement had not reached the early-warning duty staff.",
        seed=1995,
        launch_utc=LAUNCH_UTC,
        truth=tuple(truth_point(float(t)) for t in range(0, 1441, 10)),
        flight_s=FLIGHT_S, apogee_km=APOGEE_KM, range_km=1041.0, launch=LAUNCH, impact=IMPACT,
        notice_area=((76.5, 4.0), (80.2, 2.0), (80.2, 24.0), (76.5, 20.0)),
        sensors=(
            SensorSite(id="Olenegorsk", party="east", kind="radar", latitude_deg=68.11, longitude_deg=33.91,
                       range_max_km=4600, azimuth_centre_deg=323, azimuth_halfwidth_deg=60),
            SensorSite(id="Vardo", party="west", kind="radar", latitude_deg=70.37, longitude_deg=31.13,
                       range_max_km=1500, azimuth_centre_deg=None, azimuth_halfwidth_deg=None),
            SensorSite(id="Fylingdales", party="west", kind="radar", latitude_deg=54.36, longitude_deg=-0.67,
                       range_max_km=4000, azimuth_centre_deg=10, azimuth_halfwidth_deg=60),
            SensorSite(id="IR-1", party="west", kind="infrared", latitude_deg=0.0, longitude_deg=10.0,
                       range_max_km=None, azimuth_centre_deg=None, azimuth_halfwidth_deg=None),
        ),
        facts=FACTS,
        runs=runs(),
        command="tocsin compare andoya-1995 --seed 1995",
        version="0.1.0",
    )  # fmt: skip
