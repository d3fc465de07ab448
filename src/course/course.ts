/** A course as the rest of the program sees it: plain data, safe to write to JSON and read back. */

/** Where a thing stands in its source. `file` is relative to the course's folder; line and column count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Something wrong in a course. `course lint` prints it as `file:line:column severity message`. */
export interface Problem {
  at: Position;
  severity: 'error' | 'warning';
  message: string;
  /** What is probably meant, e.g. `did you mean "string"?` */
  hint?: string;
}

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
  /** Where the answer must hold too; none for most exercises. */
  worlds: World[];
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
  /** What another client runs, as a whole, tried in every gap between the answer's commands; none where nobody does. */
  meanwhile: Line[];
  /** The answer ends in every gap, as a program does that dies there. */
  dies: boolean;
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

/** Inclusive; an open end is Infinity (written `3..`), which JSON keeps as null: use `inRange`. */
export interface Range {
  min: number;
  max: number | null;
}

interface CheckBase {
  at: Position;
  /** The author's own explanation, added to the message when the check fails. */
  why?: string;
}

/** Everything said of one key. Each property present is judged, and reported, on its own. */
export interface KeyCheck extends CheckBase {
  kind: 'key';
  key: string;
  exists?: boolean;
  type?: string;
  string?: string;
  number?: number;
  /** Tolerance of `number`; 0 by default. */
  within?: number;
  list?: Collection<string[]>;
  hash?: Collection<Record<string, string>>;
  set?: Collection<string[]>;
  /** Members in order of score; members of equal score in their order here. */
  zset?: Collection<{ member: string; score: number }[]>;
  length?: Range;
  /** Any of these. */
  encoding?: string[];
  /** Source of a JavaScript regular expression, tried on the string value. */
  matches?: string;
  /** Seconds as set by the learner, or none at all. */
  ttl?: Range | 'none';
  /** The moment of expiry, in Unix seconds, exact to the second. */
  expireat?: number;
  /** A key that is not there is right as well. */
  or?: 'missing';
}

export interface Collection<T> {
  /** Exact: this and nothing else. Includes: at least this. */
  mode: 'exact' | 'includes';
  value: T;
}

/** The names in the database that match a pattern: how many, or exactly which. */
export interface KeysCheck extends CheckBase {
  kind: 'keys';
  pattern: string;
  count?: Range;
  names?: string[];
}

/** Some command that matches `to` answered `reply`. */
export interface ReplyCheck extends CheckBase {
  kind: 'reply';
  reply: ReplyValue;
  /** Command pattern; any command where absent. */
  to?: string;
  /** Index into an array reply, to judge one element of it. */
  item?: number;
  /** Other right answers. */
  or?: ReplyValue[];
  /** Whose commands: the learner's, where absent; those of the world's other client; or both. */
  by?: 'other' | 'anyone';
  /** How many commands answered so, exactly; at least one where absent. */
  times?: number;
}
/** Integers and numeric strings compare as numbers; nil is null. */
export type ReplyValue = string | number | null | ReplyValue[];

/**
 * A command pattern is words: the first is the command's name, each further one must match some later
 * argument, in order, gaps allowed; without case; `*` and `?` are wildcards. `SET EX` matches `set k v ex 9`.
 */
export interface UsedCheck extends CheckBase {
  kind: 'used';
  /** Any of these. */
  patterns: string[];
}

export interface AvoidedCheck extends CheckBase {
  kind: 'avoided';
  /** None of these. */
  patterns: string[];
}

/** All that was written to these keys came from one command, one transaction or one script. */
export interface AtomicCheck extends CheckBase {
  kind: 'atomic';
  keys: string[];
}

/** What the learner typed after `.answer`. */
export interface AnswerCheck extends CheckBase {
  kind: 'answer';
  /** The right answers; compared without case, quotes and surplus white space, numbers as numbers. */
  answers: string[];
  /** Where present, the answer is one of these, chosen from a menu. Contains the right ones. */
  choices?: string[];
}

/** One of several ways in which it may be right: each is a list of checks, of which all hold. */
export interface AnyCheck extends CheckBase {
  kind: 'any';
  ways: PlainCheck[][];
}

/** A check that is no choice between others. */
export type PlainCheck =
  | KeyCheck
  | KeysCheck
  | ReplyCheck
  | UsedCheck
  | AvoidedCheck
  | AtomicCheck
  | AnswerCheck;
export type Check = PlainCheck | AnyCheck;

/** All that some checks say, those included among which one choice is enough. */
export function plainChecks(checks: readonly Check[]): PlainCheck[] {
  return checks.flatMap((check) => (check.kind === 'any' ? check.ways.flat() : check));
}

export function inRange(range: Range, value: number): boolean {
  return value >= range.min && (range.max === null || value <= range.max);
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
