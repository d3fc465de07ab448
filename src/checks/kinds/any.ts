import type { AnyCheck, PlainCheck } from '../../course/course.ts';
import type { Judgement } from '../result.ts';
import type { Kind } from './kind.ts';

/** Holds where all checks of one way do. Else it is told by the way that is nearest. `kindOf` judges those within. */
export function over(kindOf: (check: PlainCheck) => Kind): Kind<AnyCheck<PlainCheck>> {
  return {
    judge({ ways }, context) {
      const judged = ways.map((way) =>
        way.flatMap((check) =>
          kindOf(check)
            .judge(check, context)
            .map(([, judgement]) => judgement),
        ),
      );
      const nearest = judged.reduce((best, way) => (factsOf(way).length < factsOf(best).length ? way : best));
      const facts = factsOf(nearest);
      const expected = nearest.map((one) => one.expected).join(' and ');
      const actual = nearest.map((one) => one.actual).join(' and ');
      if (facts.length === 0) return [[{ kind: 'any' }, { expected, actual }]];
      const reason = nearest.find((one) => one.reason)?.reason;
      return [[{ kind: 'any' }, { expected, actual, fact: { code: 'no-way', facts }, reason }]];
    },
    describe: ({ expected }) => expected,
    mentions: ({ ways }) => ways.flat().flatMap((check) => kindOf(check).mentions(check)),
  };
}

function factsOf(way: Judgement[]) {
  return way.flatMap(({ fact }) => fact ?? []);
}
