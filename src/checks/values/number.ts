import type { Finding } from '../verdict.ts';
import { show } from '../words/show.ts';
import { valueMistake } from './mistake.ts';
import { isWithin, type Numeric, numberMistake, numberOf, parseNumber } from './numeric.ts';
import { asBefore } from './string.ts';
import { type Subject, wrongType } from './subject.ts';

export function judgeNumber(wanted: number, within: number, subject: Subject): Finding {
  const expected = within > 0 ? `${wanted}, give or take ${within}` : String(wanted);
  const { value } = subject.state;
  if (value.kind !== 'string') return wrongType(subject, 'string', expected);
  const text = value.bytes.toString();
  const is = parseNumber(text);
  if (is === null) {
    return {
      expected,
      actual: show(value.bytes),
      message: `${subject.name} should be the number ${expected}; it is ${show(value.bytes)}, which is not a number.`,
      mistake: valueMistake(Buffer.from(String(wanted)), value.bytes),
    };
  }
  const shown = text.length > 40 ? show(text) : text;
  const found = { expected, actual: shown };
  if (isWithin(is, numberOf(wanted), within)) return found;
  return {
    ...found,
    message: `${subject.name} should be ${expected}; it is ${shown}.`,
    mistake: asBefore(subject) ?? numberMistake(numberOf(wanted), is, before(subject)),
  };
}

function before(subject: Subject): Numeric | undefined {
  const value = subject.before?.value;
  return value?.kind === 'string' ? (parseNumber(value.bytes.toString()) ?? undefined) : undefined;
}
