import { inRange, type Range } from '../../course/course.ts';
import { lengthOf, type Value } from '../../redis/snapshot.ts';
import { creatorOf } from '../evidence/creator.ts';
import type { Judgement } from '../result.ts';
import { aType, count, lengthText } from '../words/show.ts';
import { type Subject, wrongType } from './subject.ts';

export function judgeType(wanted: string, subject: Subject): Judgement {
  const expected = aType(wanted);
  return wanted === subject.state.type
    ? { expected, actual: expected }
    : wrongType(subject, wanted, expected);
}

/** Bytes of a string, members of a collection, entries of a stream. */
export function judgeLength(wanted: Range, subject: Subject): Judgement {
  const { name: key, state } = subject;
  const noun = NOUN[state.value.kind];
  const length = lengthOf(state.value);
  if (length === undefined) {
    const expected = lengthText(wanted, 'item');
    const fact = { code: 'no-length', key, expected, actual: state.type } as const;
    return { expected, actual: aType(state.type), fact };
  }
  const found = { expected: lengthText(wanted, noun), actual: count(length, noun) };
  return inRange(wanted, length) ? found : { ...found, fact: { code: 'wrong-length', key, ...found } };
}

/** What holds a small value changed its name with Redis 7: lists, hashes and sorted sets alike. */
const NAMES = new Map([['ziplist', 'listpack']]);

/** Throws where the server does not tell: then nothing can be said of the answer. */
export function judgeEncoding(wanted: string[], subject: Subject): Judgement {
  const { name, state, key, context } = subject;
  if (state.encoding === '') throw new Error(`the server does not tell the encoding of ${name}`);
  const found = { expected: wanted.join(' or '), actual: state.encoding };
  const known = (encoding: string) => NAMES.get(encoding) ?? encoding;
  if (wanted.some((encoding) => known(encoding) === known(state.encoding))) return found;
  const appended = state.encoding === 'raw' && creatorOf(key, state.type, context) === 'APPEND';
  return {
    ...found,
    fact: { code: 'wrong-encoding', key: name, ...found },
    reason: appended ? { code: 'append-is-raw' } : undefined,
  };
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
