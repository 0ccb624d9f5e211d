"""Where things are in the pages' own tests: times of the Andoya case, tracks, trails, areas."""

import math
from datetime import UTC, datetime

from tocsin.console import board as b

T0 = datetime(1995, 1, 25, 6, 24, tzinfo=UTC)
LEAP_S = 29  # TAI minus UTC in January 1995
T0_TAI_US = int(T0.timestamp() + LEAP_S) * 1_000_000
NOW_S = 300
LAUNCH = (69.3, 16.0)


def tai(seconds: float) -> int:
    return T0_TAI_US + round(seconds * 1e6)


def utc(seconds: float) -> str:
    return datetime.fromtimestamp(T0.timestamp() + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ring(lat: float, lon: float, radius_km: float) -> b.Ring:
    return b.Ring(lat=lat, lon=lon, radius_km=radius_km, polygon=circle(lat, lon, radius_km))


def destination(lat: float, lon: float, km: float, azimuth_deg: float) -> tuple[float, float]:
    d, a, p = km / 6371.0, math.radians(azimuth_deg), math.radians(lat)
    q = math.asin(math.sin(p) * math.cos(d) + math.cos(p) * math.sin(d) * math.cos(a))
    e = math.atan2(math.sin(a) * math.sin(d) * math.cos(p), math.cos(d) - math.sin(p) * math.sin(q))
    return (round((lon + math.degrees(e) + 540) % 360 - 180, 4), round(math.degrees(q), 4))


def circle(lat: float, lon: float, km: float) -> tuple[tuple[float, float], ...]:
    return tuple(destination(lat, lon, km, azimuth) for azimuth in range(0, 361, 10))


def sector(lat: float, lon: float, km: float, centre: float, half: float) -> tuple[tuple[float, float], ...]:
    arc = tuple(destination(lat, lon, km, centre - half + 2 * half * i / 24) for i in range(25))
    return ((lon, lat), *arc, (lon, lat))


def tracks(count: int = 40, step: int = 0) -> b.Tracks:
    """One rocket, and aircraft and satellites that move with `step`."""
    lat, lon, height, speed, heading, kind, source = (
        [71.9],
        [14.6],
        [812.0],
        [3_650.0],
        [352.0],
        ["ballistic"],
        ["joint"],
    )
    for i in range(1, count):
        space = i % 5 == 0
        a, phase = (i * 137.508) % 360, i * 0.7 + step * (0.004 if space else 0.0007)
        if space:
            inclination = 40 + (i * 7) % 55
            lat.append(round(inclination * math.sin(phase), 4))
            lon.append(round((a + math.degrees(phase)) % 360 - 180, 4))
            height.append(float(420 + (i * 53) % 1100))
        else:
            lat.append(round(35 + (i * 61) % 50 + 0.4 * math.sin(phase), 4))
            lon.append(round((a * 0.6 - 60 + math.degrees(phase) * 0.2) % 360 - 180, 4))
            height.append(float(9 + i % 4))
        speed.append(7_500.0 if space else 240.0)
        heading.append(float(a))
        kind.append("space" if space else "air" if i % 17 else "unknown")
        source.append(("own", "joint", "partner:east", "own")[i % 4])
    ids = tuple(f"T-{41 + i:04d}" for i in range(count))
    return b.Tracks(
        as_of_tai_us=tai(NOW_S + step / 4),
        id=ids,
        label=ids,
        lat=tuple(lat),
        lon=tuple(lon),
        height_km=tuple(height),
        speed_m_s=tuple(speed),
        heading_deg=tuple(heading),
        climb_m_s=(1_200.0,) + (0.0,) * (count - 1),
        kind=tuple(kind),
        parties=tuple(("west", "east") if one == "joint" else ("west",) for one in source),
        source=tuple(source),
        phase=("coast", *tuple("air" if one == "air" else "coast" for one in kind[1:])),
        existence=(0.999,) * count,
        sigma_km=tuple(round(0.4 + (i * 13 % 29) / 10, 1) for i in range(count)),
        stale=tuple(i % 11 == 10 for i in range(count)),
        age_s=tuple(94.0 if i % 11 == 10 else round(0.4 + i % 7 * 0.5, 1) for i in range(count)),
        event=("T-0041",) + ("",) * (count - 1),
        ellipse95={"T-0041": (48.0, 17.0, 350.0)},
    )


def trails(of: b.Tracks) -> b.Trails:
    trail = {}
    for i, name in enumerate(of.id):
        back = 0.15 if of.kind[i] == "air" else 1.1
        bearing = math.radians(of.heading_deg[i])
        trail[name] = tuple(
            (
                round(
                    (of.lon[i] - k * back * math.sin(bearing) / max(0.2, math.cos(math.radians(of.lat[i]))) + 540) % 360
                    - 180,
                    3,
                ),
                round(max(-89, min(89, of.lat[i] - k * back * math.cos(bearing))), 3),
                of.height_km[i],
            )
            for k in range(16, 0, -1)
        )
    rise = [(16.0 - 0.1 * k, 69.3 + 0.17 * k, 812.0 * math.sin(k / 16 * 1.35) / math.sin(1.35)) for k in range(16)]
    trail[of.id[0]] = tuple((round(x, 3), round(y, 3), round(z, 1)) for x, y, z in rise)
    return b.Trails(step_s=10.0, trail=trail)


def areas() -> b.Areas:
    fans = (
        ("north-radar", "radar", 70.4, 31.1, 3_900.0, 330.0, 60.0),
        ("south-radar", "radar", 55.5, -5.0, 3_000.0, 40.0, 55.0),
    )
    return b.Areas(
        sensors=tuple(
            b.Fan(
                id=n,
                kind=k,
                lat=la,
                lon=lo,
                range_km=r,
                azimuth_centre_deg=c,
                azimuth_halfwidth_deg=h,
                elevation_min_deg=3.0,
                polygon=sector(la, lo, r, c, h),
            )  # type: ignore[arg-type]
            for n, k, la, lo, r, c, h in fans
        ),
        notices=(
            b.NoticeArea(
                identifier="PLN/NO/1995/001/001/01",
                party="east",
                stage="open",
                launch=ring(69.3, 16.0, 40),
                impact=ring(78.5, 10.0, 220),
                corridor=((15.0, 69.4), (17.2, 69.4), (14.5, 78.4), (5.5, 78.6)),
                window_start_utc=utc(-7_200),
                window_end_utc=utc(14_400),
            ),
        ),
        guarded=(
            b.GuardedArea(name="capital", ring=ring(55.75, 37.6, 150)),
            b.GuardedArea(name="base", ring=ring(68.9, 33.1, 110)),
        ),
        launch=(
            b.EndPlace(
                event="T-0041",
                lat=69.31,
                lon=16.1,
                semi_major_km=9,
                semi_minor_km=5,
                azimuth_deg=20,
                t_tai_us=tai(0),
                t_utc=utc(0),
                sigma_s=2.0,
                source="joint",
            ),
        ),
        impact=(
            b.EndPlace(
                event="T-0041",
                lat=78.1,
                lon=11.0,
                semi_major_km=130,
                semi_minor_km=45,
                azimuth_deg=352,
                t_tai_us=tai(1_150),
                t_utc=utc(1_150),
                sigma_s=14.0,
                source="joint",
            ),
        ),
    )
