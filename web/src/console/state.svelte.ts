// What all parts of the console share: the feed, and what the officer looks at.
import { api, ApiError, eraNow, get, newKey, send } from '../lib/api.svelte';
import type { Me, Request } from '../lib/board';
import { Feed } from '../lib/feed.svelte';
import type { Layers } from '../lib/ground';
import { t } from '../lib/i18n.svelte';
import { drafts, stored, store } from '../lib/prefs';
import { taiToPosixMs } from '../lib/time';
import { w } from '../lib/words';

export const feed = new Feed();

export const PANELS = ['situation', 'talk', 'judge', 'sign', 'record', 'watch'] as const;
export type Panel = (typeof PANELS)[number];
export type Middle = 'tracks' | 'altitude' | 'judged';

export interface Notice { text: string; bad: boolean }
export interface Question { verb: string; body: Record<string, unknown>; key: string; text: string; sha256: string }

const LAYERS_ON: Layers = { trails: true, ellipses: true, sensors: true, notices: true, guarded: true, ends: true, borders: true, labels: true };

function keptLayers(): Layers {
  try {
    return { ...LAYERS_ON, ...(JSON.parse(stored('layers', '{}')) as Partial<Layers>) };
  } catch {
    return { ...LAYERS_ON };
  }
}

export const ui = $state({
  panel: 'situation' as Panel,
  selected: '',
  search: '',
  dialog: '' as '' | 'help' | 'login' | 'statement' | 'tour',
  statement: '',
  /** The request whose text is being read before signing. */
  signing: '',
  /** That request as the server gave it, until the stream brings it. */
  waiting: null as Request | null,
  /** A text that has to be read and confirmed before it is said. */
  question: null as Question | null,
  layers: keptLayers(),
  /** What became of the last action, in words. */
  notice: null as Notice | null,
  /** Asks the globe to turn to the selected track. */
  centre: 0,
});

export function toggleLayer(name: keyof Layers): void {
  ui.layers[name] = !ui.layers[name];
  store('layers', JSON.stringify(ui.layers));
}

/** Whether the picture stands still because nothing comes in: then nothing may be signed. */
export const frozen = (): boolean => feed.connection === 'down' || feed.board.head?.state === 'own-feed-down';

/** Whether a finished run is shown: nothing here happens now. */
export const replaying = (): boolean => feed.board.head?.replay === true;

/** Why this officer may not do something now; '' if nothing stands against it. */
export function whyNot(verb: string): string {
  const board = feed.board;
  if (replaying()) return w('This is a replay: nothing can be said in it.');
  if (feed.connection !== 'up') return 'No word from the centre: nothing can be sent.';
  if (!board.me || board.me.login === 'none') return 'Log in first.';
  return board.me.may[verb] ?? '';
}

/** TAI microseconds of POSIX milliseconds, by the centre's clock. */
export const taiUs = (posix_ms: number): number => (feed.reading ? Math.round(feed.reading.tai_us + (posix_ms - feed.reading.posix_ms) * 1000) : 0);
export const posixMs = (tai_us: number): number => (feed.reading ? taiToPosixMs(feed.reading, tai_us) : NaN);
export const secondsUntil = (tai_us: number | null | undefined): number | null => (tai_us === null || tai_us === undefined || !feed.reading ? null : (posixMs(tai_us) - feed.now_ms) / 1000);
export const secondsSince = (tai_us: number | null | undefined): number | null => {
  const left = secondsUntil(tai_us);
  return left === null ? null : Math.max(0, -left);
};

export interface Done { state: 'logged' | 'waits'; kind?: string; index?: number; sha256?: string; request?: Request }

/** Do one thing. A text that has to be read first, or that needs hands, opens its dialogue instead. */
export async function act(verb: string, body: Record<string, unknown>, key: string = newKey(), ondone?: (done: Done) => void): Promise<void> {
  try {
    const { body: done } = await send<Done>(`actions/${verb}`, body, key);
    ended(done);
    ondone?.(done);
  } catch (error) {
    if (error instanceof ApiError && error.problem.type.endsWith(':not-confirmed') && error.problem.confirm_sha256) {
      ask({ verb, body, key: newKey(), text: error.problem.text ?? '', sha256: error.problem.confirm_sha256 }, ondone);
    } else tell(error);
  }
}

/** What an act came to: it stands in the log, or waits for hands. */
export function ended(done: Done): void {
  if (done.state === 'waits' && done.request) {
    ui.signing = done.request.name;
    ui.waiting = done.request;
  } else ui.notice = { text: t('It stands in our log: {kind}, entry {n}.', { kind: done.kind ?? '', n: done.index ?? '' }), bad: false };
}

let afterwards: ((done: Done) => void) | undefined;

/** A text to be read before it is said. It outlives a reload, with its key, so that nothing is said twice. */
export function ask(question: Question | null, ondone?: (done: Done) => void): void {
  ui.question = question;
  afterwards = ondone;
  drafts.set('question', question ? JSON.stringify(question) : '');
}

/** The question that was open when the page was left, asked again of the server: its text may have changed. */
export async function askAgain(): Promise<void> {
  const kept = drafts.get('question');
  if (!kept || ui.question) return;
  const { verb, body } = JSON.parse(kept) as Question;
  await act(verb, body);
}

export async function answer(): Promise<void> {
  const question = ui.question;
  if (!question) return;
  const { body: done } = await send<Done>(`actions/${question.verb}`, { ...question.body, confirm_sha256: question.sha256 }, question.key);
  const then = afterwards;
  ask(null);
  ended(done);
  then?.(done);
}

export function tell(error: unknown): void {
  if (error instanceof ApiError && error.problem.status === 401) {
    ui.dialog = 'login';
    return;
  }
  const text = error instanceof ApiError ? error.message : t('The centre did not answer. Nothing is known of what became of it. Press again: the same act is never done twice.');
  ui.notice = { text, bad: true };
}

export interface Session { party: string; mode: string; title: string; logins: string[]; development: string; names: string[]; me: Me | null; csrf: string; expires_s: number }

/** Who is logged in here. Nobody is an answer, too: then the log-in opens. */
export async function whoAmI(): Promise<Session | null> {
  const asked = eraNow();
  try {
    const session = await get<Session>('session');
    if (asked === eraNow()) (api.csrf = session.csrf), (api.needsLogin = !session.me);
    return session;
  } catch {
    return null;
  }
}

export function select(track: string, centre = false): void {
  ui.selected = track;
  if (centre) ui.centre += 1;
}

export function open(sha256: string): void {
  ui.statement = sha256;
  ui.dialog = 'statement';
}
