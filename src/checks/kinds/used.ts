import type { UsedCheck } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Execution } from '../evidence/execution.ts';
import { setsOnlyNew, tookEffect } from '../evidence/expiry.ts';
import { isLikeAny } from '../evidence/script-calls.ts';
import { notCarriedOut } from '../evidence/undone.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import { commandInWords } from '../words/command-words.ts';
import type { Reason } from '../words/reasons.ts';
import { showCommand, showKey } from '../words/show.ts';

/**
 * One of the patterns must match a command that ran, whoever ran it. One that failed or came too late does not count.
 * `expected` holds the patterns themselves, for machines: to a person they would tell the solution.
 */
export function judge({ patterns }: UsedCheck, context: JudgeContext): [About, Judgement][] {
  return [[{ kind: 'used', command: patterns[0] ?? '' }, judgeUse(patterns, context)]];
}

export function describe({ actual }: CheckResult): string {
  return actual;
}

export function mentions({ patterns }: UsedCheck): Mentions {
  return { commands: patterns };
}

function judgeUse(patterns: string[], context: JudgeContext): Judgement {
  const expected = patterns.join(' or ');
  const matching = context.executions.filter((execution) => isLikeAny(patterns, execution));
  const ran = matching.filter((execution) => execution.fate === 'ran' && !cameTooLate(execution));
  const right = ran.find((execution) => takenBefore(execution, patterns, context) === undefined);
  if (right) return { expected, actual: showCommand(right.args) };
  const last = ran.at(-1) ?? matching.at(-1);
  const asked = commandInWords(patterns);
  if (!last) return { expected, actual: 'not used', fact: { code: 'not-used', asked } };
  const undone = notCarriedOut(last, context);
  return {
    expected,
    actual: `${showCommand(last.args)} (${last.fate === 'ran' ? 'changed nothing' : 'not carried out'})`,
    fact: { code: 'not-used', asked, ...(undone && { undone: showCommand(last.args) }) },
    reason: undone ?? inVain(last, patterns, context),
  };
}

/** A GETDEL that finds no key has neither read nor removed one: something else had before. */
function cameTooLate({ name, reply }: Execution): boolean {
  return name === 'GETDEL' && reply?.type === 'nil';
}

/**
 * Of a command that sets only what is not there yet, and found its key there: the earlier write of another kind that
 * put it there. Whoever writes first and asks afterwards has not asked.
 */
function takenBefore(
  execution: Execution,
  patterns: readonly string[],
  context: JudgeContext,
): Execution | undefined {
  if (!setsOnlyNew(execution) || tookEffect(execution) !== false) return undefined;
  return context.executions
    .slice(0, context.executions.indexOf(execution))
    .find(
      (earlier) =>
        earlier.db === execution.db &&
        earlier.writes &&
        tookEffect(earlier) !== false &&
        earlier.keys.some((key) => execution.keys.includes(key) && !context.given.has(key)) &&
        !isLikeAny(patterns, earlier),
    );
}

function inVain(
  execution: Execution,
  patterns: readonly string[],
  context: JudgeContext,
): Reason | undefined {
  const first = takenBefore(execution, patterns, context);
  const key = first?.keys.find((one) => execution.keys.includes(one));
  if (!first || key === undefined) return undefined;
  return { code: 'set-before', command: execution.name, by: first.name, name: showKey(key) };
}
