import type { Range } from '../../course/course.ts';

/** A time that runs on by itself, so that two looks at one thing find two of them: no part of what tells results apart. */
export interface Span {
  ms: number;
}

const UNITS: [name: string, seconds: number][] = [
  ['year', 365 * 86400],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** Milliseconds in words and seconds: `30 minutes (1800 s)`, `45 s`, `1 hour 30 minutes (5400 s)`, `250 ms`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'for ever';
  if (Math.abs(ms) < 1000 && ms !== 0) return `${ms} ms`;
  const seconds = ms / 1000;
  return Math.abs(seconds) < 60 ? `${seconds} s` : `${inWords(seconds)} (${seconds} s)`;
}

/** A range of seconds: `30 minutes (1800 s)`, `25 to 30 minutes (1500 to 1800 s)`, `at least 10 s`. */
export function durations({ min, max }: Range): string {
  if (max === null || max === Number.POSITIVE_INFINITY) return `at least ${duration(min * 1000)}`;
  if (min === max) return duration(min * 1000);
  if (min <= 0) return `at most ${duration(max * 1000)}`;
  if (max < 60) return `${min} to ${max} s`;
  if (min < 60) return `${min} s to ${inWords(max)} (${min} to ${max} s)`;
  const [low, high] = [inWords(min).split(' '), inWords(max).split(' ')];
  const oneUnit = low.length === 2 && high.length === 2 && low[1] === high[1];
  return `${oneUnit ? low[0] : low.join(' ')} to ${high.join(' ')} (${min} to ${max} s)`;
}

/** Unix seconds: `4102444800 (2100-01-01 00:00:00 UTC)`. */
export function momentText(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const year = date.getUTCFullYear();
  const when =
    year > 9999 ? `in the year ${year}` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${seconds} (${when})`;
}

/** The day of a moment in ms since 1970: `2025-01-01`. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'long ago' : date.toISOString().slice(0, 10);
}

/** The two largest units, rounded to the smaller of them; none but years is said where years are. */
function inWords(seconds: number): string {
  const exact = Math.abs(seconds);
  const largest = UNITS.findIndex(([, size]) => exact >= size);
  const step = largest <= 0 ? 1 : (UNITS[largest + 1]?.[1] ?? 1);
  let rest = Math.round(exact / step) * step;
  const words: string[] = [];
  for (const [name, size] of UNITS) {
    const n = Math.floor(rest / size);
    if (n > 0) words.push(`${n} ${n === 1 ? name : `${name}s`}`);
    rest -= n * size;
    if (words.length === 2 || (words.length === 1 && name === 'year')) break;
  }
  return words.join(' ') || `${seconds} s`;
}
