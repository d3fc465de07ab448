import { isDeepStrictEqual } from 'node:util';
import type { About, CheckResult, Verdict } from './verdict.ts';
import type { Fact } from './words/facts.ts';
import { idOf } from './words/id.ts';
import { type Findings, messageOf } from './words/message.ts';

/** What was found of one property, or of all that a check looks at. It does not hold where there is a fact. */
export interface Judgement extends Omit<Findings, 'why' | 'reason'> {
  /** Short plain texts. */
  expected: string;
  actual: string;
  reason?: Findings['reason'] | undefined;
  /** The author's words are about another way to fail. */
  unexplained?: boolean;
}

/** Every result is made here. */
export function resultOf(about: About, judgement: Judgement, why?: string): CheckResult {
  const { expected, actual, fact, reason, next, unexplained } = judgement;
  const findings: Findings = fact
    ? {
        fact,
        ...(reason && { reason }),
        ...(why !== undefined && !unexplained && { why }),
        ...(next && { next }),
      }
    : {};
  return {
    id: idOf(about),
    ...about,
    status: fact ? 'failed' : 'passed',
    message: messageOf(findings),
    expected,
    actual,
    ...findings,
  };
}

/** Of several judgements of one check. The author's words stand with the first fact alone: once is enough. */
export function resultsOf(judged: readonly [About, Judgement][], why?: string): CheckResult[] {
  const first = judged.find(([, { fact }]) => fact)?.[1].fact;
  return judged.map(([about, judgement]) =>
    resultOf(about, judgement, isDeepStrictEqual(judgement.fact, first) ? why : undefined),
  );
}

/** The verdict on an answer that never came to a state to judge. */
export function brokenOff(
  fact: Extract<Fact, { code: 'unfinished' | 'code-failed' | 'connection-lost' | 'module-wanted' }>,
  reason?: Findings['reason'],
): Verdict {
  const actual = messageOf({ fact, ...(reason && { reason }) });
  const judgement = { expected: 'an answer that runs to its end', actual, fact, reason };
  return { status: 'failed', checks: [resultOf({ kind: 'answer' }, judgement)] };
}
