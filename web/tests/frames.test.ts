// The recording: changes one after another, files that are not what the list says.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import half from '../fixtures/board-half-signed.json';
import { content, Damaged, frameAt, manifestOf, patched, quoted, whole, type Kept, type Sections } from '../src/replay/frames';

test('a board after a change is the board before with what changed', () => {
  const before: Sections = { head: { a: 1, b: 2 }, talk: [1, 2], trails: { step_s: 10, trail: { x: [[1, 1, 1]], y: [[2, 2, 2]] } } };
  const after = patched(before, { head: { b: 3 }, talk: [], trails: { step_s: 10, more: { x: [[4, 4, 4]] }, anew: { z: [[5, 5, 5]] }, gone: ['y'] } });
  expect(after).toEqual({ head: { a: 1, b: 3 }, talk: [], trails: { step_s: 10, trail: { x: [[1, 1, 1], [4, 4, 4]], z: [[5, 5, 5]] } } });
  expect(before.head).toEqual({ a: 1, b: 2 });
  expect(patched(before, { head: { b: 3 } }).talk).toBe(before.talk);
});

test('a trail keeps its latest points', () => {
  let now: Sections = { trails: { step_s: 1, trail: {} } };
  for (let i = 0; i < 40; i++) now = patched(now, { trails: { step_s: 1, more: { a: [[i, 0, 0]] }, anew: {}, gone: [] } });
  expect((now.trails as { trail: { a: number[][] } }).trail.a.map((one) => one[0])).toEqual(Array.from({ length: 32 }, (_, i) => i + 8));
});

test('the frame of a time is the last one not after it', () => {
  const frames = [10, 20, 30].map((t) => ({ t }));
  expect([5, 10, 19, 20, 29, 99].map((t) => frameAt(frames, t))).toEqual([0, 0, 0, 1, 1, 2]);
  expect([whole(half as unknown as Sections), whole({}), whole({ ...(half as unknown as Sections), tracks: { id: 'x' } })]).toEqual([true, false, false]);
});

const kept = (data: Buffer): Kept => ({ file: 'a.frames', sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length });
const buffer = (data: Buffer): ArrayBuffer => data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer;
const why = (one: Kept, data: Buffer | null): Promise<string> => content(one, async () => (data ? buffer(data) : null)).then(() => 'good', (error: Damaged) => error.why);

test('a file is shown only if it is the one in the list', async () => {
  const data = gzipSync(Buffer.from('{"frames":[1]}')), other = Buffer.from(data), plain = Buffer.from('no gzip');
  other[other.length >> 1]! ^= 1;
  expect(await content(kept(data), async () => buffer(data))).toEqual({ frames: [1] });
  expect([await why(kept(data), null), await why(kept(data), data.subarray(0, 9)), await why(kept(data), other), await why(kept(plain), plain)]).toEqual(['missing', 'short', 'hash', 'unreadable']);
});

test('a list that this page cannot read is none', () => {
  const good = { format: 'tocsin-replay', version: 1, runs: [{ consoles: [{ parts: [{}] }] }] };
  expect(manifestOf(good)).toBe(good);
  for (const bad of [null, [], 'x', {}, { ...good, version: 2 }, { ...good, runs: [] }, { ...good, runs: [{ consoles: [] }] }, { ...good, runs: [{}] }]) expect(manifestOf(bad)).toBeNull();
});

test('a moment is quoted by its address, also of a run whose name has slashes; a broken address is the beginning', () => {
  expect(quoted('#connected/west/800')).toEqual(['connected', 'west', '800']);
  expect(quoted(`#${encodeURIComponent('andoya-1995/joint')}/east/60`)).toEqual(['andoya-1995/joint', 'east', '60']);
  expect([quoted(''), quoted('#%')]).toEqual([[''], []]);
});
