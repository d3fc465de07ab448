import { type Execution, word } from './execution.ts';

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

const REPLACE = new Set(['GETSET', 'MSET', 'MSETNX', 'SETNX']);
const UNKNOWN = new Set(['RENAME', 'RENAMENX', 'COPY', 'RESTORE', 'MSETEX']);
const SCRIPT = /^(EVAL|EVALSHA|FCALL)$/;
/** A first reply of 0 says that nothing was done. */
const ZERO_IS_NO = new Set([
  ...['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT', 'PERSIST', 'SETNX', 'MSETNX', 'RENAMENX', 'COPY', 'MOVE'],
  ...['DEL', 'UNLINK', 'HSETNX', 'SADD', 'SREM', 'HDEL', 'ZREM', 'LREM', 'LPUSHX', 'RPUSHX', 'SMOVE'],
]);

/** Undefined where the command leaves the expiry alone. */
export function effectOn(key: string, execution: Execution): Effect | undefined {
  const { name } = execution;
  switch (name) {
    case 'SET':
      return (
        fromOptions(execution, 3) ??
        (options(execution, 3).includes('KEEPTTL') ? undefined : { kind: 'replaced' })
      );
    case 'GETEX':
      return (
        fromOptions(execution, 2) ??
        (options(execution, 2).includes('PERSIST') ? { kind: 'persisted' } : undefined)
      );
    case 'SETEX':
    case 'EXPIRE':
      return relative(execution, 2, 1000);
    case 'PSETEX':
    case 'PEXPIRE':
      return relative(execution, 2, 1);
    case 'EXPIREAT':
      return absolute(execution, 2, 1000);
    case 'PEXPIREAT':
      return absolute(execution, 2, 1);
    case 'PERSIST':
      return { kind: 'persisted' };
  }
  if (REPLACE.has(name) || (/STORE$/.test(name) && execution.keys[0] === key)) return { kind: 'replaced' };
  return UNKNOWN.has(name) || SCRIPT.test(name) ? { kind: 'unknown' } : undefined;
}

/** Whether a command did what it says: undefined where its reply does not tell. */
export function tookEffect(execution: Execution): boolean | undefined {
  if (execution.fate !== 'ran') return false;
  const { reply, name } = execution;
  if (!reply) return undefined;
  if (reply.type === 'integer') return reply.text !== '0' || !ZERO_IS_NO.has(name);
  // With GET, SET answers the old value, also where it did not set.
  if (name === 'SET' && options(execution, 3).includes('GET')) {
    if (options(execution, 3).includes('NX')) return reply.type === 'nil';
    if (options(execution, 3).includes('XX')) return reply.type !== 'nil';
    return options(execution, 3).some((option) => option.startsWith('IF')) ? undefined : true;
  }
  return !(reply.type === 'nil' && /^(SET|GETDEL|GETEX)$/.test(name));
}

/** Whether it sets a key only where there is none. */
export function setsOnlyNew(execution: Execution): boolean {
  return (
    /^M?SETNX$/.test(execution.name) || (execution.name === 'SET' && options(execution, 3).includes('NX'))
  );
}

function options(execution: Execution, from: number): string[] {
  return execution.args.slice(from).map((_, index) => word(execution, from + index));
}

function fromOptions(execution: Execution, from: number): Effect | undefined {
  for (let i = from; i < execution.args.length; i++) {
    if (word(execution, i) === 'EX') return relative(execution, i + 1, 1000);
    if (word(execution, i) === 'PX') return relative(execution, i + 1, 1);
    if (word(execution, i) === 'EXAT') return absolute(execution, i + 1, 1000);
    if (word(execution, i) === 'PXAT') return absolute(execution, i + 1, 1);
  }
  return undefined;
}

function relative(execution: Execution, index: number, unit: number): Effect {
  const given = Number(execution.args[index]?.toString());
  return Number.isFinite(given) ? { kind: 'in', ms: given * unit, given } : { kind: 'unknown' };
}

function absolute(execution: Execution, index: number, unit: number): Effect {
  const given = Number(execution.args[index]?.toString());
  if (!Number.isFinite(given)) return { kind: 'unknown' };
  return { kind: 'at', ms: given * unit, given, wholeSeconds: (given * unit) % 1000 === 0 };
}
