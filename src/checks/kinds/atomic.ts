import type { AtomicCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { type Execution, writtenKeys } from '../evidence/execution.ts';
import { tookEffect } from '../evidence/expiry.ts';
import { Origins } from '../evidence/origins.ts';
import { notCarriedOut } from '../evidence/undone.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import { ONE_STEP } from '../words/facts.ts';
import { count, enumerate, showKey, showName, some } from '../words/show.ts';

/**
 * What the keys are now must have come from one unit: a command, a MULTI ... EXEC, a script. What was tried before
 * and left no trace, as the key was deleted or replaced whole since, does not count.
 */
export function judge(check: AtomicCheck, context: JudgeContext): [About, Judgement][] {
  return [[{ kind: 'atomic', key: check.keys }, judgeSteps(check, context)]];
}

export function describe({ key }: CheckResult): string {
  return Array.isArray(key) ? `${key.join(', ')}: written in one step` : '';
}

export function mentions({ keys }: AtomicCheck): Mentions {
  return { keys };
}

function judgeSteps(check: AtomicCheck, context: JudgeContext): Judgement {
  const keys = new Set(check.keys.map(nameOf));
  const named = { names: enumerate(check.keys.map(showName)), count: keys.size };
  const touching = context.executions.filter(
    (execution) =>
      execution.db === context.db && execution.writes && writtenKeys(execution).some((key) => keys.has(key)),
  );
  const writing = touching.filter((execution) => tookEffect(execution) !== false);
  const units = Origins.of(keys, context).units;
  if (units.size === 0) {
    const gone = writing.length > 0 && ![...keys].some((key) => context.now.has(key));
    const undone = touching.findLast(({ fate }) => fate !== 'ran');
    return {
      expected: ONE_STEP,
      actual: 'nothing written',
      fact: { code: 'not-written', keys: named, gone },
      reason: undone && notCarriedOut(undone, context),
    };
  }
  const counted = writing.filter((execution) => units.has(execution.unit));
  const found = { expected: ONE_STEP, actual: actualText(counted, units.size) };
  if (units.size === 1) return found;
  const besides = expiryBesides(counted, keys, context);
  if (besides) {
    const { name: command } = besides;
    const key = showKey(besides.keys.find((one) => keys.has(one))!);
    return {
      ...found,
      fact: { code: 'expiry-besides', keys: named, command, key },
      unexplained: true,
      next: 'reset',
    };
  }
  return {
    ...found,
    fact: { code: 'several-steps', keys: named, actual: found.actual },
    reason: check.why === undefined ? { code: 'half-done' } : undefined,
    next: 'reset',
  };
}

/** Where the values came in one step: the command that changed an expiry besides, though the task has none. */
function expiryBesides(
  writing: Execution[],
  keys: ReadonlySet<string>,
  context: JudgeContext,
): Execution | undefined {
  const besides = writing.filter(({ name }) => /^(P?EXPIRE(AT)?|PERSIST|GETEX)$/.test(name));
  const steps = new Set(writing.filter((one) => !besides.includes(one)).map(({ unit }) => unit));
  const unwanted = [...keys].every((key) => context.wantsExpiry(key) === false);
  return steps.size === 1 && unwanted ? besides[0] : undefined;
}

function actualText(writing: Execution[], units: number): string {
  const named = some(writing, (execution) => execution.name);
  return units === writing.length
    ? `${count(units, 'command')} (${named})`
    : `${count(units, 'step')} (${named})`;
}
