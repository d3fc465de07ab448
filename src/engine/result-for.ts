import { isDeepStrictEqual } from 'node:util';
import { type CheckResult, messagesOf, type Verdict } from '../checks/verdict.ts';
import type { Exercise } from '../course/course.ts';
import { errored, type Result, type ResultCheck, rounded } from './result.ts';

/** The result of an exercise that was judged. */
export function resultFor(exercise: Exercise, verdict: Verdict, points: number): Result {
  const { status, checks, error, world, schedule, output, alone, parts } = verdict;
  if (status === 'error') return errored(exercise, error, points);
  const part = status === 'passed' ? 1 : parts ? parts.held / parts.of : 0;
  return {
    id: exercise.id,
    title: exercise.title,
    status,
    score: rounded(points * part),
    max: points,
    message: messagesOf(verdict).join('\n'),
    checks: foldedChecks(checks),
    ...(world && { world }),
    ...(schedule && { schedule }),
    ...(output && { output }),
    ...(alone !== undefined && { alone }),
  };
}

/** Given keys that came to harm in one way are one result: 300 of them have one cause. */
function foldedChecks(checks: readonly CheckResult[]): ResultCheck[] {
  const folded: ResultCheck[] = [];
  for (const { expected, actual, ...check } of checks) {
    const same =
      check.kind === 'given' &&
      folded.find((one) => one.kind === 'given' && isDeepStrictEqual(causeOf(one), causeOf(check)));
    if (same) same.count = (same.count ?? 1) + 1;
    else folded.push(check.status === 'passed' ? check : { ...check, expected, actual });
  }
  return folded;
}

function causeOf({ fact, reason, there, world }: ResultCheck) {
  return [fact, reason, there, world];
}
