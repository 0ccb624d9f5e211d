import { geoArea } from 'd3-geo';
import { expect, test } from 'vitest';
import { Camera, DEGREE, EYE, place } from '../src/lib/globe';
import { areaRing, circleRing, destination, ellipseRing, ringOf, type Ring } from '../src/lib/rings';

// A small generator with a fixed seed: the same cases in every run.
function* cases(n: number): Generator<[number, number, number, number, number]> {
  let s = 12345;
  const next = (): number => ((s = (s * 1103515245 + 12345) % 2147483648), s / 2147483648);
  for (let i = 0; i < n; i++) yield [next() * 360 - 180, next() * 180 - 90, next() * 360 - 180, next() * 180 - 90, 0.7 + next() * 12];
}
const v = new Float64Array(3);

test('a place on the ground falls on the pixel that d3 gives it, and hides where d3 hides it', () => {
  const camera = new Camera();
  let seen = 0;
  for (const [lon0, lat0, lon, lat, zoom] of cases(3000)) {
    camera.set({ width: 800, height: 600, lon: lon0, lat: lat0, zoom });
    place(lon, lat, 0, v);
    const [x, y, visible] = Array.from(camera.project(v[0]!, v[1]!, v[2]!)) as [number, number, number];
    const cos = Math.sin(lat * DEGREE) * Math.sin(lat0 * DEGREE) + Math.cos(lat * DEGREE) * Math.cos(lat0 * DEGREE) * Math.cos((lon - lon0) * DEGREE);
    if (Math.abs(cos - 1 / EYE) > 1e-6) expect(visible).toBe(cos > 1 / EYE ? 1 : 0);
    if (!visible) continue;
    seen += 1;
    const d3 = camera.projection([lon, lat])!;
    expect(Math.hypot(d3[0] - x, d3[1] - y)).toBeLessThan(1e-8 * camera.scale);
  }
  expect(seen).toBeGreaterThan(800);
});

test('what is high enough is seen beyond the horizon, what is low is not', () => {
  const camera = new Camera().set({ width: 600, height: 600, lon: 0, lat: 0, zoom: 1 });
  for (const [height, wanted] of [[0, 0], [300, 0], [12_000, 1]] as const) {
    place(100, 0, height, v);
    expect(camera.project(v[0]!, v[1]!, v[2]!)[2]).toBe(wanted);
  }
  place(180, 0, 40_000, v); // straight behind the Earth
  expect(camera.project(v[0]!, v[1]!, v[2]!)[2]).toBe(0);
  place(0, 0, 35_786, v); // behind the eye
  expect(camera.project(v[0]!, v[1]!, v[2]!)[2]).toBe(0);
});

test('the ground under a pixel is the place that is drawn there', () => {
  const camera = new Camera().set({ width: 600, height: 400, lon: 30, lat: 70, zoom: 2 });
  place(25, 66, 0, v);
  const o = camera.project(v[0]!, v[1]!, v[2]!), [lon, lat] = camera.ground(o[0]!, o[1]!)!;
  expect([lon, lat].map((one) => one.toFixed(6))).toEqual(['25.000000', '66.000000']);
  expect(camera.ground(-500, -500)).toBeNull();
});

test('a fan over the pole covers what it should, in whatever order its points come', () => {
  const fan: [number, number][] = [[30, 70]];
  for (let a = -60; a <= 60; a += 5) fan.push(destination(30, 70, 4000, a));
  const right = ringOf(fan)!, turned = ringOf([...fan].reverse())!;
  const sector = 2 * Math.PI * (1 - Math.cos(4000 / 6371.0088)) * (120 / 360);
  for (const ring of [right, turned]) expect(geoArea(ring as never) / sector).toBeCloseTo(1, 1);
});

test('circles and ellipses have their size and never fill the rest of the Earth', () => {
  const area = (ring: Ring): number => geoArea(ring as never) * 6371.0088 ** 2;
  expect(area(circleRing(10, 89.5, 200)) / (Math.PI * 200 ** 2)).toBeCloseTo(1, 2);
  expect(area(ringOf(ellipseRing(179.9, -60, { semi_major_km: 300, semi_minor_km: 60, azimuth_deg: 40 }).coordinates[0]!)!) / (Math.PI * 300 * 60)).toBeCloseTo(1, 1);
  expect(geoArea(ellipseRing(5, 50, { semi_major_km: 300, semi_minor_km: 60, azimuth_deg: 40 }) as never)).toBeLessThan(1);
  expect(areaRing({ lat: 0, lon: 0, radius_km: null, polygon: [] })).toBeNull();
});
