import type { KeyState, Value } from '../../redis/snapshot.ts';
import { count, scoreText, show, showBoth, showName, some } from './show.ts';

/** A value in a few words. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'string':
      return show(value.bytes);
    case 'list':
      return some(value.items, show);
    case 'set':
      return some(value.members.toSorted(Buffer.compare), show);
    case 'hash':
      return some(
        value.fields.toSorted(([a], [b]) => a.compare(b)),
        ([field, is]) => `${showName(field)} ${show(is)}`,
      );
    case 'zset':
      return some(value.members, ({ member, score }) => `${show(member)} with score ${scoreText(score)}`);
    case 'stream':
      return count(value.entries.length, 'entry').replace(/ys$/, 'ies');
    case 'other':
      return 'a value of another type';
  }
}

/**
 * What a value was and what it is, in a few words each: whole where that is short, else the `part` in which they differ.
 * Undefined where a few words do not tell them apart.
 */
export function changeText(
  before: KeyState,
  now: KeyState,
): { expected: string; actual: string; part?: true } | undefined {
  const [was, is] = [before.value, now.value];
  if (was.kind === 'string' && is.kind === 'string') {
    const [expected, actual] = showBoth(was.bytes, is.bytes);
    return { expected, actual };
  }
  const [old, current] = [partsOf(was), partsOf(is)];
  if (was.kind === is.kind && Math.max(old.length, current.length) > MOST) {
    const [left, right] =
      was.kind === 'list' ? behindCommon(old, current) : [without(old, current), without(current, old)];
    return { expected: some(left, ({ text }) => text), actual: some(right, ({ text }) => text), part: true };
  }
  const [expected, actual] = [stateText(before), stateText(now)];
  return expected === actual ? undefined : { expected, actual };
}

/** The same, with its type where the value alone does not tell it. */
export function stateText({ type, value }: KeyState): string {
  return value.kind === 'string'
    ? valueText(value)
    : `${type === 'zset' ? 'sorted set' : type} ${valueText(value)}`;
}

/** What `some` shows whole. */
const MOST = 4;

/** One item or member: all that tells it from others, and the few words. */
interface Part {
  all: string;
  text: string;
}

function partsOf(value: Value): Part[] {
  const part = (text: string, ...all: (Buffer | string)[]) => ({ text, all: all.map(bytesIn).join(' ') });
  switch (value.kind) {
    case 'list':
      return value.items.map((item) => part(show(item), item));
    case 'set':
      return value.members.toSorted(Buffer.compare).map((member) => part(show(member), member));
    case 'hash':
      return value.fields
        .toSorted(([a], [b]) => a.compare(b))
        .map(([field, is]) => part(`${showName(field)} ${show(is)}`, field, is));
    case 'zset':
      return value.members.map(({ member, score }) =>
        part(`${show(member)} with score ${scoreText(score)}`, member, String(score)),
      );
    default:
      return [];
  }
}

function bytesIn(text: Buffer | string): string {
  return Buffer.from(text).toString('base64');
}

function without(parts: Part[], others: Part[]): Part[] {
  const known = new Set(others.map(({ all }) => all));
  return parts.filter(({ all }) => !known.has(all));
}

function behindCommon(a: Part[], b: Part[]): [Part[], Part[]] {
  const differs = a.findIndex(({ all }, index) => all !== b[index]?.all);
  const from = differs < 0 ? a.length : differs;
  return [a.slice(from), b.slice(from)];
}
