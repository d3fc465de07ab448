import type { Finding } from '../verdict.ts';
import { enumerate } from '../words/show.ts';
import { type Subject, some } from './subject.ts';

/** How to compare, and to speak of, the members of a collection without order. Names as `latin1` strings. */
export interface Kind<T> {
  same(wanted: T, is: T): boolean;
  /** A member alone: `"ann"`; as it should be: `"ann" with score 3`; as it is: `"ann" has score 3`. */
  name(member: string): string;
  full(member: string, value: T): string;
  says(member: string, value: T): string;
  /** The likely mistake: of a member whose value is wrong; of one that is missing while others are too many. */
  wrongMistake(member: string, wanted: T, is: T, others: ReadonlyMap<string, T>): string | undefined;
  missingMistake(member: string, wanted: T, extra: ReadonlyMap<string, T>): string | undefined;
}

export function judgeMembers<T>(
  subject: Subject,
  mode: 'exact' | 'includes',
  wanted: ReadonlyMap<string, T>,
  is: ReadonlyMap<string, T>,
  kind: Kind<T>,
): Finding {
  const all = (members: ReadonlyMap<string, T>) =>
    some([...members], ([member, value]) => kind.full(member, value));
  const found = { expected: mode === 'exact' ? all(wanted) : `at least ${all(wanted)}`, actual: all(is) };
  const missing = [...wanted].filter(([member]) => !is.has(member));
  const wrong = [...wanted].filter(([member, value]) => is.has(member) && !kind.same(value, is.get(member)!));
  const others = new Map([...is].filter(([member]) => !wanted.has(member)));
  const extra = mode === 'exact' ? [...others.keys()] : [];
  if (missing.length + wrong.length + extra.length === 0) return found;

  // Where much is right, only what isn't is named.
  const amiss =
    wanted.size <= 3
      ? [...wanted]
      : [...wanted].filter(([member]) => [...missing, ...wrong].some(([name]) => name === member));
  const should = some(amiss.length > 0 ? amiss : [...wanted], ([member, value]) => kind.full(member, value));
  const facts = [
    ...wrong.slice(0, 3).map(([member]) => kind.says(member, is.get(member)!)),
    wrong.length > 3 && `${wrong.length - 3} more differ`,
    missing.length > 0 &&
      `${some(missing, ([member]) => kind.name(member))} ${missing.length === 1 ? 'is' : 'are'} missing`,
    extra.length > 0 && `${some(extra, kind.name)} should not be there`,
  ].filter((fact) => fact !== false);
  return {
    ...found,
    message: `${subject.name} should hold ${should}; ${enumerate(facts.slice(0, 4))}.`,
    mistake: mistakeOf(wrong, missing, is, others, kind),
  };
}

function mistakeOf<T>(
  wrong: [string, T][],
  missing: [string, T][],
  is: ReadonlyMap<string, T>,
  others: ReadonlyMap<string, T>,
  kind: Kind<T>,
): string | undefined {
  for (const [member, value] of wrong.slice(0, 10)) {
    const mistake = kind.wrongMistake(member, value, is.get(member)!, others);
    if (mistake) return mistake;
  }
  for (const [member, value] of missing.slice(0, 10)) {
    const mistake = kind.missingMistake(member, value, others);
    if (mistake) return mistake;
  }
  return undefined;
}
