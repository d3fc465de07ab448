import type { KeyState } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { creatorOf } from '../evidence/creator.ts';
import type { Judgement } from '../result.ts';
import { aType } from '../words/show.ts';

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
    reason: creator === undefined ? undefined : { code: 'made-by', command: creator },
  };
}
