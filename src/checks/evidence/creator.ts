import { filledKeys, groupOf } from '../../redis/command-facts.ts';
import type { JudgeContext } from '../context.ts';
import { type Execution, isAmong } from './execution.ts';

/** The command that made the key what it is, where the evidence shows one: the first that makes such a type. */
export function creatorOf(key: string, type: string, context: JudgeContext): string | undefined {
  return context.executions.find(
    (execution) =>
      execution.fate === 'ran' && isAmong(filledKeys, execution, key) && typeCreatedBy(execution) === type,
  )?.name;
}

/** They add to what is there, and make nothing where nothing is. */
const ONLY_ADDING = new Set(['LPUSHX', 'RPUSHX', 'LINSERT', 'LSET', 'XSETID', 'XGROUP']);

const TYPES: Record<string, string> = {
  ...{ string: 'string', bitmap: 'string', hyperloglog: 'string', list: 'list', hash: 'hash', set: 'set' },
  ...{ 'sorted-set': 'zset', geo: 'zset', stream: 'stream' },
};

function typeCreatedBy({ name, args }: Execution): string | undefined {
  return ONLY_ADDING.has(name) ? undefined : TYPES[groupOf(args)];
}
