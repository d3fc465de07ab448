import { inRange, type Range } from '../../course/course.ts';
import { lengthOf, type Value } from '../../redis/snapshot.ts';
import { creatorOf } from '../evidence/creator.ts';
import type { Finding } from '../verdict.ts';
import { aType, count } from '../words/show.ts';
import { type Subject, wrongType } from './subject.ts';

export function judgeType(wanted: string, subject: Subject): Finding {
  const expected = aType(wanted);
  return wanted === subject.state.type
    ? { expected, actual: expected }
    : wrongType(subject, wanted, expected);
}

/** Bytes of a string, members of a collection, entries of a stream. */
export function judgeLength(wanted: Range, subject: Subject): Finding {
  const { name, state } = subject;
  const noun = NOUN[state.value.kind];
  const length = lengthOf(state.value);
  if (length === undefined) {
    const message = `${name} is ${aType(state.type)}, whose length can't be counted; ${ofLength(wanted, 'item')} were expected.`;
    return { expected: ofLength(wanted, 'item'), actual: aType(state.type), message };
  }
  const found = { expected: ofLength(wanted, noun), actual: count(length, noun) };
  if (inRange(wanted, length)) return found;
  return { ...found, message: `${name} should hold ${found.expected}; it holds ${found.actual}.` };
}

/** What holds a small value changed its name with Redis 7: lists, hashes and sorted sets alike. */
const NAMES = new Map([['ziplist', 'listpack']]);

/** Throws where the server does not tell: then nothing can be said of the answer. */
export function judgeEncoding(wanted: string[], subject: Subject): Finding {
  const { name, state, key, context } = subject;
  if (state.encoding === '') throw new Error(`the server does not tell the encoding of ${name}`);
  const found = { expected: wanted.join(' or '), actual: state.encoding };
  const known = (encoding: string) => NAMES.get(encoding) ?? encoding;
  if (wanted.some((encoding) => known(encoding) === known(state.encoding))) return found;
  const maker = creatorOf(key, state.type, context);
  const mistake = state.encoding === 'raw' && maker === 'APPEND' ? ' APPEND leaves a raw string.' : '';
  return {
    ...found,
    message: `${name} should be kept as ${found.expected}; it is kept as ${state.encoding}.${mistake}`,
  };
}

export function ofLength({ min, max }: Range, noun: string): string {
  if (max === null || max === Number.POSITIVE_INFINITY) return `at least ${count(min, noun)}`;
  return min === max ? count(min, noun) : `${min} to ${count(max, noun)}`;
}

const NOUN: Record<Value['kind'], string> = {
  string: 'byte',
  list: 'item',
  hash: 'field',
  set: 'member',
  zset: 'member',
  stream: 'message',
  other: 'item',
};
