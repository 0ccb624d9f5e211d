import { expect, test } from 'vitest';
import { cardAt, ringOf, veil } from '../src/lib/spotlight';

const WINDOW = { width: 1280, height: 720 }, CARD = { width: 420, height: 240 };

test('a ring goes round what is seen of a thing, and round nothing that is not', () => {
  expect(ringOf({ left: 100, top: 50, width: 200, height: 40 }, WINDOW)).toEqual({ left: 97, top: 47, width: 206, height: 46 });
  expect(ringOf({ left: -50, top: 600, width: 200, height: 400 }, WINDOW)).toEqual({ left: 5, top: 597, width: 148, height: 118 });
  for (const away of [{ left: 0, top: 900, width: 10, height: 10 }, { left: 0, top: -90, width: 10, height: 10 }, { left: 3, top: 3, width: 0, height: 0 }]) expect(ringOf(away, WINDOW)).toBeNull();
});

test('the card stands inside the window and hides nothing of what it speaks of, where there is room', () => {
  const rings = [{ left: 0, top: 60, width: 1280, height: 62 }, { left: 880, top: 130, width: 400, height: 420 }, { left: 0, top: 560, width: 1280, height: 150 }, { left: 4, top: 4, width: 120, height: 40 }];
  for (const ring of rings) {
    const at = cardAt([ring], CARD, WINDOW);
    expect(at.left >= 0 && at.top >= 0 && at.left + CARD.width <= WINDOW.width && at.top + CARD.height <= WINDOW.height).toBe(true);
    const apart = at.left >= ring.left + ring.width || at.left + CARD.width <= ring.left || at.top >= ring.top + ring.height || at.top + CARD.height <= ring.top;
    expect(apart, JSON.stringify(ring)).toBe(true);
  }
  const small = cardAt([{ left: 0, top: 0, width: 300, height: 300 }], CARD, { width: 300, height: 300 });
  expect(small.left).toBe(12);
  expect(cardAt([], CARD, WINDOW)).toEqual({ left: 848, top: 468 });
});

test('the veil is the window without the rings', () => {
  expect(veil([{ left: 1, top: 2, width: 3, height: 4 }], WINDOW)).toBe('M0 0H1280V720H0zM1 2h3v4h-3z');
});
