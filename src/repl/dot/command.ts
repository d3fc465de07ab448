import type { Course, Lesson } from '../../course/course.ts';
import type { Progress } from '../../engine/progress.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Practice } from '../practice.ts';
import type { Screen } from '../screen.ts';

/** Where to go after a step. */
export type Move = { to: 'next' | 'back' | 'again' | 'quit' } | { to: 'exercise'; id: string };

/** What a dot-command sees of the session that it is typed in. */
export interface Here {
  readonly course: Course;
  readonly progress: Progress;
  readonly screen: Screen;
  readonly sandbox: Sandbox;
  readonly lesson: Lesson | undefined;
  /** The exercise at hand; undefined between exercises. */
  readonly practice: Practice | undefined;
  /** Lets the learner choose one of these; undefined when they would rather not. */
  choose<T>(message: string, choices: { name: string; value: T }[]): Promise<T | undefined>;
}

type Result = Move | undefined | void;

export interface DotCommand {
  name: string;
  /** What may follow the name. */
  usage?: string;
  summary: string;
  /** Words that may stand behind the name, for completion. */
  words?(course: Course, typed: string): string[];
  /** `argument` is the rest of the line. */
  run(here: Here, argument: string): Result | Promise<Result>;
}
