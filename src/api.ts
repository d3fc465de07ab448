/** What the library takes and answers. Types alone, of nothing else: they are published as they stand here. */

/** A course, ready to be judged with. What else is in it is no promise. */
export interface Course {
  id: string;
  title: string;
  lessons: { id: string; title: string; steps: { exercise?: Exercise }[] }[];
}

export interface Exercise {
  /** As in `strings/session-ttl`. */
  id: string;
  title: string;
  /** What it counts; 1 where absent. */
  points?: number;
}

/** What is handed in for one exercise: command lines, code, or a module that stands in a file. */
export type Answer = string | string[] | { file: string } | { language: 'node' | 'python'; source: string };

export interface CheckOptions {
  /** Answers files. */
  files?: string[];
  /** Answers by exercise id, instead of files. */
  answers?: Record<string, Answer>;
  /** Exercises, lessons or patterns, as `*ttl*`; the whole course where absent. */
  only?: string[];
  /** What is not answered is left out; else it is `missing`. */
  onlyAnswered?: boolean;
  /** `@file` may name files outside the folder of its answers file. */
  allowOutside?: boolean;
  /** How many are judged side by side, from 1 to 64; at most one per core where absent. */
  jobs?: number;
  /** Longest that one answer may take, in ms; 10,000 where absent. */
  timeout?: number;
  /** How many hints are told of what did not pass, from 0 to 3. */
  hints?: number;
  /** Solutions are told of what did not pass. */
  solutions?: boolean;
  /** The score that is enough, in points or as `80%`: it decides the exit code. */
  minScore?: number | `${number}%`;
  /** The URL of a server with an empty database; a private server where absent, whatever the environment says. */
  redis?: string;
  /** Its database. */
  db?: number;
  /** The Python to run code with. */
  python?: string;
  /** A course of somebody else may run its code here: its scenarios. */
  trustCourse?: boolean;
  /** Ends the check: the iteration ends then. */
  signal?: AbortSignal;
}

/** What became of one exercise. */
export interface Result {
  id: string;
  title: string;
  /**
   * `error`: it could not be judged, for the reason that `fault` names; `missing`: there is no answer; `skipped`: it can't
   * be solved here, and counts for nothing.
   */
  status: 'passed' | 'failed' | 'error' | 'missing' | 'skipped';
  score: number;
  max: number;
  /** Where the answer stands; lines and columns from 1. */
  at?: { file: string; line: number; column: number };
  /** What a person is to read, a cause a line. Empty when passed. */
  message: string;
  /** What to do about an error. */
  next?: string;
  /** What an error is to blame on: what was handed in, the server, or the course and the checker. */
  fault?: 'usage' | 'redis' | 'course';
  checks: ResultCheck[];
  /** Where an answer whose own checks hold did not hold. */
  world?: {
    number: number;
    kind: string;
    where?: string;
    given: string[];
    events: { by: 'you' | 'other'; command: string; reply: string }[];
  };
  /** How a case of a module came to fail, where several were at work: a row a step. */
  schedule?: {
    title: string;
    tried: number;
    schedule: { actors: string[]; rows: { kind: string; broke?: string }[]; choices: string[] };
  };
  /** What a module printed. */
  output?: string[];
  /** Why other worlds could not be tried. */
  alone?: string;
  hints?: string[];
  solution?: string;
}

/** What one check says. There may be more fields; they are no promise. */
export interface ResultCheck {
  id: string;
  kind: string;
  key?: string | string[] | { pattern: string };
  property?: string;
  command?: string;
  /** In which of the exercise's worlds, from 1. */
  world?: number;
  status: 'passed' | 'failed';
  message: string;
  /** Of one that failed. */
  expected?: string;
  actual?: string;
  /** How many keys it stands for. */
  count?: number;
}

export interface Summary {
  score: number;
  max: number;
  /** In points, where `minScore` was given. */
  least?: number;
  /** As of `rediscover check`: 0, 1, 2, 3 or 4. */
  exitCode: number;
}

/** A check under way: the results in the course's order, as they come. It can be gone through once. */
export interface Check extends AsyncIterable<Result> {
  /** The server, as "Redis 7.0.15, private, from PATH"; known once the first result is. */
  readonly redis: string | undefined;
  /** The sum, once all results have come; it goes through those that nobody took. */
  summary(): Promise<Summary>;
}
