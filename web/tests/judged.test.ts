// A page that is opened, or opened again, has what was thought before it came.
import { beforeEach, expect, test, vi } from 'vitest';
import { forget, recall, remember, trail } from '../src/console/judged.svelte';
import { recorded } from '../src/lib/api.svelte';
import type { EventView } from '../src/lib/board';

vi.hoisted(() => Object.assign(globalThis, { document: { baseURI: 'http://localhost/' } }));

const event = (benign: number): EventView => ({ id: 'a', benign, assessments: [] }) as unknown as EventView;
const at = (tai_us: number): number => tai_us / 1000;
beforeEach(() => {
  forget();
  recorded.get = null;
});

test('what the centre kept comes before what the page saw, once', async () => {
  let asked = 0;
  recorded.get = async () => (asked++, { id: 'a', t_tai_us: [1e6, 2e6, 9e6], benign: [0.1, 0.2, 0.9], low: [0, 0, 0], high: [1, 1, 1] });
  remember([event(0.5)], 5000);
  await recall('a', at);
  await recall('a', at);
  expect(asked).toBe(1);
  expect(trail.of.get('a')!.map((one) => [one.t_ms, one.benign])).toEqual([[1000, 0.1], [2000, 0.2], [5000, 0.5]]);
});

test('a centre that does not answer, or answers nonsense, costs nothing', async () => {
  recorded.get = async () => null;
  await recall('a', at);
  recorded.get = async () => [];
  forget();
  await recall('a', at);
  remember([event(0.5)], 5000);
  expect(trail.of.get('a')!.length).toBe(1);
});
