import type { Judgement } from '../result.ts';
import { show } from '../words/show.ts';
import { valueMistake } from './mistake.ts';
import { isWithin, type Numeric, numberOf, parseNumber } from './numeric.ts';
import { asBefore } from './string.ts';
import { countMistake, type Subject, wrongType } from './subject.ts';

export function judgeNumber(wanted: number, within: number, subject: Subject): Judgement {
  const expected = within > 0 ? `${wanted}, give or take ${within}` : String(wanted);
  const { name: key, state } = subject;
  const { value } = state;
  if (value.kind !== 'string') return wrongType(subject, 'string', expected);
  const text = value.bytes.toString();
  const is = parseNumber(text);
  if (is === null) {
    const found = { expected, actual: show(value.bytes) };
    return {
      ...found,
      fact: { code: 'no-number', key, ...found },
      reason: valueMistake(Buffer.from(String(wanted)), value.bytes),
    };
  }
  const found = { expected, actual: text.length > 40 ? show(text) : text };
  if (isWithin(is, numberOf(wanted), within)) return found;
  return {
    ...found,
    fact: { code: 'wrong-value', key, ...found },
    reason: asBefore(subject) ?? countMistake(numberOf(wanted), is, before(subject), subject),
  };
}

function before(subject: Subject): Numeric | undefined {
  const value = subject.before?.value;
  return value?.kind === 'string' ? (parseNumber(value.bytes.toString()) ?? undefined) : undefined;
}
