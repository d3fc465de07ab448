import type { Collection } from '../../course/course.ts';
import type { Judgement } from '../result.ts';
import type { Difference } from '../words/list-difference.ts';
import type { Named } from '../words/members.ts';
import type { Reason } from '../words/reasons.ts';
import { show, some } from '../words/show.ts';
import { valueMistake } from './mistake.ts';
import { type Subject, wrongType } from './subject.ts';

/** Exact: these items in this order. Includes: at least these, each as often as it is named, in any order. */
export function judgeList({ mode, value: items }: Collection<string[]>, subject: Subject): Judgement {
  const wanted = items.map((item) => Buffer.from(item));
  const { name: key, state } = subject;
  const expected = mode === 'exact' ? some(wanted, show) : `at least ${some(wanted, show)}`;
  if (state.value.kind !== 'list') return wrongType(subject, 'list', expected);
  const is = state.value.items;
  const found = { expected, actual: some(is, show) };
  const missing = without(wanted, is);
  if (mode === 'includes') {
    if (missing.length === 0) return found;
    const fact = {
      code: 'items-missing',
      key,
      expected: some(wanted, show),
      missing: named(missing),
    } as const;
    return { ...found, fact, reason: nearMistake(missing, without(is, wanted)) };
  }
  if (same(wanted, is)) return found;
  const { difference, reason } = compared(wanted, is, missing, subject);
  return { ...found, fact: { code: 'wrong-list', key, expected: named(wanted), difference }, reason };
}

function compared(
  wanted: Buffer[],
  is: Buffer[],
  missing: Buffer[],
  subject: Subject,
): { difference: Difference; reason?: Reason | undefined } {
  const extra = without(is, wanted);
  const index = wanted.findIndex((item, at) => !is[at]?.equals(item));
  const there = is[index];
  const at = there && { index, expected: show(wanted[index]!), actual: show(there) };
  if (missing.length === 0 && extra.length === 0) {
    return same(wanted.toReversed(), is)
      ? { difference: { code: 'reversed' }, reason: pushMistake(subject) }
      : { difference: { code: 'other-order', ...at! } };
  }
  if (is.length === 1 && wanted.length > 1 && Buffer.from(wanted.join(' ')).equals(is[0]!))
    return { difference: { code: 'one-item', item: show(is[0]!) }, reason: { code: 'one-item' } };
  if (extra.length === 0) return { difference: { code: 'missing', missing: named(missing) } };
  if (missing.length === 0) {
    const twice = is.length === 2 * wanted.length && wanted.every((item) => occurrences(item, is) % 2 === 0);
    const difference = { code: 'too-many', extra: named(extra) } as const;
    return { difference, reason: twice ? { code: 'pushed-twice' } : undefined };
  }
  if (!at) return { difference: { code: 'missing-and-extra', missing: named(missing), extra: named(extra) } };
  return { difference: { code: 'other-item', ...at }, reason: valueMistake(wanted[index]!, there) };
}

function pushMistake({ key, context }: Subject): Reason {
  const push = context.executions.findLast(
    (execution) => execution.keys.includes(key) && /^[LR]PUSHX?$/.test(execution.name),
  );
  return { code: push?.name.startsWith('R') ? 'pushed-behind' : 'pushed-before' };
}

function nearMistake(missing: Buffer[], is: Buffer[]): Reason | undefined {
  for (const item of missing) {
    for (const other of is.slice(0, 200)) {
      const mistake = valueMistake(item, other);
      if (mistake) return { code: 'spelt-otherwise', value: show(other), mistake };
    }
  }
  return undefined;
}

function named(items: Buffer[]): Named {
  return { names: some(items, show), count: items.length };
}

function same(a: Buffer[], b: Buffer[]): boolean {
  return a.length === b.length && a.every((item, index) => item.equals(b[index]!));
}

function occurrences(item: Buffer, items: Buffer[]): number {
  return items.filter((other) => other.equals(item)).length;
}

/** What `items` has more often than `others`. */
function without(items: Buffer[], others: Buffer[]): Buffer[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(text(other), (left.get(text(other)) ?? 0) + 1);
  return items.filter((item) => {
    const n = left.get(text(item)) ?? 0;
    left.set(text(item), n - 1);
    return n <= 0;
  });
}

function text(item: Buffer): string {
  return item.toString('latin1');
}
