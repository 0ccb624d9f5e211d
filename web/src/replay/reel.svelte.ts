// The player: which console, at which time, how fast. It lays boards into the feed that a live centre would fill.
import { recorded } from '../lib/api.svelte';
import type { Board } from '../lib/board';
import { feed } from '../console/state.svelte';
import { forget, type Explained } from '../console/judged.svelte';
import { content, Damaged, frameAt, manifestOf, patched, quoted, whole, type Console, type Frame, type Manifest, type Part, type Run, type Sections } from './frames';

export const SPEEDS = [1, 2, 5, 10, 30, 60, 120];
const KEPT_PARTS = 12;

interface Leg { t_tai_us: number[]; height_m: number[]; sigma_height_m: number[] }
interface Charts { tracks: Record<string, { names: string[]; said: Leg; ahead: { t: number; path: Leg }[] }>; judged: Record<string, Explained> }

async function read(file: string): Promise<ArrayBuffer | null> {
  try {
    const answer = await fetch(new URL(file, document.baseURI), { cache: 'no-cache' });
    return answer.ok ? await answer.arrayBuffer() : null;
  } catch {
    return null;
  }
}

class Reel {
  manifest = $state.raw<Manifest | null>(null);
  run = $state.raw<Run | null>(null);
  side = $state.raw<Console | null>(null);
  /** Time shown, TAI microseconds. */
  t_us = $state(0);
  playing = $state(false);
  speed = $state(10);
  /** What of the recording cannot be shown here, and why. */
  trouble = $state.raw<Damaged | null>(null);
  /** The list itself could not be read. */
  nothing = $state(false);
  waiting = $state(false);
  private parts = new Map<string, Promise<Frame[]>>();
  private at: { file: string; index: number; board: Sections } | null = null;
  private turn = 0;
  private charts: Promise<Charts> | null = null;
  private statements: Promise<{ statements: Record<string, unknown> }> | null = null;

  async open(): Promise<void> {
    const data = await read('replay.json');
    try {
      this.manifest = data ? manifestOf(JSON.parse(new TextDecoder().decode(data))) : null;
    } catch {
      this.manifest = null;
    }
    this.nothing = !this.manifest;
    if (!this.manifest) return;
    recorded.get = (tail) => this.answer(tail);
    const [name, party, at_s] = quoted(location.hash);
    const run = this.manifest.runs.find((one) => one.name === name) ?? this.manifest.runs[0]!;
    await this.choose(run, party ?? '', run.begins_tai_us + 1e6 * (at_s && Number.isFinite(Number(at_s)) ? Number(at_s) : this.beginning(run)));
  }

  /** Where to begin: a little before the first thing that anybody said, else at the beginning. */
  private beginning(run: Run): number {
    const first = Math.min(...run.consoles.flatMap((one) => one.marks.map((mark) => mark.t)).filter((t) => t > run.begins_tai_us + 5e6));
    return Number.isFinite(first) ? Math.max(0, (first - run.begins_tai_us) / 1e6 - 20) : 0;
  }

  /** Show another console, or another run; at the same time where it has it. */
  async choose(run: Run, party: string, t_us = this.t_us): Promise<void> {
    this.run = run;
    this.side = run.consoles.find((one) => one.party === party) ?? run.consoles[0]!;
    this.at = this.charts = this.statements = null;
    this.parts.clear();
    forget();
    await this.seek(t_us);
  }

  async seek(t_us: number): Promise<void> {
    if (!this.run || !this.side) return;
    this.t_us = Math.max(this.run.begins_tai_us, Math.min(this.run.ends_tai_us, t_us));
    const turn = ++this.turn, part = this.side.parts[frameAt(this.side.parts.map((one) => ({ t: one.from_tai_us })), this.t_us)]!;
    try {
      this.waiting = !this.parts.has(part.file);
      const frames = await this.load(part);
      if (turn !== this.turn) return; // another wish came meanwhile
      this.lay(part, frames);
      this.trouble = null;
    } catch (error) {
      if (turn !== this.turn) return;
      this.trouble = error instanceof Damaged ? error : new Damaged(part.file, 'unreadable');
      this.playing = false;
      this.at = null;
    } finally {
      if (turn === this.turn) this.waiting = false;
    }
    const next = this.side.parts[this.side.parts.indexOf(part) + 1];
    if (next) void this.load(next).catch(() => undefined);
  }

  step(by: number): Promise<void> {
    this.playing = false;
    return this.seek(this.t_us + by * (this.run?.step_s ?? 2) * 1e6);
  }

