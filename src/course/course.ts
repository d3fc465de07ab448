import type { Check } from './checks/registry.ts';
import type { Position } from './problem.ts';

export type { AnswerCheck } from './checks/answer.ts';
export type { AtomicCheck } from './checks/atomic.ts';
export type { AvoidedCheck } from './checks/avoided.ts';
export type { Collection } from './checks/collection.ts';
export type { KeyCheck } from './checks/key.ts';
export type { KeysCheck } from './checks/keys.ts';
export type { Check } from './checks/registry.ts';
export type { ReplyCheck, ReplyValue } from './checks/reply.ts';
export type { UsedCheck } from './checks/used.ts';
export type { Position, Problem } from './problem.ts';
export { inRange, type Range } from './range.ts';

/** A course as the rest of the program sees it: plain data, safe to write to JSON and read back. */

export interface Course {
  /** Short stable name; progress is filed under it. */
  id: string;
  title: string;
  /** The oldest server version that every command of the course runs on, e.g. "6.2". */
  floor: string;
  lessons: Lesson[];
  /** Exercise ids that were published once and then renamed (new id) or dropped (null). */
  retired: Record<string, string | null>;
}

export interface Lesson {
  /** The file's name without `.md`, e.g. "sorted-sets". */
  id: string;
  title: string;
  /** The section of the guide that it teaches. */
  guide: string;
  minutes: number;
  /** Commands that the lesson teaches, in capitals. */
  commands: string[];
  steps: Step[];
  at: Position;
}

/** All from one `##` heading to the next. */
export interface Step {
  title: string;
  /** What comes before the exercise (or all of it where there is none), in order. */
  blocks: Block[];
  exercise?: Exercise;
  at: Position;
}

export type Block = Prose | Demo;

export interface Prose {
  kind: 'prose';
  /** CommonMark source. */
  markdown: string;
  at: Position;
}

export interface Demo {
  kind: 'demo';
  lines: Line[];
  at: Position;
}

/** One command line, as typed at the prompt (`SET a "b c"`), or `.answer TEXT`. */
export interface Line {
  text: string;
  at: Position;
}

export interface Exercise {
  /** Stable: "strings/session-ttl". */
  id: string;
  /** The step's title. */
  title: string;
  /** CommonMark: the last paragraph before the exercise block, "**Your turn.** ...". */
  task: string;
  given: Line[];
  checks: Check[];
  /** From direction to near-answer. */
  hints: string[];
  solution: Answer;
  accept: Answer[];
  reject: NearMiss[];
  /** Mutants of the solution that are right answers too. */
  equivalent: Equivalent[];
  code: Snippet[];
  /** CommonMark shown after the pass: what follows the exercise block in its step. */
  after: string;
  at: Position;
}

export interface Answer {
  lines: Line[];
  at: Position;
}

export interface NearMiss {
  try: Answer;
  /** Words that a failing check's message must contain. */
  because: string;
  at: Position;
}

export interface Equivalent {
  /** The mutated command line, or `*` patterns of it, e.g. `SET session:xyz *`. */
  mutant: string;
  because: string;
  at: Position;
}

export interface Snippet {
  language: 'node' | 'python';
  source: string;
  at: Position;
}

/** Every exercise of a course, in the order in which it is met. */
export function exercisesOf(course: Course): Exercise[] {
  return course.lessons.flatMap((lesson) => lesson.steps.flatMap((step) => step.exercise ?? []));
}

/** The id of the exercise that a learner means: by its id, by that without its lesson, or as the first of a lesson. */
export function exerciseNamed(course: Course, name: string): string | undefined {
  const ids = exercisesOf(course).map(({ id }) => id);
  return (
    ids.find((id) => id === name) ??
    ids.find((id) => id.startsWith(`${name}/`)) ??
    ids.find((id) => id.endsWith(`/${name}`))
  );
}
