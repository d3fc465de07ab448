import { type KeyState, nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { nearest } from '../values/mistake.ts';
import { dayOf } from '../words/duration.ts';
import type { ExpiryCondition, Reason } from '../words/reasons.ts';
import { showError, showKey, showName } from '../words/show.ts';
import { argumentMistake } from './argument-mistake.ts';
import { type Execution, errorOf, word } from './execution.ts';
import { type Effect, effectOn, tookEffect } from './expiry.ts';

/** Why a key is not there, as far as the evidence or a name close by tells: the last thing that explains it. */
export function whyMissing(key: string, context: JudgeContext): Reason | undefined {
  return (
    whatRemoved(key, context) ?? otherDatabase(key, context) ?? otherName(key, context) ?? onlyNew(context)
  );
}

/** Why a key that is there is as it was, where the evidence or another key tells. */
export function whyUnchanged(key: string, context: JudgeContext): Reason | undefined {
  return lastUndone(key, context) ?? otherName(key, context) ?? strayExpire(context);
}

/** Why a key that is there has no expiry. */
export function whyNoExpiry(
  key: string,
  before: KeyState | undefined,
  context: JudgeContext,
): Reason | undefined {
  const executions = context.executions.filter(
    (execution) =>
      (execution.db === context.db && execution.keys.includes(key)) || flushes(execution, context),
  );
  for (let i = executions.length - 1; i >= 0; i--) {
    const execution = executions[i]!;
    const effect = effectOn(key, execution);
    const sets = effect?.kind === 'in' || effect?.kind === 'at';
    const unmade = sets && notCarriedOut(execution, context);
    if (unmade) return unmade;
    if (execution.fate !== 'ran') continue;
    if (tookEffect(execution) === false) {
      if (!sets) continue;
      return execution.args.length === 3
        ? { code: 'key-not-yet', command: execution.name }
        : noEffect(execution, context);
    }
    const had = hadExpiry(key, executions.slice(0, i), before, context);
    if (takesAway(key, execution, context))
      return had ? { code: 'taken-away', command: execution.name } : undefined;
    if (had && effect?.kind === 'persisted') return { code: 'expiry-removed', command: execution.name };
    if (had && effect?.kind === 'replaced') return { code: 'expiry-dropped', command: execution.name };
  }
  return strayExpire(context);
}

/** Whether a key had an expiry after these executions. */
function hadExpiry(
  key: string,
  executions: Execution[],
  before: KeyState | undefined,
  context: JudgeContext,
): boolean {
  for (const execution of executions.toReversed()) {
    if (tookEffect(execution) === false) continue;
    const effect = effectOn(key, execution);
    if (effect) return effect.kind === 'in' || effect.kind === 'at';
    if (takesAway(key, execution, context)) return false;
  }
  return before !== undefined && before.pttl !== null;
}

/** Whether the key was gone, whole, after this command that took effect. */
function takesAway(key: string, execution: Execution, context: JudgeContext): boolean {
  if (flushes(execution, context)) return true;
  return /^RENAME(NX)?$/.test(execution.name)
    ? execution.keys[0] === key && execution.keys[1] !== key
    : /^(DEL|UNLINK|GETDEL|MOVE)$/.test(execution.name);
}

function flushes({ name, db }: Execution, context: JudgeContext): boolean {
  return name === 'FLUSHALL' || (name === 'FLUSHDB' && db === context.db);
}

/** Of an EXPIRE that answered 0 for a key that nobody asked for: it may be misspelt. */
function strayExpire(context: JudgeContext): Reason | undefined {
  const execution = context.executions.findLast(
    ({ name, args, keys }) =>
      EXPIRES.test(name) && args.length === 3 && keys.some((key) => !context.isNamed(key)),
  );
  if (execution?.fate !== 'ran' || execution.db !== context.db || tookEffect(execution) !== false)
    return undefined;
  return { code: 'no-such-key', command: execution.name, name: showName(execution.args[1]!) };
}

/** The last command that removed all keys, or this one. */
export function whatRemoved(key: string, context: JudgeContext): Reason | undefined {
  for (const execution of context.executions.toReversed()) {
    const why =
      execution.name === 'FLUSHALL' || execution.db === context.db
        ? removedBy(execution, key, context)
        : undefined;
    if (why) return why;
  }
  const before = context.given.get(key);
  if (before && before.pttl !== null && context.givenTime + before.pttl <= context.time) {
    return { code: 'given-ran-out' };
  }
  return undefined;
}

/** Of the last command that was to write to a key, where it did nothing: why. */
export function lastUndone(key: string, context: JudgeContext): Reason | undefined {
  const last = context.executions.findLast(
    (execution) => execution.db === context.db && execution.keys.includes(key) && execution.writes,
  );
  return last && (notCarriedOut(last, context) ?? noEffect(last, context));
}

/** Of a command that did nothing: its error, or what became of its transaction. Not where that is old news. */
export function notCarriedOut(execution: Execution, context: JudgeContext): Reason | undefined {
  if (execution.fate === 'ran' || isOldNews(execution, context)) return undefined;
  if (execution.fate === 'failed') {
    const mistake = argumentMistake(execution, context);
    const error = showError(errorOf(execution) ?? '');
    return { code: 'failed', command: execution.name, error, ...(mistake && { mistake }) };
  }
  if (execution.fate === 'waiting') return { code: 'queued', command: execution.name };
  if (execution.droppedBy === 'discard') return { code: 'discarded', command: execution.name };
  if (execution.droppedBy === 'watch') return { code: 'watched-key-changed' };
  if (execution.droppedBy === 'error') return { code: 'transaction-refused' };
  return undefined;
}

/** Whether a later write worked, on the same key or on one that nobody asked for and that may be meant for it. */
function isOldNews(execution: Execution, context: JudgeContext): boolean {
  return context.executions
    .slice(context.executions.indexOf(execution) + 1)
    .some(
      (later) =>
        later.writes &&
        tookEffect(later) !== false &&
        later.keys.some((key) => execution.keys.includes(key) || !context.isNamed(key)),
    );
}

/** Of a command that ran and answered that it did nothing: why. */
function noEffect(execution: Execution, context: JudgeContext): Reason | undefined {
  if (tookEffect(execution) !== false || isOldNews(execution, context)) return undefined;
  if (hasOption(execution, 'XX')) return { code: 'only-existing' };
  if (hasOption(execution, 'NX')) return { code: 'only-new', command: 'NX' };
  if (EXPIRES.test(execution.name)) return expiryCondition(word(execution, 3));
  if (execution.name === 'SETNX') return { code: 'only-new', command: 'SETNX' };
  if (execution.name === 'MSETNX') return { code: 'all-or-none' };
  return execution.name === 'RENAMENX' ? { code: 'name-taken' } : undefined;
}

const EXPIRES = /^P?EXPIRE(AT)?$/;
function expiryCondition(option: string): Reason | undefined {
  return /^(NX|XX|GT|LT)$/.test(option)
    ? { code: 'expiry-condition', option: option as ExpiryCondition }
    : undefined;
}

function hasOption(execution: Execution, option: string): boolean {
  return (
    execution.name === 'SET' &&
    execution.args.some((_, index) => index > 2 && word(execution, index) === option)
  );
}

function removedBy(execution: Execution, key: string, context: JudgeContext): Reason | undefined {
  if (/^FLUSH(DB|ALL)$/.test(execution.name)) {
    return execution.fate === 'ran' && wasThere(key, context)
      ? { code: 'flushed', command: execution.name }
      : undefined;
  }
  if (!execution.keys.includes(key) || !execution.writes) return undefined;
  if (execution.fate !== 'ran') return notCarriedOut(execution, context);
  if (tookEffect(execution) === false)
    return hasOption(execution, 'XX') ? noEffect(execution, context) : undefined;
  const { name } = execution;
  if (/^(DEL|UNLINK|GETDEL)$/.test(name)) return { code: 'removed', command: name };
  if (/^RENAME(NX)?$/.test(name) && execution.keys[0] === key)
    return { code: 'renamed', command: name, to: showName(execution.args[2] ?? '') };
  if (name === 'MOVE') return { code: 'moved', to: showName(execution.args[2] ?? '') };
  if (
    /^(B?[LR]POP|B?[LR]POPLPUSH|B?LMOVE|B?LMPOP|LTRIM|LREM|S(POP|REM|MOVE)|HDEL|HGETDEL|B?ZPOP\w+|B?ZMPOP|ZREM\w*)$/.test(
      name,
    )
  ) {
    return { code: 'emptied', command: name };
  }
  const effect = effectOn(key, execution);
  return effect && ranOut(execution, effect, context);
}

function ranOut(execution: Execution, effect: Effect, context: JudgeContext): Reason | undefined {
  const ran = execution.time;
  if (effect.kind === 'in') {
    if (effect.ms <= 0) return { code: 'no-time', command: execution.name, time: effect.given };
    return ran + effect.ms <= context.time ? { code: 'ran-out', expiry: { ms: effect.ms } } : undefined;
  }
  if (effect.kind !== 'at' || effect.ms > context.time) return undefined;
  if (effect.ms > ran) return { code: 'ran-out' };
  return { code: 'past-moment', command: execution.name, moment: effect.given, day: dayOf(effect.ms) };
}

function otherDatabase(key: string, context: JudgeContext): Reason | undefined {
  const execution = context.executions.findLast(
    ({ db, fate, keys, writes }) => db !== context.db && fate === 'ran' && keys.includes(key) && writes,
  );
  return (
    execution && { code: 'other-database', command: execution.name, db: execution.db, expected: context.db }
  );
}

/** A new key whose name is nearly this one, or which holds this name as its value. */
function otherName(key: string, context: JudgeContext): Reason | undefined {
  const added = newKeys(context);
  const swapped = added.find((name) => {
    const value = context.now.get(name)?.value;
    return value?.kind === 'string' && value.bytes.length === key.length && nameOf(value.bytes) === key;
  });
  if (swapped !== undefined) return { code: 'key-value-swapped', name: showKey(swapped) };
  const close = nearest(key, added);
  if (close === undefined) return undefined;
  return close.toLowerCase() === key.toLowerCase()
    ? { code: 'name-case', name: showKey(close) }
    : { code: 'name-typo', name: showKey(close) };
}

function onlyNew(context: JudgeContext): Reason | undefined {
  const [only, ...others] = newKeys(context);
  return only !== undefined && others.length === 0 ? { code: 'other-key', name: showKey(only) } : undefined;
}

/** Keys that were not given and that no check speaks of. */
function newKeys(context: JudgeContext): string[] {
  return [...context.now.keys()].filter((name) => !context.given.has(name) && !context.isNamed(name));
}

function wasThere(key: string, context: JudgeContext): boolean {
  return (
    context.given.has(key) ||
    context.executions.some((execution) => execution.fate === 'ran' && execution.keys.includes(key))
  );
}
