import { filledKeys, groupOf } from '../redis/command-facts.ts';
import { type Act, isAmong } from './act.ts';
import type { Scene } from './scene.ts';

/** The command that made the key what it is, where the evidence shows one: the first that makes such a type. */
export function madeBy(key: string, type: string, scene: Scene): string | undefined {
  return scene.acts.find(
    (act) => act.fate === 'ran' && isAmong(filledKeys, act, key) && typeMadeBy(act) === type,
  )?.name;
}

/** They add to what is there, and make nothing where nothing is. */
const ONLY_ADDING = new Set(['LPUSHX', 'RPUSHX', 'LINSERT', 'LSET', 'XSETID', 'XGROUP']);

const TYPES: Record<string, string> = {
  ...{ string: 'string', bitmap: 'string', hyperloglog: 'string', list: 'list', hash: 'hash', set: 'set' },
  ...{ 'sorted-set': 'zset', geo: 'zset', stream: 'stream' },
};

function typeMadeBy({ name, args }: Act): string | undefined {
  return ONLY_ADDING.has(name) ? undefined : TYPES[groupOf(args)];
}
