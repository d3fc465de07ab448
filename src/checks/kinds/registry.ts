import type { Check } from '../../course/course.ts';
import type { CheckResult } from '../verdict.ts';
import * as answer from './answer.ts';
import * as any from './any.ts';
import * as atomic from './atomic.ts';
import * as avoided from './avoided.ts';
import * as connected from './connected.ts';
import * as key from './key.ts';
import * as keys from './keys.ts';
import type { Kind } from './kind.ts';
import * as published from './published.ts';
import * as received from './received.ts';
import * as reply from './reply.ts';
import * as subscribed from './subscribed.ts';
import * as used from './used.ts';

const KINDS = {
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
  any: any.over(kindOf),
} satisfies {
  [K in Check['kind']]: Kind<Extract<Check, { kind: K }>>;
};

/** Throws where a course names a kind that there is not. */
export function kindOf({ kind }: { kind: Check['kind'] }): Kind {
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`no such kind of check: ${JSON.stringify(kind)}`);
  return KINDS[kind] as Kind;
}

/** What a result that passed has found, for a person; empty where that would say nothing. */
export function describe(result: CheckResult): string {
  const { kind } = result;
  if (kind === 'case') return result.property ?? '';
  return kind === 'given' ? '' : kindOf({ kind }).describe(result);
}
