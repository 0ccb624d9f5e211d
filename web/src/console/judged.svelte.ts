// What was thought of each event, as this page saw it go by. The record is in the logs; this is only for the eye.
import type { EventView } from '../lib/board';

export interface Thought { t_ms: number; benign: number; low: number; high: number }
const LIMIT = 600;

export const trail = $state({ revision: 0, of: new Map<string, Thought[]>() });

/** What is on record, in place of what this page saw. */
export function recall(held: Map<string, Thought[]>): void {
  trail.of = held;
  trail.revision += 1;
}

export const forget = (): void => recall(new Map());

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
