// The upper layers of the globe: everything that moves. Trails have a canvas of their own, redrawn when a point came or
// the view turned; symbols, areas and labels are redrawn with every message. What costs is how many pixels are stroked,
// so trails are hairlines, one path a kind and state, and small symbols are pictures that are stamped.
import type { Areas } from './board';
import type { Colours } from './colours';
import { Camera, place } from './globe';
import type { Layers } from './ground';
import { ellipseRing } from './rings';
import { KINDS, type Kind, type TrackStore } from './store';
import { UNIT } from './time';

export interface SkyStyle { colours: Colours; layers: Layers; frozen: boolean; selected: string }


const SMALL = 3.4, LARGE = 7;

const kindOf = (text: string): Kind => (text === 'ballistic' || text === 'space' || text === 'air' ? text : 'unknown');

interface Groups { fresh: Record<Kind, number[]>; old: Record<Kind, number[]> }

function grouped(store: TrackStore, frozen: boolean): Groups {
  const make = (): Record<Kind, number[]> => ({ ballistic: [], space: [], air: [], unknown: [] });
  const groups: Groups = { fresh: make(), old: make() };
  const tracks = store.tracks!;
  for (let i = 0; i < tracks.id.length; i++) {
    const side = frozen || tracks.stale[i] ? groups.old : groups.fresh;
    side[kindOf(tracks.kind[i]!)].push(i);
  }
  return groups;
}

