import type { AtomicCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { Scene } from '../context.ts';
import { notCarriedOut } from '../evidence/cause.ts';
import { type Act, writtenKeys } from '../evidence/execution.ts';
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
export function judgeAtomic(check: AtomicCheck, scene: Scene): CheckResult {
  const keys = new Set(check.keys.map(nameOf));
  const one = keys.size === 1;
  const names = enumerate(check.keys.map(showName));
  const id = `atomic:${check.keys.join(',')}`;
  const touching = scene.acts.filter(
    (act) => act.db === scene.db && act.writes && writtenKeys(act).some((key) => keys.has(key)),
  );
  const writing = touching.filter((act) => tookEffect(act) !== false);
  const units = Origins.of(keys, scene).units;
  if (units.size === 0) {
    const isGone = writing.length > 0 && ![...keys].some((key) => scene.now.has(key));
    const unmade = touching.findLast((act) => act.fate !== 'ran');
    const nothing = `no command that writes to ${one ? 'it' : 'them'} was seen`;
    const gone = `${one ? 'it is' : 'they are'} gone again`;
    return resultOf(
      id,
      {
        expected: EXPECTED,
        actual: 'nothing written',
        message: `${names} should be written by ${EXPECTED}; ${isGone ? gone : nothing}.`,
        slip: unmade && notCarriedOut(unmade, scene),
      },
      check.why,
    );
  }
  const counted = writing.filter((act) => units.has(act.unit));
  const actual = actualText(counted, units.size);
  if (units.size === 1) return resultOf(id, { expected: EXPECTED, actual });
  return resultOf(
    id,
    {
      expected: EXPECTED,
      actual,
      message: `${names} should be written by ${EXPECTED}; it took ${actual}.`,
      slip: check.why === undefined ? 'Between them, others see it half done.' : undefined,
      next: '.reset begins again.',
    },
    check.why,
  );
}

function actualText(writing: Act[], units: number): string {
  const named = some(writing, (act) => act.name);
  return units === writing.length
    ? `${count(units, 'command')} (${named})`
    : `${count(units, 'step')} (${named})`;
}
