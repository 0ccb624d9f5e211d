// Small helpers of forms.

/** "a3f2 9c01 …" in groups of four, so that two people can read a hash to each other. */
export const spaced = (hex: string): string => hex.replace(/(.{4})(?=.)/g, '$1 ');

export const percent = (share: number | null | undefined): string => (share === null || share === undefined || !Number.isFinite(share) ? '–' : `${Math.round(100 * share)} %`);

/** A number with a fixed count of digits, or a dash where there is none. */
export const fixed = (value: number | null | undefined, digits = 0): string => (value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits).replace('-', '−'));

/** Latitude and longitude as officers say them: "62.9 N 40.8 E". */
export function spot(lat: number, lon: number): string {
  const part = (value: number, plus: string, minus: string): string => `${Math.abs(value).toFixed(1)} ${value < 0 ? minus : plus}`;
  return `${part(lat, 'N', 'S')} ${part(lon, 'E', 'W')}`;
}
