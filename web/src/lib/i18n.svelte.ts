// Words of the interface. English stands in the sources and is the key; the other languages are one file each.
// Words that parties said (messages, notices, proposals) never pass through here: their own text governs.
import { stored, store } from './prefs';

export type Language = 'en' | 'ru' | 'fr';
export const LANGUAGES: Record<Language, string> = { en: 'English', ru: 'Русский', fr: 'Français' };

type Words = Record<string, string>;
const FILES: Record<Exclude<Language, 'en'>, () => Promise<{ default: Words }>> = {
  ru: () => import('../words/ru.json'),
  fr: () => import('../words/fr.json'),
};

let words = $state.raw<Words>({});
let language = $state<Language>('en');

export const spoken = (): Language => language;

/** The words in the officer's language; `{name}` is filled in. A phrase that is not in the file stays English. */
export function t(english: string, values?: Record<string, string | number>): string {
  let text = words[english] ?? english;
  for (const name in values) text = text.replaceAll(`{${name}}`, String(values[name]));
  return text;
}

/** Words of the server's own fixed vocabulary, translated where the file has them. */
export const said = (english: string): string => words[english] ?? english;

export async function speak(next: Language): Promise<void> {
  words = next === 'en' ? {} : (await FILES[next]()).default;
  language = next;
  document.documentElement.lang = next;
  store('language', next);
}

export function firstLanguage(): Language {
  const wanted = [stored('language', ''), ...navigator.languages.map((one) => one.slice(0, 2))];
  return (wanted.find((one) => one in LANGUAGES) as Language | undefined) ?? 'en';
}
