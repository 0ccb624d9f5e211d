// The live stream: connection, its age, and the board as last heard.
import { api, get, ask, path } from './api.svelte';
import { hear, type Board, type Heard, SECTIONS } from './board';
import { sseParser } from './sse';
import { TrackStore } from './store';
import { parseUtc, scenarioNow, taiToPosixMs, type ClockReading } from './time';

export const PING_S = 5;
const TELL_MS = 240;
export const DOWN_AFTER_S = 3 * PING_S; // three missed pings

export type Connection = 'connecting' | 'up' | 'down';

export class Feed {
  board = $state.raw<Partial<Board>>({});
  connection = $state<Connection>('connecting');
  /** Messages of the stream that could not be read. */
  bad = $state(0);
  /** Seconds since the last word from the centre. */
  silence_s = $state(0);
  /** Scenario time, POSIX milliseconds; NaN before the first word. */
  now_ms = $state(NaN);
  tracksRevision = $state(0);
  readonly store = new TrackStore();
  reading: ClockReading | null = null;
  private heard: Heard = { board: {}, bad: 0 };
  private last_ms = performance.now();
  private everUp = false;
  private stop: AbortController | null = null;
  private timer = 0;
  private mending = false;
  private telling = 0;
  private told_ms = -Infinity;

  start(): () => void {
    this.timer = window.setInterval(() => this.tick(), 250);
    void this.run();
    return () => {
      clearInterval(this.timer);
      this.timer = 0;
      this.stop?.abort();
    };
  }

  /** Connect at once, after a log-in for example. */
  again(): void {
    this.stop?.abort();
  }

  take(section: string, data: string): void {
    if (section === 'session') {
      api.needsLogin = true; // the centre has ended it
      return;
    }
    const before = this.heard.bad;
    this.heard = hear(this.heard, section, data);
    if (this.heard.bad > before) {
      this.bad = this.heard.bad;
      void this.mend();
      return;
    }
    this.show(section);
  }

  private show(section: string): void {
    const board = this.heard.board;
    if (section === 'head' && board.head) {
      const { t_tai_us, speed, paused, ended, utc } = board.head;
      this.reading = { posix_ms: parseUtc(utc), tai_us: t_tai_us, speed, paused: paused || ended, read_at_ms: performance.now() };
      this.now_ms = this.reading.posix_ms;
    }
    if (section === 'tracks' && board.tracks) {
      this.store.hear(board.tracks), (this.tracksRevision += 1);
      // The globe shows every message; words and tables four times a second, which is as fast as anyone reads.
      const wait_ms = this.told_ms + TELL_MS - performance.now();
      if (wait_ms > 0) {
        this.telling ||= window.setTimeout(() => this.tell(), wait_ms);
        return;
      }
    }
    if (section === 'trails' && board.trails) this.store.hearTrails(board.trails), (this.tracksRevision += 1);
    this.tell();
  }

  /** Show a recorded board: nothing comes by itself then. `anew`: trails are not those that we grew. */
  lay(board: Partial<Board>, t_us: number, { moved, anew }: { moved: boolean; anew: boolean }): void {
    this.connection = 'up';
    if (board.head) {
      const { t_tai_us, utc } = board.head;
      this.reading = { posix_ms: parseUtc(utc) + (t_tai_us % 1_000_000) / 1000, tai_us: t_tai_us, speed: 0, paused: true, read_at_ms: 0 };
      const now_ms = taiToPosixMs(this.reading, t_us);
      if (anew || Math.abs(now_ms - this.now_ms) >= 1000 || performance.now() - this.told_ms > TELL_MS) this.now_ms = now_ms;
    }
    if (!moved) return;
    this.heard = { board, bad: 0 };
    if (board.trails && (anew || board.trails !== this.board.trails)) this.store.hearTrails(board.trails);
    if (board.tracks) this.store.hear(board.tracks), (this.tracksRevision += 1);
    const wait_ms = anew ? 0 : this.told_ms + TELL_MS - performance.now();
    if (wait_ms > 0) this.telling ||= window.setTimeout(() => this.tell(), wait_ms);
    else this.tell();
  }

  private tell(): void {
    clearTimeout(this.telling);
    this.telling = 0;
    this.told_ms = performance.now();
    this.board = this.heard.board;
  }

  /** After a message that could not be read: ask for the whole board, so that nothing is missing. */
  private async mend(): Promise<void> {
    if (this.mending) return;
    this.mending = true;
    try {
      const whole = await get<Record<string, unknown>>('board');
      for (const section of SECTIONS) {
        if (section in whole) this.heard = hear(this.heard, section, JSON.stringify(whole[section])), this.show(section);
      }
    } catch {
      // The stream goes on; the count of unread messages stays on the page.
    } finally {
      window.setTimeout(() => (this.mending = false), 2_000);
    }
  }

  private async run(): Promise<void> {
    for (let wait_ms = 250; this.timer; wait_ms = Math.min(4_000, wait_ms * 2)) {
      this.stop = new AbortController();
      try {
        const answer = await ask(path('events'), { signal: this.stop.signal, headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
        if (answer.ok && answer.body) {
          const parse = sseParser(), text = new TextDecoder(), reader = answer.body.getReader();
          for (let part = await reader.read(); !part.done; part = await reader.read()) {
            this.alive();
            wait_ms = 250;
            for (const one of parse(text.decode(part.value, { stream: true })).messages) this.take(one.event, one.data);
          }
        }
      } catch {
        // Cut: shown by its age, tried again.
      }
      if (!this.timer) return;
      if (this.everUp) this.connection = 'down';
      await new Promise((done) => window.setTimeout(done, wait_ms));
    }
  }

  private alive(): void {
    this.last_ms = performance.now();
    this.everUp = true;
    this.connection = 'up';
    this.silence_s = 0;
  }

  private tick(): void {
    this.silence_s = (performance.now() - this.last_ms) / 1000;
    if (this.silence_s > DOWN_AFTER_S) {
      if (this.connection === 'up') this.stop?.abort(); // a dead line that nobody closed
      if (this.connection !== 'connecting' || this.everUp) this.connection = 'down';
    }
    // Scenario time stands still where the centre has gone silent: nobody knows what time it is there.
    if (this.reading && this.connection === 'up') this.now_ms = scenarioNow(this.reading, performance.now());
  }
}
