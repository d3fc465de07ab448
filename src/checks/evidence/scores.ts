import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { type Numeric, parseNumber } from '../values/numeric.ts';
import type { MembersOf } from '../words/members.ts';
import type { Reason } from '../words/reasons.ts';
import { show } from '../words/show.ts';
import { type Execution, word } from './execution.ts';

/** Why scores and members are not as they should be, where a command ran and did less than was meant. */
export function whyScores(fact: MembersOf, key: string, context: JudgeContext): Reason | undefined {
  const about = context.executions.filter(
    ({ db, fate, keys }) => db === context.db && fate === 'ran' && keys[0] === key,
  );
  for (const execution of about) {
    const reason = skipped(execution, fact) ?? (fact.extra.count > 0 ? emptyRange(execution) : undefined);
    if (reason) return reason;
  }
  return undefined;
}

/** Whether a key is not there as ZADD was told to update only. */
export function onlyUpdates(key: string, { db, executions }: JudgeContext): Reason | undefined {
  const last = executions.findLast((one) => one.db === db && one.fate === 'ran' && one.keys[0] === key);
  return last?.name === 'ZADD' && optionsOf(last).includes('XX') ? { code: 'only-updates' } : undefined;
}

/** Which option of ZADD kept it from writing a member that is amiss. */
function skipped(execution: Execution, { missing, wrong }: MembersOf): Reason | undefined {
  if (execution.name !== 'ZADD') return undefined;
  const options = optionsOf(execution);
  for (const [scored, member] of pairsOf(execution)) {
    const name = show(member);
    if (options.includes('XX') && missing.members.some((member) => member.name === name))
      return { code: 'only-updates' };
    const is = parseNumber(wrong.members.find((member) => member.name === name)?.value ?? '');
    const score = parseNumber(String(scored));
    if (is === null || score === null || score === is) continue;
    if (options.includes('NX')) return { code: 'only-adds' };
    if (options.includes('GT') && score < is) return { code: 'only-greater' };
    if (options.includes('LT') && score > is) return { code: 'only-less' };
  }
  return undefined;
}

/** Whether a ZADD that ran named this member. */
export function isAdded(member: string, key: string, { executions }: JudgeContext): boolean {
  return executions.some(
    (execution) =>
      execution.name === 'ZADD' &&
      execution.fate === 'ran' &&
      execution.keys[0] === key &&
      pairsOf(execution).some(([, added]) => nameOf(added) === member),
  );
}

/** Scores and members of a ZADD. */
function pairsOf(execution: Execution): [score: Buffer, member: Buffer][] {
  const words = execution.args.slice(2 + optionsOf(execution).length);
  return words.flatMap((score, index) =>
    index % 2 === 0 && words[index + 1] ? [[score, words[index + 1]!] as [Buffer, Buffer]] : [],
  );
}

/** What stands before the first score of a ZADD. */
function optionsOf(execution: Execution): string[] {
  const words = execution.args.slice(2).map((_, index) => word(execution, index + 2));
  const first = words.findIndex((one) => !OPTION.test(one));
  return words.slice(0, Math.max(0, first));
}

const OPTION = /^(NX|XX|GT|LT|CH|INCR)$/;

/** Of a removal that took nothing, whatever the scores: its limits are swapped. */
function emptyRange(execution: Execution): Reason | undefined {
  if (execution.name !== 'ZREMRANGEBYSCORE') return undefined;
  return limitOf(execution, 2) > limitOf(execution, 3)
    ? { code: 'lower-limit-first', command: execution.name }
    : undefined;
}

/** One of the two limits of a range of scores; NaN where it is none. */
export function limitOf(execution: Execution, index: number): Numeric {
  return parseNumber(word(execution, index).replace(/^\(/, '')) ?? Number.NaN;
}
