"""Files of observations: one JSON object a line, a sensor or a scan. The form in which a researcher's data come in.

    {"radar": {"id": "r1", "latitude_deg": 69.3, ...}}                       fields of world.observation.Radar
    {"infrared": {"id": "i1", "position_ecef_m": [..], ...}}                 fields of world.observation.Infrared
    {"scan": {"sensor": "r1", "utc": "1995-01-25T06:30:00.5Z", "measurements": [[range_m, azimuth_rad, elevation_rad]]}}

Instead of `utc` a scan may carry `t_tai_ns`. Numbers are written so that they come back to the bit.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import msgspec
import numpy as np

from tocsin.errors import BadEvidence
from tocsin.formats.errors import FormatError
from tocsin.formats.tally import Tally
from tocsin.world.observation import Infrared, Radar, Scan, Sensor
from tocsin.world.time import parse_utc


def write(sensors: Iterable[Sensor], scans: Iterable[Scan]) -> bytes:
    """Sensors first, then scans in order of time."""
    lines = [{"radar" if isinstance(one, Radar) else "infrared": asdict(one)} for one in sensors]
    ordered = sorted(scans, key=lambda one: (one.t_tai_ns, one.sensor.id))
    lines += [
        {"scan": {"sensor": s.sensor.id, "t_tai_ns": s.t_tai_ns, "measurements": s.measurements.tolist()}}
        for s in ordered
    ]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def read(data: bytes, tally: Tally) -> tuple[tuple[Sensor, ...], list[Scan]]:
    """(sensors, scans in order of time). Lines that make no sense are counted and left out.

    Raises FormatError where no sensor is declared.
    """
    sensors: dict[str, Sensor] = {}
    scans: list[Scan] = []
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = msgspec.json.decode(line)
            _take(raw, sensors, scans)
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError, BadEvidence) as error:
            tally.skip(number, "observation line", type(error).__name__ + ": " + str(error)[:60])
            continue
        tally.take("observation line")
    if not sensors:
        raise FormatError("no line declares a radar or an infrared sensor", data[:1000])
    return tuple(sensors.values()), sorted(scans, key=lambda one: (one.t_tai_ns, one.sensor.id))


def _take(raw: Any, sensors: dict[str, Sensor], scans: list[Scan]) -> None:
    ((what, body),) = raw.items()
    if what == "scan":
        scans.append(_scan(body, sensors))
        return
    made: Sensor = Radar(**body) if what == "radar" else _infrared(body)
    if made.id in sensors:
        raise ValueError(f"sensor {made.id} is declared twice")
    numbers = [v for v in asdict(made).values() if isinstance(v, float | int)]
    if not isinstance(made.id, str) or not all(math.isfinite(v) for v in numbers):
        raise ValueError("a name and finite numbers were expected")
    sensors[made.id] = made


def _infrared(body: dict[str, Any]) -> Infrared:
    x, y, z = body.pop("position_ecef_m")
    return Infrared(position_ecef_m=(float(x), float(y), float(z)), **body)


def _scan(body: dict[str, Any], sensors: dict[str, Sensor]) -> Scan:
    sensor = sensors[body["sensor"]]
    t = int(body["t_tai_ns"]) if "t_tai_ns" in body else parse_utc(body["utc"])
    rows = np.array(body["measurements"], float)
    return Scan(sensor=sensor, t_tai_ns=t, measurements=rows.reshape(len(rows), -1) if rows.size else np.empty((0, 3)))
