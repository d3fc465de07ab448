import type { Check } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';

/** How a kind of check is judged. Its file exports these. */
export interface Kind<C extends Check = Check> {
  /** What is found of each thing that the check says. */
  judge(check: C, context: JudgeContext): [About, Judgement][];
  /** What the check speaks of, which other checks must know. */
  mentions(check: C): Mentions | Mentions[];
  /** What a check that passed has found, for a person: `session:xyz: expires in 30 minutes (1800 s)`. Empty: nothing worth a word. */
  describe(result: CheckResult): string;
}
