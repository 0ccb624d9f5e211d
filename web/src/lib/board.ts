// The board as the server sends it, field by field the structs of tocsin.console.board. One section a message.
// Nothing here trusts a value: pages must render with any section missing and any list empty.

export type LonLat = [number, number];
export type Point = [number, number, number];
export type LinkState = 'up' | 'silent' | 'never' | 'suspended';
export type Seal = 'unsigned' | 'half-signed' | 'signed' | 'closed' | 'disputed' | 'undetermined';

export interface Sentence { text: string; attention: boolean; what: string; explained: number | null; explained_words: string; impact_tai_us: number | null; needed: string }
export interface Link { party: string; state: LinkState; last_tai_us: number | null; last_utc: string; receipted: number; ours: number; size: number; held: number; words: string }
export interface Feed { sensor: string; kind: string; state: 'up' | 'silent' | 'never'; last_tai_us: number | null; last_utc: string; period_s: number }
export interface Regime { name: string; title: string; status: string; sha256: string; suspended: boolean; suspended_by: string[]; effective_utc: string }
export interface Head {
  party: string; parties: string[]; mode: 'exercise' | 'live'; title: string; regime: Regime; t_tai_us: number; utc: string;
  speed: number; paused: boolean; ended: boolean; replay: boolean; no_duff: string; development: boolean; sentence: Sentence;
  links: Link[]; feed: Feed[]; state: 'no-data' | 'normal' | 'own-feed-down'; frozen_utc: string; clock_words: string;
  sign: { allowed: boolean; why_not: string }; version: string;
}
export interface Me { name: string; roles: string[]; has_watch: boolean; login: 'none' | 'passkey' | 'development'; expires_posix_s: number; may: Record<string, string>; alarms: string[] }
export interface Tracks {
  as_of_tai_us: number; id: string[]; label: string[]; lat: number[]; lon: number[]; height_km: number[]; speed_m_s: number[];
  heading_deg: number[]; climb_m_s: number[]; kind: string[]; parties: string[][]; source: string[]; phase: string[]; existence: number[];
  sigma_km: number[]; stale: boolean[]; age_s: number[]; event: string[]; ellipse95: Record<string, Point>;
}
export interface Trails { step_s: number; trail: Record<string, Point[]> }
export interface Fan { id: string; kind: string; lat: number; lon: number; range_km: number; azimuth_centre_deg: number; azimuth_halfwidth_deg: number; elevation_min_deg: number; polygon: LonLat[] }
export interface Ring { lat: number; lon: number; radius_km: number | null; polygon: LonLat[] }
export interface NoticeArea { identifier: string; party: string; stage: string; launch: Ring | null; impact: Ring | null; corridor: LonLat[]; window_start_utc: string; window_end_utc: string }
export interface EndPlace { event: string; lat: number; lon: number; semi_major_km: number; semi_minor_km: number; azimuth_deg: number; t_tai_us: number; t_utc: string; sigma_s: number; source: string }
export interface Areas { sensors: Fan[]; notices: NoticeArea[]; guarded: { name: string; ring: Ring }[]; launch: EndPlace[]; impact: EndPlace[] }
export interface Explanation { what: string; probability: number; words: string; identifier: string; reasons: string[] }
export interface Judgement { party: string; state: 'none' | 'sealed' | 'overdue' | 'opened' | 'open'; officer: string; site_report: string; confidence: string; explanation: string; identifier: string; probability: number | null; utc: string; opens_utc: string }
export type Step = 'detect' | 'authenticate' | 'consult' | 'decide';
export interface EventView {
  id: string; names: string[]; first_utc: string; phase: string; source: string; benign: number; explanations: Explanation[]; identifier: string;
  level: string; proposed_level: string; reason: string; finding: string; site_report: string; raw_counts: Record<string, number>;
  fused_count: number; count_words: string; assessments: Judgement[]; spread_words: string; disputed: { disputed: boolean; why: string; km: number | null };
  impact_tai_us: number | null; apogee_km: number | null; range_km: number | null; minutes: Record<Step, number | null>;
  areas: { area: string; probability: number; impact_tai_us: number; sigma_s: number }[];
}
export interface Notice {
  identifier: string; sha256: string; party: string; format: string; vehicle: string; stage: string; flags: string[]; words: string[]; announced_utc: string;
  window_start_utc: string; window_end_utc: string; acknowledged_by: string[]; waits_for_us: boolean; text: string; governing_language: string; refers_to: string; matched_event: string;
}
export interface Vote { party: string; required: boolean; choice: '' | 'yes' | 'close'; officer: string; role: string; signed_by: string[]; counts: boolean; why_not: string; utc: string; receipted_by: string[] }
export interface Proposal {
  sha256: string; origin: string; index: number; kind: string; event: string; finding: string; text: string; full_text: string; by: string; officer: string;
  made_utc: string; deadline_tai_us: number; deadline_utc: string; picture: { digest: string; ours: string; same: boolean | null; as_of_utc: string };
  required: string[]; votes: Vote[]; status: string; state: Seal; binding: boolean; words: string; reasons: string[]; may_vote: boolean; why_not: string;
}
export interface Request { name: string; kind: string; text: string; message_sha256: string; challenge: string; by: string; officers_needed: number; signed_by: string[]; asked_utc: string; needs_code: boolean }
export interface Saying {
  sha256: string; party: string; kind: string; utc: string; t_tai_us: number; text: string; language: string; to: string[]; precedence: string; officer: string;
  code_word: string; code_number: number | null; code_meaning: string; translations: Record<string, string>; answers: string; waits_for_us: boolean; acknowledged_by: string[];
}
export interface DocketStep { party: string; step: string; officer: string; utc: string; text: string; sha256: string }
export interface Docket { id: string; sha256: string; state: string; opened_by: string; asked: string[]; event: string; question: string; deadline_utc: string; waiting: string[]; waits_for_us: boolean; words: string; entries: DocketStep[] }
export interface TimeItem { lane: string; t_tai_us: number; utc: string; kind: string; words: string; sha256: string; predicted: boolean }
export interface Timeline { lanes: string[]; from_tai_us: number; until_tai_us: number; items: TimeItem[] }
export interface CircuitTest { id: string; sha256: string; party: string; utc: string; acknowledged_by: string[]; waits_for_us: boolean; late: boolean }
export interface Delegation { sha256: string; by: string; to: string; kinds: string[]; from_utc: string; until_utc: string; until_tai_us: number; in_force: boolean; because: string }
export interface Watch {
  holder: string; since_utc: string; roster: { name: string; roles: string[]; signs: boolean; passkey: boolean }[];
  open_items: { what: string; ref: string; since_utc: string; since_tai_us: number }[]; tests: CircuitTest[]; test_due_utc: string; clock_ahead_s: number | null;
  tokens: { token: string; holder: string; since_utc: string }[]; delegations: Delegation[];
}
export interface LogLine { origin: string; party: string; size: number; root: string; utc: string; receipts: { by: string; size: number; utc: string }[]; forked: boolean; words: string }
export interface Verify { logs: LogLine[]; evidence: { utc: string; source: string; message: string; sha256: string }[]; refused: string[]; disclosed: Record<string, number>; disclosed_bytes: number; withheld: Record<string, number> }
export interface Board {
  head: Head; me: Me; tracks: Tracks; trails: Trails; areas: Areas; events: EventView[]; notices: Notice[]; proposals: Proposal[]; requests: Request[];
  talk: Saying[]; dockets: Docket[]; timeline: Timeline; watch: Watch; verify: Verify;
}
export type Section = keyof Board;

