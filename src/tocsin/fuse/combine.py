"""From a group of streams to one common track."""

from collections.abc import Sequence

import numpy as np

from tocsin.fuse.gaussian import Estimate, carried_all, intersected
from tocsin.fuse.groups import Group, Member
from tocsin.fuse.joint import Joint
from tocsin.fuse.limits import COAST_MAX_NS, COAST_SPREAD_M2, EXISTENCE_CLAMP, NS_PER_S
from tocsin.fuse.names import Names
from tocsin.fuse.picture import CommonTrack, Contribution, Descent, Method
from tocsin.fuse.stream import Stream
from tocsin.wire.bodies import ClassLikelihood, VehicleClass
from tocsin.world.exact import Array, exp_float, natural_log
from tocsin.world.frames import covariance_to_ecef, eci_to_ecef

_HARDLY = 1e-3  # likelihood of a class that a party does not name
_CERTAIN = 1e-9  # what several together may come to


def combine(groups: Sequence[Group], names: Sequence[Names], as_of_ns: int, joint: Joint) -> tuple[CommonTrack, ...]:
    """One track a group, under the group's names, sorted by id."""
    fused = _fuse_all(groups, as_of_ns, joint)
    states, covariances = _earth_fixed([estimate for estimate, _ in fused])
    tracks = [
        _track(group, names[i], as_of_ns, estimate.t_ns, states[i], covariances[i], method)
        for i, (group, (estimate, method)) in enumerate(zip(groups, fused, strict=True))
    ]
    return tuple(sorted(tracks, key=lambda track: track.id))


def _fuse_all(groups: Sequence[Group], as_of_ns: int, joint: Joint) -> list[tuple[Estimate, Method]]:
    """The fused estimate of each group at its own time, all propagation in common batches."""
    requests: list[tuple[Estimate, int, float]] = []
    spans: list[tuple[int, int]] = []
    for group in groups:
        t_ns = time_of(group, as_of_ns)
        start = len(requests)
        for estimate, noise in _parts(group, as_of_ns, joint):
            requests.append((estimate, t_ns, noise))
        spans.append((start, len(requests)))
    moved = carried_all(requests)
    return [_intersection(moved[start:end]) for start, end in spans]


def _earth_fixed(estimates: Sequence[Estimate]) -> tuple[list[Array], list[Array]]:
    """Means and covariances in ECEF, those of one instant together; read-only."""
    states: list[Array] = [estimate.mean for estimate in estimates]
    covariances: list[Array] = [estimate.covariance for estimate in estimates]
    for t_ns in {estimate.t_ns for estimate in estimates}:
        members = [i for i, estimate in enumerate(estimates) if estimate.t_ns == t_ns]
        turned = eci_to_ecef(np.stack([estimates[i].mean for i in members]), t_ns)
        spread = covariance_to_ecef(np.stack([estimates[i].covariance for i in members]), t_ns)
        turned.flags.writeable = spread.flags.writeable = False
        for row, i in enumerate(members):
            states[i], covariances[i] = turned[row], spread[row]
    return states, covariances


def time_of(group: Group, as_of_ns: int) -> int:
    """The time for which a group's state is given: as-of, or the last update of what has ended or gone stale."""
    updated = max(head.t_ns for _, head in group.members)
    return updated if all(head.statement.ended for _, head in group.members) or stale(group, as_of_ns) else as_of_ns


def stale(group: Group, as_of_ns: int) -> bool:
    """Not updated for so long that carrying it on would say nothing about where it is."""
    updated = max(head.t_ns for _, head in group.members)
    noise = min(head.statement.process_noise_m2_s3 for _, head in group.members)
    silent_s = (as_of_ns - updated) / NS_PER_S
    spread = noise * (silent_s * silent_s * silent_s) / 3.0
    return as_of_ns - updated > COAST_MAX_NS or spread > COAST_SPREAD_M2


def _parts(group: Group, as_of_ns: int, joint: Joint) -> list[tuple[Estimate, float]]:
    """Estimates to be intersected, each with its process noise: one sum where sums are sound, else one a member."""
    members = _without_earlier(group.members)
    exact = [member for member in members if not member[1].coarse]
    parts: list[tuple[Estimate, float]] = []
    if group.independent and exact:
        parts.append((joint.total(exact, as_of_ns), joint.noise(exact)))
        members = [member for member in members if member[1].coarse]
    parts.extend((head.estimate, head.statement.process_noise_m2_s3) for _, head in members)
    return parts


