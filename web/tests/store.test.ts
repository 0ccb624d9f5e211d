import { expect, test } from 'vitest';
import type { Tracks } from '../src/lib/board';
import { place } from '../src/lib/globe';
import { rowsOf, windowOf, type Column } from '../src/lib/rows';
import { TRAIL, TrackStore } from '../src/lib/store';

function tracks(ids: string[], at: number, lon: (id: string) => number): Tracks {
  const n = ids.length, of = <T>(value: T): T[] => Array<T>(n).fill(value);
  return {
    as_of_tai_us: at * 1e6, id: ids, label: ids, lat: of(10), lon: ids.map(lon), height_km: of(100), speed_m_s: ids.map((id) => id.length * 100), heading_deg: of(0), climb_m_s: of(0),
    kind: ids.map((_, i) => (i % 2 ? 'air' : 'space')), parties: of(['west']), source: of('own'), phase: of('coast'), existence: of(1), sigma_km: of(1), stale: of(false), age_s: of(1), event: of(''), ellipse95: {},
  };
}
const trailOf = (store: TrackStore, id: string): number[] => {
  const slot = store.slot[store.row.get(id)!]!;
  return Array.from({ length: store.length[slot]! }, (_, k) => Math.round((Math.atan2(store.trails[store.point(slot, k) + 1]!, store.trails[store.point(slot, k)]!) * 180) / Math.PI * 100) / 100);
};

test('trails are the last positions of each track, as a slow twin keeps them, whoever comes and goes', () => {
  const store = new TrackStore(), twin = new Map<string, number[]>();
  let s = 7;
  const next = (): number => ((s = (s * 1103515245 + 12345) % 2147483648), s / 2147483648);
  for (let step = 0; step < 200; step++) {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'].filter(() => next() > 0.15);
    store.hear(tracks(ids, step, (id) => (id.charCodeAt(0) - 97) * 10 + step * 0.01));
    for (const id of [...twin.keys()]) if (!ids.includes(id)) twin.delete(id);
    for (const id of ids) twin.set(id, [...(twin.get(id) ?? []), (id.charCodeAt(0) - 97) * 10 + step * 0.01].slice(-TRAIL));
    for (const id of ids) {
      const held = trailOf(store, id);
      expect(held.length).toBe(twin.get(id)!.length);
      twin.get(id)!.forEach((lon, k) => expect(Math.abs(lon - held[k]!)).toBeLessThan(0.011));
    }
  }
});

test('trails of the server replace ours, and then grow once a step of scenario time', () => {
  const store = new TrackStore();
  store.hear(tracks(['a'], 0, () => 5));
  store.hearTrails({ step_s: 10, trail: { a: [[1, 10, 100], [2, 10, 100], [3, 10, 100]] } });
  expect(trailOf(store, 'a').slice(0, 3)).toEqual([1, 2, 3]);
  const before = trailOf(store, 'a').length;
  for (let t = 1; t <= 20; t++) store.hear(tracks(['a'], t, () => 5 + t));
  expect(trailOf(store, 'a').length - before).toBe(2);
});

test('positions are those of the server', () => {
  const store = new TrackStore(), v = new Float64Array(3);
  store.hear(tracks(['a', 'b'], 0, (id) => (id === 'a' ? 12 : -170)));
  place(-170, 10, 100, v);
  expect(Array.from(store.position.slice(3, 6))).toEqual(Array.from(v));
});

test('rows are sorted as a plain sort sorts them, ties by id, and searched by every word', () => {
  const ids = ['t9', 't10', 'long-name', 'x', 'yy'], all = tracks(ids, 0, () => 0);
  for (const column of ['label', 'kind', 'speed_m_s', 'source', 'age_s'] as Column[]) {
    for (const down of [false, true]) {
      const rows = Array.from(rowsOf(all, { column, down }));
      expect([...rows].sort()).toEqual([0, 1, 2, 3, 4]);
    }
  }
  expect(Array.from(rowsOf(all, { column: 'speed_m_s', down: true }), (row) => ids[row])).toEqual(['long-name', 't10', 't9', 'yy', 'x']);
  expect(Array.from(rowsOf(all, { column: 'label', down: false }, 'AIR t1'), (row) => ids[row])).toEqual(['t10']);
});

test('the window of rows covers the screen and stays inside', () => {
  expect(windowOf(0, 100, 20, 5000, 2)).toEqual([0, 7]);
  expect(windowOf(99_900, 100, 20, 5000, 2)).toEqual([4993, 5000]);
  expect(windowOf(0, 100, 20, 0)).toEqual([0, 0]);
});
