// The strip under the header: in what state the page is, in one sentence, and the three facts beside it. Pure.
import type { Board, EventView } from './board';
import type { Connection } from './feed.svelte';
import { w } from './words';

export type Tone = 'calm' | 'attention' | 'down' | 'duff';
export interface Phrase { text: string; values?: Record<string, string | number> }
export interface Situation {
  tone: Tone;
  /** Phrases of the catalogue, one after another. */
  phrases: Phrase[];
  /** The server's own sentence (English, and the one on record), if that is what the phrases say. */
  verbatim: string;
  /** The parties' words about the first event cannot all be right. */
  disputed: boolean;
  explained: number | null;
  explainedWords: string;
  impact_tai_us: number | null;
  needed: Phrase | null;
  /** Where pressing the button leads. */
  leadsTo: { panel: 'situation' | 'talk' | 'judge' | 'sign' | 'watch'; proposal?: string } | null;
}

const NOTHING: Omit<Situation, 'tone' | 'phrases'> = { verbatim: '', disputed: false, explained: null, explainedWords: '', impact_tai_us: null, needed: null, leadsTo: null };

export function situation(board: Partial<Board>, connection: Connection, silence_s: number, frozen: string): Situation {
  const head = board.head;
  if (!head) {
    const text = connection === 'down' ? w('No word from the centre, and no data yet. Use the voice line.') : w('No data yet.');
    return { ...NOTHING, tone: connection === 'down' ? 'down' : 'calm', phrases: [{ text }, { text: 'An empty globe does not mean an empty sky.' }] };
  }
  if (connection === 'down') {
    return {
      ...NOTHING, tone: 'down',
      phrases: [{ text: 'No word from our own centre for {age}.', values: { age: Math.round(silence_s) } }, { text: 'Picture frozen at {utc}.', values: { utc: frozen } }, { text: 'Use the voice line. Signing is off.' }],
    };
  }
  if (head.no_duff) return { ...NOTHING, tone: 'duff', phrases: [{ text: 'NO DUFF: this is real, play has stopped.' }, { text: '{words}', values: { words: head.no_duff } }] };
  const facts = { disputed: Boolean(board.events?.[0]?.disputed.disputed), explained: head.sentence.explained, explainedWords: head.sentence.explained_words, impact_tai_us: head.sentence.impact_tai_us, ...needed(board) };
  if (head.state === 'own-feed-down') {
    const why = { needed: { text: 'Find out why: ask the sites by voice' }, leadsTo: { panel: 'talk' as const } };
    return { ...NOTHING, impact_tai_us: facts.impact_tai_us, ...why, tone: 'down', phrases: [{ text: 'Our own sensors are silent since {utc}.', values: { utc: head.frozen_utc.slice(11, 20) || '–' } }, { text: 'What is shown is old or rests on partners alone. Signing is off.' }] };
  }
  if (head.state === 'no-data') {
    return { ...NOTHING, ...facts, tone: 'calm', phrases: [{ text: 'No data yet.' }, { text: 'An empty globe does not mean an empty sky.' }], verbatim: '' };
  }
  const phrases = what(board);
  return { ...facts, tone: head.sentence.attention ? 'attention' : 'calm', phrases, verbatim: head.sentence.text };
}

/** What happened, in phrases that can be translated: the first event, or that there is none. */
function what(board: Partial<Board>): Phrase[] {
  const events = board.events ?? [];
  const event = events[0];
  if (!event) return [{ text: 'No event.' }, { text: 'An empty picture does not mean an empty sky.' }];
  const phrases: Phrase[] = [];
  if (events.length > 1) phrases.push({ text: '{n} events.', values: { n: events.length } });
  phrases.push({ text: '{id}: ', values: { id: event.id } }, { text: `phase ${event.phase}` }, { text: ', ' });
  if (event.disputed.disputed) phrases.push({ text: 'the parties do not agree about it.' });
  else if (event.benign >= 0.95 && event.identifier) phrases.push({ text: 'explained by {id}.', values: { id: event.identifier } });
  else phrases.push({ text: '{p} % explained.', values: { p: Math.round(100 * event.benign) } });
  return phrases;
}

/** What is needed from this officer, the most pressing thing first. */
export function needed(board: Partial<Board>): Pick<Situation, 'needed' | 'leadsTo'> {
  const request = (board.requests ?? [])[0];
  if (request) return { needed: { text: 'A second signature: {kind}', values: { kind: request.kind } }, leadsTo: { panel: 'sign' } };
  const vote = (board.proposals ?? []).find((one) => one.may_vote);
  if (vote) return { needed: { text: 'Your vote: {finding}, {event}', values: { finding: vote.finding, event: vote.event } }, leadsTo: { panel: 'sign', proposal: vote.sha256 } };
  const notice = (board.notices ?? []).find((one) => one.waits_for_us);
  if (notice) return { needed: { text: 'Read and acknowledge {id}', values: { id: notice.identifier } }, leadsTo: { panel: 'situation' } };
  if ((board.talk ?? []).some((one) => one.waits_for_us)) return { needed: { text: 'Acknowledge a message' }, leadsTo: { panel: 'talk' } };
  if ((board.dockets ?? []).some((one) => one.waits_for_us)) return { needed: { text: 'Answer a question on the docket' }, leadsTo: { panel: 'talk' } };
  if ((board.watch?.tests ?? []).some((one) => one.waits_for_us)) return { needed: { text: 'Answer a circuit test' }, leadsTo: { panel: 'watch' } };
  const unjudged = (board.events ?? []).find((one) => one.assessments.some((a) => a.party === board.head?.party && a.state === 'none'));
  if (unjudged) return { needed: { text: 'Your judgement of {event}', values: { event: unjudged.id } }, leadsTo: { panel: 'judge' } };
  return { needed: null, leadsTo: null };
}

/** The event that goes by a name: one that an officer chose keeps being meant when parties' tracks become one. */
export function called(events: EventView[], name: string): EventView | undefined {
  return events.find((one) => one.id === name || one.names.includes(name));
}
