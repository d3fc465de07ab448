import type { Scene } from '../context.ts';

/** The command that made the key what it is, where the evidence shows one: the first that makes such a type. */
export function madeBy(key: string, type: string, scene: Scene): string | undefined {
  return scene.acts.find(
    (act) => act.fate === 'ran' && act.keys.includes(key) && typeMadeBy(act.name) === type,
  )?.name;
}

function typeMadeBy(command: string): string | undefined {
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
