// The lower layer of the globe: sea, land, borders, and areas that lie on the ground. Redrawn when the view changes.
import { geoGraticule10, geoPath, type GeoPermissibleObjects } from 'd3-geo';
import type { Areas } from './board';
import { hatch, partyIndex, sourceParty, type Colours } from './colours';
import type { Camera } from './globe';
import { areaRing, ellipseRing, ringOf } from './rings';

export interface World { land: GeoPermissibleObjects; borders: GeoPermissibleObjects }
export interface Layers { trails: boolean; ellipses: boolean; sensors: boolean; notices: boolean; guarded: boolean; ends: boolean; borders: boolean; labels: boolean }
export const LAYERS: (keyof Layers)[] = ['trails', 'ellipses', 'sensors', 'notices', 'guarded', 'ends', 'borders', 'labels'];

const GRATICULE = geoGraticule10();

interface Shape { shape: GeoPermissibleObjects; layer: keyof Layers; stroke: (c: Colours) => string; fill: (c: Colours, x: CanvasRenderingContext2D) => string | CanvasPattern | null; width: number; dash: number[] }

/** The areas as shapes to draw: worked out once a message, not once a frame. */
export function shapesOf(areas: Areas | undefined, own: string, parties: readonly string[]): Shape[] {
  if (!areas) return [];
  const shapes: Shape[] = [];
  const add = (shape: GeoPermissibleObjects | null, rest: Omit<Shape, 'shape'>): void => {
    if (shape) shapes.push({ shape, ...rest });
  };
  const mine = partyIndex(parties, own);
  for (const fan of areas.sensors) {
    // A satellite sees a third of the Earth: hatching that would hide everything else, so its cover is an outline alone.
    const far = fan.kind === 'infrared';
    add(ringOf(fan.polygon), { layer: 'sensors', stroke: (c) => c.party[mine]!, fill: (c, x) => (far ? null : hatch(x, c.party[mine]!, mine)), width: far ? 0.9 : 1.2, dash: far ? [9, 5] : [] });
  }
  for (const area of areas.guarded) {
    add(areaRing(area.ring), { layer: 'guarded', stroke: (c) => c.guarded, fill: () => null, width: 1.4, dash: [2, 3] });
  }
  for (const notice of areas.notices) {
    const dash = notice.stage === 'open' || notice.stage === 'launched' ? [] : [7, 4];
    const style = { layer: 'notices' as const, stroke: (c: Colours) => c.notice, fill: (c: Colours) => `${c.notice}1c`, width: 1.3, dash };
    add(notice.corridor.length > 2 ? ringOf(notice.corridor) : null, style);
    if (notice.launch) add(areaRing(notice.launch), style);
    if (notice.impact) add(areaRing(notice.impact), style);
  }
  for (const [kind, list] of [['launch', areas.launch], ['impact', areas.impact]] as const) {
    for (const end of list) {
      const party = sourceParty(end.source, own), index = partyIndex(parties, party);
      add(ellipseRing(end.lon, end.lat, end), {
        layer: 'ends', stroke: (c) => (party ? c.party[index]! : c.ballistic), width: kind === 'impact' ? 2.2 : 1.6, dash: kind === 'impact' ? [] : [3, 2],
        fill: (c, x) => (party && parties.length > 1 ? hatch(x, c.party[index]!, index) : `${c.ballistic}40`),
      });
    }
  }
  return shapes;
}

export function drawGround(x: CanvasRenderingContext2D, camera: Camera, c: Colours, world: World | null, shapes: Shape[], layers: Layers): void {
  const { width, height } = camera.view;
  x.clearRect(0, 0, width, height);
  const path = geoPath(camera.projection, x);
  x.beginPath();
  x.arc(width / 2, height / 2, camera.disc_px, 0, 2 * Math.PI);
  x.fillStyle = c.sea;
  x.fill();
  x.lineWidth = 1;
  x.strokeStyle = c.limb;
  x.stroke();
  camera.projection.clipExtent([[-40, -40], [width + 40, height + 40]]);
  const stroke = (shape: GeoPermissibleObjects, colour: string, line: number): void => {
    x.beginPath();
    path(shape);
    x.strokeStyle = colour;
    x.lineWidth = line;
    x.stroke();
  };
  if (world) {
    x.beginPath();
    path(world.land);
    x.fillStyle = c.land;
    x.fill();
    x.strokeStyle = c.coast;
    x.lineWidth = 0.7;
    x.stroke();
    if (layers.borders) stroke(world.borders, c.border, 0.6);
  }
  stroke(GRATICULE, c.grat, 0.6);
  for (const one of shapes) {
    if (!layers[one.layer]) continue;
    x.beginPath();
    path(one.shape);
    const fill = one.fill(c, x);
    if (fill) {
      x.fillStyle = fill;
      x.fill();
    }
    x.setLineDash(one.dash);
    x.strokeStyle = one.stroke(c);
    x.lineWidth = one.width;
    x.stroke();
    x.setLineDash([]);
  }
}

export type { Shape };
