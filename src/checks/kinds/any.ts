import type { AnyCheck, PlainCheck } from '../../course/course.ts';
import { type CheckResult, resultOf } from '../verdict.ts';

/** Holds where all checks of one way do. Else it is told by the way that is nearest. */
export function judgeAny(check: AnyCheck, judge: (check: PlainCheck) => CheckResult[]): CheckResult {
  const ways = check.ways.map((way) => way.flatMap(judge));
  const wrong = (results: CheckResult[]) => results.filter(({ status }) => status === 'failed');
  const nearest = ways.reduce((best, way) => (wrong(way).length < wrong(best).length ? way : best));
  const failed = wrong(nearest);
  const expected = nearest.map((result) => result.expected).join(' and ');
  const actual = nearest.map((result) => result.actual).join(' and ');
  if (failed.length === 0) return resultOf('any', { expected, actual });
  const message = [...new Set(failed.map((result) => result.message))].join(' ');
  return resultOf('any', { expected, actual, message, stopgap: true }, check.why);
}
