import type { Result, Total } from '../engine/result.ts';
import type { ExitCode } from '../failure.ts';
import type { Output } from '../ui/theme.ts';

/** What a report begins with. */
export interface Beginning {
  course: { id: string; title: string };
  /** The server: "Redis 7.0.15, private, from Debian's packages". */
  redis: string;
  /** Of which results are to come, in this order. */
  exercises: readonly Pick<Result, 'id' | 'title'>[];
}

/** What a report ends with. */
export interface Ending extends Total {
  exitCode: ExitCode;
  /** How many results there are of each status; of those that this report told, where absent. */
  counts?: Partial<Record<Result['status'], number>>;
  /** What the score had to be, where that was asked for; in points. */
  least?: number;
}

/** Why a run came to nothing: no result was had, or none any more. */
export interface Fatal {
  message: string;
  next?: string;
  exitCode: ExitCode;
}

/**
 * Writes what a check finds in one format, as it comes. A reporter is one file and a line of the registry. The same
 * results make the same bytes: no times, no durations.
 */
export interface Reporter {
  start(beginning: Beginning): void;
  /** In the course's order. */
  result(result: Result): void;
  end(ending: Ending): void;
  /** Instead of all that has not come yet: a mistake of the file as a whole, no Redis. */
  fatal(fatal: Fatal): void;
}

/** Makes a reporter that hands over its pieces as it goes. `output` is what they are shown on; absent for a file. */
export type MakeReporter = (write: (text: string) => void, output?: Output) => Reporter;
