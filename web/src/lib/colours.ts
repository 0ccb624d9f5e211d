// Colours for the canvas, from the style sheet, so that both themes and print have one home.

export interface Colours {
  sea: string; land: string; border: string; coast: string; grat: string; limb: string; ink: string; mut: string; panel: string; bg: string;
  ballistic: string; space: string; air: string; unknown: string; attn: string; notice: string; guarded: string;
  party: string[];
}

export const PARTY_COLOURS = 5;

export function colours(root: Element = document.documentElement): Colours {
  const style = getComputedStyle(root);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    sea: of('sea'), land: of('land'), border: of('border'), coast: of('coast'), grat: of('grat'), limb: of('limb'), ink: of('ink'), mut: of('mut'),
    panel: of('panel'), bg: of('bg'), ballistic: of('ballistic'), space: of('space'), air: of('air'), unknown: of('unknown'),
    attn: of('attn'), notice: of('notice'), guarded: of('guarded'),
    party: Array.from({ length: PARTY_COLOURS }, (_, i) => of(`party-${i}`)),
  };
}

/** A party's place in the sorted list of parties: the same at every centre, so that it looks the same everywhere. */
export function partyIndex(parties: readonly string[], party: string): number {
  const at = [...parties].sort().indexOf(party);
  return at < 0 ? PARTY_COLOURS - 1 : at % PARTY_COLOURS;
}

/** The party of a figure's source, '' for joint ones. */
export function sourceParty(source: string, own: string): string {
  if (source === 'own') return own;
  return source.startsWith('partner:') ? source.slice('partner:'.length) : '';
}

// Hatching tells parties apart without colour: rising, falling, upright, level, crossed.
const HATCH: [number, number, number, number][][] = [
  [[0, 8, 8, 0]],
  [[0, 0, 8, 8]],
  [[4, 0, 4, 8]],
  [[0, 4, 8, 4]],
  [[0, 4, 8, 4], [4, 0, 4, 8]],
];

const patterns = new Map<string, CanvasPattern | null>();

export function hatch(context: CanvasRenderingContext2D, colour: string, index: number): CanvasPattern | string {
  const key = `${colour}/${index}`;
  if (!patterns.has(key)) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 8;
    const pen = tile.getContext('2d')!;
    pen.strokeStyle = colour;
    pen.globalAlpha = 0.5;
    pen.beginPath();
    for (const [x0, y0, x1, y1] of HATCH[index % HATCH.length]!) pen.moveTo(x0, y0), pen.lineTo(x1, y1);
    pen.stroke();
    patterns.set(key, context.createPattern(tile, 'repeat'));
  }
  return patterns.get(key) ?? colour;
}
