import type { Judgement } from '../result.ts';
import { type Member, type MemberList, type MembersOf, memberNames } from '../words/members.ts';
import type { Reason } from '../words/reasons.ts';
import type { Subject } from './subject.ts';

/** How to compare the members of a collection without order. Their names as `nameOf` writes them. */
export interface MemberKind<T> {
  of: MembersOf['of'];
  same(wanted: T, is: T): boolean;
  shown(member: string, value: T): Member;
  /** The likely mistake: in a member whose value is wrong; in one that is missing while others are too many. */
  wrongMistake(member: string, wanted: T, is: T, others: ReadonlyMap<string, T>): Reason | undefined;
  missingMistake(member: string, wanted: T, extra: ReadonlyMap<string, T>): Reason | undefined;
}

/** A message names so many of one kind, and counts the others. */
const NAMED = 4;

export function judgeMembers<T>(
  subject: Subject,
  mode: 'exact' | 'includes',
  wanted: ReadonlyMap<string, T>,
  is: ReadonlyMap<string, T>,
  kind: MemberKind<T>,
): Judgement {
  const list = (members: Iterable<readonly [string, T]>): MemberList => {
    const all = [...members];
    return {
      members: all.slice(0, NAMED).map(([member, value]) => kind.shown(member, value)),
      count: all.length,
    };
  };
  const all = memberNames(kind.of, list(wanted));
  const found = {
    expected: mode === 'exact' ? all : `at least ${all}`,
    actual: memberNames(kind.of, list(is)),
  };
  const missing = [...wanted].filter(([member]) => !is.has(member));
  const wrong = [...wanted].filter(([member, value]) => is.has(member) && !kind.same(value, is.get(member)!));
  const others = new Map([...is].filter(([member]) => !wanted.has(member)));
  const extra = mode === 'exact' ? others : new Map<string, T>();
  if (missing.length + wrong.length + extra.size === 0) return found;

  // Where much is right, only what isn't is named.
  const amiss =
    wanted.size <= 3
      ? [...wanted]
      : [...wanted].filter(([member]) => [...missing, ...wrong].some(([name]) => name === member));
  return {
    ...found,
    fact: {
      code: 'wrong-members',
      key: subject.name,
      of: kind.of,
      expected: list(amiss.length > 0 ? amiss : wanted),
      wrong: list(wrong.map(([member]) => [member, is.get(member)!] as const)),
      missing: list(missing),
      extra: list(extra),
    },
    reason: mistakeOf(wrong, missing, is, others, kind),
  };
}

function mistakeOf<T>(
  wrong: [string, T][],
  missing: [string, T][],
  is: ReadonlyMap<string, T>,
  others: ReadonlyMap<string, T>,
  kind: MemberKind<T>,
): Reason | undefined {
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
