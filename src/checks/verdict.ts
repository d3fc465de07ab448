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
  /** Why the exercise's other worlds could not be tried: it is judged on this server alone. */
  alone?: string;
}

/**
 * What one check says; a check of a key has one result for each of its properties. Results that fail for the same
 * reason (the key is missing, its type is wrong, FLUSHDB took ten given keys) all carry the same message, so that
 * each stands on its own in a report: a person is shown `messagesOf` the verdict instead.
 */
export interface CheckResult {
  /**
   * Stable, and unique within an exercise: `key:session:xyz:ttl`, `keys:user:*`, `reply:SET`, `used:SET EX`,
   * `avoided:KEYS`, `atomic:stock:12`, `answer`, `given:cart:9`; a second one alike ends in `#2`.
   */
  id: string;
  status: 'passed' | 'failed';
  /** One breath: the key, what was expected, what is there, the most likely mistake. Empty when passed. */
  message: string;
  /** Short plain text. Of an `answer` check it does not tell the answer. */
  expected: string;
  /** Short plain text. */
  actual: string;
}

/** What a person is to read: why it failed, each reason once. Empty when all passed. */
export function messagesOf(verdict: Verdict): string[] {
  return [...new Set(verdict.checks.flatMap((check) => (check.status === 'failed' ? [check.message] : [])))];
}

/** What one statement found. `message` is there when it does not hold, `mistake` where the likely mistake shows. */
export interface Finding {
  expected: string;
  actual: string;
  message?: string;
  mistake?: string | undefined;
  /** What to do now, said last; not said where the author's words speak of it. */
  next?: string;
  /** Where the author explains the check, that says more than `message`, and stands alone. */
  stopgap?: boolean;
}

export function resultOf(id: string, finding: Finding, why?: string): CheckResult {
  const { expected, actual, message, mistake, next } = finding;
  if (message === undefined) return { id, status: 'passed', message: '', expected, actual };
  const first = finding.stopgap && why ? undefined : message;
  const last = why?.includes('.reset') ? undefined : next;
  return {
    id,
    status: 'failed',
    message: [first, mistake, why, last].filter((part) => part).join(' '),
    expected,
    actual,
  };
}

/** Of several findings of one check. The author's words stand with the first message alone: once is enough. */
export function resultsOf(findings: readonly [id: string, finding: Finding][], why?: string): CheckResult[] {
  const first = findings.find(([, { message }]) => message !== undefined)?.[1].message;
  return findings.map(([id, finding]) => resultOf(id, finding, finding.message === first ? why : undefined));
}