function tracePath(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, row: number, every: number, toNow = false): void {
  const slot = store.slot[row]!, n = store.length[slot]!, trails = store.trails;
  let on = false;
  const to = (a: number, b: number, c: number): void => {
    const o = camera.project(a, b, c);
    if (!o[2]) on = false;
    else if (on) x.lineTo(o[0]!, o[1]!);
    else x.moveTo(o[0]!, o[1]!), (on = true);
  };
  for (let k = 0; k < n; k += every) {
    const at = store.point(slot, k);
    to(trails[at]!, trails[at + 1]!, trails[at + 2]!);
  }
  if (n && (n - 1) % every) {
    const at = store.point(slot, n - 1);
    to(trails[at]!, trails[at + 1]!, trails[at + 2]!);
  }
  const p = store.position;
  if (toNow) to(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
}

/** Outline of a kind's symbol: triangle, diamond, disc, or square for what nobody knows. */
export function symbol(x: CanvasRenderingContext2D | Path2D, kind: Kind, px: number, py: number, r: number): void {
  if (kind === 'ballistic') {
    x.moveTo(px, py - r), x.lineTo(px + r, py + r * 0.8), x.lineTo(px - r, py + r * 0.8), x.closePath();
  } else if (kind === 'space') {
    x.moveTo(px, py - r), x.lineTo(px + r, py), x.lineTo(px, py + r), x.lineTo(px - r, py), x.closePath();
  } else if (kind === 'air') {
    x.moveTo(px + r * 0.8, py), x.arc(px, py, r * 0.8, 0, 2 * Math.PI);
  } else {
    x.rect(px - r * 0.75, py - r * 0.75, r * 1.5, r * 1.5);
  }
}

function drawTrails(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, groups: Groups, style: SkyStyle): void {
  // The hundreds share a few thousand pixels: with many tracks every second point of a trail says as much.
  const every = store.tracks!.id.length > 2_000 ? 5 : store.tracks!.id.length > 600 ? 3 : 1;
  for (const kind of KINDS) {
    x.strokeStyle = style.colours[kind];
    for (const [rows, alpha, dash] of [[groups.fresh[kind], 0.6, []], [groups.old[kind], 0.4, [3, 3]]] as const) {
      x.globalAlpha = alpha;
      x.setLineDash(dash as unknown as number[]);
      x.lineWidth = 1; // a hairline: half the cost of any wider stroke
      for (let from = 0; from < rows.length; from += 50) {
        x.beginPath();
        for (let i = from; i < Math.min(rows.length, from + 50); i++) tracePath(x, camera, store, rows[i]!, every);
        x.stroke();
      }
    }
  }
  x.setLineDash([]);
  x.globalAlpha = 1;
}

/** From each trail's last point to where the track is now, where that is long enough to be seen. */
function drawLeads(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, groups: Groups, style: SkyStyle): void {
  const p = store.position, trails = store.trails;
  x.lineWidth = 1;
  x.globalAlpha = 0.6;
  for (const kind of KINDS) {
    let any = false;
    for (const rows of [groups.fresh[kind], groups.old[kind]]) {
      for (const row of rows) {
        const slot = store.slot[row]!, n = store.length[slot]!;
        if (!n) continue;
        const at = store.point(slot, n - 1), o = camera.project(trails[at]!, trails[at + 1]!, trails[at + 2]!);
        if (!o[2]) continue;
        const px = o[0]!, py = o[1]!;
        camera.project(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
        if (!o[2] || Math.abs(o[0]! - px) + Math.abs(o[1]! - py) < SMALL) continue; // hidden under the symbol
        if (!any) x.beginPath(), (any = true);
        x.moveTo(px, py), x.lineTo(o[0]!, o[1]!);
      }
    }
    if (any) (x.strokeStyle = style.colours[kind]), x.stroke();
  }
  x.globalAlpha = 1;
}

type Shape = 'solid' | 'rim' | 'old';
const stamps = new Map<string, HTMLCanvasElement>();

/** A small symbol as a picture: own solid, a partner's word alone an outline with a dot, old hollow and dashed. */
function stamp(kind: Kind, shape: Shape, r: number, colour: string, ratio: number): HTMLCanvasElement {
  const key = `${kind}/${shape}/${r}/${colour}/${ratio}`;
  let found = stamps.get(key);
  if (!found) {
    if (stamps.size > 200) stamps.clear(); // themes were changed many times
    const half = Math.ceil(r + 2);
    found = document.createElement('canvas');
    found.width = found.height = Math.ceil(2 * half * ratio);
    const x = found.getContext('2d')!;
    x.scale(ratio, ratio);
    paintSymbol(x, kind, shape, half, half, r, colour);
    stamps.set(key, found);
  }
  return found;
}

function paintSymbol(x: CanvasRenderingContext2D, kind: Kind, shape: Shape, px: number, py: number, r: number, colour: string): void {
  x.fillStyle = x.strokeStyle = colour;
  x.lineWidth = 1.3;
  x.beginPath();
  symbol(x, kind, px, py, r);
  if (shape === 'solid') x.fill();
  else if (shape === 'rim') x.stroke(), x.fillRect(px - 1, py - 1, 2, 2);
  else x.setLineDash([2, 2]), x.stroke(), x.setLineDash([]);
}

function drawSymbols(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, groups: Groups, style: SkyStyle): void {
  const p = store.position, tracks = store.tracks!, ratio = x.getTransform().a;
  for (const kind of KINDS) {
    const colour = style.colours[kind];
    for (const [rows, old] of [[groups.old[kind], true], [groups.fresh[kind], false]] as const) {
      for (const row of rows) {
        const o = camera.project(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
        if (!o[2]) continue;
        const px = o[0]!, py = o[1]!, event = tracks.event[row], source = tracks.source[row]!;
        const shape: Shape = old ? 'old' : source.startsWith('partner:') ? 'rim' : 'solid';
        if (event) {
          paintSymbol(x, kind, shape, px, py, LARGE, colour);
          if (shape === 'solid' && source === 'joint') x.beginPath(), symbol(x, kind, px, py + LARGE * 0.05, LARGE + 3.5), x.stroke();
          continue;
        }
        const r = SMALL + (kind === 'ballistic' ? 1.6 : 0), half = Math.ceil(r + 2), picture = stamp(kind, shape, r, colour, ratio);
        // On whole pixels of the screen: stamped without filtering.
        x.drawImage(picture, Math.round((px - half) * ratio) / ratio, Math.round((py - half) * ratio) / ratio, picture.width / ratio, picture.height / ratio);
      }
    }
  }
}

/** A ring of a track's 95 % area at its own height. */
function drawEllipse(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, row: number, colour: string): void {
  const tracks = store.tracks!, given = tracks.ellipse95?.[tracks.id[row]!];
  // Without an ellipse: the circle of the root-sum-square, widened to 95 % in two of three equal directions.
  const radius = Math.max(0, tracks.sigma_km[row] ?? 0) * Math.sqrt(5.991 / 3);
  const [major, minor, azimuth] = given ?? [radius, radius, 0];
  if (!(major > 0)) return;
  const ring = ellipseRing(tracks.lon[row]!, tracks.lat[row]!, { semi_major_km: major, semi_minor_km: minor, azimuth_deg: azimuth }, 40);
  x.beginPath();
  let on = false;
  for (const [lon, lat] of ring.coordinates[0]!) {
    place(lon, lat, tracks.height_km[row]!, SCRATCH);
    const o = camera.project(SCRATCH[0]!, SCRATCH[1]!, SCRATCH[2]!);
    if (o[2]) on ? x.lineTo(o[0]!, o[1]!) : x.moveTo(o[0]!, o[1]!), (on = true);
    else on = false;
  }
  x.strokeStyle = colour;
  x.lineWidth = 1.5;
  x.stroke();
}

const SCRATCH = new Float64Array(3);

function drawSelected(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, row: number, style: SkyStyle): void {
  const tracks = store.tracks!, p = store.position, kind = kindOf(tracks.kind[row]!), colour = style.colours[kind];
  const slot = store.slot[row]!, n = store.length[slot]!;
  x.strokeStyle = colour;
  x.lineWidth = 2.6;
  x.beginPath();
  tracePath(x, camera, store, row, 1, true);
  x.stroke();
  x.lineWidth = 0.8;
  x.globalAlpha = 0.7;
  for (let k = 0; k <= n; k += k < n ? 6 : 1) {
    const at = k < n ? store.point(slot, k) : -1;
    const v = k < n ? store.trails : p, i = k < n ? at : 3 * row;
    const r = Math.hypot(v[i]!, v[i + 1]!, v[i + 2]!);
    const top = Array.from(camera.project(v[i]!, v[i + 1]!, v[i + 2]!)), foot = camera.project(v[i]! / r, v[i + 1]! / r, v[i + 2]! / r);
    if (!top[2] || !foot[2]) continue;
    x.beginPath(), x.moveTo(top[0]!, top[1]!), x.lineTo(foot[0]!, foot[1]!), x.stroke();
  }
  x.globalAlpha = 1;
  const o = camera.project(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
  if (!o[2]) return;
  // Four corners around what is selected: seen without colour, and hiding nothing.
  x.strokeStyle = style.colours.ink;
  x.lineWidth = 1.6;
  const d = 13, s = 5;
  x.beginPath();
  for (const [a, b] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
    x.moveTo(o[0]! + a * d, o[1]! + b * (d - s)), x.lineTo(o[0]! + a * d, o[1]! + b * d), x.lineTo(o[0]! + a * (d - s), o[1]! + b * d);
  }
  x.stroke();
}

function drawLabels(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, style: SkyStyle): void {
  const tracks = store.tracks!, p = store.position, taken: [number, number, number, number][] = [];
  const rows = tracks.id.map((_, i) => i).filter((i) => tracks.event[i] || tracks.id[i] === style.selected);
  rows.sort((a, b) => Number(tracks.id[b] === style.selected) - Number(tracks.id[a] === style.selected));
  x.font = '600 12px "IBM Plex Mono", monospace';
  for (const row of rows.slice(0, 24)) {
    const o = camera.project(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
    if (!o[2]) continue;
    const old = style.frozen || tracks.stale[row];
    const text = `${tracks.label[row] || tracks.id[row]} ${Math.round(tracks.height_km[row]!)} ${UNIT.km}${old ? ` · ${Math.round(tracks.age_s[row] ?? 0)} ${UNIT.s}` : ''}`;
    const w = x.measureText(text).width + 10, px = Math.min(o[0]! + 16, camera.view.width - w - 4);
    let py = o[1]! - 12;
    while (taken.some(([a, b, c, d]) => px < c && px + w > a && py - 10 < d && py + 10 > b)) py += 21;
    taken.push([px, py - 10, px + w, py + 10]);
    x.globalAlpha = 0.9;
    x.fillStyle = style.colours.panel;
    x.fillRect(px, py - 10, w, 20);
    x.globalAlpha = 1;
    x.strokeStyle = tracks.id[row] === style.selected ? style.colours.ink : style.colours.limb;
    x.lineWidth = 1;
    x.strokeRect(px + 0.5, py - 9.5, w - 1, 19);
    x.fillStyle = style.colours.ink;
    x.fillText(text, px + 5, py + 4);
  }
}

function drawEnds(x: CanvasRenderingContext2D, camera: Camera, areas: Areas | undefined, c: Colours): void {
  for (const [cross, list] of [[false, areas?.launch ?? []], [true, areas?.impact ?? []]] as const) {
    for (const end of list) {
      place(end.lon, end.lat, 0, SCRATCH);
      const o = camera.project(SCRATCH[0]!, SCRATCH[1]!, SCRATCH[2]!), px = o[0]!, py = o[1]!;
      if (!o[2]) continue;
      x.strokeStyle = c.ballistic;
      x.lineWidth = 2;
      x.beginPath();
      if (cross) x.moveTo(px - 5, py - 5), x.lineTo(px + 5, py + 5), x.moveTo(px + 5, py - 5), x.lineTo(px - 5, py + 5);
      else x.arc(px, py, 4, 0, 2 * Math.PI);
      x.stroke();
    }
  }
}

/** Trails of all tracks up to their last points. */
export function drawTrailLayer(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, style: SkyStyle): void {
  x.clearRect(0, 0, camera.view.width, camera.view.height);
  if (store.tracks && style.layers.trails) drawTrails(x, camera, store, grouped(store, style.frozen), style);
}

/** Everything that moves but the trails; they too with `whole`, for a globe of one canvas. */
export function drawSky(x: CanvasRenderingContext2D, camera: Camera, store: TrackStore, areas: Areas | undefined, style: SkyStyle, whole = false): void {
  x.clearRect(0, 0, camera.view.width, camera.view.height);
  if (store.tracks) {
    const groups = grouped(store, style.frozen), tracks = store.tracks;
    if (whole && style.layers.trails) drawTrails(x, camera, store, groups, style);
    if (style.layers.trails) drawLeads(x, camera, store, groups, style);
    if (style.layers.ends) drawEnds(x, camera, areas, style.colours);
    if (style.layers.ellipses) {
      tracks.event.forEach((event, row) => {
        if (event || tracks.id[row] === style.selected) drawEllipse(x, camera, store, row, style.colours[kindOf(tracks.kind[row]!)]);
      });
    }
    drawSymbols(x, camera, store, groups, style);
    const row = store.row.get(style.selected);
    if (row !== undefined) drawSelected(x, camera, store, row, style);
    if (style.layers.labels) drawLabels(x, camera, store, style);
  }
}

/** The track nearest to a pixel, within reach; events win over the rest. */
export function trackAt(camera: Camera, store: TrackStore, px: number, py: number, reach = 14): string | null {
  const p = store.position, tracks = store.tracks;
  let best = reach, found: string | null = null;
  for (let row = 0; tracks && row < tracks.id.length; row++) {
    const o = camera.project(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
    const d = Math.hypot(o[0]! - px, o[1]! - py) - (tracks.event[row] ? 4 : 0);
    if (o[2] && d < best) (best = d), (found = tracks.id[row]!);
  }
  return found;
}

