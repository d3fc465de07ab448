import type { AnyCheck } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import { kindOf } from './registry.ts';

/** Holds where all checks of one way do. Else it is told by the way that is nearest. */
export function judge({ ways }: AnyCheck, context: JudgeContext): [About, Judgement][] {
  const judged = ways.map((way) =>
    way.flatMap((check) =>
      kindOf(check)
        .judge(check, context)
        .map(([, judgement]) => judgement),
    ),
  );
  const facts = (way: Judgement[]) => way.flatMap(({ fact }) => fact ?? []);
  const nearest = judged.reduce((best, way) => (facts(way).length < facts(best).length ? way : best));
  const expected = nearest.map((one) => one.expected).join(' and ');
  const actual = nearest.map((one) => one.actual).join(' and ');
  if (facts(nearest).length === 0) return [[{ kind: 'any' }, { expected, actual }]];
  const reason = nearest.find((one) => one.reason)?.reason;
  return [[{ kind: 'any' }, { expected, actual, fact: { code: 'no-way', facts: facts(nearest) }, reason }]];
}

export function describe({ expected }: CheckResult): string {
  return expected;
}

export function mentions({ ways }: AnyCheck): Mentions[] {
  return ways.flat().flatMap((check) => kindOf(check).mentions(check));
}
