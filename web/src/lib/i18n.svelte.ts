// Words of the interface. English stands in the sources and is the key; the other languages are one file each.
// Words that parties said (messages, notices, proposals) never pass through here: their own text governs.
import { stored, store } from './prefs';
import { inOther, rulesOf, type Rule, type Words } from './sentences';
import { UNIT } from './time';
import { w } from './words';

export type Language = 'en' | 'ru' | 'fr';
export const LANGUAGES: Record<Language, string> = { en: 'English', ru: 'Русский', fr: 'Français' };

type File = Promise<{ default: Words }>;
const FILES: Record<Exclude<Language, 'en'>, () => [File, File]> = {
  ru: () => [import('../words/ru.json'), import('../words/ru.server.json')],
  fr: () => [import('../words/fr.json'), import('../words/fr.server.json')],
};
const KEPT = 2_000;
const UNITS = { s: w('seconds, in short'), min: w('minutes, in short'), h: w('hours, in short'), km: w('kilometres, in short') };

let words = $state.raw<Words>({});
let sentences = $state.raw<{ exact: Words; rules: Rule[]; held: Map<string, string> }>({ exact: {}, rules: [], held: new Map() });
let language = $state<Language>('en');

export const spoken = (): Language => language;

/** The words in the officer's language; `{name}` is filled in. A phrase that is not in the file stays English. */
export function t(english: string, values?: Record<string, string | number>): string {
  let text = words[english] ?? english;
  for (const name in values) text = text.replaceAll(`{${name}}`, String(values[name]));
  return text;
}

/** Words and sentences that our own server makes, translated where the catalogue has them. */
export function said(english: string): string {
  const { exact, rules, held } = sentences;
  if (!rules.length || !english) return english;
  let found = held.get(english);
  if (found === undefined) {
    if (held.size > KEPT) held.clear();
    held.set(english, (found = inOther(english, exact, rules)));
  }
  return found;
}

export async function speak(next: Language): Promise<void> {
  const [own, server] = next === 'en' ? [{}, {}] : (await Promise.all(FILES[next]())).map((one) => one.default) as [Words, Words];
  words = own;
  for (const name of Object.keys(UNITS) as (keyof typeof UNITS)[]) UNIT[name] = own[UNITS[name]] ?? name;
  sentences = { exact: { ...own, ...server }, rules: rulesOf(server), held: new Map() };
  language = next;
  document.documentElement.lang = next;
  store('language', next);
}

export function firstLanguage(): Language {
  const wanted = [stored('language', ''), ...navigator.languages.map((one) => one.slice(0, 2))];
  return (wanted.find((one) => one in LANGUAGES) as Language | undefined) ?? 'en';
}
