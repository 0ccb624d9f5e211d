// Tracks as arrays that the globe and the table share: positions as vectors in Earth radii, trails as rings of points.
import type { Point, Tracks, Trails } from './board';
import { place } from './globe';

export const TRAIL = 32;
const STEP = 3 * TRAIL;

export type Kind = 'ballistic' | 'space' | 'air' | 'unknown';
export const KINDS: Kind[] = ['space', 'air', 'unknown', 'ballistic']; // drawn in this order: what matters last, on top

export class TrackStore {
  tracks: Tracks | null = null;
  /** Changes with every message. */
  revision = 0;
  /** Changes with what the trails look like: points, tracks that come and go, kinds, staleness. */
  trailRevision = 0;
  private look = 0;
  position = new Float64Array(0);
  /** Row in the current message, by id. */
  row = new Map<string, number>();
  /** Slot in `trails` of each row. */
  slot = new Int32Array(0);
  trails = new Float32Array(0);
  /** Points held in a trail, and where the oldest stands. */
  length = new Uint8Array(0);
  start = new Uint8Array(0);
  private slots = new Map<string, number>();
  private free: number[] = [];

  private stepped_us = -Infinity;
  private step_us = 0;
  private given: Record<string, Point[]> | null = null;

  /** Take trails in: they replace ours as soon as their tracks are here. */
  hearTrails(trails: Trails): void {
    this.step_us = Math.max(0, trails.step_s || 0) * 1e6;
    this.given = trails.trail;
    if (this.tracks) this.hear(this.tracks);
  }

  /** Take the tracks in. Trails grow by a point every step of scenario time. */
  hear(tracks: Tracks): void {
    const n = tracks.id.length;
    if (this.position.length < 3 * n) this.position = new Float64Array(3 * Math.ceil(n * 1.25 + 16));
    if (this.slot.length < n) this.slot = new Int32Array(Math.ceil(n * 1.25 + 16));
    const row = new Map<string, number>();
    for (let i = 0; i < n; i++) row.set(tracks.id[i]!, i);
    for (const [id, slot] of this.slots) {
      if (!row.has(id)) {
        this.slots.delete(id);
        this.length[slot] = 0;
        this.free.push(slot);
      }
    }
    const given = this.given;
    this.given = null;
    let look = n;
    const step = Math.abs(tracks.as_of_tai_us - this.stepped_us) >= this.step_us;
    if (step) this.stepped_us = tracks.as_of_tai_us;
    for (let i = 0; i < n; i++) {
      const id = tracks.id[i]!;
      place(tracks.lon[i]!, tracks.lat[i]!, tracks.height_km[i]!, this.position, 3 * i);
      const slot = this.slotOf(id);
      this.slot[i] = slot;
      const points = given?.[id];
      if (points) {
        this.length[slot] = this.start[slot] = 0;
        for (const [lon, lat, height_km] of points.slice(-TRAIL)) {
          place(lon, lat, height_km, SCRATCH);
          this.push(slot, SCRATCH, 0);
        }
      }
      if ((step || !this.length[slot]) && this.moved(slot, 3 * i)) this.push(slot, this.position, 3 * i);
      look = (Math.imul(look, 31) + slot * 16 + tracks.kind[i]!.length * 2 + (tracks.stale[i] ? 1 : 0)) | 0;
    }
    if (given || look !== this.look) this.trailRevision += 1;
    this.look = look;
    this.tracks = tracks;
    this.row = row;
    this.revision += 1;
  }

  /** Offset in `trails` of the k-th oldest point of a slot. */
  point(slot: number, k: number): number {
    return slot * STEP + 3 * ((this.start[slot]! + k) % TRAIL);
  }

  private slotOf(id: string): number {
    let slot = this.slots.get(id);
    if (slot === undefined) {
      slot = this.free.pop() ?? this.slots.size;
      this.slots.set(id, slot);
      if (slot >= this.length.length) this.grow(slot);
      this.length[slot] = this.start[slot] = 0;
    }
    return slot;
  }

  private grow(slot: number): void {
    const size = Math.max(64, 2 * (slot + 1));
    const trails = new Float32Array(size * STEP), length = new Uint8Array(size), start = new Uint8Array(size);
    trails.set(this.trails), length.set(this.length), start.set(this.start);
    this.trails = trails, this.length = length, this.start = start;
  }

  /** Whether a position is another than the last one of the trail (by more than about 60 m). */
  private moved(slot: number, at: number): boolean {
    const n = this.length[slot]!;
    if (!n) return true;
    const last = this.point(slot, n - 1), t = this.trails, p = this.position;
    return Math.abs(t[last]! - p[at]!) + Math.abs(t[last + 1]! - p[at + 1]!) + Math.abs(t[last + 2]! - p[at + 2]!) > 1e-5;
  }

  private push(slot: number, from: Float64Array, at: number): void {
    this.trailRevision += 1;
    let n = this.length[slot]!;
    if (n === TRAIL) this.start[slot] = (this.start[slot]! + 1) % TRAIL;
    else this.length[slot] = ++n;
    this.trails.set(from.subarray(at, at + 3), this.point(slot, n - 1));
  }
}

const SCRATCH = new Float64Array(3);
