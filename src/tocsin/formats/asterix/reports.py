"""Records to plots, positions and stations. Times of day are completed by the time of capture, or by a date given.

Units: 1 NM = 1,852 m, 1 ft = 0.3048 m, a flight level is 100 ft of pressure altitude.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import cos, pi, radians, sin
from typing import Any

from tocsin.formats.asterix.records import Record
from tocsin.formats.asterix.tables import category
from tocsin.formats.reports import Plot, Position, Report, Source, Station
from tocsin.formats.tally import Tally
from tocsin.world.time import from_posix_s

NM_M, FOOT_M = 1852.0, 0.3048
LEVEL_M = 100.0 * FOOT_M
DAY_S, SHORT_S = 86_400.0, 512.0
NS = 1_000_000_000
SYSTEM_SIGMA_M = 150.0  # [I] of a system track that does not say its accuracy
# Horizontal accuracy by NACp, 95 % bound in metres / 2.45 for one sigma of one axis of two (RTCA DO-260B table 2-14,
# from memory [U]); 0 says nothing.
NACP_95_M = {1: 18_520.0, 2: 7_408.0, 3: 3_704.0, 4: 1_852.0, 5: 926.0, 6: 555.6, 7: 185.2, 8: 92.6, 9: 30.0, 10: 10.0,
             11: 3.0}  # fmt: skip
UNKNOWN_95_M = 1_000.0  # [I]


class Clock:
    """Completes times of day. Every capture time, or every time completed, is the reference for the next."""

    def __init__(self, posix_s: float | None) -> None:
        self._reference_s = posix_s

    @property
    def known(self) -> bool:
        """Whether there is anything to complete with."""
        return self._reference_s is not None

    def heard(self, posix_ns: int | None) -> None:
        """A packet was captured at that time."""
        if posix_ns is not None:
            self._reference_s = posix_ns / NS

    def complete(self, seconds: float, modulus_s: float) -> int:
        """TAI nanoseconds of the instant nearest to the reference whose time of day is `seconds` modulo a span."""
        reference = self._reference_s or 0.0
        midnight = reference // DAY_S * DAY_S
        turns = round((reference - midnight - seconds) / modulus_s)
        posix = midnight + seconds + turns * modulus_s
        self._reference_s = posix
        whole = int(posix // 1)
        return from_posix_s(whole) + round((posix - whole) * NS)


def reports(
    found: Iterable[tuple[int | None, Record]], tally: Tally, posix_s: float | None = None
) -> Iterator[Report]:
    """Reports of records, in their order. `posix_s` completes times of day where nothing was captured with a time.

    The same record a second time within a rotation (two lines from one radar) is left out and counted.
    """
    clock = Clock(posix_s)
    last: dict[Source, set[tuple[bytes, ...]]] = {}
    for posix_ns, record in found:
        clock.heard(posix_ns)
        if "010" not in record:
            tally.skip(record.offset, _name(record), "no source (item 010)")
            continue
        if not clock.known:
            tally.skip(record.offset, _name(record), "a time of day without a date")
            continue
        source: Source = (record.items["010"][0], record.items["010"][1])
        mark = tuple(record.items.values())
        seen = last.setdefault(source, set())
        if mark in seen and record.category in READERS:
            tally.skip(record.offset, _name(record), "said twice")
            continue
        if len(seen) > 4096:
            seen.clear()
        seen.add(mark)
        reader = READERS.get(record.category)
        report = reader(record, source, clock) if reader else None
        if isinstance(report, str):
            tally.skip(record.offset, _name(record), report)
        elif report is not None:
            yield report


def _name(record: Record) -> str:
    return f"ASTERIX {record.category:03}"


def _day(record: Record, reference: str, clock: Clock) -> int | None:
    """Time of an item of 1/128 s since midnight; None where it is missing or beyond the day."""
    raw = record.items.get(reference)
    if raw is None:
        return None
    seconds = int.from_bytes(raw[:3], "big") / 128.0
    return clock.complete(seconds, DAY_S) if seconds < DAY_S else None


def _plot(record: Record, source: Source, clock: Clock) -> Plot | str:
    """Category 048."""
    t = _day(record, "140", clock)
    return "no time, or one beyond the day" if t is None else _detection(record, source, t, NM_M / 256.0, (0x10, 0x80))


def _old_plot(record: Record, source: Source, clock: Clock) -> Plot | str:
    """Category 001: the time of day is cut to 512 s."""
    if "141" not in record:
        return "no time"
    t = clock.complete(int.from_bytes(record.items["141"], "big") / 128.0, SHORT_S)
    return _detection(record, source, t, NM_M / 128.0, (0x40, 0x80))


def _detection(
    record: Record, source: Source, t_tai_ns: int, step_m: float, unreal: tuple[int, int]
) -> Plot | str:
    """Straight from the bytes, because this is most of what a busy line carries (tests hold it against the tables).

    `unreal`: the bits SIM and TST in the first and second part of item 020.
    """
    items = record.items
    raw = items.get("040")
    if raw is None:
        return "no position"
    range_m = int.from_bytes(raw[:2], "big") * step_m
    if range_m <= 0.0:
        return "range 0"
    kind = items.get("020", b"\x00")
    return Plot(
        offset=record.offset,
        source=source,
        t_tai_ns=t_tai_ns,
        range_m=range_m,
        azimuth_rad=int.from_bytes(raw[2:], "big") * (2.0 * pi / 65536.0),
        height_m=_height(record),
        code=f"{int.from_bytes(items['070'], 'big') & 0xFFF:04o}" if "070" in items else "",
        address=int.from_bytes(items["220"], "big") if "220" in items else None,
        callsign=_letters(items["240"]) if "240" in items else "",
        simulated=bool(kind[0] & unreal[0] or (len(kind) > 1 and kind[1] & unreal[1])),
    )


@lru_cache(maxsize=8192)
def _letters(raw: bytes) -> str:
    return str(category(48).items["240"].decode(raw)["ID"])


def _height(record: Record) -> float | None:
    """Height that the transponder told, if it is valid and no other garbled it; else a 3D radar's own."""
    raw = record.items.get("090")
    if raw is not None:
        told = int.from_bytes(raw, "big")
        if told < 0x4000:
            return (told - 0x4000 if told & 0x2000 else told) * 0.25 * LEVEL_M
    if record.category == 48 and "110" in record:
        return float(record["110"]["HEIGHT"]) * FOOT_M
    return None


