// Calls to the centre. Every change carries the session's CSRF token and a key of its own, so that a repeated press, a
// lost answer or a reload never does anything twice.
import { skew } from './time';

const BASE = new URL('api/v1/', document.baseURI).pathname;

export interface Problem { type: string; title: string; detail: string; status: number; text?: string; confirm_sha256?: string }
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
}

const state = $state({ csrf: '', needsLogin: false, skew_s: null as number | null });
export const api = state;

/** A recording in place of a centre: its answers (null: it has none). Nothing can be sent to it. */
export const recorded = { get: null as null | ((tail: string) => Promise<unknown>) };
const NOT_HERE: Problem = { type: 'about:blank', title: 'This is not in the recording.', detail: '', status: 404 };
const NOTHING_SAID: Problem = { type: 'about:blank', title: 'This is a replay: nothing can be said in it.', detail: '', status: 409 };

/** Address of a call: below `api/v1/`, or below the site's root where it begins with a slash. */
export const path = (tail: string): string => (tail.startsWith('/') ? new URL(tail.slice(1), document.baseURI).pathname : BASE + tail);

// Counts log-ins: what was asked before one and refused after it says nothing of the new session.
let era = 0;
export const eraNow = (): number => era;

/** Somebody has logged in here. */
export function loggedIn(csrf: string): void {
  era += 1;
  state.csrf = csrf;
  state.needsLogin = false;
}

/** Ask, and look at the answer: the clock it carries, and whether the session has ended. */
export async function ask(address: string, how: RequestInit): Promise<Response> {
  const asked = era, answer = await fetch(address, how);
  state.skew_s = skew(answer.headers.get('Date'), Date.now());
  if (answer.status === 401 && asked === era) state.needsLogin = true;
  return answer;
}

async function problem(answer: Response): Promise<ApiError> {
  let body: Partial<Problem> = {};
  try {
    body = (await answer.json()) as Partial<Problem>;
  } catch {
    // A half answer: the status has to do.
  }
  return new ApiError({
    type: body.type ?? 'about:blank', title: body.title ?? `HTTP ${answer.status}`, detail: body.detail ?? '', status: answer.status, text: body.text, confirm_sha256: body.confirm_sha256,
  });
}

export async function get<T>(tail: string): Promise<T> {
  if (recorded.get) {
    const found = await recorded.get(tail);
    if (found === null) throw new ApiError(NOT_HERE);
    return found as T;
  }
  const answer = await ask(path(tail), { headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (!answer.ok) throw await problem(answer);
  return (await answer.json()) as T;
}

export async function send<T>(tail: string, body: unknown, key: string = newKey(), method = 'POST'): Promise<{ status: number; body: T }> {
  if (recorded.get) throw new ApiError(NOTHING_SAID);
  const answer = await ask(path(tail), {
    method,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Tocsin-CSRF': state.csrf, 'Idempotency-Key': key },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw await problem(answer);
  return { status: answer.status, body: (answer.status === 204 ? null : await answer.json()) as T };
}

/** A key for one act of will: made when a form is opened, kept until it is done. */
export const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');
};
