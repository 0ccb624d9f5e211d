import { expect, test } from 'vitest';
import type { Board, EventView } from '../src/lib/board';
import { KINDS, recordOf } from '../src/exercise/kinds';
import { fixed, percent, spaced, spot } from '../src/lib/forms';
import { called, situation } from '../src/lib/situation';
import { age, countdown, parseUtc, scenarioNow, shortAge, skew, taiToPosixMs, zulu } from '../src/lib/time';
import { valueOf, withBlock, withValue } from '../src/lib/toml';
import down from '../fixtures/board-feed-down.json';
import half from '../fixtures/board-half-signed.json';
import quiet from '../fixtures/board-quiet.json';

test('times as officers read them', () => {
  expect(zulu(parseUtc('1995-01-25T06:24:00Z'))).toBe('06:24:00Z');
  expect(parseUtc('1995-01-25 06:24:00')).toBe(parseUtc('1995-01-25T06:24:00Z'));
  expect(zulu(NaN)).toBe('--:--:--Z');
  expect([age(4), age(125), age(4330), age(null)]).toEqual(['4 s', '2 min 05 s', '1 h 12 min', '–']);
  expect([countdown(872), countdown(-12), countdown(3725)]).toEqual(['14:32', '−0:12', '1:02:05']);
  expect([shortAge(94), shortAge(700), shortAge(undefined)]).toEqual(['94 s', '12 min', '–']);
});

test('scenario time runs at its speed, stands while paused, and never runs back', () => {
  const clock = { posix_ms: 1000, tai_us: 5_000_000, speed: 4, paused: false, read_at_ms: 100 };
  expect(scenarioNow(clock, 350)).toBe(2000);
  expect(scenarioNow({ ...clock, paused: true }, 350)).toBe(1000);
  expect(scenarioNow(clock, 50)).toBe(1000);
  expect(taiToPosixMs(clock, 6_500_000)).toBe(2500);
});

test('a clock an hour off is noticed, a second is not', () => {
  const there = 'Sat, 21 Nov 2026 12:00:00 GMT', here = Date.parse(there);
  expect(skew(there, here + 3_600_000)).toBe(3600);
  expect(skew(there, here - 3_600_000)).toBe(-3600);
  expect([skew(there, here + 900), skew(null, here), skew('nonsense', here)]).toEqual([null, null, null]);
});

test('figures', () => {
  expect([percent(0.957), percent(null), fixed(-1.26, 1), fixed(NaN), spot(-3.04, 12.36), spaced('abcdef0123')]).toEqual(['96 %', '–', '−1.3', '–', '3.0 S 12.4 E', 'abcd ef01 23']);
});

test('the strip: no state is taken for another', () => {
  const boards = { quiet: quiet as unknown as Board, half: half as unknown as Board, down: down as unknown as Board };
  const said = (board: Partial<Board>, link: 'up' | 'down' | 'connecting' = 'up'): string => situation(board, link, 20, '06:00:00Z').phrases.map((one) => one.text).join(' ');
  const empty = { ...boards.quiet, head: { ...boards.quiet.head, state: 'no-data' as const } };
  const duff = { ...boards.half, head: { ...boards.half.head, no_duff: 'fire' } };
  const all = [said({}), said({}, 'down'), said(boards.quiet), said(boards.half), said(boards.half, 'down'), said(boards.down), said(duff)];
  expect(new Set(all).size).toBe(all.length);
  expect(said(empty)).toContain('An empty globe');
  expect(situation(boards.half, 'up', 0, '').needed).not.toBeNull();
  expect(situation(boards.half, 'down', 20, '').needed).toBeNull();
  expect(situation(boards.quiet, 'up', 0, '').tone).toBe('calm');
});

test('a scenario keeps its words and order when a form changes one value', () => {
  const toml = '# head\nname = "a"\nlist = [\n  "x",\n]\n\n[flight]\nlatitude_deg = 1.5 # why\n\n[flight.solve]\nrange_km = 10\n\n[[party]]\nname = "west"\n\n[[party]]\nname = "east"\n';
  expect([valueOf(toml, '', 'name'), valueOf(toml, 'flight', 'latitude_deg'), valueOf(toml, 'party', 'name', 1), valueOf(toml, 'flight', 'name')]).toEqual(['a', '1.5', 'east', '']);
  expect(withValue(toml, 'flight', 'latitude_deg', 2)).toBe(toml.replace('1.5', '2'));
  expect(withValue(toml, '', 'title', 'say "so"')).toContain('title = "say \\"so\\""');
  expect(valueOf(withValue(toml, '', 'title', 'say "so"'), '', 'title')).toBe('say "so"');
  expect(withValue(toml, 'new', 'x', 1)).toBe(`${toml}\n[new]\nx = 1\n`);
  expect(withBlock(toml, '[[party]]\nname = "n"')).toBe(`${toml}\n[[party]]\nname = "n"\n`);
});

test('a filled inject is the record that the server reads', () => {
  const notice = KINDS.find((one) => one.kind === 'notice')!;
  const record = recordOf(notice, { 'notice.by': 'west', 'notice.announced': '2026-01-01T00:00', 'notice.launch_area.radius_km': '30' }, '');
  expect(record).toMatchObject({ kind: 'notice', notice: { by: 'west', announced: '2026-01-01T00:00:00Z', launch_area: { radius_km: 30 } } });
  expect(recordOf(KINDS[0]!, { between: ['a', 'b'] }, '-5')).toEqual({ kind: 'cut-link', between: ['a', 'b'], at_s: -5 });
});

test('what an officer chose is the same event under its next name', () => {
  const events = [{ id: 'J-1', names: ['J-1', 'J-2'] }, { id: 'J-3', names: ['J-3'] }] as unknown as EventView[];
  expect([called(events, 'J-2')?.id, called(events, 'J-3')?.id, called(events, '')]).toEqual(['J-1', 'J-3', undefined]);
});
