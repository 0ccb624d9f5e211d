"""Orbit data messages of CCSDS (502.0-B) in key = value: OEM for trajectories, OPM for one state.

Frame ITRF2000, which is WGS 84 to within centimetres; times UTC to the microsecond; kilometres with six digits (1 mm)
and km/s with nine (1 micrometre/s); covariances in km2, km2/s, km2/s2 with twelve significant digits, as lower
triangles. A comment says whether the data are of an exercise. What is lost: existence, contributions, phase.
"""

import re
from collections.abc import Iterable, Iterator

from tocsin.errors import BadEvidence
from tocsin.formats.errors import FormatError
from tocsin.formats.trajectories import State, Trajectory
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS
from tocsin.world.time import parse_utc, utc_text

FRAME = "ITRF2000"
ORIGINATOR = "TOCSIN"
# Lower triangle by rows (row, column), and its place in an upper triangle by rows.
LOWER = tuple((row, column) for row in range(6) for column in range(row + 1))
PLACE = {(row, column): k for k, (row, column) in enumerate(zip(UPPER_ROWS, UPPER_COLUMNS, strict=True))}
OPM_NAMES = tuple(f"C{a}_{b}" for a, b in (
    (("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")[row], ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")[column])
    for row, column in LOWER
))  # fmt: skip
_NAME = re.compile(r"[^A-Za-z0-9 ._-]")
_MODE = {"exercise": "EXERCISE DATA", "live": "LIVE DATA"}


def oem(tracks: Iterable[Trajectory], created_tai_ns: int) -> str:
    """One OEM with a segment for each track. Tracks without states are left out."""
    lines = ["CCSDS_OEM_VERS = 2.0", f"CREATION_DATE = {_time(created_tai_ns)}", f"ORIGINATOR = {ORIGINATOR}"]
    for track in tracks:
        if track.states:
            lines += _segment(track)
    return "\n".join(lines) + "\n"


def _segment(track: Trajectory) -> list[str]:
    lines = ["", "META_START", f"COMMENT {_MODE[track.mode]}", *_about(track)]
    lines += [f"START_TIME = {_time(track.states[0].t_tai_ns)}", f"STOP_TIME = {_time(track.states[-1].t_tai_ns)}"]
    lines += ["META_STOP", ""]
    for state in track.states:
        figures = [f"{v / 1e3:.6f}" for v in state.position_ecef_m]
        figures += [f"{v / 1e3:.9f}" for v in state.velocity_ecef_m_s]
        lines.append(" ".join((_time(state.t_tai_ns), *figures)))
    told = [state for state in track.states if state.covariance is not None]
    if told:
        lines += ["", "COVARIANCE_START"]
        for state in told:
            lines += [f"EPOCH = {_time(state.t_tai_ns)}", f"COV_REF_FRAME = {FRAME}"]
            figures = _lower(state)
            lines += [" ".join(figures[k * (k + 1) // 2 : (k + 1) * (k + 2) // 2]) for k in range(6)]
        lines.append("COVARIANCE_STOP")
    return lines


def opm(track: Trajectory, created_tai_ns: int) -> str:
    """One OPM: the last state of a track."""
    if not track.states:
        raise FormatError(f"track {track.id} has no state: one was expected")
    state = track.states[-1]
    lines = ["CCSDS_OPM_VERS = 2.0", f"CREATION_DATE = {_time(created_tai_ns)}", f"ORIGINATOR = {ORIGINATOR}"]
    lines += ["", f"COMMENT {_MODE[track.mode]}", *_about(track), "", f"EPOCH = {_time(state.t_tai_ns)}"]
    names = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
    figures = [f"{v / 1e3:.6f} [km]" for v in state.position_ecef_m]
    figures += [f"{v / 1e3:.9f} [km/s]" for v in state.velocity_ecef_m_s]
    lines += [f"{name} = {figure}" for name, figure in zip(names, figures, strict=True)]
    if state.covariance is not None:
        lines += [f"COV_REF_FRAME = {FRAME}"]
        lines += [f"{name} = {figure}" for name, figure in zip(OPM_NAMES, _lower(state), strict=True)]
    return "\n".join(lines) + "\n"


def _about(track: Trajectory) -> list[str]:
    return [
        f"OBJECT_NAME = {_NAME.sub('_', track.id)}",
        f"OBJECT_ID = {_NAME.sub('_', track.id)}",
        "CENTER_NAME = EARTH",
        f"REF_FRAME = {FRAME}",
        "TIME_SYSTEM = UTC",
    ]


def _time(t_tai_ns: int) -> str:
    return utc_text(t_tai_ns, 6).removesuffix("Z")


def _lower(state: State) -> list[str]:
    covariance = state.covariance or ()
    return [f"{covariance[PLACE[column, row]] * 1e-6:.11e}" for row, column in LOWER]


def read_oem(text: str) -> tuple[Trajectory, ...]:
    """Tracks of an OEM of version 1 or 2 in an Earth-fixed frame. Raises FormatError for anything else."""
    if not text.lstrip().startswith("CCSDS_OEM_VERS"):
        raise FormatError("no CCSDS_OEM_VERS at the beginning: an orbit ephemeris message was expected")
    found = tuple(_read_segment(part) for part in re.split(r"(?m)^\s*META_START\s*$", text)[1:])
    if not found:
        raise FormatError("an orbit ephemeris message without a segment")
    return found


def _read_segment(text: str) -> Trajectory:
    head, _, rest = text.partition("META_STOP")
    rows, _, covariances = rest.partition("COVARIANCE_START")
    meta = dict(re.findall(r"(?m)^\s*([A-Z_]+)\s*=\s*(.*?)\s*$", head))
    _checked(meta)
    told = dict(_read_covariances(covariances))
    states = tuple(_read_state(line.split(), told) for line in rows.splitlines() if re.match(r"\s*\d", line))
    mode = "live" if _MODE["live"] in head else "exercise"
    return _track(meta, mode, states)


def _read_state(cells: list[str], told: dict[int, tuple[float, ...]]) -> State:
    try:
        t = _instant(cells[0])
        x, y, z, vx, vy, vz = (float(cell) * 1e3 for cell in cells[1:7])
    except (ValueError, IndexError, BadEvidence) as error:
        raise FormatError(f"{' '.join(cells)[:80]!r}: a time and six figures were expected") from error
    return State(t_tai_ns=t, position_ecef_m=(x, y, z), velocity_ecef_m_s=(vx, vy, vz), covariance=told.get(t))


def _read_covariances(text: str) -> Iterator[tuple[int, tuple[float, ...]]]:
    for part in re.split(r"(?m)^\s*EPOCH\s*=", text.partition("COVARIANCE_STOP")[0])[1:]:
        epoch, _, rest = part.strip().partition("\n")
        figures = [float(cell) for line in rest.splitlines() if "=" not in line for cell in line.split()]
        if len(figures) != 21:
            raise FormatError(f"covariance at {epoch}: 21 figures were expected, not {len(figures)}")
        yield _instant(epoch), _upper(figures)


def _upper(lower: list[float]) -> tuple[float, ...]:
    upper = [0.0] * 21
    for (row, column), figure in zip(LOWER, lower, strict=True):
        upper[PLACE[column, row]] = figure * 1e6
    return tuple(upper)


def read_opm(text: str) -> Trajectory:
    """The track of an OPM of version 1 or 2 in an Earth-fixed frame, with its one state."""
    if not text.lstrip().startswith("CCSDS_OPM_VERS"):
        raise FormatError("no CCSDS_OPM_VERS at the beginning: an orbit parameter message was expected")
    fields = dict(re.findall(r"(?m)^\s*([A-Z0-9_]+)\s*=\s*(.*?)\s*(?:\[[^\]]*\])?\s*$", text))
    _checked(fields)
    try:
        x, y, z, vx, vy, vz = (float(fields[name]) * 1e3 for name in ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"))
        told = _upper([float(fields[name]) for name in OPM_NAMES]) if OPM_NAMES[0] in fields else None
        t = _instant(fields["EPOCH"])
    except (KeyError, ValueError) as error:
        raise FormatError(f"{error}: a state vector was expected") from error
    state = State(t_tai_ns=t, position_ecef_m=(x, y, z), velocity_ecef_m_s=(vx, vy, vz), covariance=told)
    return _track(fields, "live" if _MODE["live"] in text else "exercise", (state,))


def _checked(meta: dict[str, str]) -> None:
    if not meta.get("REF_FRAME", "").startswith(("ITRF", "WGS")) or meta.get("TIME_SYSTEM") != "UTC":
        frame, system = meta.get("REF_FRAME"), meta.get("TIME_SYSTEM")
        raise FormatError(f"frame {frame}, time system {system}: an ITRF frame and UTC were expected")


def _instant(text: str) -> int:
    return parse_utc(text.strip().removesuffix("Z") + "Z")


def _track(meta: dict[str, str], mode: str, states: tuple[State, ...]) -> Trajectory:
    return Trajectory(
        id=meta.get("OBJECT_ID", ""), mode=mode, parties=(), phase="unknown", existence=1.0, states=states
    )
