// Sentences that our own program makes, with figures and names in them, said in another language. The catalogue holds
// them as patterns: `{n}` a number, `{c}` per cent, `{t}` a time, `{w}` words that are translated in their turn, `{roles}` a list of such words or sentences, any
// other name is carried over as it is, so that what parties wrote stays theirs. What no pattern fits stays English.

export type Words = Record<string, string>;
/** `head` and `tail`: how a text has to begin and end for the pattern to be worth trying. */
export interface Rule { head: string; tail: string; pattern: RegExp; names: string[]; to: string }

const HOLE = /\{(\w+)\}/;
const KINDS: Record<string, string> = { n: '[-+]?[\\d.,]+', c: '[<>]? ?\\d+ %', t: '\\S+' };
const DEPTH = 4;
const LONGEST = 400; // our sentences are shorter; a partner's name or text inside one may be made to keep patterns busy

/** Rules of a catalogue of sentences, the ones with most words of their own first. */
export function rulesOf(sentences: Words): Rule[] {
  const plain = (text: string): number => text.replace(/\{\w+\}/g, '').length;
  return Object.entries(sentences).filter(([from]) => HOLE.test(from)).sort(([a], [b]) => plain(b) - plain(a)).map(([from, to]) => {
    const parts = from.split(HOLE), names = parts.filter((_, i) => i % 2);
    const body = parts.map((part, i) => (i % 2 ? `(${KINDS[part[0]!] && /^.\d?$/.test(part) ? KINDS[part[0]!] : '.+?'})` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    return { head: parts[0]!, tail: parts.at(-1)!, pattern: new RegExp(`^${body.join('')}$`, 's'), names, to };
  });
}

/** A sentence in the other language, or null where nothing is known of it. */
function known(text: string, words: Words, rules: Rule[], depth: number): string | null {
  const exact = words[text];
  if (exact !== undefined) return exact;
  if (depth === 0 || text.length > LONGEST || !/[A-Za-z]{2}/.test(text)) return null;
  for (const { head, tail, pattern, names, to } of rules) {
    const found = text.startsWith(head) && text.endsWith(tail) ? pattern.exec(text) : null;
    if (!found) continue;
    const held = new Map(names.map((name, i) => [name, found[i + 1]!]));
    return to.replace(/\{(\w+)\}/g, (_, name: string) => {
      const part = held.get(name) ?? '';
      if (name === 'roles') return part.split(', ').map((one) => inOther(one, words, rules, depth - 1)).join(', ');
      return /^w\d?$/.test(name) ? inOther(part, words, rules, depth - 1) : part;
    });
  }
  // Several sentences in one: "…; …", and a sentence that begins large and ends with a full stop.
  if (text.includes('; ')) {
    const parts = text.split('; '), others = parts.map((one) => known(one, words, rules, depth - 1));
    if (others.some((one) => one !== null)) return others.map((one, i) => one ?? parts[i]!).join('; ');
  }
  if (text.endsWith('.')) {
    const inner = known(text.slice(0, -1), words, rules, depth - 1) ?? known(text[0]!.toLowerCase() + text.slice(1, -1), words, rules, depth - 1);
    if (inner) return `${inner[0]!.toUpperCase()}${inner.slice(1)}.`;
  }
  return null;
}

/** Words of our own program in the language of `words` and `rules`; what is not known there stays as it is. */
export const inOther = (text: string, words: Words, rules: Rule[], depth = DEPTH): string => known(text, words, rules, depth) ?? text;
