import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import type { Mistake } from '../words/mistakes.ts';
import { show } from '../words/show.ts';
import { type Execution, errorOf, word } from './execution.ts';

/** What is probably wrong with the arguments of a command that answered an error. */
export function argumentMistake(execution: Execution, context: JudgeContext): Mistake | undefined {
  const error = errorOf(execution) ?? '';
  if (/not an integer/.test(error)) return integerMistake(execution, context);
  const pair =
    execution.name === 'ZADD' && execution.args.find((arg) => /^[-+\d.,]+ +\S/.test(arg.toString()));
  if (pair) return { code: 'pair-in-quotes', value: show(pair) };
  if (execution.name === 'ZADD' && /not a valid float/.test(error)) {
    const commas = execution.args.find((arg) => /^[+-]?\d+(,\d+)+$/.test(arg.toString()));
    if (commas) return { code: 'commas-in-number', value: show(commas) };
    return memberWords(execution, context) ?? { code: 'score-first' };
  }
  if (!/syntax error|wrong number of arg/.test(error)) return undefined;
  return valueWords(execution, context) ?? memberWords(execution, context);
}

/** A member of several words without quotes, where one like it is meant. */
function memberWords(execution: Execution, context: JudgeContext): Mistake | undefined {
  const typed = ` ${execution.args.slice(2).join(' ')} `.toLowerCase();
  const torn = context
    .wantedMembers(execution.keys[0] ?? '')
    .find((text) => text.includes(' ') && typed.includes(` ${text.toLowerCase()} `));
  const whole = execution.args.some((arg) => arg.toString().toLowerCase() === torn?.toLowerCase());
  return torn === undefined || whole ? undefined : { code: 'member-needs-quotes', value: show(torn) };
}

/** A value of several words without quotes, or something between key and value: only where the value is known to be meant. */
function valueWords(execution: Execution, context: JudgeContext): Mistake | undefined {
  if (!/^(SET|SETNX|GETSET|APPEND)$/.test(execution.name)) return undefined;
  const wanted = context.wantedTexts(execution.keys[0] ?? '').map((text) => text.toLowerCase());
  const words = execution.args.slice(2);
  const end = execution.args.findIndex((_, index) => index > 2 && OPTION.test(word(execution, index)));
  for (let from = 0; from < words.length; from++) {
    const value = words.slice(from, end < 0 ? undefined : end - 2);
    const text = value.join(' ');
    if (!wanted.includes(text.toLowerCase())) continue;
    const quote = value.length > 1 ? show(text) : undefined;
    if (from > 0)
      return { code: 'key-then-value', command: execution.name, ...(quote !== undefined && { quote }) };
    return quote === undefined ? undefined : { code: 'value-needs-quotes', value: quote };
  }
  return undefined;
}

const OPTION = /^(EX|PX|EXAT|PXAT|NX|XX|GET|KEEPTTL)$/;

/** Where a whole number was to stand. */
function integerMistake(execution: Execution, context: JudgeContext): Mistake | undefined {
  const is = (index: number, pattern: RegExp) => pattern.test(execution.args[index]?.toString() ?? '');
  // HINCRBY cart:52 2 lamp.
  if (execution.name === 'HINCRBY' && is(2, WHOLE) && !is(3, WHOLE))
    return { code: 'field-first', command: execution.name };
  if (/^(INCR|DECR)BY$/.test(execution.name))
    return is(2, WHOLE) ? undefined : { code: 'whole-numbers', command: execution.name };
  if (execution.name === 'ZRANGE' && [2, 3].some((index) => is(index, /^\(|inf$/i))) {
    return execution.args.some((_, index) => word(execution, index) === 'BYSCORE')
      ? undefined
      : { code: 'ranks-not-scores' };
  }
  const unit = (name: string) => (name.startsWith('P') ? 'milliseconds' : 'seconds');
  const second = execution.args[2];
  if (/^P?EXPIRE(AT)?$/.test(execution.name) && is(1, WHOLE) && second && context.isNamed(nameOf(second)))
    return { code: 'key-first', command: execution.name };
  if (/^P?(EXPIRE|SETEX)$/.test(execution.name)) {
    if (is(2, WHOLE)) return undefined;
    return execution.name.endsWith('SETEX') && is(3, WHOLE)
      ? { code: 'time-before-value', command: execution.name, unit: unit(execution.name) }
      : { code: 'whole-time', command: execution.name, unit: unit(execution.name) };
  }
  const at = execution.args.findIndex((_, index) => index > 1 && /^[EP]X$/.test(word(execution, index)));
  return at < 0 || !/^(SET|GETEX)$/.test(execution.name) || is(at + 1, WHOLE)
    ? undefined
    : { code: 'whole-time', command: word(execution, at), unit: unit(word(execution, at)) };
}

const WHOLE = /^[+-]?\d+$/;
