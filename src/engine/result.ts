import type { CheckResult, ScheduleStory } from '../checks/verdict.ts';
import type { WorldStory } from '../checks/world-story.ts';
import type { Exercise, Position } from '../course/course.ts';
import { ExitCode, Failure } from '../failure.ts';

/** What became of one exercise in a check. Plain data: what reporters write, threads hand over and the library answers. */
export interface Result {
  /** As in `strings/session-ttl`. */
  id: string;
  title: string;
  /**
   * `error`: it could not be judged, for the reason that `fault` names; `missing`: there is no answer; `skipped`: it can't
   * be solved here, and counts for nothing.
   */
  status: 'passed' | 'failed' | 'error' | 'missing' | 'skipped';
  /** Points; of an exercise that is skipped 0 of 0. */
  score: number;
  max: number;
  /** Where the answer stands; of an error in it, that place. */
  at?: Position;
  /** What a person is to read, a cause a line: why it failed, could not be judged, or was skipped. Empty when passed. */
  message: string;
  /** What to do about an error. */
  next?: string;
  /** What an error is to blame on: what was handed in, the server, or the course and the checker. */
  fault?: Fault;
  checks: ResultCheck[];
  /** Where an answer whose own checks hold did not hold. */
  world?: WorldStory;
  /** How a case of a module came to fail, where several were at work. */
  schedule?: ScheduleStory;
  /** What a module printed, line by line. */
  output?: string[];
  /** Why other worlds could not be tried. */
  alone?: string;
  /** Of one that did not pass, as far as asked for. */
  hints?: string[];
  /** Of one that did not pass, where asked for: command lines, or a module. */
  solution?: string;
}

export type Fault = 'usage' | 'redis' | 'course';

/** As `CheckResult`, but that what passed has no `expected` and `actual`, and what has one cause is one. */
export type ResultCheck = Omit<CheckResult, 'expected' | 'actual'> &
  Partial<Pick<CheckResult, 'expected' | 'actual'>> & {
    /** How many keys it stands for; `key` is the first. */
    count?: number;
  };

/** How much is told of an exercise that did not pass. */
export interface Telling {
  /** Hints, from the first. */
  hints: number;
  solutions: boolean;
}

/** How many points an exercise brings, by its id. */
export type Points = (exercise: Exercise) => number;

/** The result of an exercise that could not be judged. */
export function errored({ id, title }: Exercise, error: Error | undefined, points: number): Result {
  const message = error?.message ?? 'The checker failed.';
  const blame = { ...nextOf(error), fault: faultOf(error) };
  return { id, title, status: 'error', score: 0, max: points, message, ...blame, checks: [] };
}

/** The result of an exercise that was not judged: there is no answer, or `why` it is skipped, in a sentence. */
export function unjudged({ id, title }: Exercise, points: number, why?: string): Result {
  const skipped = why !== undefined;
  return {
    id,
    title,
    status: skipped ? 'skipped' : 'missing',
    score: 0,
    max: skipped ? 0 : points,
    message: skipped ? why : 'There is no answer.',
    checks: [],
  };
}

/** What is said of an exercise that the server at hand can't have solved. */
export function notHereText(why: string): string {
  return `It can't be done here: ${why}.`;
}

/** Adds what may be told of an exercise that did not pass. */
export function withHelp(result: Result, { hints, module, solution }: Exercise, telling: Telling): Result {
  if (result.status !== 'failed' && result.status !== 'missing') return result;
  const told = hints.slice(0, telling.hints);
  return {
    ...result,
    ...(told.length > 0 && { hints: told }),
    ...(telling.solutions && {
      solution: module
        ? (module.solutions[0]?.source ?? '')
        : solution.lines.map(({ text }) => text).join('\n'),
    }),
  };
}

export interface Total {
  score: number;
  max: number;
}

export function totalOf(results: readonly Total[]): Total {
  const sum = (of: 'score' | 'max') => rounded(results.reduce((all, result) => all + result[of], 0));
  return { score: sum('score'), max: sum('max') };
}

/** Points have two decimals at most. */
export function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}

export const exitCodeOfFault: Record<Fault, ExitCode> = {
  usage: ExitCode.usage,
  redis: ExitCode.noRedis,
  course: ExitCode.course,
};

/** Whatever is not known to be somebody else's fault is the checker's own. */
function faultOf(error: Error | undefined): Fault {
  const code = error instanceof Failure ? error.exitCode : undefined;
  return code === ExitCode.usage ? 'usage' : code === ExitCode.noRedis ? 'redis' : 'course';
}

function nextOf(error: Error | undefined): Pick<Result, 'next'> {
  return error instanceof Failure && error.next !== undefined ? { next: error.next } : {};
}
