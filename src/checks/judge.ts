import type { Check, Exercise } from '../course/course.ts';
import { contextOf, type JudgeContext, type JudgeInput } from './context.ts';
import { judgeAnswer } from './kinds/answer.ts';
import { judgeAny } from './kinds/any.ts';
import { judgeAtomic } from './kinds/atomic.ts';
import { judgeUnchanged } from './kinds/given.ts';
import { judgeKey } from './kinds/key.ts';
import { judgeKeys } from './kinds/keys.ts';
import { judgeReply } from './kinds/reply.ts';
import { judgeAvoided, judgeUsed } from './kinds/used.ts';
import type { CheckResult, Verdict } from './verdict.ts';

/**
 * What the checks of an exercise say of a snapshot and the evidence. Pure: reads what it is given and changes
 * nothing. Never throws: whatever stops it makes an `error`, never a pass and never the learner's failure.
 */
export function judge(exercise: Pick<Exercise, 'id' | 'checks'>, input: JudgeInput): Verdict {
  try {
    if (exercise.checks.length === 0) throw new Error(`exercise ${exercise.id} has no checks`);
    const context = contextOf(exercise, input);
    const results = exercise.checks.flatMap((check) => judgeOne(check, context));
    const checks = withUniqueIds([...results, ...judgeUnchanged(context)]);
    return { status: checks.every((check) => check.status === 'passed') ? 'passed' : 'failed', checks };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { status: 'error', checks: [], error };
  }
}

function judgeOne(check: Check, context: JudgeContext): CheckResult | CheckResult[] {
  switch (check.kind) {
    case 'key':
      return judgeKey(check, context);
    case 'keys':
      return judgeKeys(check, context);
    case 'reply':
      return judgeReply(check, context);
    case 'used':
      return judgeUsed(check, context);
    case 'avoided':
      return judgeAvoided(check, context);
    case 'atomic':
      return judgeAtomic(check, context);
    case 'answer':
      return judgeAnswer(check, context);
    case 'any':
      return judgeAny(check, (one) => [judgeOne(one, context)].flat());
    default:
      throw new Error(`no such kind of check: ${JSON.stringify((check as { kind: unknown }).kind)}`);
  }
}

function withUniqueIds(results: CheckResult[]): CheckResult[] {
  const seen = new Map<string, number>();
  return results.map((result) => {
    const times = (seen.get(result.id) ?? 0) + 1;
    seen.set(result.id, times);
    return times === 1 ? result : { ...result, id: `${result.id}#${times}` };
  });
}
