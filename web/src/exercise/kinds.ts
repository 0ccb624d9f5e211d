// The injects and the fields of their forms, as the server's records have them.
import { w } from '../lib/words';

export type Field = { name: string; label: string; type: 'party' | 'parties' | 'sensor' | 'sensors' | 'pair' | 'text' | 'line' | 'number' | 'check' | 'choice' | 'time'; choices?: string[]; first?: string; optional?: boolean };
export interface Kind { kind: string; label: string; fields: Field[] }

const VEHICLES = ['sounding-rocket', 'space-launch', 'ballistic-short', 'ballistic-medium', 'ballistic-intermediate', 'ballistic-intercontinental', 'unknown'];
const TEXT: Field = { name: 'text', label: w('Text'), type: 'text' };

export const KINDS: Kind[] = [
  { kind: 'cut-link', label: w('Cut a link'), fields: [{ name: 'between', label: w('Between'), type: 'pair' }] },
  { kind: 'heal-link', label: w('Heal a link'), fields: [{ name: 'between', label: w('Between'), type: 'pair' }] },
  { kind: 'late-answers', label: w('Late answers'), fields: [{ name: 'party', label: w('Party'), type: 'party' }, { name: 'delay_s', label: w('Delay, s (0 ends it)'), type: 'number', first: '60' }] },
  { kind: 'feed-out', label: w('Silence a sensor'), fields: [{ name: 'sensor', label: w('Sensor'), type: 'sensor' }] },
  { kind: 'feed-back', label: w('Bring a sensor back'), fields: [{ name: 'sensor', label: w('Sensor'), type: 'sensor' }] },
  {
    kind: 'flight', label: w('A flight, or false tracks'), fields: [
      { name: 'name', label: w('Name'), type: 'line', first: 'unknown-1' }, { name: 'by', label: w('Launched by'), type: 'line', first: 'unnamed' },
      { name: 'latitude_deg', label: w('Latitude °'), type: 'number', first: '69' }, { name: 'longitude_deg', label: w('Longitude °'), type: 'number', first: '10' },
      { name: 'bearing_deg', label: w('Bearing °'), type: 'number', first: '90' }, { name: 'apogee_km', label: w('Apogee km'), type: 'number', first: '600' },
      { name: 'range_km', label: w('Range km'), type: 'number', first: '1500' }, { name: 'burn_s', label: w('Burn s'), type: 'number', first: '90' },
      { name: 'attack', label: w('An attack (hidden truth)'), type: 'check' }, { name: 'only_on', label: w('False: only on these sensors'), type: 'sensors', optional: true },
    ],
  },
  {
    kind: 'notice', label: w('A notification, right or wrong'), fields: [
      { name: 'notice.by', label: w('In the name of'), type: 'party' }, { name: 'notice.identifier', label: w('Identifier'), type: 'line', first: 'PLN/WE/2026/001/001/01' },
      { name: 'notice.vehicle', label: w('Vehicle'), type: 'choice', choices: VEHICLES }, { name: 'notice.announced', label: w('Announced, UTC'), type: 'time' },
      { name: 'notice.window_start', label: w('Window from, UTC'), type: 'time' }, { name: 'notice.window_end', label: w('Window until, UTC'), type: 'time' },
      { name: 'notice.launch_area.name', label: w('Launch area'), type: 'line', first: 'range' }, { name: 'notice.launch_area.latitude_deg', label: w('Latitude °'), type: 'number', first: '69' },
      { name: 'notice.launch_area.longitude_deg', label: w('Longitude °'), type: 'number', first: '16' }, { name: 'notice.launch_area.radius_km', label: w('Radius km'), type: 'number', first: '30' },
      { name: 'notice.text', label: w('Text'), type: 'text', optional: true },
    ],
  },
  { kind: 'suspend', label: w('Suspend or resume the regime'), fields: [{ name: 'by', label: w('Party'), type: 'party' }, { name: 'does', label: w('What'), type: 'choice', choices: ['suspend', 'resume'] }, TEXT] },
  { kind: 'message', label: w('A message from a capital'), fields: [{ name: 'by', label: w('Party'), type: 'party' }, { name: 'to', label: w('To'), type: 'parties' }, TEXT] },
  { kind: 'press', label: w('A press report'), fields: [{ name: 'to', label: w('Seen by (none: all)'), type: 'parties', optional: true }, TEXT] },
  { kind: 'cyber', label: w('An intrusion'), fields: [{ name: 'party', label: w('Party'), type: 'party' }, { name: 'sensors', label: w('Sensors that fall silent'), type: 'sensors', optional: true }, TEXT] },
];

/** The record that a filled form stands for; names with dots nest. */
export function recordOf(kind: Kind, values: Record<string, unknown>, at_s: string): Record<string, unknown> {
  const record: Record<string, unknown> = { kind: kind.kind };
  if (at_s.trim() !== '') record.at_s = Number(at_s);
  for (const field of kind.fields) {
    const value = values[field.name];
    const empty = value === undefined || value === '' || (Array.isArray(value) && !value.length);
    if (empty && field.optional) continue;
    const written = field.type === 'number' ? Number(value) : field.type === 'check' ? Boolean(value) : field.type === 'time' ? `${String(value)}:00Z` : value;
    const steps = field.name.split('.');
    let within = record;
    for (const step of steps.slice(0, -1)) within = (within[step] ??= {}) as Record<string, unknown>;
    within[steps.at(-1)!] = written;
  }
  return record;
}
