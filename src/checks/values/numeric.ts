import type { Mistake } from '../words/mistakes.ts';

/** A number as Redis writes one: a whole one exactly, of any size, as a bigint; any other as the double that it is. */
export type Numeric = bigint | number;

/** Null where the text is not a number to Redis. Case and outer white space are the caller's business. */
export function parseNumber(text: string): Numeric | null {
  if (/^[+-]?\d{1,40}$/.test(text)) return BigInt(text.replace('+', ''));
  if (/^[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})(e[+-]?\d{1,5})?$/i.test(text)) return numberOf(Number(text));
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return null;
}

/** A number of the course. */
export function numberOf(value: number): Numeric {
  return Number.isInteger(value) ? BigInt(value) : value;
}

export function sameNumber(a: Numeric, b: Numeric): boolean {
  return a === b;
}

/** Whether two numbers are no further apart than `within`, rounding of doubles forgiven. */
export function isWithin(a: Numeric, b: Numeric, within: number): boolean {
  if (sameNumber(a, b)) return true;
  if (within === 0) return false;
  if (typeof a === 'bigint' && typeof b === 'bigint' && Number.isInteger(within)) {
    const apart = a > b ? a - b : b - a;
    return apart <= BigInt(within);
  }
  const apart = Math.abs(Number(a) - Number(b));
  return (
    Number.isFinite(apart) && apart <= within + 1e-12 * Math.max(Math.abs(Number(a)), Math.abs(Number(b)))
  );
}

/** Whether two texts are one number: "10.75" and "10.750". */
export function sameAsNumbers(a: string, b: string): boolean {
  const left = parseNumber(a);
  const right = parseNumber(b);
  return left !== null && right !== null && sameNumber(left, right);
}

/** The likely mistake where a number is off: sign, direction, done twice. `start`: what it was. */
export function numberMistake(wanted: Numeric, is: Numeric, start?: Numeric): Mistake | undefined {
  const [right, now, from] = [Number(wanted), Number(is), Number(start ?? Number.NaN)];
  const step = right - from;
  if (step !== 0 && now - from === -step) return { code: 'wrong-direction', meant: step > 0 ? 'up' : 'down' };
  if (step !== 0 && now - from === 2 * step) return { code: 'done-twice' };
  if (now === -right && right !== 0) return { code: 'wrong-sign' };
  return step !== 0 && now === step && from !== 0 ? { code: 'difference-alone' } : undefined;
}
