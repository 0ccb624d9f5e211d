"""Tracks as ASTERIX system tracks (category 062), and back.

Each state is a record: time of day to 1/128 s, place to 5.4e-6 degrees (0.6 m), height to 6.25 ft (1.9 m) up to
62 km, velocity to 0.25 m/s up to 8,191 m/s across and 1,040 m/s up, accuracy to 0.5 m up to 32 km. What does not fit
a field (a flight above 62 km has no height there) leaves that item out, so that nobody reads a clipped figure; a record
without a place on the ground is not written. Exercise data carry SIM in I062/080.
"""

from collections.abc import Iterable, Iterator
from math import sqrt

import numpy as np

from tocsin.formats.asterix.records import encode_block, encode_record
from tocsin.formats.reports import Source
from tocsin.formats.trajectories import State, Trajectory
from tocsin.world.constants import DEGREE_RAD
from tocsin.world.frames import ecef_to_geodetic, enu_axes
from tocsin.world.time import posix_s

FOOT_M = 0.3048
HEIGHT_STEP_M = 6.25 * FOOT_M
DAY_S, NS = 86_400, 1_000_000_000
RECORDS_A_BLOCK = 64


def cat062(tracks: Iterable[Trajectory], source: Source = (0, 0)) -> bytes:
    """Blocks of category 062, every state a record, in order of time. Track numbers follow the order of the ids."""
    rows: list[tuple[int, int, State, str, str]] = []
    for number, track in enumerate(sorted(tracks, key=lambda one: one.id), 1):
        rows += [(state.t_tai_ns, number, state, track.mode, track.id) for state in track.states]
    rows.sort(key=lambda row: row[:2])
    encoded = [_record(number, state, mode, name, source) for _, number, state, mode, name in rows]
    return b"".join(_blocks(encoded))


def _blocks(encoded: list[bytes]) -> Iterator[bytes]:
    for start in range(0, len(encoded), RECORDS_A_BLOCK):
        yield encode_block(62, encoded[start : start + RECORDS_A_BLOCK])


def _record(number: int, state: State, mode: str, name: str, source: Source) -> bytes:
    latitude, longitude, height = (float(v) for v in ecef_to_geodetic(np.array(state.position_ecef_m)))
    east, north, up = (
        float(v) for v in enu_axes(latitude, longitude) @ np.array(state.velocity_ecef_m_s)
    )
    # beyond the last step before midnight is the last step: 86,400 s is no time of day
    of_day = min(posix_s(state.t_tai_ns) % DAY_S + state.t_tai_ns % NS / NS, DAY_S - 1 / 128)
    values: dict[str, object] = {
        "010": {"SAC": source[0], "SIC": source[1]},
        "070": {"T": of_day},
        "105": {"LAT": latitude / DEGREE_RAD, "LON": longitude / DEGREE_RAD},
        "245": {"STI": 0, "CHR": "".join(c for c in name.upper() if c.isalnum())[-8:]},
        "040": {"TN": (number - 1) % 65_535 + 1},
        "080": {"MON": 0, "SPI": 0, "MRH": 1, "SRC": 0, "CNF": 0, "SIM": int(mode != "live")},
    }
    if abs(east) < 8_191.0 and abs(north) < 8_191.0:
        values["185"] = {"VX": east, "VY": north}
    if -1_500.0 < height < 62_000.0:
        values["130"] = {"ALT": height / FOOT_M}
    if abs(up) < 1_000.0:
        values["220"] = {"ROCD": up / FOOT_M * 60.0}
    covariance = state.matrix()
    if covariance is not None:
        sigma = sqrt(max(0.0, float(np.trace(covariance[:3, :3])) / 3.0))
        if sigma < 32_000.0:
            values["500"] = {"APC": {"X": sigma, "Y": sigma}}
    return encode_record(62, values)
