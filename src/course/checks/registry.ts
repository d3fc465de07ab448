import { z } from 'zod';
import * as answer from './answer.ts';
import * as any from './any.ts';
import * as atomic from './atomic.ts';
import * as avoided from './avoided.ts';
import * as connected from './connected.ts';
import * as key from './key.ts';
import * as keys from './keys.ts';
import type { CheckKind } from './kind.ts';
import * as published from './published.ts';
import * as received from './received.ts';
import * as reply from './reply.ts';
import * as subscribed from './subscribed.ts';
import * as used from './used.ts';

/** A check that is no choice between others. */
export type PlainCheck =
  | key.KeyCheck
  | keys.KeysCheck
  | reply.ReplyCheck
  | used.UsedCheck
  | avoided.AvoidedCheck
  | atomic.AtomicCheck
  | connected.ConnectedCheck
  | published.PublishedCheck
  | subscribed.SubscribedCheck
  | received.ReceivedCheck
  | answer.AnswerCheck;
export type Check = PlainCheck | any.AnyCheck<PlainCheck>;

/** By the field that tells the kind, which stands first. */
export const CHECK_KINDS = {
  key,
  keys,
  reply,
  used,
  avoided,
  atomic,
  connected,
  published,
  subscribed,
  received,
  answer,
  any,
} satisfies {
  [K in Check['kind']]: CheckKind<Extract<Check, { kind: K }>>;
};

const { any: _, ...PLAIN_KINDS } = CHECK_KINDS;
/** Named, so that the JSON Schema says it once. */
const plainCheck = z.union(Object.values(PLAIN_KINDS).map(({ schema }) => schema)).meta({ id: 'check' });
/** What stands in a list of checks. */
export const anyCheck = z.union([plainCheck, any.schemaOf(plainCheck)]).meta({ id: 'checks' });

/** Fields of any kind that hold patterns of commands. */
export const PATTERN_FIELDS = Object.values<CheckKind>(CHECK_KINDS).flatMap(({ patterns = [] }) => patterns);

export function checkKind(kind: Check['kind']): CheckKind<Check> {
  return CHECK_KINDS[kind] as CheckKind<Check>;
}
