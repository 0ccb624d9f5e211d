"""From a verified entry to an increment, or to the reason why it is left unused.

Everything a partner's log may hold arrives here: nothing raises, whatever the bytes say.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tocsin.fuse.gaussian import lengths_squared
from tocsin.fuse.limits import (
    NS_PER_S,
    OFFSET_MAX_SIGMA,
    PROCESS_NOISE_MAX_M2_S3,
    RADIUS_MAX_M,
    RADIUS_MIN_M,
    SIGMA_POSITION_MAX_M,
    SIGMA_POSITION_MIN_M,
    SIGMA_VELOCITY_MAX_M_S,
    SIGMA_VELOCITY_MIN_M_S,
    SPEED_MAX_M_S,
    STEP_MAX_NS,
)
from tocsin.fuse.small import inverse
from tocsin.mirror import Verified
from tocsin.wire.bodies import (
    UPPER_COLUMNS,
    UPPER_ROWS,
    ClassLikelihood,
    Lineage,
    Phase,
    Retraction,
    Tracklet,
    body_of,
)
from tocsin.wire.envelope import Statement, decode, entry_sha256, mode_of
from tocsin.wire.errors import UnknownKind, WireError
from tocsin.wire.reading import parsed
from tocsin.world.exact import Array, congruence6, matvec6
from tocsin.world.frames import rotation6, rotation6_inverse

_SHARP_R, _SHARP_V = 1.0 / SIGMA_POSITION_MIN_M, 1.0 / SIGMA_VELOCITY_MIN_M_S
_LARGEST = np.repeat([_SHARP_R * _SHARP_R, _SHARP_V * _SHARP_V], 3)
_SPREAD = np.repeat(
    [SIGMA_POSITION_MAX_M * SIGMA_POSITION_MAX_M, SIGMA_VELOCITY_MAX_M_S * SIGMA_VELOCITY_MAX_M_S], 3
)
OWN_SUFFIX = "/own"
"""A party's second log, for what it keeps to itself, has its origin with this ending."""


@dataclass(frozen=True, slots=True, eq=False)
class Increment:
    """A sound tracklet, turned into inertial axes at its own time `t_ns` (nanoseconds TAI).

    `information` (6, 6) and `vector` (6,) about `reference` (6,): position m, velocity m/s, ECI.
    """

    origin: str
    party: str
    index: int
    sha256: str
    track: str
    since_ns: int | None
    t_ns: int
    reference: Array
    information: Array
    vector: Array
    process_noise_m2_s3: float
    existence: float
    phase: Phase
    classes: tuple[ClassLikelihood, ...]
    sensors: int
    coarsened: bool
    ended: bool
    lineage: Lineage | None
    clock_sigma_s: float


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A party's own word that earlier entries of its logs were wrong: (origin, index, sha256) of each."""

    party: str
    t_ns: int
    entries: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why an entry is left unused: a short constant text, the same for every such entry."""

    reason: str


Read = Increment | Withdrawal | Rejected | None
"""None: a sound statement of another kind, which is not fusion's business."""


def party_of(origin: str) -> str:
    """A party's shared and own logs are one voice."""
    return origin.removesuffix(OWN_SUFFIX)


def information_matrix(upper: tuple[float, ...]) -> Array:
    """The 21 numbers of a tracklet, upper triangle row by row, as a symmetric (6, 6)."""
    matrix = np.empty((6, 6))
    matrix[UPPER_ROWS, UPPER_COLUMNS] = upper
    matrix[UPPER_COLUMNS, UPPER_ROWS] = upper
    return matrix


def read(entry: Verified) -> Read:
    """What an entry contributes to the picture. Its arrays are shared and cannot be written."""
    return _read(entry.origin, entry.index, entry.data)