  /** To the next or previous thing that was said, as this console had it. */
  async jump(by: 1 | -1): Promise<void> {
    const times = [...new Set((this.side?.marks ?? []).map((one) => one.t))].sort((a, b) => a - b), step_us = (this.run?.step_s ?? 2) * 1e6;
    const to = by > 0 ? times.find((t) => t > this.t_us) : times.findLast((t) => t < this.t_us - step_us);
    if (to !== undefined) await this.seek(Math.ceil((to - this.run!.begins_tai_us) / step_us) * step_us + this.run!.begins_tai_us);
  }

  faster(by: 1 | -1): void {
    this.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(this.speed) + by))]!;
  }

  toggle(): void {
    if (!this.run || this.trouble) return;
    if (!this.playing && this.t_us >= this.run.ends_tai_us) void this.seek(this.run.begins_tai_us);
    this.playing = !this.playing;
    if (this.playing) this.roll();
  }

  private roll(): void {
    let last = performance.now();
    const on = (now: number): void => {
      if (!this.playing || !this.run) return;
      const gone_us = Math.min(500, now - last) * 1e3 * this.speed;
      last = now;
      if (!this.waiting) void this.seek(this.t_us + gone_us);
      if (this.t_us >= this.run.ends_tai_us) this.playing = false;
      else requestAnimationFrame(on);
    };
    requestAnimationFrame(on);
  }

  private load(part: Part): Promise<Frame[]> {
    let held = this.parts.get(part.file);
    if (!held) {
      held = content<{ frames: Frame[] }>(part, read).then((it) => {
        if (!Array.isArray(it?.frames) || !it.frames.length) throw new Damaged(part.file, 'unreadable');
        return it.frames;
      });
      held.catch(() => this.parts.delete(part.file)); // tried again when it is wanted again
      this.parts.set(part.file, held);
      for (const file of [...this.parts.keys()].slice(0, -KEPT_PARTS)) this.parts.delete(file);
    }
    return held;
  }

  /** The board of the time shown into the feed: onward from the last one where that is nearer. */
  private lay(part: Part, frames: Frame[]): void {
    const index = frameAt(frames, this.t_us), held = this.at?.file === part.file && this.at.index <= index ? this.at : null;
    let board = held?.board ?? frames[0]!.set;
    for (let i = (held?.index ?? 0) + 1; i <= index; i++) board = patched(board, frames[i]!.set);
    if (!held && !whole(board)) throw new Damaged(part.file, 'unreadable');
    const moved = !held || held.index !== index;
    this.at = { file: part.file, index, board };
    feed.lay(board as Partial<Board>, this.t_us, { moved, anew: !held });
  }

  private drawings(): Promise<Charts> {
    this.charts ??= content<Charts>(this.side!.charts, read);
    return this.charts;
  }

  /** What the console would ask its centre for. */
  private async answer(tail: string): Promise<unknown> {
    const explained = /^explained\/(.+)$/.exec(tail), history = /^tracks\/(.+)\/history$/.exec(tail), entry = /^statements\/([0-9a-f]{64})$/.exec(tail);
    if (history) {
      const id = decodeURIComponent(history[1]!), charts = await this.drawings();
      const found = charts.tracks[id] ?? Object.values(charts.tracks).find((one) => one.names.includes(id));
      if (!found) return null;
      const upto = found.said.t_tai_us.filter((t) => t <= this.t_us).length;
      const cut = (leg: Leg): Leg => ({ t_tai_us: leg.t_tai_us.slice(0, upto), height_m: leg.height_m.slice(0, upto), sigma_height_m: leg.sigma_height_m.slice(0, upto) });
      const ahead = found.ahead.findLast((one) => one.t <= this.t_us)?.path;
      const later = ahead ? ahead.t_tai_us.findIndex((t) => t > this.t_us) : -1;
      const from = (leg: Leg): Leg => ({ t_tai_us: leg.t_tai_us.slice(later), height_m: leg.height_m.slice(later), sigma_height_m: leg.sigma_height_m.slice(later) });
      return { said: cut(found.said), predicted: ahead && later >= 0 ? from(ahead) : { t_tai_us: [], height_m: [], sigma_height_m: [] } };
    }
    if (explained) return (await this.drawings()).judged[decodeURIComponent(explained[1]!)] ?? null;
    if (entry) {
      this.statements ??= content(this.side!.statements, read);
      return (await this.statements).statements[entry[1]!] ?? null;
    }
    return null;
  }
}

export const reel = new Reel();
