// The server's own sentences in the other languages: both catalogues alike, nothing stale, nothing of a real play left.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Board } from '../src/lib/board';
import { inOther, rulesOf } from '../src/lib/sentences';
import fr from '../src/words/fr.json';
import frSentences from '../src/words/fr.server.json';
import ru from '../src/words/ru.json';
import ruSentences from '../src/words/ru.server.json';

const BOTH = [['ru', ruSentences, { ...ru, ...ruSentences }, rulesOf(ruSentences)], ['fr', frSentences, { ...fr, ...frSentences }, rulesOf(frSentences)]] as const;
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]!).sort();
const say = (text: string, language = 0): string => inOther(text, BOTH[language]![2], BOTH[language]![3]);

test('both languages have the same sentences, with the same places to fill', () => {
  expect(Object.keys(ruSentences)).toEqual(Object.keys(frSentences));
  for (const [, sentences] of BOTH) {
    for (const [from, to] of Object.entries(sentences)) expect(holes(to).filter((one) => !holes(from).includes(one)), from).toEqual([]);
  }
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? (one.name === 'pages' ? [] : sources(join(folder, one.name))) : one.name.endsWith('.py') ? [readFileSync(join(folder, one.name), 'utf8')] : []);
}

test('no sentence that the server no longer says', () => {
  const all = ['assess', 'console', 'decide', 'exercise', 'node', 'wire'].map((room) => sources(`../src/tocsin/${room}`).join('\n')).join('\n').toLowerCase();
  const words = (text: string): string[] => text.toLowerCase().match(/[a-z]{4,}/g) ?? [];
  for (const from of Object.keys(ruSentences)) {
    for (const word of words(from.replace(/\{\w+\}/g, ' '))) expect(all.includes(word), `${from}: ${word}`).toBe(true);
  }
});

/** Every line of a board that our own program wrote. */
function lines(board: Board): string[] {
  return [
    ...board.events.flatMap((one) => [one.reason, one.count_words, one.spread_words, one.disputed.why, ...one.explanations.flatMap((it) => it.reasons)]),
    ...board.notices.flatMap((one) => one.words), ...board.proposals.flatMap((one) => [one.words, one.why_not, ...one.reasons, ...one.votes.map((it) => it.why_not)]),
    ...board.watch.open_items.map((one) => one.what), ...board.timeline.items.map((one) => one.words), ...board.verify.logs.map((one) => one.words),
    ...board.dockets.map((one) => one.words), board.head.clock_words, board.head.sign.why_not, ...Object.values(board.me.may),
  ].filter((one) => / /.test(one));
}

test.each(readdirSync('fixtures'))('%s: every sentence of ours is known in both languages', (file) => {
  const found = new Set(lines(JSON.parse(readFileSync(`fixtures/${file}`, 'utf8')) as Board));
  for (const [i, [language]] of BOTH.entries()) {
    const left = [...found].filter((one) => say(one, i) === one && !/^\S+ \d+( .*)? \(.*\)$/.test(one));
    expect(left.slice(0, 5), language).toEqual([]);
  }
});

test('figures and names stay, words within are translated, words of parties are not', () => {
  expect(say('nearest notification PLN/1: launch point 6 km from the announced area, within the uncertainty of 25 km')).toBe(
    'ближайшее уведомление PLN/1: точка пуска в 6 км от объявленного района, в пределах неопределённости 25 км',
  );
  expect(say("Undetermined; act as not adopted: the finding 'benign'. East has not voted.")).toBe('Не определено; считать непринятым: вывод «безопасно». East: голоса ещё нет.');
  expect(say('assess: for senior-officer, watch-officer')).toBe('только для ролей: старший офицер, оперативный дежурный');
  expect(say('to west (urgent): attack')).toContain('attack');
  expect(say('315 entries verified here; north holds 3, west holds 175')).toBe('здесь проверено записей: 315; у north записей: 3, у west записей: 175');
  expect(say('2 events: J-1 coast, 96% explained; finding ADOPTED.')).toBe('событий: 2: J-1, свободный полёт, объяснено 96 %; вывод: принято.');
  expect(say('1 event: in free flight, explained')).toBe('1 event: in free flight, explained');
  expect(say('< 1 % explained')).toBe('объяснено < 1 %');
  expect(say('Nobody knows this sentence.')).toBe('Nobody knows this sentence.');
});

test('a text made to keep the patterns busy does not', () => {
  for (const unit of [': , on ; ', 'a: b, probability 1, ', '; ', '(((', ': launch at , ']) expect(typeof say(unit.repeat(400))).toBe('string');
});
