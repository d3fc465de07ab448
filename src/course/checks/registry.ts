import * as answer from './answer.ts';
import * as atomic from './atomic.ts';
import * as avoided from './avoided.ts';
import * as key from './key.ts';
import * as keys from './keys.ts';
import type { CheckKind } from './kind.ts';
import * as reply from './reply.ts';
import * as used from './used.ts';

export type Check =
  | key.KeyCheck
  | keys.KeysCheck
  | reply.ReplyCheck
  | used.UsedCheck
  | avoided.AvoidedCheck
  | atomic.AtomicCheck
  | answer.AnswerCheck;

/** By the field that tells the kind, which stands first. */
export const CHECK_KINDS = { key, keys, reply, used, avoided, atomic, answer } satisfies {
  [K in Check['kind']]: CheckKind<Extract<Check, { kind: K }>>;
};

/** Fields of any kind that hold patterns of commands. */
export const PATTERN_FIELDS = Object.values<CheckKind>(CHECK_KINDS).flatMap(({ patterns = [] }) => patterns);

export function checkKind(kind: Check['kind']): CheckKind<Check> {
  return CHECK_KINDS[kind] as CheckKind<Check>;
}
