/// <reference types="svelte" />
/// <reference types="vite/client" />
declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo';
  /** A perspective view; `distance` in radii from the centre, `tilt` in degrees. */
  interface Satellite extends GeoProjection {
    distance(distance: number): this;
    tilt(degrees: number): this;
  }
  export function geoSatellite(): Satellite;
}
