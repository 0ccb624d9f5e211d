import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync('src/app.css', 'utf8');
const theme = (block: string): Record<string, string> => Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((one) => [one[1]!, one[2]!]));
const blocks = [...css.matchAll(/:root(?:\[data-theme="light"\])? \{([^}]+)\}/g)].map((one) => theme(one[1]!));

const linear = (hex: string): number[] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const luminance = (rgb: number[]): number => 0.2126 * rgb[0]! + 0.7152 * rgb[1]! + 0.0722 * rgb[2]!;
const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
};
// Full dichromacy: Vienot, Brettel and Mollon 1999 (protan, deutan) in linear RGB; tritan by the same method.
const EYES: Record<string, number[][]> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
  deutan: [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
  tritan: [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.805, 0.11911]],
};
function oklab(rgb: number[]): number[] {
  const [r, g, b] = rgb.map((c) => Math.max(0, c)) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b), m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b), s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}
const seen = (hex: string, eye: number[][]): number[] => oklab(eye.map((row) => row.reduce((sum, k, i) => sum + k * linear(hex)[i]!, 0)));

test('both themes are there', () => expect(blocks.length).toBe(2));

test.each([0, 1])('text and marks stand out from what they stand on, theme %i', (i) => {
  const c = blocks[i]!;
  for (const name of ['ink', 'mut', 'attn', 'ballistic', 'space', 'air', 'unknown', 'party-0', 'party-1', 'party-2', 'party-3', 'party-4']) {
    for (const ground of ['bg', 'panel']) expect(contrast(c[name]!, c[ground]!), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
  for (const name of ['ink', 'mut']) for (const ground of ['raised', 'attn-bg']) expect(contrast(c[name]!, c[ground]!), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  expect(contrast(c.attn!, c['attn-bg']!)).toBeGreaterThanOrEqual(4.5);
});

test.each([0, 1])('kinds of objects differ for every eye, theme %i', (i) => {
  const kinds = ['ballistic', 'space', 'air', 'attn'].map((name) => blocks[i]![name]!);
  for (const eye of Object.values(EYES)) {
    for (const [a, one] of kinds.entries()) {
      for (const other of kinds.slice(a + 1)) {
        const p = seen(one, eye), q = seen(other, eye);
        expect(Math.hypot(...p.map((x, k) => x - q[k]!))).toBeGreaterThan(0.08);
      }
    }
  }
});
