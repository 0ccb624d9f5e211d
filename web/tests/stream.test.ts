import { describe, expect, test } from 'vitest';
import { fits, hear } from '../src/lib/board';
import { sseParser, type Message } from '../src/lib/sse';
import quiet from '../fixtures/board-quiet.json';
import flight from '../fixtures/board-mid-flight.json';

const WHOLE = ': ping\n\nevent: head\nid: 7\ndata: {"a":\ndata: 1}\n\r\n: x\r\nevent: talk\r\ndata:[]\r\n\r\ndata: alone\n\n';

test('a stream cut anywhere says the same', () => {
  const all = (size: number): { messages: Message[]; pings: number } => {
    const parse = sseParser(), messages: Message[] = [];
    let pings = 0;
    for (let i = 0; i < WHOLE.length; i += size) {
      const got = parse(WHOLE.slice(i, i + size));
      messages.push(...got.messages), (pings += got.pings);
    }
    return { messages, pings };
  };
  const wanted = all(WHOLE.length);
  expect(wanted).toEqual({ pings: 2, messages: [{ event: 'head', data: '{"a":\n1}', id: '7' }, { event: 'talk', data: '[]', id: '7' }, { event: 'message', data: 'alone', id: '7' }] });
  for (let size = 1; size < 30; size++) expect(all(size)).toEqual(wanted);
});

test('a line without end is refused before memory is full', () => {
  const parse = sseParser(100);
  expect(() => parse(`data: ${'x'.repeat(200)}`)).toThrow();
});

describe('the board', () => {
  test('takes the recorded boards section by section', () => {
    for (const board of [quiet, flight]) {
      let held = { board: {}, bad: 0 };
      for (const [name, value] of Object.entries(board)) held = hear(held, name, JSON.stringify(value)) as typeof held;
      expect(held.bad).toBe(0);
      expect(held.board).toEqual(board);
    }
  });
  test('keeps what it has when a message is broken, and counts it', () => {
    const held = hear({ board: {}, bad: 0 }, 'talk', '[]');
    for (const [event, data] of [['talk', '[{'], ['talk', '{}'], ['talk', '[1]'], ['head', '{"party":"west"}'], ['tracks', 'null'], ['constructor', '{}'], ['__proto__', '{}'], ['nonsense', '[]']] as const) {
      const after = hear(held, event, data);
      expect(after).toEqual({ board: held.board, bad: 1 });
    }
  });
  test('refuses tracks whose columns have not one length', () => {
    const tracks = structuredClone(flight.tracks);
    expect(fits('tracks', tracks)).toBe(true);
    tracks.lat.pop();
    expect(fits('tracks', tracks)).toBe(false);
  });
});
