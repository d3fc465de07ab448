import { isUtf8 } from 'node:buffer';
import type { Range } from '../../course/course.ts';
import { quoted } from '../../redis/print.ts';

/** What a message shows of a value before cutting it, in bytes. */
const SHOWN = 60;
/** Bytes shown before the place where two long values part. */
const LEAD = 20;

/** A value in quotes, as redis-cli quotes it, but for text in other scripts, which stays readable. Long ones are cut. */
export function show(value: Buffer | string): string {
  const bytes = Buffer.from(value);
  if (bytes.length <= SHOWN) return quote(bytes);
  return `${quote(slice(bytes, 0, SHOWN))}... (${bytes.length} bytes)`;
}

/** Two values that differ: whole where short, else cut around the first difference. */
export function showBoth(a: Buffer, b: Buffer): [string, string] {
  if (a.length <= SHOWN && b.length <= SHOWN) return [quote(a), quote(b)];
  const from = Math.max(0, firstDifference(a, b) - LEAD);
  return [around(a, from), around(b, from)];
}

/** Where two values part, counted from 0. */
export function firstDifference(a: Buffer, b: Buffer): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

/** A key, field or command as it would be typed: in quotes only where it needs them. */
export function showName(name: Buffer | string): string {
  const bytes = Buffer.from(name);
  const text = bytes.toString();
  return bytes.length <= SHOWN && isUtf8(bytes) && /^[^\s"'\\\p{C}\p{Z}]+$/u.test(text) ? text : show(bytes);
}

/** A key as `nameOf` writes it, as it would be typed. */
export function showKey(key: string): string {
  return showName(Buffer.from(key, 'latin1'));
}

/** A command as typed, cut where it has many arguments and is long. */
export function showCommand(args: readonly Buffer[]): string {
  const whole = args.slice(0, 20).map(showName).join(' ');
  if (args.length <= 8 || (args.length <= 20 && whole.length <= 80)) return whole;
  return `${args.slice(0, 8).map(showName).join(' ')} ...`;
}

/** The first line of a server's error, without what a terminal would obey and without a full stop. */
export function showError(text: string): string {
  return text
    .split(/[\r\n]/, 1)[0]!
    .slice(0, 200)
    .replace(/\p{C}/gu, '?')
    .replace(/\.$/, '');
}

/** `a, b and c`, or `a, b, c and 4 more`. `total` is how many there are, where `items` are only the first; `most` are shown. */
export function enumerate(items: readonly string[], total = items.length, most = 4): string {
  if (total > most) return `${items.slice(0, most - 1).join(', ')} and ${total - most + 1} more`;
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** The first of many in words; the rest is only counted, however many there are. */
export function some<T>(items: readonly T[], text: (item: T) => string, most = 4): string {
  return enumerate(items.slice(0, most).map(text), items.length, most) || 'nothing';
}

/** `3 items`, `at least 2 items`, `1 to 5 items`. */
export function lengthText({ min, max }: Range, noun: string): string {
  if (max === null || max === Number.POSITIVE_INFINITY) return `at least ${count(min, noun)}`;
  return min === max ? count(min, noun) : `${min} to ${count(max, noun)}`;
}

/** `1 item`, `3 items`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A score as Redis writes it. */
export function scoreText(score: number): string {
  return Number.isFinite(score) ? String(score) : score > 0 ? 'inf' : '-inf';
}

/** What TYPE says, in words: "a sorted set". */
export function aType(type: string): string {
  const word = type === 'zset' ? 'sorted set' : type;
  return `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`;
}

function around(bytes: Buffer, from: number): string {
  const shown = slice(bytes, from, from + SHOWN);
  const text = `${from > 0 ? '...' : ''}${quote(shown)}${from + shown.length < bytes.length ? '...' : ''}`;
  return bytes.length > SHOWN ? `${text} (${bytes.length} bytes)` : text;
}

/** Cuts between characters, not within one. */
function slice(bytes: Buffer, from: number, to: number): Buffer {
  const inside = (i: number) => i < bytes.length && (bytes[i]! & 0xc0) === 0x80;
  let start = Math.min(from, bytes.length);
  let end = Math.min(to, bytes.length);
  for (let i = 0; i < 3 && start > 0 && inside(start); i++) start--;
  for (let i = 0; i < 3 && end > start && inside(end); i++) end--;
  return bytes.subarray(start, end);
}

function quote(bytes: Buffer): string {
  if (!isUtf8(bytes)) return quoted(bytes);
  let out = '"';
  for (const character of bytes.toString()) {
    const hidden = character !== ' ' && /[\p{C}\p{Z}]/u.test(character);
    out += hidden || '"\\'.includes(character) ? quoted(Buffer.from(character)).slice(1, -1) : character;
  }
  return `${out}"`;
}
