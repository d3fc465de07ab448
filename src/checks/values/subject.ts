import type { KeyState } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { creatorOf } from '../evidence/creator.ts';
import { remover } from '../evidence/removed.ts';
import type { Judgement } from '../result.ts';
import type { Reason } from '../words/reasons.ts';
import { aType } from '../words/show.ts';
import { type Numeric, numberMistake } from './numeric.ts';

/** A key that is there, and whom to ask about it. */
export interface Subject {
  /** As `nameOf` writes it. */
  key: string;
  /** As messages show it. */
  name: string;
  state: KeyState;
  /** What it was in the given state. */
  before: KeyState | undefined;
  context: JudgeContext;
}

export function wrongType(subject: Subject, wanted: string, expected: string): Judgement {
  const { key, name, state, before, context } = subject;
  const creator = state.type === before?.type ? undefined : creatorOf(key, state.type, context);
  return {
    expected,
    actual: aType(state.type),
    fact: { code: 'wrong-type', key: name, expected: wanted, actual: state.type },
    reason: creator === undefined ? undefined : { code: 'created-by', command: creator },
  };
}

/** The likely mistake in a number that was counted from `start`, unless what it was counted from had been removed. */
export function countMistake(
  wanted: Numeric,
  is: Numeric,
  start: Numeric | undefined,
  { key, context }: Subject,
): Reason | undefined {
  const removed = start === undefined ? undefined : remover(key, context);
  return removed ? { code: 'began-anew', command: removed.name } : numberMistake(wanted, is, start);
}
