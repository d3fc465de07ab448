import type { Scene } from '../context.ts';
import { show } from '../words/show.ts';
import { type Act, errorOf, word } from './execution.ts';

/** What is probably wrong with the arguments of a command that answered an error. */
export function argumentSlip(act: Act, scene: Scene): string | undefined {
  const error = errorOf(act) ?? '';
  if (/not an integer/.test(error)) return integerSlip(act);
  if (act.name === 'ZADD' && /not a valid float/.test(error)) {
    const commas = act.args.find((arg) => /^[+-]?\d+(,\d+)+$/.test(arg.toString()));
    if (commas) return `Numbers are written without commas; this one is not: ${show(commas)}.`;
    return memberWords(act, scene) ?? 'ZADD takes the score before the member.';
  }
  if (!/syntax error|wrong number of arg/.test(error)) return undefined;
  return valueWords(act, scene) ?? memberWords(act, scene);
}

/** A member of several words without quotes, where one like it is meant. */
function memberWords(act: Act, scene: Scene): string | undefined {
  const typed = ` ${act.args.slice(2).join(' ')} `.toLowerCase();
  const torn = scene
    .wantedMembers(act.keys[0] ?? '')
    .find((text) => text.includes(' ') && typed.includes(` ${text.toLowerCase()} `));
  const whole = act.args.some((arg) => arg.toString().toLowerCase() === torn?.toLowerCase());
  return torn === undefined || whole ? undefined : `What has a space in it needs quotes: ${show(torn)}.`;
}

/** A value of several words without quotes, or something between key and value: only where the value is known to be meant. */
function valueWords(act: Act, scene: Scene): string | undefined {
  if (!/^(SET|SETNX|GETSET|APPEND)$/.test(act.name)) return undefined;
  const wanted = scene.wantedTexts(act.keys[0] ?? '').map((text) => text.toLowerCase());
  const words = act.args.slice(2);
  const end = act.args.findIndex((_, index) => index > 2 && OPTION.test(word(act, index)));
  for (let from = 0; from < words.length; from++) {
    const value = words.slice(from, end < 0 ? undefined : end - 2);
    const text = value.join(' ');
    if (!wanted.includes(text.toLowerCase())) continue;
    const order = from > 0 ? `${act.name} key value: nothing stands between them.` : '';
    const quotes = value.length > 1 ? `A value of several words needs quotes: ${show(text)}.` : '';
    return [order, quotes].filter(Boolean).join(' ') || undefined;
  }
  return undefined;
}

const OPTION = /^(EX|PX|EXAT|PXAT|NX|XX|GET|KEEPTTL)$/;

/** Where a whole number was to stand. */
function integerSlip(act: Act): string | undefined {
  const is = (index: number, pattern: RegExp) => pattern.test(act.args[index]?.toString() ?? '');
  if (/^(INCR|DECR)BY$/.test(act.name)) return is(2, WHOLE) ? undefined : `${act.name} takes whole numbers.`;
  if (act.name === 'ZRANGE' && [2, 3].some((index) => is(index, /^\(|inf$/i))) {
    return act.args.some((_, index) => word(act, index) === 'BYSCORE')
      ? undefined
      : 'Without BYSCORE, ZRANGE takes ranks, not scores.';
  }
  const unit = (name: string) => (name.startsWith('P') ? 'milliseconds' : 'seconds');
  if (/^P?(EXPIRE|SETEX)$/.test(act.name)) {
    if (is(2, WHOLE)) return undefined;
    return act.name.endsWith('SETEX') && is(3, WHOLE)
      ? `${act.name} takes the ${unit(act.name)} before the value.`
      : `${act.name} takes a whole number of ${unit(act.name)}.`;
  }
  const at = act.args.findIndex((_, index) => index > 1 && /^[EP]X$/.test(word(act, index)));
  return at < 0 || !/^(SET|GETEX)$/.test(act.name) || is(at + 1, WHOLE)
    ? undefined
    : `${word(act, at)} takes a whole number of ${unit(word(act, at))}.`;
}

const WHOLE = /^[+-]?\d+$/;
