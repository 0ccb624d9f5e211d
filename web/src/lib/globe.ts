// Camera over a sphere: d3-geo draws the ground with it, and `project` places anything at altitude with the same view.
// Vectors are Earth-fixed, in Earth radii. The sphere is off WGS 84 by 21 km at most, about a pixel at full globe:
// numbers on the page are always the server's, never measured from the picture.
import { geoSatellite } from 'd3-geo-projection';
import type { GeoProjection } from 'd3-geo';

export const DEGREE = Math.PI / 180;
export const EARTH_KM = 6371.0088;
/** Distance of the eye from the Earth's centre in radii. Fixed: zooming enlarges, so high objects stay before the eye. */
export const EYE = 5;
export const ZOOM_MIN = 0.6;
export const ZOOM_MAX = 40;

export interface View { width: number; height: number; lon: number; lat: number; zoom: number }

/** Earth-fixed vector of a place, in Earth radii, written to `out` at `at`. */
export function place(lon_deg: number, lat_deg: number, height_km: number, out: Float64Array | Float32Array, at = 0): void {
  const r = 1 + height_km / EARTH_KM;
  const lon = lon_deg * DEGREE, lat = lat_deg * DEGREE, c = Math.cos(lat);
  out[at] = r * c * Math.cos(lon);
  out[at + 1] = r * c * Math.sin(lon);
  out[at + 2] = r * Math.sin(lat);
}

export class Camera {
  view: View = { width: 400, height: 400, lon: 0, lat: 0, zoom: 1 };
  scale = 1;
  /** Rows: east, north and up at the point under the eye. */
  readonly axes = new Float64Array(9);
  /** Pixel x, y and 1 if visible, of the last `project`. */
  readonly pixel = new Float64Array(3);
  projection: GeoProjection = geoSatellite();

  set(view: View): this {
    this.view = view;
    const lon = view.lon * DEGREE, lat = view.lat * DEGREE;
    const sl = Math.sin(lon), cl = Math.cos(lon), sp = Math.sin(lat), cp = Math.cos(lat);
    this.axes.set([-sl, cl, 0, -sp * cl, -sp * sl, cp, cp * cl, cp * sl, sp]);
    const limb = Math.sqrt((EYE - 1) / (EYE + 1)); // radius of the disc's edge in the picture, for scale 1
    this.scale = ((Math.min(view.width, view.height) * 0.86) / 2 / limb) * view.zoom;
    this.projection = geoSatellite()
      .distance(EYE).tilt(0)
      .rotate([-view.lon, -view.lat, 0])
      .scale(this.scale)
      .translate([view.width / 2, view.height / 2])
      .clipAngle(Math.acos(1 / EYE) / DEGREE - 1e-6)
      .precision(0.4);
    return this;
  }

  /** Radius of the Earth's disc in pixels. */
  get disc_px(): number {
    return this.scale * Math.sqrt((EYE - 1) / (EYE + 1));
  }

  /** Pixel of an Earth-fixed vector; `pixel[2]` is 0 behind the Earth or behind the eye. */
  project(x: number, y: number, z: number): Float64Array {
    const a = this.axes, o = this.pixel;
    const east = a[0]! * x + a[1]! * y, north = a[3]! * x + a[4]! * y + a[5]! * z, up = a[6]! * x + a[7]! * y + a[8]! * z;
    const k = (this.scale * (EYE - 1)) / (EYE - up);
    o[0] = this.view.width / 2 + k * east;
    o[1] = this.view.height / 2 - k * north;
    const across = east * east + north * north, sight = across + (EYE - up) * (EYE - up);
    // Hidden if beyond the plane of the horizon and the line of sight passes within one radius of the centre.
    o[2] = up > EYE - 0.1 || (up < 1 / EYE && EYE * EYE * across < sight) ? 0 : 1;
    return o;
  }

  /** Longitude and latitude under a pixel, or null off the disc. */
  ground(px: number, py: number): [number, number] | null {
    const found = this.projection.invert?.([px, py]);
    if (!found || !Number.isFinite(found[0]) || !Number.isFinite(found[1])) return null;
    return Math.hypot(px - this.view.width / 2, py - this.view.height / 2) <= this.disc_px ? found : null;
  }
}
