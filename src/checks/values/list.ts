import type { Collection } from '../../course/course.ts';
import type { Finding } from '../verdict.ts';
import { count, enumerate, show } from '../words/show.ts';
import { valueMistake } from './mistake.ts';
import { type Subject, some, wrongType } from './subject.ts';

/** Exact: these items in this order. Includes: at least these, each as often as it is named, in any order. */
export function judgeList({ mode, value: items }: Collection<string[]>, subject: Subject): Finding {
  const wanted = items.map((item) => Buffer.from(item));
  const { value } = subject.state;
  const expected = mode === 'exact' ? some(wanted, show) : `at least ${some(wanted, show)}`;
  if (value.kind !== 'list') return wrongType(subject, 'list', expected);
  const is = value.items;
  const found = { expected, actual: some(is, show) };
  const missing = without(wanted, is);
  if (mode === 'includes') {
    if (missing.length === 0) return found;
    const message = `${subject.name} should hold ${some(wanted, show)}; ${missingText(missing)}.`;
    return { ...found, message, mistake: nearMistake(missing, without(is, wanted)) };
  }
  if (same(wanted, is)) return found;
  const order = wanted.length > 1 ? ', in this order' : '';
  const { fact, mistake } = difference(wanted, is, missing, subject);
  return {
    ...found,
    message: `${subject.name} should be ${some(wanted, show)}${order}; ${fact}.`,
    mistake: mistake,
  };
}

function difference(wanted: Buffer[], is: Buffer[], missing: Buffer[], subject: Subject) {
  const extra = without(is, wanted);
  const at = wanted.findIndex((item, index) => !is[index]?.equals(item));
  const there = is[at];
  const instead =
    there && `index ${at} (counted from 0) holds ${show(there)} instead of ${show(wanted[at]!)}`;
  if (missing.length === 0 && extra.length === 0) {
    return same(wanted.toReversed(), is)
      ? { fact: 'it is the other way round', mistake: pushMistake(subject) }
      : { fact: `its order is another: ${instead}`, mistake: undefined };
  }
  if (is.length === 1 && wanted.length > 1 && Buffer.from(wanted.join(' ')).equals(is[0]!)) {
    return {
      fact: `it is ${show(is[0]!)}, a single item`,
      mistake: 'Quotes around all of them make one item of them.',
    };
  }
  if (extra.length === 0) return { fact: missingText(missing), mistake: undefined };
  if (missing.length === 0) {
    const twice = is.length === 2 * wanted.length && wanted.every((item) => occurrences(item, is) % 2 === 0);
    const more = `it has ${count(extra.length, 'item')} too many: ${some(extra, show)}`;
    return { fact: more, mistake: twice ? 'Was it pushed twice?' : undefined };
  }
  if (!there)
    return {
      fact: `${missingText(missing)}, and ${some(extra, show)} should not be there`,
      mistake: undefined,
    };
  return { fact: instead!, mistake: valueMistake(wanted[at]!, there) };
}

function pushMistake({ key, context }: Subject): string {
  const push = context.executions.findLast(
    (execution) => execution.keys.includes(key) && /^[LR]PUSHX?$/.test(execution.name),
  );
  return push?.name.startsWith('R')
    ? 'RPUSH puts each new item behind the others.'
    : 'LPUSH puts each new item before the others.';
}

function nearMistake(missing: Buffer[], is: Buffer[]): string | undefined {
  for (const item of missing) {
    for (const other of is.slice(0, 200)) {
      const mistake = valueMistake(item, other);
      if (mistake) return `Is it there as ${show(other)}? ${mistake}`;
    }
  }
  return undefined;
}

function missingText(missing: Buffer[]): string {
  return `${enumerate(missing.slice(0, 4).map(show), missing.length)} ${missing.length === 1 ? 'is' : 'are'} missing`;
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
