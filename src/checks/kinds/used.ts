import type { AvoidedCheck, UsedCheck } from '../../course/course.ts';
import type { JudgeContext } from '../context.ts';
import { notCarriedOut } from '../evidence/cause.ts';
import type { Execution } from '../evidence/execution.ts';
import { setsOnlyNew, tookEffect } from '../evidence/expiry.ts';
import { isLike } from '../evidence/script-calls.ts';
import { some } from '../values/subject.ts';
import { type CheckResult, resultOf } from '../verdict.ts';
import { commandInWords } from '../words/command-words.ts';
import { showCommand, showName } from '../words/show.ts';

/**
 * One of the patterns must match a command that ran, whoever ran it. One that failed or came too late does not count.
 * `expected` holds the patterns themselves, for machines: to a person they would tell the solution.
 */
export function judgeUsed(check: UsedCheck, context: JudgeContext): CheckResult {
  const expected = check.patterns.join(' or ');
  const id = `used:${check.patterns[0] ?? ''}`;
  const matching = context.executions.filter((execution) => matchesAny(check.patterns, execution));
  const ran = matching.filter((execution) => execution.fate === 'ran' && !cameTooLate(execution));
  const right = ran.find((execution) => takenBefore(execution, check.patterns, context) === undefined);
  if (right) return resultOf(id, { expected, actual: showCommand(right.args) });
  const last = ran.at(-1) ?? matching.at(-1);
  const undone = last && notCarriedOut(last, context);
  const asks = `this task asks for ${commandInWords(check.patterns)}.`;
  return resultOf(
    id,
    {
      expected,
      actual: last
        ? `${showCommand(last.args)} (${last.fate === 'ran' ? 'changed nothing' : 'not carried out'})`
        : 'not used',
      message: undone ? `${showCommand(last.args)} was not carried out; ${asks}` : capital(asks),
      mistake: undone ?? (last && vainly(last, check.patterns, context)),
      stopgap: true,
    },
    check.why,
  );
}

/** None of the patterns may match a command that ran. */
export function judgeAvoided(check: AvoidedCheck, context: JudgeContext): CheckResult {
  const expected = `not ${check.patterns.join(' or ')}`;
  const id = `avoided:${check.patterns[0] ?? ''}`;
  const ran = context.executions.filter(
    (execution) => execution.fate === 'ran' && matchesAny(check.patterns, execution),
  );
  if (ran.length === 0) return resultOf(id, { expected, actual: 'not used' });
  const shown = some([...new Set(ran.map((execution) => showCommand(execution.args)))], (command) => command);
  const message = `${shown} should not be used here.`;
  return resultOf(id, { expected, actual: shown, message, next: '.reset begins again.' }, check.why);
}

/** A GETDEL that finds no key has neither read nor removed one: something else had before. */
function cameTooLate({ name, reply }: Execution): boolean {
  return name === 'GETDEL' && reply?.type === 'nil';
}

function matchesAny(patterns: readonly string[], execution: Execution): boolean {
  return patterns.some((pattern) => isLike(pattern, execution));
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
        !matchesAny(patterns, earlier),
    );
}

function vainly(
  execution: Execution,
  patterns: readonly string[],
  context: JudgeContext,
): string | undefined {
  const first = takenBefore(execution, patterns, context);
  const key = first?.keys.find((one) => execution.keys.includes(one));
  if (!first || key === undefined) return undefined;
  return `Your ${execution.name} changed nothing: your ${first.name} had stored ${showName(Buffer.from(key, 'latin1'))} before.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