def _system(record: Record, source: Source, clock: Clock) -> Position | str:
    """Category 062."""
    t = _day(record, "070", clock)
    if t is None:
        return "no time, or one beyond the day"
    if "105" not in record:
        return "no position in WGS 84 (item 105)"
    if "040" not in record:
        return "no track number (item 040)"
    place = record["105"]
    if abs(place["LAT"]) > 90.0:
        return "a latitude beyond the pole"
    status = record.get("080", {})
    derived = record.get("380", {})
    return Position(
        offset=record.offset,
        source=source,
        source_kind="system",
        key=str(record["040"]["TN"]),
        t_tai_ns=t,
        latitude_deg=place["LAT"],
        longitude_deg=place["LON"],
        height_m=_system_height(record),
        velocity_enu_m_s=_system_velocity(record),
        sigma_m=_system_sigma(record),
        callsign=_callsign(record, derived),
        code=record["060"]["MODE3A"] if "060" in record else "",
        simulated=bool(status.get("SIM", 0)),
        ended=bool(status.get("TSE", 0)),
    )


def _callsign(record: Record, derived: dict[str, Any]) -> str:
    if "245" in record:
        return str(record["245"]["CHR"])
    return str(derived.get("ID", {}).get("ID", ""))


def _system_height(record: Record) -> float | None:
    """Barometric first, as told or as tracked; the geometric one where there is nothing else."""
    for reference, name, unit in (("135", "CTB", LEVEL_M), ("136", "MFL", LEVEL_M), ("130", "ALT", FOOT_M)):
        if reference in record:
            return float(record[reference][name]) * unit
    return None


def _system_velocity(record: Record) -> tuple[float, float, float] | None:
    if "185" not in record:
        return None
    across = record["185"]
    climb = record["220"]["ROCD"] * FOOT_M / 60.0 if "220" in record else 0.0
    return float(across["VX"]), float(across["VY"]), float(climb)


def _system_sigma(record: Record) -> float:
    told = record["500"].get("APC") if "500" in record else None
    return max(1.0, (told["X"] + told["Y"]) / 2.0) if told else SYSTEM_SIGMA_M


def _self_reported(record: Record, source: Source, clock: Clock) -> Position | str:
    """Category 021."""
    t = next((t for ref in ("073", "071", "077") if (t := _day(record, ref, clock)) is not None), None)
    if t is None:
        return "no time, or one beyond the day"
    place = record.get("131") or record.get("130")
    if place is None or abs(place["LAT"]) > 90.0:
        return "no position, or one beyond the pole"
    if "080" not in record:
        return "no target address (item 080)"
    status = record.get("040", {})
    accuracy = record["090"].get("NACP", 0) if "090" in record else 0
    return Position(
        offset=record.offset,
        source=source,
        source_kind="self-reported",
        key=f"{record['080']['ADR']:06X}",
        t_tai_ns=t,
        latitude_deg=place["LAT"],
        longitude_deg=place["LON"],
        height_m=_self_height(record),
        velocity_enu_m_s=_ground_vector(record),
        sigma_m=NACP_95_M.get(accuracy, UNKNOWN_95_M) / 2.45,
        callsign=record["170"]["ID"] if "170" in record else "",
        code=record["070"]["MODE3A"] if "070" in record else "",
        simulated=bool(status.get("SIM", 0) or status.get("TST", 0)),
    )


def _self_height(record: Record) -> float | None:
    """Geometric where it is told, else by flight level; 0 for what is on the ground."""
    if "140" in record:
        return float(record["140"]["GH"]) * FOOT_M
    if "145" in record:
        return float(record["145"]["FL"]) * LEVEL_M
    return 0.0 if "040" in record and record["040"].get("GBS", 0) else None


def _ground_vector(record: Record) -> tuple[float, float, float] | None:
    if "160" not in record:
        return None
    told = record["160"]
    speed, track = told["GS"] * NM_M, radians(told["TA"])
    rate = record["157"]["GVR"] if "157" in record else record["155"]["BVR"] if "155" in record else 0.0
    return speed * sin(track), speed * cos(track), rate * FOOT_M / 60.0


def _service(record: Record, source: Source, clock: Clock) -> Station | None:
    """Categories 002 and 034: where a radar stands, how fast it turns; and the time."""
    _day(record, "030", clock)
    place = record["120"] if record.category == 34 and "120" in record else None
    period = record["041"]["P"] if "041" in record else None
    if place is None and period is None:
        return None
    return Station(
        source=source,
        latitude_deg=place["LAT"] if place else None,
        longitude_deg=place["LON"] if place else None,
        height_m=float(place["HGT"]) if place else None,
        period_s=period,
    )


READERS = {1: _old_plot, 2: _service, 21: _self_reported, 34: _service, 48: _plot, 62: _system}
