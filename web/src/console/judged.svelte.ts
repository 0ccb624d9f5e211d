// What was thought of each event: as the centre's console kept it, and then as this page sees it go by.
import { get } from '../lib/api.svelte';
import type { EventView } from '../lib/board';

export interface Thought { t_ms: number; benign: number; low: number; high: number }
export interface Explained { id: string; t_tai_us: number[]; benign: number[]; low: number[]; high: number[] }
const LIMIT = 1_200;

export const trail = $state({ revision: 0, of: new Map<string, Thought[]>() });
const asked = new Set<string>();

/** Another console is looked at: nothing of the last one holds. */
export function forget(): void {
  asked.clear();
  trail.of = new Map();
  trail.revision += 1;
}

/** Ask once for what was thought before this page was opened. `posixMs`: POSIX milliseconds of a TAI time. */
export async function recall(id: string, posixMs: (tai_us: number) => number): Promise<void> {
  if (asked.has(id) || !Number.isFinite(posixMs(0))) return;
  asked.add(id);
  try {
    const kept = await get<Explained>(`explained/${encodeURIComponent(id)}`);
    const before = kept.t_tai_us.map((t, i) => ({ t_ms: posixMs(t), benign: kept.benign[i]!, low: kept.low[i]!, high: kept.high[i]! }));
    const held = trail.of.get(id) ?? [], from = held[0]?.t_ms ?? Infinity;
    trail.of.set(id, [...before.filter((one) => one.t_ms < from), ...held].slice(-LIMIT));
    trail.revision += 1;
  } catch {
    setTimeout(() => asked.delete(id), 10_000); // asked again later, if it is still looked at
  }
}

export function remember(events: EventView[], t_ms: number): void {
  if (!Number.isFinite(t_ms)) return;
  for (const event of events) {
    const stated = event.assessments.filter((one) => one.state === 'opened' || one.state === 'open').flatMap((one) => (one.probability === null ? [] : [one.probability]));
    const all = [event.benign, ...stated];
    const held = trail.of.get(event.id) ?? [];
    const last = held[held.length - 1];
    if (last && t_ms - last.t_ms < 1000) continue;
    trail.of.set(event.id, [...held.slice(-LIMIT), { t_ms, benign: event.benign, low: Math.min(...all), high: Math.max(...all) }]);
  }
  trail.revision += 1;
}
