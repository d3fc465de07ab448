import type { Exercise } from '../course/course.ts';
import type { Attempt } from '../engine/attempt.ts';
import type { Relay } from '../redis/relay.ts';

/** A learner at one exercise, as the session and dot-commands see it. What asks Redis rejects with ConnectionLost. */
export interface Practice {
  readonly exercise: Exercise;
  /** What is typed runs in it. */
  readonly attempt: Attempt;
  readonly solved: boolean;
  /** Whether a command is on its way. */
  readonly running: boolean;
  /** The choices where the task is a question with a menu. */
  readonly choices: string[] | undefined;
  /** Whether the task is, or ends in, a question. */
  readonly asks: boolean;
  /** Where the learner is connected to, at an exercise with a server of its own. */
  readonly place: string | undefined;
  /** Shows the task. */
  task(): Promise<void>;
  /** Runs a line, and shows what it answered and changed. */
  try(line: string): Promise<void>;
  /** Counts what the relay's clients do from now on, and tells of it. */
  follow(relay: Relay): void;
  asksNothing(): void;
  /** Says of everything that is asked whether it holds. */
  check(): Promise<void>;
  hint(): Promise<void>;
  solution(): Promise<void>;
  /** Shows the answer as code: in this language, or in all where it is empty. */
  code(language: string): void;
  skip(): Promise<void>;
  /** The exercise is about to begin anew. */
  reset(): Promise<void>;
  /** The learner goes on to something else: what comes later is told no more. */
  leave(): void;
}
