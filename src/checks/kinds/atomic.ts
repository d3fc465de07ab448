import type { AtomicCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { notCarriedOut } from '../evidence/cause.ts';
import { type Execution, writtenKeys } from '../evidence/execution.ts';
import { tookEffect } from '../evidence/expiry.ts';
import { Origins } from '../evidence/origins.ts';
import { some } from '../values/subject.ts';
import { type CheckResult, resultOf } from '../verdict.ts';
import { count, enumerate, showName } from '../words/show.ts';

const EXPECTED = 'one command, one transaction or one script';

/**
 * What the keys are now must have come from one unit: a command, a MULTI ... EXEC, a script. What was tried before
 * and left no trace, as the key was deleted or replaced whole since, does not count.
 */
export function judgeAtomic(check: AtomicCheck, context: JudgeContext): CheckResult {
  const keys = new Set(check.keys.map(nameOf));
  const one = keys.size === 1;
  const names = enumerate(check.keys.map(showName));
  const id = `atomic:${check.keys.join(',')}`;
  const touching = context.executions.filter(
    (execution) =>
      execution.db === context.db && execution.writes && writtenKeys(execution).some((key) => keys.has(key)),
  );
  const writing = touching.filter((execution) => tookEffect(execution) !== false);
  const units = Origins.of(keys, context).units;
  if (units.size === 0) {
    const isGone = writing.length > 0 && ![...keys].some((key) => context.now.has(key));
    const unmade = touching.findLast((execution) => execution.fate !== 'ran');
    const nothing = `no command that writes to ${one ? 'it' : 'them'} was seen`;
    const gone = `${one ? 'it is' : 'they are'} gone again`;
    return resultOf(
      id,
      {
        expected: EXPECTED,
        actual: 'nothing written',
        message: `${names} should be written by ${EXPECTED}; ${isGone ? gone : nothing}.`,
        mistake: unmade && notCarriedOut(unmade, context),
      },
      check.why,
    );
  }
  const counted = writing.filter((execution) => units.has(execution.unit));
  const actual = actualText(counted, units.size);
  if (units.size === 1) return resultOf(id, { expected: EXPECTED, actual });
  return resultOf(
    id,
    {
      expected: EXPECTED,
      actual,
      message: `${names} should be written by ${EXPECTED}; it took ${actual}.`,
      mistake: check.why === undefined ? 'Between them, others see it half done.' : undefined,
      next: '.reset begins again.',
    },
    check.why,
  );
}

function actualText(writing: Execution[], units: number): string {
  const named = some(writing, (execution) => execution.name);
  return units === writing.length
    ? `${count(units, 'command')} (${named})`
    : `${count(units, 'step')} (${named})`;
}
