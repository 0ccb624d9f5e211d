// Where a guided tour puts its rings and its card. Pure: rectangles in, rectangles out, CSS pixels of the window.

export interface Box { left: number; top: number; width: number; height: number }
export interface Size { width: number; height: number }
const ROOM = 12;

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top));

/** The part of a box that the window shows, with a little room around it; null where nothing of it is seen. */
export function ringOf(box: Box, window: Size): Box | null {
  const left = Math.max(5, box.left - 3), top = Math.max(5, box.top - 3);
  const width = Math.min(window.width - 5, box.left + box.width + 3) - left, height = Math.min(window.height - 5, box.top + box.height + 3) - top;
  return box.width > 0 && box.height > 0 && width > 0 && height > 0 ? { left, top, width, height } : null;
}

/** Where a card hides least of the rings: beside one of them, or in a corner; the first of equals. */
export function cardAt(rings: Box[], card: Size, window: Size): { left: number; top: number } {
  const right = window.width - card.width - ROOM, bottom = window.height - card.height - ROOM;
  const inside = (left: number, top: number): { left: number; top: number } => ({ left: Math.round(Math.max(ROOM, Math.min(right, left))), top: Math.round(Math.max(ROOM, Math.min(bottom, top))) });
  const spots = rings.flatMap((ring) => [
    inside(ring.left, ring.top + ring.height + ROOM), inside(ring.left - card.width - ROOM, ring.top), inside(ring.left + ring.width + ROOM, ring.top), inside(ring.left, ring.top - card.height - ROOM),
  ]);
  spots.push(inside(right, bottom), inside(ROOM, bottom), inside(right, ROOM), inside(ROOM, ROOM));
  const hides = (at: { left: number; top: number }): number => rings.reduce((sum, ring) => sum + overlap({ ...at, ...card }, ring), 0);
  return spots.reduce((best, one) => (hides(one) < hides(best) ? one : best));
}

/** Everything but the rings, as a path to be filled by the even-odd rule. */
export const veil = (rings: Box[], window: Size): string =>
  `M0 0H${window.width}V${window.height}H0z${rings.map((one) => `M${one.left} ${one.top}h${one.width}v${one.height}h${-one.width}z`).join('')}`;
