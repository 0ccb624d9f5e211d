import { expect, test } from 'vitest';
import fr from '../src/words/fr.json';
import ru from '../src/words/ru.json';
import { phrases } from './words';

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]!).sort();

test.each([['ru', ru], ['fr', fr]] as const)('%s has every phrase of the sources and no other', (_, words) => {
  expect(Object.keys(words).sort()).toEqual([...phrases()].sort());
});
test.each([['ru', ru], ['fr', fr]] as const)('%s keeps the places that are filled in', (_, words) => {
  for (const [english, other] of Object.entries(words)) expect(places(other), english).toEqual(places(english));
});
test('a phrase that nobody translated is found', () => {
  expect(phrases('tests/canary').has('A phrase of the canary')).toBe(true);
});