def _without_earlier(members: Sequence[Member]) -> list[Member]:
    """Leaves out tracks whose content their own party has carried over into a later track."""
    gone = {(stream.party, name) for stream, head in members for name in head.earlier if name != stream.track}
    kept = [(stream, head) for stream, head in members if (stream.party, stream.track) not in gone]
    return kept or list(members)


def _intersection(parts: Sequence[Estimate]) -> tuple[Estimate, Method]:
    result = parts[0]
    for part in parts[1:]:
        result = intersected(result, part) or result
    return result, "intersection" if len(parts) > 1 else "sum"


def _track(
    group: Group, names: Names, as_of_ns: int, t_ns: int, state_ecef: Array, covariance_ecef: Array, method: Method
) -> CommonTrack:
    members = sorted(group.members, key=lambda m: (m[0].known[0].t_ns, m[0].key))
    updated = max(head.t_ns for _, head in members)
    latest = max(members, key=lambda m: (m[1].t_ns, m[1].statement.phase != "unknown", m[0].key))
    ended = all(head.statement.ended for _, head in members)
    return CommonTrack(
        id=names.ids[0],
        aliases=names.ids,
        members=tuple((stream.party, stream.track) for stream, _ in members),
        parties=tuple(sorted({stream.party for stream, _ in members})),
        contributions=tuple(_contribution(member, as_of_ns) for member in members),
        t_tai_ns=t_ns,
        state_ecef=state_ecef,
        covariance_ecef=covariance_ecef,
        existence=existence([head.statement.existence for _, head in members]),
        phase=latest[1].statement.phase,
        classes=classes([head.statement.classes for _, head in members]),
        first_t_tai_ns=members[0][0].known[0].t_ns,
        updated_t_tai_ns=updated,
        method=method,
        ended=ended,
        stale=not ended and stale(group, as_of_ns),
        burning_t_tai_ns=max((head.burning_ns for _, head in members if head.burning_ns is not None), default=None),
        lineage=_lineage(members),
        gone_into=names.gone_into,
    )


def _lineage(members: Sequence[Member]) -> tuple[Descent, ...]:
    """What the members' parties said of splits, merges and re-identifications."""
    told = [
        Descent(stream.party, stream.track, one.lineage.kind, one.lineage.tracks, one.t_ns)
        for stream, head in members
        for one in head.lineage
        if one.lineage is not None
    ]
    return tuple(sorted(told, key=lambda one: (one.t_tai_ns, one.party, one.track)))


def _contribution(member: Member, as_of_ns: int) -> Contribution:
    stream, head = member
    return Contribution(
        party=stream.party,
        track=stream.track,
        first_t_tai_ns=stream.known[0].t_ns,
        updated_t_tai_ns=head.t_ns,
        coarse=head.coarse,
        broken=_broken(stream, as_of_ns, head.t_ns),
        ended=head.statement.ended,
    )


def _broken(stream: Stream, as_of_ns: int, head_ns: int) -> bool:
    return any(head_ns <= dropped.t_ns <= as_of_ns for dropped in stream.dropped[-1:])


def existence(stated: Sequence[float]) -> float:
    """Probability that the object exists: independent evidence on top of even odds (Bayes).

    Each is first held away from nought and one. A party that says nothing about an object adds nothing.
    """
    yes = no = 0.5
    for probability in stated:
        held = min(max(probability, EXISTENCE_CLAMP), 1.0 - EXISTENCE_CLAMP)
        yes, no = yes * held, no * (1.0 - held)
        yes, no = yes / (yes + no), no / (yes + no)
    return min(max(yes, _CERTAIN), 1.0 - _CERTAIN)


def classes(stated: Sequence[tuple[ClassLikelihood, ...]]) -> tuple[ClassLikelihood, ...]:
    """Mean of the parties' logarithms of likelihood, largest set to one; a class that a party does not name counts
    little. All parties look at the same flight, so that what they say must not be multiplied: like covariance
    intersection, the mean is sound whatever they have in common.
    """
    named = [{c.vehicle: c.likelihood for c in each} for each in stated if each]
    mean: dict[VehicleClass, float] = {}
    for vehicle in sorted({v for each in named for v in each}):
        total = 0.0
        for each in named:
            total += natural_log(max(each.get(vehicle, 0.0), _HARDLY))
        mean[vehicle] = total / len(named)
    largest = max(mean.values(), default=0.0)
    return tuple(ClassLikelihood(vehicle=v, likelihood=exp_float(mean[v] - largest)) for v in mean)
