import type { Result } from '../engine/result.ts';

/** For formats that know passed and failed alone: a line about points where only some of them were earned. */
export function partialPoints({ score, max }: Result): string[] {
  return score > 0 && score < max ? [`Points:   ${score} of ${max}`] : [];
}
