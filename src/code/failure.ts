import type { Thrown } from './wire.ts';

/** Why a case does not hold. Sentences are made of it elsewhere, but for the author's own. */
export type CaseFailure =
  /** The author's words, and what was expected and there, where that says more. */
  | { kind: 'said'; said: string; expected?: string; actual?: string }
  /** An actor did to a key of another's what only its owner may. */
  | { kind: 'owned'; actor: string; owner: string; key: string; did: 'removed' | 'replaced' | 'expiry' }
  /** A call threw, and nobody expects that. */
  | { kind: 'thrown'; call: string; error: Thrown }
  /** What a call returned is not what can be used; `wanted` is what JavaScript said of that. */
  | { kind: 'returned'; call: string; value: string; wanted: string }
  /** Thrown where nobody catches it; the code ended the process; a command whose outcome nobody awaits. */
  | { kind: 'unhandled' | 'exit' | 'unawaited'; error: Thrown }
  /** The module can't be read, or threw as it was. */
  | { kind: 'unreadable'; error: Thrown }
  | { kind: 'missing'; exports: string[] }
  /** It computes without end: nothing is heard of it. `at`: where, as far as it was seen, the innermost first. */
  | { kind: 'hung'; call: string; at: string[]; error?: Thrown }
  /** It waits for what never comes. */
  | { kind: 'stuck'; call: string }
  /** It goes on and on: so many steps, so many ms of its clock; `atOnce` where that stood still for too many of them. */
  | { kind: 'long'; call: string; steps: number; now: number; atOnce: boolean }
  /** Its process ended. */
  | { kind: 'ended'; how: string; outOfMemory: boolean };

/** Ends a case that does not hold. */
export class CaseFailed extends Error {
  override readonly name = 'CaseFailed';
  readonly failure: CaseFailure;
  constructor(failure: CaseFailure) {
    super('said' in failure ? failure.said : failure.kind);
    this.failure = failure;
  }
}
