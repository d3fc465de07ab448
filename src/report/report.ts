import type { Verdict } from '../checks/verdict.ts';
import type { Exercise } from '../course/course.ts';

/** What became of a set of exercises, as every format tells it. */
export interface Report {
  course: { id: string; title: string };
  /** The server it ran on: "Redis 7.0.15, private, from Debian's packages". */
  redis: string;
  results: Result[];
}

export interface Result {
  exercise: Pick<Exercise, 'id' | 'title'>;
  /** Absent where nothing was submitted, or the exercise was skipped. */
  verdict?: Verdict;
  /** Why it was not to be judged here; such an exercise counts for nothing. */
  skipped?: string;
}

export type ResultStatus = Verdict['status'] | 'missing' | 'skipped';

export function statusOf({ verdict, skipped }: Result): ResultStatus {
  return verdict?.status ?? (skipped === undefined ? 'missing' : 'skipped');
}

/** One point for an exercise that passed; a part of it is none: the checks that hold may have held from the start. */
export function scoreOf(result: Result): { score: number; max: number } {
  const status = statusOf(result);
  return { score: status === 'passed' ? 1 : 0, max: status === 'skipped' ? 0 : 1 };
}

export function totalOf(results: Result[]): { score: number; max: number } {
  const total = { score: 0, max: 0 };
  for (const result of results) {
    const { score, max } = scoreOf(result);
    total.score += score;
    total.max += max;
  }
  return total;
}
