// Coasts and borders, fetched from our own server as data: they are no part of the script.
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { World } from './ground';
import url110 from 'world-atlas/countries-110m.json?url';
import url50 from 'world-atlas/countries-50m.json?url';

type Countries = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export async function loadWorld(detail: '110m' | '50m'): Promise<World> {
  const answer = await fetch(detail === '110m' ? url110 : url50);
  if (!answer.ok) throw new Error(`coastlines: HTTP ${answer.status}`);
  const topology = (await answer.json()) as Countries;
  return {
    land: feature(topology, topology.objects.land) as never,
    borders: mesh(topology, topology.objects.countries as never, (a, b) => a !== b),
  };
}
