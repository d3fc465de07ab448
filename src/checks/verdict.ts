import { isDeepStrictEqual } from 'node:util';
import type { Schedule } from '../code/schedule.ts';
import type { Check } from '../course/course.ts';
import { patternWords } from '../course/pattern.ts';
import { nameOf } from '../redis/snapshot.ts';
import { keyPattern } from './values/key-pattern.ts';
import { type Findings, messageOf } from './words/message.ts';
import type { WorldStory } from './world-story.ts';

/** What all checks of an exercise say together. `error`: the checker itself could not judge. */
export interface Verdict {
  status: 'passed' | 'failed' | 'error';
  /** In the order of the exercise's checks; then what became of given keys that no check names. Empty on error. */
  checks: CheckResult[];
  /** Set when status is `error`: what stopped the checker. */
  error?: Error;
  /** What happened in the world where a right-looking answer does not hold; its checks stand last. */
  world?: WorldStory;
  /** How a case of a learner's module came to fail, where others were at work too. */
  schedule?: ScheduleStory;
  /** What the learner's module printed, line by line. */
  output?: string[];
  /** Why the exercise's other worlds could not be tried: it is judged on this server alone. */
  alone?: string;
  /** Of an exercise whose author gives points for parts: how many of its parts hold that did not from the start. */
  parts?: { held: number; of: number };
}

/** A schedule in which a case does not hold: none with fewer departures from the usual course does. */
export interface ScheduleStory {
  title: string;
  schedule: Schedule;
  /** How many schedules were tried until then. */
  tried: number;
}

/** What a result is about. */
export interface About {
  /**
   * Of which kind the check is; `given`: a given key that no check names should be as it was; `case`: what a learner's
   * module must do, in its `property`.
   */
  kind: Check['kind'] | 'given' | 'case';
  /** One key, several as one whole, or all whose names match. */
  key?: string | string[] | { pattern: string };
  /** Of one key: `ttl`, `string`, `exists`. */
  property?: string;
  /** Which command, by pattern: the first where any of several serves. */
  command?: string;
  /** In which of the exercise's worlds, counted from 1; in its own where absent. */
  world?: number;
}

/**
 * What one check says; a check of a key has one result for each of its properties. Data: `id` and `message` are made
 * of the other fields and are for people and reports alone. Results that fail for the same reason (the key is missing,
 * its type is wrong, FLUSHDB took ten given keys) all carry the same message, so that each stands on its own in a
 * report: a person is shown `messagesOf` the verdict instead.
 */
export interface CheckResult extends About, Findings {
  /** Stable, and unique within an exercise; see `idOf`. A second one alike ends in `#2`. */
  id: string;
  status: 'passed' | 'failed';
  /** See `messageOf`. Empty when passed. */
  message: string;
  /** Short plain text. Of an `answer` check it does not tell the answer. */
  expected: string;
  /** Short plain text. */
  actual: string;
}

/** What failed, as a person is to hear of it: given data that is lost first, then in the order of the checks. */
export function failuresOf({ checks }: Verdict): CheckResult[] {
  const failed = checks.filter(({ status }) => status === 'failed');
  const isLost = ({ kind }: CheckResult) => kind === 'given';
  return [...failed.filter(isLost), ...failed.filter((result) => !isLost(result))];
}

/** What a person is to read: why it failed, each fact and each reason once. Empty when all passed. */
export function messagesOf(verdict: Verdict): string[] {
  const failures = [...new Map(failuresOf(verdict).map((result) => [result.message, result])).values()];
  return failures
    .filter((one) => !failures.some((other) => explains(other, one)))
    .map((one, index, all) => {
      const before = all.slice(0, index);
      const isReasonSaid = one.reason && before.some(({ reason }) => isDeepStrictEqual(reason, one.reason));
      return isReasonSaid ? messageOf(one, { isReasonSaid }) : one.message;
    });
}

/** Whether a result says the same, and adds the author's words. */
function explains(one: CheckResult, other: CheckResult): boolean {
  return (
    one.why !== undefined &&
    other.why === undefined &&
    isDeepStrictEqual([one.fact, one.reason, one.there], [other.fact, other.reason, other.there])
  );
}

/** Whether a result is about this key, as `nameOf` writes it: by its name, or by a command that is to name it. */
export function concerns({ key, command }: About, name: string): boolean {
  const words = command === undefined ? [] : patternWords(command).slice(1);
  if (words.some((word) => nameOf(word) === name)) return true;
  if (key === undefined) return false;
  if (typeof key === 'object' && 'pattern' in key) return keyPattern(key.pattern)(name);
  return [key].flat().some((one) => nameOf(one) === name);
}
