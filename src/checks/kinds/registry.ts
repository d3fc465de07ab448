import type { Check } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import * as answer from './answer.ts';
import * as any from './any.ts';
import * as atomic from './atomic.ts';
import * as avoided from './avoided.ts';
import * as key from './key.ts';
import * as keys from './keys.ts';
import * as reply from './reply.ts';
import * as used from './used.ts';

/** How a kind of check is judged. Its file exports these. */
export interface Kind<C extends Check = Check> {
  /** What is found of each thing that the check says. */
  judge(check: C, context: JudgeContext): [About, Judgement][];
  /** What the check speaks of, which other checks must know. */
  mentions(check: C): Mentions | Mentions[];
  /** What a check that passed has found, for a person: `session:xyz: expires in 30 minutes (1800 s)`. Empty: nothing worth a word. */
  describe(result: CheckResult): string;
}

const KINDS = { key, keys, reply, used, avoided, atomic, answer, any } satisfies {
  [K in Check['kind']]: Kind<Extract<Check, { kind: K }>>;
};

/** Throws where a course names a kind that there is not. */
export function kindOf({ kind }: { kind: Check['kind'] }): Kind {
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`no such kind of check: ${JSON.stringify(kind)}`);
  return KINDS[kind];
}

/** What a result that passed has found, for a person; empty where that would say nothing. */
export function describe(result: CheckResult): string {
  const { kind } = result;
  return kind === 'given' ? '' : kindOf({ kind }).describe(result);
}