const LIST = 'list';
// The fields without which the page could not draw a section.
const SHAPES: Record<Section, typeof LIST | Record<string, 'array' | 'object' | 'string' | 'number' | 'boolean'>> = {
  head: { party: 'string', parties: 'array', mode: 'string', t_tai_us: 'number', utc: 'string', sentence: 'object', links: 'array', feed: 'array', regime: 'object', sign: 'object' },
  me: { name: 'string', roles: 'array', may: 'object' },
  tracks: { id: 'array', lat: 'array', lon: 'array', height_km: 'array', kind: 'array', source: 'array', stale: 'array', sigma_km: 'array' },
  trails: { trail: 'object' },
  areas: { sensors: 'array', notices: 'array', guarded: 'array', launch: 'array', impact: 'array' },
  events: LIST, notices: LIST, proposals: LIST, requests: LIST, talk: LIST, dockets: LIST,
  timeline: { lanes: 'array', items: 'array' },
  watch: { holder: 'string', open_items: 'array', roster: 'array', tests: 'array' },
  verify: { logs: 'array', evidence: 'array' },
};
export const SECTIONS = Object.keys(SHAPES) as Section[];

/** Whether a decoded value can be this section. */
export function fits(section: string, value: unknown): section is Section {
  if (!Object.hasOwn(SHAPES, section) || value === null || typeof value !== 'object') return false;
  const shape = SHAPES[section as Section];
  if (shape === LIST) return Array.isArray(value) && value.every((one) => one !== null && typeof one === 'object');
  const fields = value as Record<string, unknown>;
  for (const [field, type] of Object.entries(shape)) {
    const one = fields[field];
    const good = type === 'array' ? Array.isArray(one) : type === 'object' ? one !== null && typeof one === 'object' : typeof one === type;
    if (!good) return false;
  }
  return section !== 'tracks' || columnsAgree(fields);
}

function columnsAgree(tracks: Record<string, unknown>): boolean {
  const count = (tracks.id as unknown[]).length;
  return Object.values(tracks).every((column) => !Array.isArray(column) || column.length === count);
}

export interface Heard { board: Partial<Board>; bad: number }

/** The board after one message of the stream; a message that cannot be read changes nothing and is counted. */
export function hear(held: Heard, event: string, data: string): Heard {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { board: held.board, bad: held.bad + 1 };
  }
  if (!fits(event, value)) return { board: held.board, bad: held.bad + 1 };
  return { board: { ...held.board, [event]: value }, bad: held.bad };
}
