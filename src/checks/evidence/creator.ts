import type { JudgeContext } from '../context.ts';

/** The command that made the key what it is, where the evidence shows one: the first that makes such a type. */
export function creatorOf(key: string, type: string, context: JudgeContext): string | undefined {
  return context.executions.find(
    (execution) =>
      execution.fate === 'ran' && execution.keys.includes(key) && typeCreatedBy(execution.name) === type,
  )?.name;
}

function typeCreatedBy(command: string): string | undefined {
  if (
    /^(SET|SETEX|PSETEX|SETNX|GETSET|MSET|MSETNX|SETRANGE|SETBIT|APPEND|(INCR|DECR)(BY)?|INCRBYFLOAT)$/.test(
      command,
    )
  ) {
    return 'string';
  }
  if (/^[LR]PUSH$/.test(command)) return 'list';
  if (/^H(SET|MSET|SETNX|INCRBY|INCRBYFLOAT)$/.test(command)) return 'hash';
  if (/^S(ADD|UNIONSTORE|INTERSTORE|DIFFSTORE)$/.test(command)) return 'set';
  if (/^(ZADD|ZINCRBY|GEOADD|Z\w+STORE)$/.test(command)) return 'zset';
  return command === 'XADD' ? 'stream' : undefined;
}
