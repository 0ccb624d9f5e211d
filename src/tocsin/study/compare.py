"""One scenario under several regimes: the same truth, the same sensors' noise, the same people's delays."""

from collections.abc import Callable, Sequence
from math import degrees

import msgspec

import tocsin
from tocsin.decide import Decision
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.desk import Desk
from tocsin.node.judging import names_of
from tocsin.node.record import Said, in_words
from tocsin.regime import Regime
from tocsin.sim.build import sensor_of
from tocsin.sim.parts import InfraredFile, PartyFile, RadarFile
from tocsin.sim.play import Played, Watcher, play, stream
from tocsin.sim.rehearsal import Rehearsal
from tocsin.sim.scenario import Scenario
from tocsin.sim.truths import Flying, Truth
from tocsin.study import minutes
from tocsin.study.following import Follower, Together
from tocsin.study.margins import margins
from tocsin.study.measure import Measured, Measurer
from tocsin.study.results import (
    Comparison,
    ConferenceStep,
    Fact,
    Minutes,
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
Tell = Callable[[TimelineEntry], None]


def principal_of(flying: Sequence[Flying]) -> Flying | None:
    """The object that the series are about: the first real one."""
    return next((one for one in flying if one.real), None)


def run_one(
    scenario: Scenario,
    regime: Regime,
    seed: int,
    flying: tuple[Flying, ...] | None = None,
    *,
    rehearsal: Rehearsal | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
    hybrid: bool = True,
) -> tuple[RegimeRun, Played]:
    """One regime: the run as a record, and the centres as they ended.

    `tell` is given the lines of the time line as they come; `progress` the share that is done. `rehearsal`: what the
    regimes of one scenario and seed have in common; with it, each plays the same as without, and sooner.
    """
    rehearsal = rehearsal or Rehearsal.of(scenario, seed, flying)
    flying = rehearsal.flying
    measurer = Measurer(principal_of(flying), parse_utc(scenario.launch), scenario.parties)
    follower = Follower(scenario, flying)
    watchers: list[Watcher] = [measurer, follower]
    if tell is not None:
        watchers.append(Teller(scenario, flying, tell))
    told = (lambda share: progress(regime.name, share)) if progress else None
    played = play(
        scenario, regime, seed, watcher=Together(watchers), progress=told, hybrid=hybrid, rehearsal=rehearsal
    )
    return as_run(played, measurer, follower), played


def as_run(played: Played, measurer: Measurer, follower: Follower) -> RegimeRun:
    """The record of a run that has ended, with what its watchers saw. Also for runs that people played."""
    run = _record(played, measurer)
    return msgspec.structs.replace(
        run, followed=follower.followed(), acted=follower.acted(played.regime), minutes=_minutes(played, run),
        margins=margins(played),
    )


class Teller:
    """A watcher that tells every line of the time line once, soon after it was written."""

    period_s = 5.0

    def __init__(self, scenario: Scenario, flying: Sequence[Flying], tell: Tell) -> None:
        self._world = _moments(flying, parse_utc(scenario.launch))
        self._launch_tai_ns = parse_utc(scenario.launch)
        self._tell = tell
        self._told: dict[str, tuple[int, int]] = {}

    def look(self, t_s: float, desks: dict[str, Desk]) -> None:
        """Tell what is new."""
        new = [line for line in self._world if line.t_s <= t_s]
        self._world = [line for line in self._world if line.t_s > t_s]
        for name, desk in desks.items():
            said, marks = self._told.get(name, (0, 0))
            centre = desk.centre
            own = {centre.config.origin, centre.origins["own"]}
            fresh = [*centre.said[said:], *centre.marks.since(marks)]
            self._told[name] = (len(centre.said), centre.marks.count)
            new += [_line(one, self._launch_tai_ns) for one in fresh if _worth(one, own)]
        for line in sorted(new, key=_order):
            self._tell(line)


def _worth(said: Said, own: set[str]) -> bool:
    """One line for each thing said: what waits in the own log to be opened is told when it is opened."""
    waits = said.kind == "opened-judgement" and not said.statement.marking.releasable_to
    return said.entry.origin in own and said.kind != "agreement" and not waits


def _order(line: TimelineEntry) -> tuple[float, str, str, int]:
    return (line.t_s, line.party, line.origin, line.index or 0)


def _minutes(played: Played, run: RegimeRun) -> tuple[Minutes, ...]:
    """Where the minutes went, for the flight of the principal object."""
    one = principal_of(played.flying)
    if one is None:
        return ()
    linked = played.regime.shares("assessment")
    sides = [
        (side.party, _min(side.tracked_s), _min(None if side.explained_s is None else side.explained_s - one.after_s))
        for side in run.sides
    ]
    channel: minutes.Channel = "log" if linked else "voice"
    return minutes.table(
        sides, one.truth.flight_s / 60.0, channel, lambda tier: stream(played.seed, "minutes", tier)
    )


def _min(t_s: float | None) -> float | None:
    return None if t_s is None else t_s / 60.0


def _record(played: Played, measurer: Measurer) -> RegimeRun:
    centres = played.centres
    world = _moments(played.flying, played.launch_tai_ns)
    lines = (line for centre in centres.values() for line in _lines(centre, played))
    timeline = sorted((*world, *lines), key=_order)
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


def _moments(flying: Sequence[Flying], launch_tai_ns: int) -> list[TimelineEntry]:
    """What really happened, from truth."""
    return [
        TimelineEntry(t_s=t_s, utc=clock_text(launch_tai_ns + round(t_s * NS)), party="world", kind=kind, text=text)
        for one in flying
        for t_s, kind, text in one.moments()
    ]


def _lines(centre: Centre, played: Played) -> list[TimelineEntry]:
    """What a party put on record, from its own logs alone, and the first and last it said of each track."""
    own = {centre.config.origin, centre.origins["own"]}
    said = [said for said in centre.said if _worth(said, own)]
    return [_line(one, played.launch_tai_ns) for one in (*said, *queries.track_marks(centre))]


def _line(said: Said, launch_tai_ns: int) -> TimelineEntry:
    t_tai_ns = queries.logged_tai_ns(said)
    return TimelineEntry(
        t_s=(t_tai_ns - launch_tai_ns) / NS,
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
        for name in sorted(names_of(centre, body.event, queries.logged_tai_ns(said)) & open_steps.keys()):
            level, since, reason = open_steps.pop(name)
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
    scenario: Scenario, flying: Sequence[Flying], seed: int, runs: list[RegimeRun], command: str
) -> Comparison:
    """The comparison of finished runs of one scenario and seed."""
    notice = scenario.notice[0].impact_area if scenario.notice else None
    one = principal_of(flying)
    truth = one.truth if one else None
    return Comparison(
        scenario=scenario.name,
        title=scenario.title,
        summary=" ".join(scenario.summary.split()),
        seed=seed,
        launch_utc=scenario.launch,
        truth=_path(truth) if truth else (),
        flight_s=truth.flight_s if truth else 0.0,
        apogee_km=truth.apogee_km if truth else 0.0,
        range_km=truth.range_km if truth else 0.0,
        launch=truth.launch if truth else _middle(scenario),
        impact=truth.impact if truth else _middle(scenario),
        notice_area=_ring(notice.latitude_deg, notice.longitude_deg, notice.radius_km * 1e3) if notice else (),
        sensors=tuple(_site(party, file) for party in scenario.party for file in party.sensor),
        facts=tuple(Fact(what=f.what, value=f.value, mark=f.mark, source=f.source) for f in scenario.fact),
        runs=tuple(runs),
        command=command,
        version=tocsin.__version__,
        nature=scenario.nature,
        history=scenario.history,
        needed=scenario.needed,
        unknown=scenario.unknown,
    )


def _middle(scenario: Scenario) -> tuple[float, float]:
    """Where to look on the map when nothing flew."""
    places = [(area.latitude_deg, area.longitude_deg) for party in scenario.party for area in party.protects]
    return places[0] if places else (0.0, 0.0)


def _path(truth: Truth, points: int = 120) -> tuple[TrackPoint, ...]:
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
        latitude_deg=file.latitude_deg,
        longitude_deg=file.longitude_deg,
        range_max_km=None,
        azimuth_centre_deg=None,
        azimuth_halfwidth_deg=None,
    )
