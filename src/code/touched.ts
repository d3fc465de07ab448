import { channelsOf, isWrite, keysOf, runsScript } from '../redis/command-facts.ts';
import { commandName } from '../redis/session.ts';

/** What of Redis a step has to do with. */
export interface Touched {
  /** Names of keys, and of channels; `all` where that can't be told. */
  names: ReadonlySet<string> | 'all';
  writes: boolean;
}

export const NOTHING: Touched = { names: new Set(), writes: false };
export const EVERYTHING: Touched = { names: 'all', writes: true };

/** Whether it makes a difference which of two steps comes first. */
export function depend(one: Touched, other: Touched): boolean {
  if (!one.writes && !other.writes) return false;
  if (one.names === 'all') return other.names === 'all' || other.names.size > 0;
  if (other.names === 'all') return one.names.size > 0;
  const [few, many] = one.names.size < other.names.size ? [one.names, other.names] : [other.names, one.names];
  for (const name of few) if (many.has(name)) return true;
  return false;
}

/** What asks or changes nothing but its own connection. */
const OWN = [
  'PING',
  'ECHO',
  'MULTI',
  'DISCARD',
  'UNWATCH',
  'HELLO',
  'AUTH',
  'SELECT',
  'CLIENT',
  'QUIT',
  'RESET',
];

/** What a command touches as it runs; inside a transaction it does not run yet. */
export function touchedBy(args: readonly Buffer[]): Touched {
  const name = commandName(args);
  if (OWN.includes(name)) return NOTHING;
  const named = [
    ...keysOf(args).map((key) => `key:${key.toString('latin1')}`),
    ...channelsOf(args).map((channel) => `channel:${channel.toString('latin1')}`),
  ];
  // FLUSHALL, SCAN and their like, and patterns of channels.
  if (named.length === 0 || name.startsWith('PSUB') || name.startsWith('PUNSUB')) return EVERYTHING;
  return { names: new Set(named), writes: isWrite(args) || runsScript(args) || channelsOf(args).length > 0 };
}

/** All of a transaction, as EXEC runs it. */
export function together(all: readonly Touched[]): Touched {
  if (all.some(({ names }) => names === 'all')) return EVERYTHING;
  return {
    names: new Set(all.flatMap(({ names }) => [...(names as ReadonlySet<string>)])),
    writes: all.some(({ writes }) => writes),
  };
}

export function touchedKey(key: string): Touched {
  return { names: new Set([`key:${key}`]), writes: true };
}
