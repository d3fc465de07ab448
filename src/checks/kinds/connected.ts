import type { ConnectedCheck } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import { showName } from '../words/show.ts';

/** Some URL led to that user, and to that database. */
export function judge(check: ConnectedCheck, context: JudgeContext): [About, Judgement][] {
  return [[{ kind: 'connected' }, judgeEntries(check, context)]];
}

export function describe({ actual }: CheckResult): string {
  return `connected as ${actual}`;
}

export function mentions(): Mentions {
  return {};
}

function judgeEntries({ user, db }: ConnectedCheck, { entries, outside }: JudgeContext): Judgement {
  const expected = placeText({ user, db });
  const right = entries.find((one) => one.user === user && (db === undefined || one.db === db));
  if (right) return { expected, actual: placeText(right) };
  const last = entries.at(-1);
  const actual = last && placeText(last);
  return {
    expected,
    actual: actual ?? 'not connected',
    fact: { code: 'not-connected', expected, ...(actual !== undefined && { actual }) },
    reason: outside && { code: 'outside', ...outside },
  };
}

function placeText({ user, db }: { user: string | null; db?: number | undefined }): string {
  if (user === null) return 'nobody, as there was no login';
  return `${showName(user)}${db === undefined ? '' : `, in database ${db}`}`;
}
