"""One scenario under several regimes: the same truth, the same sensors' noise, the same people's delays."""

from collections.abc import Callable
from math import degrees

import tocsin
from tocsin.decide import Decision
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.record import Said, in_words
from tocsin.regime import Regime
from tocsin.sim.build import sensor_of
from tocsin.sim.flight.trajectory import Trajectory
from tocsin.sim.play import Played, play
from tocsin.sim.scenario import InfraredFile, PartyFile, RadarFile, Scenario
from tocsin.study.measure import Measured, Measurer
from tocsin.study.results import (
    Comparison,
    ConferenceStep,
    Fact,
    RegimeRun,
    SensorSite,
    Side,
    TimelineEntry,
    TrackPoint,
)
from tocsin.wire.bodies import Assessment, Conference
from tocsin.world.geodesy import direct
from tocsin.world.observation import Radar
from tocsin.world.time import clock_text, parse_utc

NS = 1_000_000_000
EXPLAINED = 0.95
Progress = Callable[[str, float], None]


def run_one(
    scenario: Scenario, regime: Regime, seed: int, truth: Trajectory, progress: Progress | None = None
) -> tuple[RegimeRun, Played]:
    """One regime: the run as a record, and the centres as they ended."""
    measurer = Measurer(truth, parse_utc(scenario.launch), tuple(party.name for party in scenario.party))
    told = (lambda share: progress(regime.name, share)) if progress else None
    played = play(scenario, regime, seed, watcher=measurer, progress=told)
    return _record(played, measurer), played


def _record(played: Played, measurer: Measurer) -> RegimeRun:
    centres = played.centres
    timeline = sorted(
        (*_world(played), *(line for centre in centres.values() for line in _lines(centre, played))),
        key=lambda line: (line.t_s, line.party, line.origin, line.index or 0),
    )
    views = [view for name in sorted(centres) for view in queries.proposals(centres[name])]
    adopted = [view for view in views if view.decision.status == "ADOPTED"]
    best = next(iter(adopted or views), None)
    return RegimeRun(
        regime=played.regime.name,
        title=played.regime.title,
        sides=tuple(_side(played, name, measurer.sides[name]) for name in sorted(centres)),
        finding=best.body.finding if best else "",
        decision=_short(best.decision) if best else "no joint finding was put to the vote",
        decision_s=_decided_s(played) if adopted else None,
        pictures_agree=_agree(centres),
        timeline=tuple(timeline),
        logs="",
        verdict="",
        verified=False,
    )


def _short(found: Decision) -> str:
    """The outcome in a few words; the logs hold the reasons."""
    words = {
        "ADOPTED": "adopted" if found.binding else "adopted as advice",
        "CLOSED": "closed, not adopted",
        "PENDING": "undetermined; act as not adopted",
        "DISPUTED": "disputed: see the logs",
    }
    return words[found.status]


def _world(played: Played) -> list[TimelineEntry]:
    """What really happened, from truth."""
    truth = played.truth
    moments = [
        (0.0, "launch", "launch"),
        (truth.burnout_s, "burnout", f"last motor burns out at {truth.burnout_speed_m_s / 1e3:.1f} km/s"),
        (truth.apogee_s, "apogee", f"highest point, {truth.apogee_km:,.0f} km"),
        (truth.flight_s, "impact", f"falls {truth.range_km:,.0f} km from the launch point"),
    ]
    return [
        TimelineEntry(
            t_s=t_s, utc=clock_text(played.launch_tai_ns + round(t_s * NS)), party="world", kind=kind, text=text
        )
        for t_s, kind, text in moments
    ]


def _lines(centre: Centre, played: Played) -> list[TimelineEntry]:
    """What a party put on record, from its own logs alone, and the first and last it said of each track."""
    own = {centre.config.origin, centre.origins["own"]}
    said = [said for said in centre.said if said.entry.origin in own and said.kind != "agreement"]
    return [_line(one, played) for one in (*said, *queries.track_marks(centre))]


def _line(said: Said, played: Played) -> TimelineEntry:
    t_tai_ns = queries.logged_tai_ns(said)
    return TimelineEntry(
        t_s=(t_tai_ns - played.launch_tai_ns) / NS,
        utc=clock_text(t_tai_ns),
        party=said.party,
        kind=said.kind,
        text=in_words(said),
        origin=said.entry.origin,
        index=said.entry.index,
    )


def _side(played: Played, name: str, measured: Measured) -> Side:
    centre = played.centres[name]
    steps = _conference(centre, played)
    return Side(
        party=name,
        tracked_s=measured.tracked_s,
        explained_s=_explained_s(centre, played),
        conference=steps,
        conference_s=_length([(step.from_s, step.to_s) for step in steps]),
        estimates=tuple(measured.estimates),
        picture=tuple(measured.picture),
        disclosed={kind: count for kind, count in sorted(centre.disclosed.items()) if centre.links},
        disclosed_bytes=centre.disclosed_bytes if centre.links else 0,
        withheld=dict(sorted(centre.withheld.items())),
        log_entries=centre.books["shared"].writer.size,
        log_root=centre.books["shared"].writer.head.root.hex(),
    )


