import type { Check } from './checks/registry.ts';
import type { Line } from './line.ts';
import type { Other } from './others.ts';
import type { Position } from './problem.ts';
import type { CourseServer } from './servers.ts';

export type { AnswerCheck } from './checks/answer.ts';
export type { AnyCheck } from './checks/any.ts';
export type { AtomicCheck } from './checks/atomic.ts';
export type { AvoidedCheck } from './checks/avoided.ts';
export type { Collection } from './checks/collection.ts';
export type { ConnectedCheck } from './checks/connected.ts';
export type { KeyCheck } from './checks/key.ts';
export type { KeysCheck } from './checks/keys.ts';
export type { PublishedCheck } from './checks/published.ts';
export type { ReceivedCheck, ReceivedMessage } from './checks/received.ts';
export type { Check, PlainCheck } from './checks/registry.ts';
export type { ReplyCheck, ReplyValue } from './checks/reply.ts';
export type { SubscribedCheck } from './checks/subscribed.ts';
export type { UsedCheck } from './checks/used.ts';
export type { Line } from './line.ts';
export type { Other } from './others.ts';
export type { Position, Problem } from './problem.ts';
export { inRange, type Range } from './range.ts';
export type { CourseServer } from './servers.ts';

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
  lines: DemoLine[];
  at: Position;
}

export interface DemoLine extends Line {
  /** It is another client's: it is subscribed there, or waits, while the demo goes on. */
  other?: true;
  /** It is there to show an error. */
  fails?: true;
}

export interface Exercise {
  /** Stable: "strings/session-ttl". */
  id: string;
  /** The step's title. */
  title: string;
  /** CommonMark: the last paragraph before the exercise block, "**Your turn.** ...". */
  task: string;
  /** The lesson's server that it runs on; the learner's own where absent. */
  server?: CourseServer;
  /** Of a code exercise: what is written, and what judges it, in place of given state, checks and solution. */
  module?: CodeModule;
  /** Commands that not every server has, in capitals, and `keyspace-events`: without them it cannot be solved. */
  needs: string[];
  given: Line[];
  /** Who else is at work; none for most exercises. */
  others: Other[];
  checks: Check[];
  /** Where the answer must hold too; none for most exercises. */
  worlds: World[];
  /** What it counts in a check; 1 where absent. */
  points?: number;
  /** A wrong answer gets a part of the points. */
  parts?: true;
  /** From direction to near-answer. */
  hints: string[];
  solution: LinesAnswer;
  accept: LinesAnswer[];
  reject: NearMiss[];
  /** Mutants of the solution that are right answers too. */
  equivalent: Equivalent[];
  code: CodeAnswer[];
  /** CommonMark shown after the pass: what follows the exercise block in its step. */
  after: string;
  at: Position;
}

/**
 * Another world in which a right answer holds too: other data to begin with, another client at work, or a program that
 * dies on the way. What is done there is what the learner did.
 */
export interface World {
  /** The author's words for it: "50 pieces are in stock". */
  where?: string;
  /** All that it begins with: its own given state, or the exercise's and more. */
  given: Line[];
  /** How many of these lines are the exercise's own. */
  own: number;
  /** Who else is at work from the beginning: as in the exercise, or its own. */
  others: Other[];
  /** What another client runs, as a whole, tried in every gap between the answer's commands; none where nobody does. */
  meanwhile: Line[];
  /** It runs these one by one, and the answer goes on in between: every order that matters is tried. */
  beside: boolean;
  /** The answer ends in every gap, as a program does that dies there. */
  dies: boolean;
  /** Tried with code alone: what a person reads and types, a program has to work out. */
  onlyCode: boolean;
  checks: Check[];
  at: Position;
}

/** What is judged: command lines, or one module of code. */
export type Answer = LinesAnswer | CodeAnswer;

export interface LinesAnswer {
  kind: 'lines';
  lines: Line[];
  at: Position;
}

export interface CodeAnswer {
  kind: 'code';
  language: 'node' | 'python';
  source: string;
  /** Of a module: its file, for what is said of it. A snippet has none. */
  file?: string;
  at: Position;
}

/** What the learner of a code exercise writes, and what judges it: a folder of the course. */
export interface CodeModule {
  /** From the course's folder, as `code/locks/release`. */
  folder: string;
  /** What they begin with, by the ending of its name. */
  starters: Partial<Record<ModuleEnding, string>>;
  /** One for each language in which there is one. */
  solutions: CodeAnswer[];
  /** TypeScript that exports a Scenario; see src/code/scenario.ts. */
  scenario: { file: string; source: string };
  at: Position;
}

/** Of the files of modules. The first that there is a starter in is what a learner begins with. */
export const MODULE_ENDINGS = ['js', 'ts', 'py'] as const;
export type ModuleEnding = (typeof MODULE_ENDINGS)[number];

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

/** What tells one server of the lessons from another; empty for the usual one. */
export function placeOf(server: CourseServer | undefined): string {
  return server ? JSON.stringify(server) : '';
}
