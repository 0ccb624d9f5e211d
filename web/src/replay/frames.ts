// The recording: a list of files with their hashes, and boards one after another as what changed.
// `patched` is the twin of tocsin.console.replay.delta; tests hold them to each other.
import { fits, type Board, type Point, SECTIONS } from '../lib/board';

export interface Kept { file: string; sha256: string; bytes: number }
export interface Part extends Kept { from_tai_us: number }
export interface Mark { t: number; party: string; kind: string }
export interface Console { party: string; parts: Part[]; marks: Mark[]; charts: Kept; statements: Kept }
export interface Run {
  name: string; verdict: string; begins_tai_us: number; ends_tai_us: number; begins_utc: string; step_s: number;
  logs: { origin: string; size: number; root: string }[]; consoles: Console[];
}
export interface Manifest { format: 'tocsin-replay'; version: 1; tocsin: string; title: string; runs: Run[] }
export type Sections = Record<string, unknown>;
export interface Frame { t: number; set: Sections }

/** A file of the recording that is not what the list says, or did not come. `file` names it. */
export class Damaged extends Error {
  constructor(readonly file: string, readonly why: 'missing' | 'short' | 'hash' | 'unreadable') {
    super(`${file}: ${why}`);
  }
}

const KEPT_POINTS = 32;
type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value);

interface TrailChange { step_s: number; more: Record<string, Point[]>; anew: Record<string, Point[]>; gone: string[] }

/** The board after a change; what did not change is the same object. */
export function patched(before: Sections, change: Sections): Sections {
  const found: Sections = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const old = before[name];
    if (name === 'trails' && isFields(old) && isFields(value) && 'more' in value) {
      found[name] = grown(old.trail as Record<string, Point[]>, value as unknown as TrailChange);
    } else if (isFields(value) && isFields(old)) found[name] = { ...old, ...value };
    else found[name] = value;
  }
  return found;
}

function grown(had: Record<string, Point[]>, by: TrailChange): { step_s: number; trail: Record<string, Point[]> } {
  const trail = { ...had };
  for (const name of by.gone) delete trail[name];
  for (const [name, points] of Object.entries(by.more)) trail[name] = [...(trail[name] ?? []), ...points].slice(-KEPT_POINTS);
  return { step_s: by.step_s, trail: { ...trail, ...by.anew } };
}

/** Whether a board has every section in the shape that the page draws. */
export const whole = (board: Sections): board is Sections & Board => SECTIONS.every((name) => fits(name, board[name]));

/** Index of the last frame that is not after `t`; the first where all are. */
export function frameAt(frames: readonly { t: number }[], t: number): number {
  let low = 0, high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle]!.t <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Content of one file, held against its hash and size, unpacked and parsed. Raises Damaged. */
export async function content<T>(one: Kept, read: (file: string) => Promise<ArrayBuffer | null>): Promise<T> {
  const data = await read(one.file);
  if (!data) throw new Damaged(one.file, 'missing');
  if (data.byteLength !== one.bytes) throw new Damaged(one.file, 'short');
  // Without a secure context (plain http from another machine) browsers give no hashes; the packing has a sum of its own.
  if (globalThis.crypto?.subtle) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    if (Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('') !== one.sha256) throw new Damaged(one.file, 'hash');
  }
  try {
    const plain = new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip')));
    return JSON.parse(await plain.text()) as T;
  } catch {
    throw new Damaged(one.file, 'unreadable');
  }
}

/** The list of files, if it is one that this page can read. */
export function manifestOf(value: unknown): Manifest | null {
  if (!isFields(value) || value.format !== 'tocsin-replay' || value.version !== 1 || !Array.isArray(value.runs)) return null;
  const good = value.runs.every((run) => isFields(run) && Array.isArray(run.consoles) && run.consoles.length > 0 && run.consoles.every((one) => isFields(one) && Array.isArray(one.parts) && one.parts.length > 0));
  return good && value.runs.length ? (value as unknown as Manifest) : null;
}

/** Run, party and second of an address's `#run/party/800`; each part is encoded, since a run's name may have slashes. */
export function quoted(hash: string): string[] {
  try {
    return hash.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return []; // an address that somebody mistyped shows the beginning
  }
}