def _explained_s(centre: Centre, played: Played) -> float | None:
    """When the party's officer put down that the event is explained."""
    for said in queries.said_by(centre, "assessment", centre.config.party):
        body = said.body
        if isinstance(body, Assessment) and any(
            one.what != "unexplained" and one.probability >= EXPLAINED for one in body.explanations
        ):
            return (queries.logged_tai_ns(said) - played.launch_tai_ns) / NS
    return None


def _conference(centre: Centre, played: Played) -> tuple[ConferenceStep, ...]:
    """The party's ladder as steps above `none`; one still open at the end of the run ends there."""
    steps: list[ConferenceStep] = []
    open_steps: dict[str, tuple[str, float, str]] = {}
    for said in queries.said_by(centre, "conference", centre.config.party):
        body = said.body
        if not isinstance(body, Conference):
            continue
        t_s = (queries.logged_tai_ns(said) - played.launch_tai_ns) / NS
        if body.event in open_steps:
            level, since, reason = open_steps.pop(body.event)
            steps.append(ConferenceStep(level=level, from_s=since, to_s=t_s, reason=reason))
        if body.level != "none":
            open_steps[body.event] = (body.level, t_s, body.reason)
    end_s = played.scenario.ends_s
    steps += [ConferenceStep(level=lv, from_s=s, to_s=end_s, reason=why) for lv, s, why in open_steps.values()]
    return tuple(sorted(steps, key=lambda step: step.from_s))


def _length(spans: list[tuple[float, float]]) -> float:
    """Total time covered by spans that may overlap."""
    total, until = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total


def _decided_s(played: Played) -> float | None:
    """When the last signature that adoption needed was logged."""
    votes = [
        queries.logged_tai_ns(said)
        for centre in played.centres.values()
        for said in queries.said_by(centre, "vote", centre.config.party)
    ]
    return (max(votes) - played.launch_tai_ns) / NS if votes else None


def _agree(centres: dict[str, Centre]) -> bool:
    """Whether every centre, from its own copies, computes the same common picture at the end."""
    linked = [centre for centre in centres.values() if centre.links]
    now_ns = max((centre.now_tai_ns for centre in linked), default=0)
    return len({queries.joint_picture(centre, now_ns).digest for centre in linked}) <= 1


def assemble(
    scenario: Scenario, truth: Trajectory, seed: int, runs: list[RegimeRun], command: str
) -> Comparison:
    """The comparison of finished runs of one scenario and seed."""
    notice = scenario.notice[0].impact_area if scenario.notice else None
    return Comparison(
        scenario=scenario.name,
        title=scenario.title,
        summary=" ".join(scenario.summary.split()),
        seed=seed,
        launch_utc=scenario.launch,
        truth=_path(truth),
        flight_s=truth.flight_s,
        apogee_km=truth.apogee_km,
        range_km=truth.range_km,
        launch=truth.launch,
        impact=truth.impact,
        notice_area=_ring(notice.latitude_deg, notice.longitude_deg, notice.radius_km * 1e3) if notice else (),
        sensors=tuple(_site(party, file) for party in scenario.party for file in party.sensor),
        facts=tuple(Fact(what=f.what, value=f.value, mark=f.mark, source=f.source) for f in scenario.fact),
        runs=tuple(runs),
        command=command,
        version=tocsin.__version__,
    )


def _path(truth: Trajectory, points: int = 120) -> tuple[TrackPoint, ...]:
    times = [truth.flight_s * k / (points - 1) for k in range(points)]
    latitude, longitude, height = truth.geodetic(times)
    return tuple(
        TrackPoint(t_s=t, latitude_deg=float(lat), longitude_deg=float(lon), height_km=float(h) / 1e3)
        for t, lat, lon, h in zip(times, latitude, longitude, height, strict=True)
    )


def _ring(latitude_deg: float, longitude_deg: float, radius_m: float) -> tuple[tuple[float, float], ...]:
    return tuple(direct(latitude_deg, longitude_deg, float(a), radius_m) for a in range(0, 360, 5))


def _site(party: PartyFile, file: RadarFile | InfraredFile) -> SensorSite:
    sensor = sensor_of(file).sensor
    if isinstance(sensor, Radar):
        return SensorSite(
            id=sensor.id,
            party=party.name,
            kind="radar",
            latitude_deg=sensor.latitude_deg,
            longitude_deg=sensor.longitude_deg,
            range_max_km=sensor.range_max_m / 1e3,
            azimuth_centre_deg=degrees(sensor.azimuth_centre_rad),
            azimuth_halfwidth_deg=degrees(sensor.azimuth_halfwidth_rad),
        )
    return SensorSite(
        id=sensor.id,
        party=party.name,
        kind="infrared",
        latitude_deg=0.0,
        longitude_deg=file.longitude_deg,
        range_max_km=None,
        azimuth_centre_deg=None,
        azimuth_halfwidth_deg=None,
    )
