// The director's stream and acts: the same way as the console's, with other sections.
import { ApiError, newKey, ask, path, send } from '../lib/api.svelte';
import { sseParser } from '../lib/sse';
import { parseUtc, scenarioNow, type ClockReading } from '../lib/time';

export const ROOT = '/director/api/v1/';

export interface Clock { scenario: string; title: string; summary: string; regime: string; t_tai_us: number; utc: string; t_s: number; begins_s: number; ends_s: number; speed: number; paused: boolean; ended: boolean; no_duff: string; keeps_up: boolean }
export interface Seat { party: string; scripted: boolean; url: string; enrolled: { name: string; roles: string[] }[]; sentence: string; events: number; silent_sensors: string[]; sensors: string[] }
export interface Belief { party: string; event: string | null; error_km: number | null; sigma_km: number | null; phase: string; benign: number | null; level: string; words: string }
export interface TruthObject { name: string; by: string; attack: boolean; real: boolean; state: string; lat: number | null; lon: number | null; height_km: number | null; launch: [number, number]; impact: [number, number]; ends_s: number; beliefs: Belief[] }
export interface Inject { number: number; utc: string; t_s: number; kind: string; words: string; done: boolean; withdrawn: boolean }
export interface Line { number: number; utc: string; wall_posix_s: number; who: string; act: string; text: string }
export interface Stage {
  clock: Clock; seats: Seat[]; truth: { objects: TruthObject[]; groundless: Record<string, string[]> }; injects: Inject[];
  links: { cut: string[][]; late_s: Record<string, number> }; journal: Line[];
}
const SECTIONS = ['clock', 'seats', 'truth', 'injects', 'links', 'journal'];

class Director {
  stage = $state.raw<Partial<Stage>>({});
  connection = $state<'connecting' | 'up' | 'down'>('connecting');
  silence_s = $state(0);
  now_ms = $state(NaN);
  notice = $state<{ text: string; bad: boolean } | null>(null);
  private reading: ClockReading | null = null;
  private last_ms = performance.now();
  private running = false;

  start(): () => void {
    this.running = true;
    const timer = setInterval(() => {
      this.silence_s = (performance.now() - this.last_ms) / 1000;
      if (this.silence_s > 15 && this.connection === 'up') this.connection = 'down';
      if (this.reading && this.connection === 'up') this.now_ms = scenarioNow(this.reading, performance.now());
    }, 250);
    void this.run();
    return () => {
      this.running = false;
      clearInterval(timer);
    };
  }

  private take(section: string, data: string): void {
    if (!SECTIONS.includes(section)) return;
    try {
      this.stage = { ...this.stage, [section]: JSON.parse(data) };
    } catch {
      return; // the next change brings it again
    }
    const clock = this.stage.clock;
    if (section === 'clock' && clock) {
      this.reading = { posix_ms: parseUtc(clock.utc), tai_us: clock.t_tai_us, speed: clock.speed, paused: clock.paused || clock.ended, read_at_ms: performance.now() };
      this.now_ms = this.reading.posix_ms;
    }
  }

  private async run(): Promise<void> {
    for (let wait_ms = 250; this.running; wait_ms = Math.min(4_000, wait_ms * 2)) {
      try {
        const answer = await ask(path(`${ROOT}events`), { headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
        if (answer.ok && answer.body) {
          const parse = sseParser(), text = new TextDecoder(), reader = answer.body.getReader();
          for (let part = await reader.read(); !part.done; part = await reader.read()) {
            this.last_ms = performance.now();
            this.connection = 'up';
            wait_ms = 250;
            for (const one of parse(text.decode(part.value, { stream: true })).messages) this.take(one.event, one.data);
          }
        }
      } catch {
        // Cut: shown, tried again.
      }
      if (this.connection === 'up') this.connection = 'down';
      await new Promise((done) => setTimeout(done, wait_ms));
    }
  }

  /** One act of the director; its key keeps it from happening twice. */
  async act(tail: string, body: unknown, method = 'POST', key = newKey()): Promise<boolean> {
    try {
      const { body: done } = await send<{ words?: string } | null>(`${ROOT}${tail}`, body, key, method);
      this.notice = done?.words ? { text: done.words, bad: false } : null;
      return true;
    } catch (error) {
      this.notice = { text: error instanceof ApiError ? error.message : 'The centre did not answer.', bad: true };
      return false;
    }
  }
}

export const director = new Director();
export const view = $state({ lon: 15, lat: 62, zoom: 1.4 });
