"""Make `src/tocsin/report/data/land_110m.json` from the `land-110m.json` of the npm package world-atlas 2.0.2.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/coastline/convert.py package/land-110m.json src/tocsin/report/data/land_110m.json

The result is a flat list of closed rings (outer rings and holes alike, to be filled by the even-odd rule).
A ring is delta-coded: longitude, latitude of its first vertex, then the steps to each next vertex, in units of
0.01 degree. The rings are spherical: none is cut at the antimeridian or at a pole.
"""

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

UNITS_PER_DEG = 100
SHA256 = "ead5f68119c49a9250902e7da303bcb209341bbb8fefe7369a439b48b704658a"

Point = tuple[float, float]


def decode_arc(arc: list[list[int]], scale: Point, translate: Point) -> list[Point]:
    """Absolute longitude and latitude, degrees, of a quantised TopoJSON arc."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
    return points


def join(indexes: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A closed ring from arcs; a negative index ~i is arc i walked backwards."""
    ring: list[Point] = []
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points[1:] if ring else points)
    return ring


def encode(ring: list[Point]) -> list[int]:
    """Delta code in units of 0.01 degree, without the repeated last vertex and without zero steps."""
    units = [(round(lon * UNITS_PER_DEG), round(lat * UNITS_PER_DEG)) for lon, lat in ring]
    if units[0] == units[-1]:
        units.pop()
    code = [*units[0]]
    for (lon0, lat0), (lon1, lat1) in pairwise(units):
        if (lon0, lat0) != (lon1, lat1):
            code += [lon1 - lon0, lat1 - lat0]
    return code


def convert(topology: dict[str, Any]) -> list[list[int]]:
    transform = topology["transform"]
    arcs = [decode_arc(arc, transform["scale"], transform["translate"]) for arc in topology["arcs"]]
    geometry = topology["objects"]["land"]["geometries"][0]
    return [encode(join(ring, arcs)) for polygon in geometry["arcs"] for ring in polygon]


def main(source: Path, target: Path) -> None:
    data = source.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        sys.exit(f"{source} has SHA-256 {found}; expected {SHA256} (world-atlas 2.0.2 land-110m.json)")
    rings = convert(json.loads(data))
    header = {
        "title": "Land polygons, 1:110 million",
        "source": "Natural Earth, through the npm package world-atlas 2.0.2, file land-110m.json",
        "source_sha256": SHA256,
        "licence": "Natural Earth is in the public domain; world-atlas is under the ISC licence",
        "generator": "tools/coastline/convert.py",
        "format": "rings of [lon, lat, dlon, dlat, ...]; fill by the even-odd rule",
        "units_per_deg": UNITS_PER_DEG,
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in header.items()]
    body = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in rings)
    target.write_text("{\n" + ",\n".join(lines) + ',\n"rings": [\n' + body + "\n]}\n")
    print(f"{target}: {len(rings)} rings, {sum(map(len, rings)) // 2} vertices")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
