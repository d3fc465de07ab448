import type { Value } from '../../redis/snapshot.ts';
import type { Judgement } from '../result.ts';
import type { Reason } from '../words/reasons.ts';
import { firstDifference, show, showBoth } from '../words/show.ts';
import { valueMistake } from './mistake.ts';
import { parseNumber } from './numeric.ts';
import { matches } from './regex.ts';
import { countMistake, type Subject, wrongType } from './subject.ts';

export function judgeString(wanted: string, subject: Subject): Judgement {
  const right = Buffer.from(wanted);
  const { value } = subject.state;
  if (value.kind !== 'string') return wrongType(subject, 'string', show(right));
  const found = { expected: show(right), actual: show(value.bytes) };
  if (right.equals(value.bytes)) return found;
  const [expected, actual] = showBoth(right, value.bytes);
  return {
    ...found,
    fact: { code: 'wrong-value', key: subject.name, expected, actual },
    reason:
      asBefore(subject) ??
      numberMistake(right, subject) ??
      valueMistake(right, value.bytes) ??
      whereLong(right, value.bytes),
  };
}

export function judgeMatches(source: string, subject: Subject): Judgement {
  const { value } = subject.state;
  if (value.kind !== 'string') return wrongType(subject, 'string', `/${source}/`);
  const found = { expected: `/${source}/`, actual: show(value.bytes) };
  if (matches(source, value.bytes.toString())) return found;
  return { ...found, fact: { code: 'no-match', key: subject.name, ...found }, reason: asBefore(subject) };
}

/** The mistake in a string that was to be a number, counted from what it was. */
function numberMistake(right: Buffer, subject: Subject): Reason | undefined {
  const { state, before } = subject;
  const number = (value: Value | undefined) =>
    (value?.kind === 'string' ? parseNumber(value.bytes.toString()) : null) ?? undefined;
  const [wanted, is, start] = [parseNumber(right.toString()), number(state.value), number(before?.value)];
  return wanted !== null && is !== undefined && start !== undefined
    ? countMistake(wanted, is, start, subject)
    : undefined;
}

/** Says so where a string is what it was. */
export function asBefore({ state, before }: Subject): Reason | undefined {
  if (state.value.kind !== 'string' || before?.value.kind !== 'string') return undefined;
  if (!state.value.bytes.equals(before.value.bytes)) return undefined;
  return { code: 'value-as-given' };
}

function whereLong(right: Buffer, is: Buffer): Reason | undefined {
  if (right.length <= 60 && is.length <= 60) return undefined;
  return { code: 'parts-at-byte', byte: firstDifference(right, is) + 1 };
}
