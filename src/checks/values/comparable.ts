import type { ReplyValue } from '../../course/course.ts';
import { hasCursor, isRandom, isUnordered } from '../../redis/command-facts.ts';
import type { Reply } from '../../redis/reply.ts';
import { commandName } from '../../redis/session.ts';
import { show, some } from '../words/show.ts';
import { sameAsNumbers } from './numeric.ts';

/** What of a reply is compared: null, text, or a list. RESP2 and RESP3 forms of one answer become alike. */
export type Comparable = null | Buffer | Comparable[];

/** What of a list's order counts: all; nothing; or that its pairs stay together, in any order. */
export type Order = 'list' | 'bag' | 'pairs';

/** Of these, a list of names and values, or of members and scores. */
const PAIRS = new Set(['HGETALL', 'HSCAN', 'ZSCAN']);

/** Redis promises no order for what comes out of sets, hashes and the key space, nor for what is picked by chance. */
export function orderOf(args: readonly Buffer[]): Order {
  if (PAIRS.has(commandName(args))) return 'pairs';
  return isUnordered(args) || isRandom(args) || hasCursor(args) ? 'bag' : 'list';
}

export function comparable(reply: Reply): Comparable {
  switch (reply.type) {
    case 'nil':
      return null;
    case 'integer':
    case 'double':
    case 'big-number':
      return Buffer.from(reply.text);
    case 'boolean':
      return Buffer.from(reply.value ? '1' : '0');
    case 'array':
    case 'set':
    case 'push':
      return flatPairs(reply.items.map(comparable));
    case 'map':
      return reply.entries.flatMap(([key, value]) => [comparable(key), comparable(value)]);
    case 'status':
    case 'error':
    case 'bulk':
    case 'verbatim':
      return reply.bytes;
  }
}

export function comparableValue(value: ReplyValue): Comparable {
  if (value === null) return null;
  return Array.isArray(value) ? flatPairs(value.map(comparableValue)) : Buffer.from(String(value));
}

/** Texts by their bytes, or as the same number; lists element by element, as far as order counts. */
export function sameAnswer(wanted: Comparable, is: Comparable, order: Order = 'list'): boolean {
  if (wanted === null || is === null) return wanted === is;
  if (Buffer.isBuffer(wanted) || Buffer.isBuffer(is)) {
    return Buffer.isBuffer(wanted) && Buffer.isBuffer(is) && sameText(wanted, is);
  }
  if (wanted.length !== is.length) return false;
  if (order === 'pairs' && isFlat(wanted) && isFlat(is)) return sameBag(pairsOf(wanted), pairsOf(is), 'list');
  if (order === 'bag') return sameBag(wanted, is, order);
  return wanted.every((item, index) => sameAnswer(item, is[index]!, order));
}

function sameBag(wanted: Comparable[], is: Comparable[], order: Order): boolean {
  const left = [...is];
  return wanted.every((item) => {
    const at = left.findIndex((other) => sameAnswer(item, other, order));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function isFlat(items: Comparable[]): boolean {
  return !items.some(Array.isArray);
}

function pairsOf(items: Comparable[]): Comparable[] {
  return items.flatMap((item, index) => (index % 2 === 0 ? [[item, items[index + 1] ?? null]] : []));
}

/** With what has no order of its own in the order of its bytes: it is shown alike each time. */
export function inOrder(value: Comparable, order: Order): Comparable {
  if (!Array.isArray(value) || order === 'list') return value;
  const items =
    order === 'pairs' && isFlat(value) ? pairsOf(value) : value.map((item) => inOrder(item, order));
  const sorted = items.toSorted((one, other) => (showComparable(one) < showComparable(other) ? -1 : 1));
  return order === 'pairs' && isFlat(value) ? sorted.flat() : sorted;
}

/** A reply in one line, as near to redis-cli as one line allows. */
export function showComparable(value: Comparable): string {
  if (value === null) return '(nil)';
  if (Buffer.isBuffer(value))
    return /^-?\d+(\.\d+)?$/.test(value.toString()) ? value.toString() : show(value);
  if (value.length === 0) return 'an empty list';
  return some(
    value,
    (item) => (Array.isArray(item) ? `[${showComparable(item)}]` : showComparable(item)),
    MOST,
  );
}

/** A page of a leaderboard, with scores, is shown whole. */
export const MOST = 10;

function sameText(wanted: Buffer, is: Buffer): boolean {
  return wanted.equals(is) || sameAsNumbers(wanted.toString(), is.toString());
}

/** RESP3 nests what RESP2 writes one after the other: [[member, score], ...]. */
function flatPairs(items: Comparable[]): Comparable[] {
  const pairs = items.every((item) => Array.isArray(item) && item.length === 2 && isFlat(item));
  return pairs ? items.flat() : items;
}
