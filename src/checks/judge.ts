import type { Check, Exercise } from '../course/course.ts';
import { type JudgeInput, type Scene, sceneOf } from './context.ts';
import { judgeAnswer } from './kinds/answer.ts';
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
export function judge(exercise: Exercise, input: JudgeInput): Verdict {
  try {
    if (exercise.checks.length === 0) throw new Error(`exercise ${exercise.id} has no checks`);
    const scene = sceneOf(exercise, input);
    const results = exercise.checks.flatMap((check) => judgeOne(check, scene));
    const checks = withUniqueIds([...results, ...judgeUnchanged(scene)]);
    return { status: checks.every((check) => check.status === 'passed') ? 'passed' : 'failed', checks };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { status: 'error', checks: [], error };
  }
}

function judgeOne(check: Check, scene: Scene): CheckResult | CheckResult[] {
  switch (check.kind) {
    case 'key':
      return judgeKey(check, scene);
    case 'keys':
      return judgeKeys(check, scene);
    case 'reply':
      return judgeReply(check, scene);
    case 'used':
      return judgeUsed(check, scene);
    case 'avoided':
      return judgeAvoided(check, scene);
    case 'atomic':
      return judgeAtomic(check, scene);
    case 'answer':
      return judgeAnswer(check, scene);
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
