// What all parts of the console share: the feed, and what the officer looks at.
import { api, ApiError, get, newKey, send } from '../lib/api.svelte';
import { Feed } from '../lib/feed.svelte';
import type { Layers } from '../lib/ground';
import { stored, store } from '../lib/prefs';
import { taiToPosixMs } from '../lib/time';

export const feed = new Feed();

export const PANELS = ['situation', 'talk', 'judge', 'sign', 'record', 'watch'] as const;
export type Panel = (typeof PANELS)[number];
export type Middle = 'tracks' | 'altitude' | 'judged';

export interface Notice { text: string; bad: boolean }
export interface Pending { request: string; verb: string; text: string; message_sha256: string; needs_code: boolean; challenge: string; officers_needed: number; signed_by: string[] }

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

/** Why this officer may not do something now; '' if nothing stands against it. */
export function whyNot(verb: string): string {
  const board = feed.board;
  if (feed.connection !== 'up') return 'No word from the centre: nothing can be sent.';
  if (!board.me || board.me.login === 'none') return 'Log in first.';
  return board.me.may[verb] ?? '';
}

export const posixMs = (tai_us: number): number => (feed.reading ? taiToPosixMs(feed.reading, tai_us) : NaN);
export const secondsUntil = (tai_us: number | null | undefined): number | null => (tai_us === null || tai_us === undefined || !feed.reading ? null : (posixMs(tai_us) - feed.now_ms) / 1000);
export const secondsSince = (tai_us: number | null | undefined): number | null => {
  const left = secondsUntil(tai_us);
  return left === null ? null : Math.max(0, -left);
};

export interface Done { sha256?: string; words?: string; request?: string; text?: string; message_sha256?: string }

/** Do one thing. A text that has to be read and signed first comes back as a request, and its dialogue opens. */
export async function act(verb: string, body: Record<string, unknown>, key: string = newKey()): Promise<Done | null> {
  try {
    const { status, body: done } = await send<Done>(`actions/${verb}`, body, key);
    if (status === 202 && done.request) {
      ui.signing = done.request;
      pending[done.request] = { verb, body };
    } else {
      ui.notice = { text: done.words || verb, bad: false };
    }
    return done;
  } catch (error) {
    tell(error);
    return null;
  }
}

export const pending: Record<string, { verb: string; body: Record<string, unknown> }> = {};

export function tell(error: unknown): void {
  if (error instanceof ApiError && error.problem.status === 401) {
    ui.dialog = 'login';
    return;
  }
  const text = error instanceof ApiError ? error.message : 'The centre did not answer. Nothing is known of what became of it; look before you try again.';
  ui.notice = { text, bad: true };
}

export async function whoAmI(): Promise<Record<string, unknown> | null> {
  try {
    const me = await get<Record<string, unknown>>('session');
    if (typeof me.csrf === 'string') api.csrf = me.csrf;
    api.needsLogin = false;
    return me;
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) api.needsLogin = true;
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