@lru_cache(maxsize=512)  # a party's own picture and the common one take the same entries, one after the other
def _read(origin: str, index: int, data: bytes) -> Read:
    try:
        statement, known = parsed(data)
    except WireError:
        try:
            statement, known = decode(data), None
        except WireError:
            return Rejected("not a statement")
    if statement.origin != origin or statement.sequence != index:
        return Rejected("names another place in the log")
    if statement.mode != mode_of(origin, statement.mode):
        return Rejected("of another mode than its log")
    if statement.encryption is not None:
        return Rejected("encrypted")
    try:
        body = known or body_of(statement)
    except UnknownKind:
        return Rejected("unknown kind")
    except WireError:
        return Rejected("malformed body")
    if isinstance(body, Tracklet):
        return _increment(statement, body, entry_sha256(data))
    if isinstance(body, Retraction):
        return _withdrawal(statement)
    return None


def _withdrawal(statement: Statement) -> Withdrawal | None:
    party = party_of(statement.origin)
    own = [r for r in statement.references if party_of(r.origin) == party]
    if not own:
        return None
    entries = tuple((r.origin, r.index, r.sha256) for r in own)
    return Withdrawal(party, statement.observed.t_tai_us * 1_000, entries)


def _increment(statement: Statement, body: Tracklet, sha256: str) -> Increment | Rejected:
    t_ns = body.t_tai_us * 1_000
    since_ns = None if body.since_tai_us is None else body.since_tai_us * 1_000
    if since_ns is not None and not 0 <= t_ns - since_ns <= STEP_MAX_NS:
        return Rejected("interval backwards or too long")
    reference = np.array([*body.position_ecef_m, *body.velocity_ecef_m_s])
    if not plausible(reference):
        return Rejected("position or velocity out of bounds")
    if body.process_noise_m2_s3 > PROCESS_NOISE_MAX_M2_S3:
        return Rejected("process noise out of bounds")
    information = information_matrix(body.information)
    vector = np.array(body.information_vector)
    wrong = _wrong_full(information, vector) if since_ns is None else _wrong_part(information)
    if wrong:
        return Rejected(wrong)
    to_eci, to_ecef = rotation6(t_ns), rotation6_inverse(t_ns)
    turned = matvec6(to_eci, reference), congruence6(to_ecef.T, information), matvec6(to_ecef.T, vector)
    for array in turned:
        array.setflags(write=False)
    return Increment(
        origin=statement.origin,
        party=party_of(statement.origin),
        index=statement.sequence,
        sha256=sha256,
        track=body.track,
        since_ns=since_ns,
        t_ns=t_ns,
        reference=turned[0],
        information=turned[1],
        vector=turned[2],
        process_noise_m2_s3=body.process_noise_m2_s3,
        existence=body.existence,
        phase=body.phase,
        classes=body.classes,
        sensors=body.sensors,
        coarsened=body.coarsened,
        ended=body.ended,
        lineage=body.lineage,
        clock_sigma_s=statement.observed.uncertainty_us * 1_000 / NS_PER_S,
    )


def plausible(state_ecef: Array) -> bool:
    """Whether (position, velocity) (6,) lies where anything of ours can be. False for NaN."""
    r, v = lengths_squared(state_ecef)
    return RADIUS_MIN_M * RADIUS_MIN_M <= r <= RADIUS_MAX_M * RADIUS_MAX_M and v <= SPEED_MAX_M_S * SPEED_MAX_M_S


def _wrong_part(information: Array) -> str:
    """An increment's own bounds; what it adds to is checked where it is added."""
    diagonal = np.abs(information.diagonal())
    if bool(np.any(diagonal > _LARGEST)):
        return "information out of bounds"
    return ""


def _wrong_full(information: Array, vector: Array) -> str:
    """A first statement must stand alone: positive definite, neither absurdly sharp nor without content."""
    diagonal = information.diagonal()
    covariance = inverse(information)
    if covariance is None:
        return "information not positive definite"
    if bool(np.any(diagonal > _LARGEST)) or not bool(np.all(covariance.diagonal() <= _SPREAD)):
        return "information out of bounds"
    shift = matvec6(covariance, vector)
    distance = sum(float(a) * float(b) for a, b in zip(shift, vector, strict=True))
    if not 0.0 <= distance <= OFFSET_MAX_SIGMA * OFFSET_MAX_SIGMA:
        return "estimate far from its reference point"
    return ""
