import { inRange, type Range } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import type { Judgement } from '../result.ts';
import { duration } from '../words/duration.ts';
import { showName } from '../words/show.ts';
import type { Subject } from './subject.ts';
import { NONE, ttlText } from './ttl.ts';

/** A moment may be given in whole seconds, and reckoned from a clock that was read a little before: so many ms. */
const ROUNDING = 999;

/** The expiry of one field of a hash, as it was set: what has passed since then is forgiven. */
export function judgeFieldTtl(field: string, wanted: Range | 'none', subject: Subject): Judgement {
  const { name: key, state } = subject;
  const left = state.ends?.get(nameOf(field));
  const expected = wanted === 'none' ? NONE : ttlText(wanted);
  const about = { key, field: showName(field) };
  if (left === undefined) {
    if (wanted === 'none') return { expected, actual: NONE };
    return { expected, actual: NONE, fact: { code: 'field-no-expiry', ...about, expected: wanted } };
  }
  const actual = `expires in ${duration(left)}`;
  if (wanted !== 'none' && isRight(wanted, subject.context, left)) return { expected, actual };
  return {
    expected,
    actual,
    fact:
      wanted === 'none'
        ? { code: 'field-has-expiry', ...about, actual: { ms: left } }
        : { code: 'field-wrong-expiry', ...about, expected: wanted, actual: { ms: left } },
  };
}

function isRight({ min, max }: Range, { time, givenTime }: JudgeContext, left: number): boolean {
  const spent = Math.max(0, time - givenTime) + ROUNDING;
  return inRange({ min: min * 1000 - spent, max: max === null ? null : max * 1000 + 1 }, left);
}
