import { inRange, type KeysCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { causeOf } from '../evidence/cause.ts';
import { livesOn } from '../evidence/lives-on.ts';
import type { Judgement } from '../result.ts';
import { keyPattern } from '../values/key-pattern.ts';
import { nearest } from '../values/mistake.ts';
import type { About, CheckResult } from '../verdict.ts';
import type { Named } from '../words/members.ts';
import { lengthText, showKey, some } from '../words/show.ts';

export function judge(check: KeysCheck, context: JudgeContext): [About, Judgement][] {
  const { pattern, count, names } = check;
  const found = [...context.now.keys()].filter(keyPattern(pattern)).sort();
  const judged: Judgement[] = [];
  const kept = count?.max === 0 && found.length === 0 ? judgeKept(pattern, context) : undefined;
  if (kept) judged.push(kept);
  else if (count) judged.push(judgeCount(pattern, count, found, context));
  if (names) judged.push(judgeNames(pattern, names.map(nameOf), found, context));
  if (judged.length === 0) judged.push(judgeCount(pattern, { min: 1, max: null }, found, context));
  return judged.map((judgement) => [{ kind: 'keys', key: { pattern } }, judgement]);
}

export function describe({ key, expected }: CheckResult): string {
  return typeof key === 'object' && 'pattern' in key ? `${key.pattern}: ${expected}` : '';
}

export function mentions({ pattern }: KeysCheck): Mentions {
  return { pattern };
}

/** None is left under such a name; what one of them held may be under another. */
function judgeKept(pattern: string, context: JudgeContext): Judgement | undefined {
  for (const key of [...context.given.keys()].filter(keyPattern(pattern)).sort()) {
    const place = livesOn(key, context);
    if (place !== undefined)
      return {
        expected: 'no key',
        actual: place,
        fact: { code: 'lives-on', key: showKey(key), place },
      };
  }
  return undefined;
}

function judgeCount(
  pattern: string,
  expected: NonNullable<KeysCheck['count']>,
  found: string[],
  context: JudgeContext,
): Judgement {
  const all = { expected: lengthText(expected, 'key'), actual: some(found, showKey) };
  if (inRange(expected, found.length)) return all;
  const fact = { code: 'wrong-count', pattern, expected, found: named(found) } as const;
  if (found.length > expected.min) return { ...all, fact, reason: causeOf(fact, found, context) };
  // Those that were to be there are known by what was done.
  const tried = context.executions.flatMap(({ keys, writes }) => (writes ? keys : []));
  const missing = [...new Set(tried)].filter((key) => keyPattern(pattern)(key) && !context.now.has(key));
  const reason = causeOf({ code: 'missing', key: pattern }, missing, context);
  return { ...all, fact, reason };
}

function judgeNames(pattern: string, wanted: string[], found: string[], context: JudgeContext): Judgement {
  const expected = named(wanted.toSorted());
  const all = { expected: wanted.length === 0 ? 'no key' : expected.names, actual: some(found, showKey) };
  const missing = wanted.filter((key) => !context.now.has(key));
  const right = new Set(wanted);
  const extra = found.filter((key) => !right.has(key));
  if (missing.length === 0 && extra.length === 0) return all;
  const fact = {
    code: 'wrong-names',
    pattern,
    expected,
    ...(missing.length > 0 && { missing: named(missing) }),
    ...(extra.length > 0 && { extra: named(extra) }),
  } as const;
  const kept = extra.every((key) => context.given.has(key));
  const close = extra.length > 0 ? nearest(missing[0] ?? '', extra) : undefined;
  const typo =
    close === undefined || kept ? undefined : ({ code: 'name-too-many', name: showKey(close) } as const);
  const reason =
    typo ??
    causeOf(fact, extra, context) ??
    causeOf({ code: 'missing', key: pattern }, missing.slice(0, 1), context);
  return { ...all, fact, reason };
}

function named(keys: string[]): Named {
  return { names: some(keys, showKey), count: keys.length };
}
