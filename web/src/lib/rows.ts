// Rows of the track table: which, in which order, and which of them stand on the screen.
import type { Tracks } from './board';

export type Column = 'label' | 'kind' | 'height_km' | 'speed_m_s' | 'heading_deg' | 'sigma_km' | 'source' | 'age_s';
export interface Order { column: Column; down: boolean }

const KIND_RANK: Record<string, number> = { ballistic: 0, unknown: 1, space: 2, air: 3 };

/** Row numbers that match the words (all of them, in id, label, kind, phase, event or party), in order. */
export function rowsOf(tracks: Tracks, order: Order, words = ''): Int32Array {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found: number[] = [];
  for (let i = 0; i < tracks.id.length; i++) {
    if (!wanted.length) { found.push(i); continue; }
    const text = [tracks.id[i], tracks.label?.[i], tracks.kind[i], tracks.phase?.[i], tracks.event?.[i], tracks.source[i], ...(tracks.parties?.[i] ?? [])].join(' ').toLowerCase();
    if (wanted.every((word) => text.includes(word))) found.push(i);
  }
  const rows = Int32Array.from(found);
  const sign = order.down ? -1 : 1;
  const values = key(tracks, order.column);
  // What needs a judgement stands first where the column says nothing else; ids break ties, so that rows never jump.
  return rows.sort((a, b) => {
    const x = values(a), y = values(b);
    if (x < y) return -sign;
    if (x > y) return sign;
    return tracks.id[a]! < tracks.id[b]! ? -1 : 1;
  });
}

function key(tracks: Tracks, column: Column): (row: number) => number | string {
  if (column === 'kind') return (i) => (tracks.event?.[i] ? -1 : (KIND_RANK[tracks.kind[i]!] ?? 4));
  if (column === 'label') return (i) => tracks.label?.[i] ?? tracks.id[i]!;
  if (column === 'source') return (i) => tracks.source[i]!;
  const values = tracks[column] as number[] | undefined;
  return (i) => { const v = values?.[i]; return v === undefined || v === null || Number.isNaN(v) ? Infinity : v; };
}

/** First and one past the last row to build, for a scrolled list of equal rows, with some to spare. */
export function windowOf(scroll_px: number, height_px: number, row_px: number, count: number, spare = 6): [number, number] {
  const first = Math.max(0, Math.min(count, Math.floor(scroll_px / row_px) - spare));
  return [first, Math.min(count, Math.ceil((scroll_px + height_px) / row_px) + spare)];
}
