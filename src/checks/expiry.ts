import { overwrittenKeys, runsScript } from '../redis/command-facts.ts';
import { type Act, isAmong, word } from './act.ts';

/** What a command that ran does to the expiry of a key that it names. Times in ms. */
export type Effect =
  /** Counted from the moment it runs; `given` is its argument as typed. */
  | { kind: 'in'; ms: number; given: number }
  /** A moment since 1970. */
  | { kind: 'at'; ms: number; given: number; wholeSeconds: boolean }
  /** It replaced the value, and with it the expiry. */
  | { kind: 'replaced' }
  | { kind: 'persisted' }
  /** It may set one, but its arguments don't say: RENAME, COPY, RESTORE, a script. */
  | { kind: 'unknown' };

/** Of those that overwrite a key, the ones that bring an expiry along, or may. */
const UNKNOWN = new Set(['RENAME', 'RENAMENX', 'COPY', 'RESTORE', 'MSETEX']);
/** A first reply of 0 says that nothing was done. */
const ZERO_IS_NO = new Set([
  ...['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT', 'PERSIST', 'SETNX', 'MSETNX', 'RENAMENX', 'COPY', 'MOVE'],
  ...[
    'DEL',
    'UNLINK',
    'DELEX',
    'DELIFEQ',
    'HSETNX',
    'SADD',
    'SREM',
    'HDEL',
    'ZREM',
    'LREM',
    'LPUSHX',
    'RPUSHX',
  ],
  'SMOVE',
]);

/** Undefined where the command leaves the expiry alone. */
export function effectOn(key: string, act: Act): Effect | undefined {
  const { name } = act;
  switch (name) {
    case 'SET':
      return fromOptions(act, 3) ?? (options(act, 3).includes('KEEPTTL') ? undefined : { kind: 'replaced' });
    case 'GETEX':
      return fromOptions(act, 2) ?? (options(act, 2).includes('PERSIST') ? { kind: 'persisted' } : undefined);
    case 'SETEX':
    case 'EXPIRE':
      return relative(act, 2, 1000);
    case 'PSETEX':
    case 'PEXPIRE':
      return relative(act, 2, 1);
    case 'EXPIREAT':
      return absolute(act, 2, 1000);
    case 'PEXPIREAT':
      return absolute(act, 2, 1);
    case 'PERSIST':
      return { kind: 'persisted' };
  }
  if (UNKNOWN.has(name) || (runsScript(act.args) && act.writes)) return { kind: 'unknown' };
  return name === 'GETSET' || isAmong(overwrittenKeys, act, key) ? { kind: 'replaced' } : undefined;
}

/** Whether a command did what it says: undefined where its reply does not tell. */
export function tookEffect(act: Act): boolean | undefined {
  if (act.fate !== 'ran') return false;
  const { reply, name } = act;
  if (!reply) return undefined;
  if (reply.type === 'integer') return reply.text !== '0' || !ZERO_IS_NO.has(name);
  // With GET, SET answers the old value, also where it did not set.
  if (name === 'SET' && options(act, 3).includes('GET')) {
    if (options(act, 3).includes('NX')) return reply.type === 'nil';
    if (options(act, 3).includes('XX')) return reply.type !== 'nil';
    return options(act, 3).some((option) => option.startsWith('IF')) ? undefined : true;
  }
  return !(reply.type === 'nil' && name === 'SET');
}

/** Whether it sets a key only where there is none. */
export function setsOnlyNew(act: Act): boolean {
  return /^M?SETNX$/.test(act.name) || (act.name === 'SET' && options(act, 3).includes('NX'));
}

function options(act: Act, from: number): string[] {
  return act.args.slice(from).map((_, index) => word(act, from + index));
}

function fromOptions(act: Act, from: number): Effect | undefined {
  for (let i = from; i < act.args.length; i++) {
    if (word(act, i) === 'EX') return relative(act, i + 1, 1000);
    if (word(act, i) === 'PX') return relative(act, i + 1, 1);
    if (word(act, i) === 'EXAT') return absolute(act, i + 1, 1000);
    if (word(act, i) === 'PXAT') return absolute(act, i + 1, 1);
  }
  return undefined;
}

function relative(act: Act, index: number, unit: number): Effect {
  const given = Number(act.args[index]?.toString());
  return Number.isFinite(given) ? { kind: 'in', ms: given * unit, given } : { kind: 'unknown' };
}

function absolute(act: Act, index: number, unit: number): Effect {
  const given = Number(act.args[index]?.toString());
  if (!Number.isFinite(given)) return { kind: 'unknown' };
  return { kind: 'at', ms: given * unit, given, wholeSeconds: (given * unit) % 1000 === 0 };
}
