import type { LintKnowledge } from '../../src/course/lint.ts';
import type { CommandFacts } from '../../src/course/lint-commands.ts';
import { groupOf, hasCursor, isRandom, mayBlock } from '../../src/redis/command-facts.ts';

const TABLE = new Map<string, CommandFacts>([
  ['SET', { since: '1.0.0', arity: -3 }],
  ['GET', { since: '1.0.0', arity: 2 }],
  ['DEL', { since: '1.0.0', arity: -2 }],
  ['ZRANGE', { since: '1.2.0', arity: -4 }],
  ['EXPIRE', { since: '1.0.0', arity: -3, options: [{ token: 'NX', since: '7.0.0' }] }],
  ['SINTERCARD', { since: '7.0.0', arity: -3 }],
  ['BLPOP', { since: '2.0.0', arity: -3 }],
  ['SPOP', { since: '1.0.0', arity: -2 }],
  ['SCAN', { since: '2.8.0', arity: -2 }],
  ['HSCAN', { since: '2.8.0', arity: -3 }],
  ['SELECT', { since: '1.0.0', arity: 2 }],
  ['CLIENT', { since: '2.4.0', arity: -2 }],
  ['CLIENT KILL', { since: '2.4.0', arity: -3 }],
]);

/** For tests: a few commands, and quotes that are balanced when there is an even number of them. */
export const KNOWLEDGE: LintKnowledge = {
  commands: {
    lookup: (name) => TABLE.get(name),
    names: () => [...TABLE.keys()],
    groupOf,
    mayBlock,
    isRandom,
    hasCursor,
  },
  split: (line) =>
    line.split('"').length % 2 === 1 ? line.split(/\s+/).map((word) => Buffer.from(word)) : null,
};
