// Rings on the sphere for d3-geo: exterior rings wind clockwise seen from outside, else d3 fills the rest of the Earth.
import { geoArea, geoCircle } from 'd3-geo';
import type { LonLat, Ring as Area } from './board';
import { DEGREE, EARTH_KM } from './globe';

export interface Ellipse { semi_major_km: number; semi_minor_km: number; azimuth_deg: number }
export interface Ring { type: 'Polygon'; coordinates: LonLat[][] }

/** The point at a distance and bearing from another, on the sphere. */
export function destination(lon: number, lat: number, distance_km: number, azimuth_deg: number): LonLat {
  const d = distance_km / EARTH_KM, a = azimuth_deg * DEGREE, p = lat * DEGREE;
  const sin = Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(a);
  const east = Math.atan2(Math.sin(a) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * sin);
  return [((lon + east / DEGREE + 540) % 360) - 180, Math.asin(Math.max(-1, Math.min(1, sin))) / DEGREE];
}

export function circleRing(lon: number, lat: number, radius_km: number): Ring {
  return geoCircle().center([lon, lat]).radius(radius_km / EARTH_KM / DEGREE).precision(4)() as Ring;
}

/** The server's ring: its polygon, or the circle where it gives no points. */
export function areaRing(area: Area): Ring | null {
  if (area.polygon?.length) return ringOf(area.polygon);
  return area.radius_km === null ? null : circleRing(area.lon, area.lat, area.radius_km);
}

/** Ring of an ellipse on the ground about a place; `azimuth_deg` is that of the longer axis. */
export function ellipseRing(lon: number, lat: number, ellipse: Ellipse, points = 64): Ring {
  const ring: LonLat[] = [];
  for (let i = 0; i <= points; i++) {
    const angle = (i / points) * 2 * Math.PI;
    const along = ellipse.semi_major_km * Math.cos(angle), across = ellipse.semi_minor_km * Math.sin(angle);
    const bearing = ellipse.azimuth_deg + Math.atan2(across, along) / DEGREE;
    ring.push(destination(lon, lat, Math.max(Math.hypot(along, across), 0.01), bearing));
  }
  return { type: 'Polygon', coordinates: [ring] };
}

/** A polygon given in any winding, closed or not, as the smaller of the two areas that it bounds. */
export function ringOf(points: LonLat[]): Ring | null {
  if (points.length < 3) return null;
  const first = points[0]!, last = points[points.length - 1]!;
  const closed = first[0] === last[0] && first[1] === last[1] ? points : [...points, first];
  const ring: Ring = { type: 'Polygon', coordinates: [closed] };
  return geoArea(ring as never) > 2 * Math.PI ? { type: 'Polygon', coordinates: [[...closed].reverse()] } : ring;
}
