import type { SeenCommand, SeenMessage } from '../checks/evidence/evidence.ts';
import { isWrite } from '../redis/command-facts.ts';
import type { Others } from './others.ts';
import type { Stage } from './stage.ts';

/** Moments between the commands of an answer, told by how many ran before, and what happens there. */
export interface Pause {
  at: readonly number[];
  /** All that ran before is answered, and nothing more is sent until this is over; `end` ends the answer there. */
  act(at: number): Promise<'go on' | 'end'>;
}

/** Who else is at work while an answer is done again, and who hears of all; times are those of `performance.now()`. */
export interface Company {
  others: Others;
  onCommand(command: SeenCommand): void;
  onMessage(message: SeenMessage): void;
}

/** Code threw, or did not come to its end; the message says which, as the runner of code has it. */
export class CodeFailed extends Error {
  override readonly name = 'CodeFailed';
}

/** A way to do an answer again, on a stage that was put into some given state. */
export interface Rerun {
  /** Code runs again, and finds what is there; what was typed is typed again. */
  readonly isCode: boolean;
  /** Where somebody else can get in between, in order: from 0, before all, to the number of commands, behind the last. */
  readonly gaps: readonly number[];
  /**
   * Does it, and tells `company` of each command as it is answered, and of what comes unasked. Rejects with
   * ConnectionLost, or with CodeFailed.
   */
  run(stage: Stage, company: Company, pause?: Pause): Promise<void>;
  /** The same without its first commands; absent where it is a whole. */
  from?(start: number): Rerun;
}

/** More gaps are not tried: each has the whole answer done again. */
const MOST_GAPS = 200;

/** Of very many gaps, those that tell most: the first, the last, and the latest beside what writes. */
export function mostTelling(gaps: number[], commands: readonly { args: readonly Buffer[] }[]): number[] {
  if (gaps.length <= MOST_GAPS) return gaps;
  const tells = (at: number) => commands.slice(Math.max(0, at - 1), at + 1).some(({ args }) => isWrite(args));
  const latest = gaps.toReversed();
  const chosen = new Set([gaps[0]!, gaps.at(-1)!]);
  for (const at of [...latest.filter(tells), ...latest.filter((at) => !tells(at))]) {
    if (chosen.size === MOST_GAPS) break;
    chosen.add(at);
  }
  return gaps.filter((at) => chosen.has(at));
}
