import type { Check, Exercise } from '../course/course.ts';
import { contextOf, type JudgeInput } from './context.ts';
import { judgeGiven } from './kinds/given.ts';
import { kindOf } from './kinds/registry.ts';
import { resultsOf } from './result.ts';
import type { Verdict } from './verdict.ts';
import { withUniqueIds } from './words/id.ts';

/**
 * What the checks of an exercise say of a snapshot and the evidence. Pure: reads what it is given and changes
 * nothing. Never throws: whatever stops it makes an `error`, never a pass and never the learner's failure.
 */
export function judge({ id, checks }: Pick<Exercise, 'id' | 'checks'>, input: JudgeInput): Verdict {
  try {
    if (checks.length === 0) throw new Error(`exercise ${id} has no checks`);
    const context = contextOf(mentionsOf(checks), mentionsOf(input.alsoNamed ?? []), input);
    const judged = checks.flatMap((check) => resultsOf(kindOf(check).judge(check, context), check.why));
    const results = withUniqueIds([...judged, ...judgeGiven(context)]);
    return {
      status: results.every(({ status }) => status === 'passed') ? 'passed' : 'failed',
      checks: results,
    };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { status: 'error', checks: [], error };
  }
}

function mentionsOf(checks: readonly Check[]) {
  return checks.flatMap((check) => kindOf(check).mentions(check));
}
