// Times as officers read them. Everything is UTC ("Zulu"); scenario time comes from the server, never from this machine.

export const MINUTE_MS = 60_000;

/** Symbols of units in the letters of the interface's language: seconds, minutes, hours, kilometres. */
export const UNIT = { s: 's', min: 'min', h: 'h', km: 'km' };

/** "19:47:48Z" of POSIX milliseconds. */
export const zulu = (ms: number): string => (Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(11, 19)}Z` : '--:--:--Z');
/** "2026-11-21". */
export const day = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : '----------');
/** "06:24Z". */
export const zuluShort = (ms: number): string => (Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(11, 16)}Z` : '--:--Z');

/** POSIX milliseconds of the server's text, which may lack the zone's letter; NaN if it is no time. */
export function parseUtc(text: string | null | undefined): number {
  if (!text) return NaN;
  const iso = text.trim().replace(' ', 'T');
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
}

/** "4 s", "2 min 05 s", "1 h 12 min"; "–" where the age is not known. */
export function age(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} ${UNIT.s}`;
  if (s < 3600) return `${Math.floor(s / 60)} ${UNIT.min} ${String(s % 60).padStart(2, '0')} ${UNIT.s}`;
  return `${Math.floor(s / 3600)} ${UNIT.h} ${Math.floor((s % 3600) / 60)} ${UNIT.min}`;
}

/** The same in few letters, for tables: "94 s", "12 min", "3 h". */
export function shortAge(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const s = Math.max(0, seconds);
  return s < 100 ? `${Math.round(s)} ${UNIT.s}` : s < 6000 ? `${Math.round(s / 60)} ${UNIT.min}` : `${Math.round(s / 3600)} ${UNIT.h}`;
}

/** "14:32" for a countdown; "−0:12" when it has passed. */
export function countdown(seconds: number): string {
  const s = Math.abs(Math.trunc(seconds));
  const text = s >= 3600
    ? `${Math.floor(s / 3600)}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`
    : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  return seconds < 0 && s > 0 ? `−${text}` : text;
}

export interface ClockReading { posix_ms: number; tai_us: number; speed: number; paused: boolean; read_at_ms: number }

/** The server's scenario clock carried on from its last reading by this machine's monotonic clock. */
export function scenarioNow(reading: ClockReading, monotonic_ms: number): number {
  const rate = reading.paused ? 0 : reading.speed;
  return reading.posix_ms + Math.max(0, monotonic_ms - reading.read_at_ms) * rate;
}

/** POSIX milliseconds of a TAI time by the offset of the clock reading (leap seconds are the server's business). */
export const taiToPosixMs = (reading: ClockReading, tai_us: number): number => reading.posix_ms + (tai_us - reading.tai_us) / 1000;

/** How far this machine's wall clock is from the server's `Date` header, in seconds; null within a minute. */
export function skew(dateHeader: string | null, here_ms: number): number | null {
  const there = Date.parse(dateHeader ?? '');
  if (!Number.isFinite(there)) return null;
  const s = Math.round((here_ms - there) / 1000);
  return Math.abs(s) > 60 ? s : null;
}
