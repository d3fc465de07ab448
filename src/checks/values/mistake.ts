import { distance } from 'fastest-levenshtein';
import type { Mistake } from '../words/mistakes.ts';
import { sameAsNumbers } from './numeric.ts';

/** Longer values are not compared letter by letter. */
const COMPARED = 2000;

/** The likely mistake where a value is nearly right: quotes, case, white space, a typo. */
export function valueMistake(expected: Buffer, actual: Buffer): Mistake | undefined {
  if (expected.length > COMPARED || actual.length > COMPARED) return undefined;
  const right = expected.toString();
  const is = actual.toString();
  const near = quotesMistake(right, is) ?? spaceMistake(right, is);
  if (near) return near;
  if (is === `${right},`) return { code: 'comma-behind' };
  if (is.toLowerCase() === right.toLowerCase()) return { code: 'other-case' };
  if (is.normalize() === right.normalize()) return { code: 'other-accents' };
  if (sameAsNumbers(right, is)) return { code: 'same-number' };
  return isTypo(right, is) ? { code: 'typo' } : undefined;
}

/** The one of `candidates` that was probably meant to be `wanted`. */
export function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) > 4 || !isNearly(wanted, candidate)) continue;
    const apart = distance(wanted, candidate);
    if (apart < least || (apart === least && candidate < best!)) {
      least = apart;
      best = candidate;
    }
  }
  return best;
}

const QUOTES: [open: string, close: string][] = [
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['‘', '’'],
];

function quotesMistake(right: string, is: string): Mistake | undefined {
  for (const [open, close] of QUOTES) {
    if (is === open + right + close) return { code: 'quotes-in-value' };
    if (is === open + right || is === right + close) return { code: 'quote-in-value' };
    if (right === open + is + close) return { code: 'quotes-missing' };
  }
  return undefined;
}

function spaceMistake(right: string, is: string): Mistake | undefined {
  if (is.replace(/\s+/g, '') !== right.replace(/\s+/g, '')) return undefined;
  const more = is.length > right.length;
  if (is.trimEnd() === right.trimEnd()) {
    const what = /[\r\n]$/.test(more ? is : right) ? 'line end' : 'space';
    return { code: more ? 'extra-at-end' : 'missing-at-end', what };
  }
  if (is.trimStart() === right.trimStart()) return { code: more ? 'extra-at-start' : 'missing-at-start' };
  return { code: 'other-white-space' };
}

/** One or two letters changed in a text long enough for that to be chance. */
function isTypo(right: string, is: string): boolean {
  if (right.length > 200 || /^[\d.+-]*$/.test(right) || /^[\d.+-]*$/.test(is)) return false;
  if (right.replace(/\d+/g, '0') === is.replace(/\d+/g, '0')) return false;
  return distance(right, is) <= allowance(right) || (right.length > 2 && isSwapped(right, is));
}

function isNearly(wanted: string, is: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/[\s"'`:._/-]+/g, '');
  return (
    (bare(wanted) !== '' && bare(wanted) === bare(is)) ||
    distance(wanted, is) <= allowance(wanted) ||
    isSwapped(wanted, is)
  );
}

/** Two letters beside each other have changed places. */
function isSwapped(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2) === b;
}

function allowance(text: string): number {
  if (text.length < 4) return 0;
  return text.length < 8 ? 1 : 2;
}
