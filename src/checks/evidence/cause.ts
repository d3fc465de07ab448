import { type KeyState, nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { nearest } from '../values/mistake.ts';
import { duration } from '../words/duration.ts';
import { showName } from '../words/show.ts';
import { argumentMistake } from './argument-mistake.ts';
import { type Execution, errorOf, word } from './execution.ts';
import { type Effect, effectOn, tookEffect } from './expiry.ts';

/** Why a key is not there, as far as the evidence or a name close by tells: the last thing that explains it. */
export function whyMissing(key: string, context: JudgeContext): string | undefined {
  return (
    whatRemoved(key, context) ?? otherDatabase(key, context) ?? otherName(key, context) ?? onlyNew(context)
  );
}

/** Why a key that is there is as it was, where the evidence or another key tells. */
export function whyUnchanged(key: string, context: JudgeContext): string | undefined {
  return lastUndone(key, context) ?? otherName(key, context) ?? strayExpire(context);
}

/** Why a key that is there has no expiry. */
export function whyNoExpiry(
  key: string,
  before: KeyState | undefined,
  context: JudgeContext,
): string | undefined {
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
        ? `${execution.name} answered 0: the key was not there yet.`
        : noEffect(execution, context);
    }
    const had = hadExpiry(key, executions.slice(0, i), before, context);
    if (takesAway(key, execution, context))
      return had ? `${execution.name} took it away, expiry and all.` : undefined;
    if (had && effect?.kind === 'persisted') return `${execution.name} took it off.`;
    if (had && effect?.kind === 'replaced')
      return `Your last ${execution.name} replaced the value and dropped it.`;
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
function strayExpire(context: JudgeContext): string | undefined {
  const execution = context.executions.findLast(
    ({ name, args, keys }) =>
      EXPIRES.test(name) && args.length === 3 && keys.some((key) => !context.isNamed(key)),
  );
  if (execution?.fate !== 'ran' || execution.db !== context.db || tookEffect(execution) !== false)
    return undefined;
  return `Your ${execution.name} answered 0: there was no ${showName(execution.args[1]!)}.`;
}

/** The last command that removed all keys, or this one. */
export function whatRemoved(key: string, context: JudgeContext): string | undefined {
  for (const execution of context.executions.toReversed()) {
    const why =
      execution.name === 'FLUSHALL' || execution.db === context.db
        ? removedBy(execution, key, context)
        : undefined;
    if (why) return why;
  }
  const before = context.given.get(key);
  if (before && before.pttl !== null && context.givenTime + before.pttl <= context.time) {
    return 'The expiry it had from the start has run out.';
  }
  return undefined;
}

/** Of the last command that was to write to a key, where it did nothing: why. */
export function lastUndone(key: string, context: JudgeContext): string | undefined {
  const last = context.executions.findLast(
    (execution) => execution.db === context.db && execution.keys.includes(key) && execution.writes,
  );
  return last && (notCarriedOut(last, context) ?? noEffect(last, context));
}

/** Of a command that did nothing: its error, or what became of its transaction. Not where that is old news. */
export function notCarriedOut(execution: Execution, context: JudgeContext): string | undefined {
  if (execution.fate === 'ran' || isOldNews(execution, context)) return undefined;
  if (execution.fate === 'failed') {
    const mistake = argumentMistake(execution, context);
    return `Your ${execution.name} answered an error: ${firstLine(errorOf(execution) ?? '')}.${mistake ? ` ${mistake}` : ''}`;
  }
  if (execution.fate === 'waiting') return `Your ${execution.name} waits in the transaction until EXEC.`;
  if (execution.droppedBy === 'discard') return `Your ${execution.name} was queued, and DISCARD dropped it.`;
  if (execution.droppedBy === 'watch')
    return 'EXEC answered (nil): a watched key had changed, so nothing ran.';
  if (execution.droppedBy === 'error')
    return 'EXEC refused the transaction, because a queued command had an error.';
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
function noEffect(execution: Execution, context: JudgeContext): string | undefined {
  if (tookEffect(execution) !== false || isOldNews(execution, context)) return undefined;
  if (hasOption(execution, 'XX')) return 'XX sets only a key that is there already.';
  if (hasOption(execution, 'NX')) return 'NX sets only a key that is not there yet.';
  if (EXPIRES.test(execution.name)) return NO_EXPIRE[word(execution, 3)];
  if (execution.name === 'SETNX') return 'SETNX sets only a key that is not there yet.';
  if (execution.name === 'MSETNX')
    return 'MSETNX sets all of its keys or none, and one of them was there already.';
  return execution.name === 'RENAMENX' ? 'RENAMENX does nothing where the new name is taken.' : undefined;
}

const EXPIRES = /^P?EXPIRE(AT)?$/;
const NO_EXPIRE: Record<string, string> = {
  NX: 'NX sets an expiry only where there is none yet.',
  XX: 'XX sets an expiry only where there is one already.',
  GT: 'GT sets only a later expiry, and to have none counts as the latest.',
  LT: 'LT sets only an earlier expiry.',
};

function hasOption(execution: Execution, option: string): boolean {
  return (
    execution.name === 'SET' &&
    execution.args.some((_, index) => index > 2 && word(execution, index) === option)
  );
}

function removedBy(execution: Execution, key: string, context: JudgeContext): string | undefined {
  if (/^FLUSH(DB|ALL)$/.test(execution.name)) {
    return execution.fate === 'ran' && wasThere(key, context)
      ? `${execution.name} removes everything.`
      : undefined;
  }
  if (!execution.keys.includes(key) || !execution.writes) return undefined;
  if (execution.fate !== 'ran') return notCarriedOut(execution, context);
  if (tookEffect(execution) === false)
    return hasOption(execution, 'XX') ? noEffect(execution, context) : undefined;
  const { name } = execution;
  if (/^(DEL|UNLINK|GETDEL)$/.test(name)) return `${name} removed it.`;
  if (/^RENAME(NX)?$/.test(name) && execution.keys[0] === key)
    return `${name} moved it to ${showName(execution.args[2] ?? '')}.`;
  if (name === 'MOVE') return `MOVE took it to database ${showName(execution.args[2] ?? '')}.`;
  if (
    /^(B?[LR]POP|B?[LR]POPLPUSH|B?LMOVE|B?LMPOP|LTRIM|LREM|S(POP|REM|MOVE)|HDEL|HGETDEL|B?ZPOP\w+|B?ZMPOP|ZREM\w*)$/.test(
      name,
    )
  ) {
    return `${name} took the last of it, and what is empty is gone.`;
  }
  const effect = effectOn(key, execution);
  return effect && ranOut(execution, effect, context);
}

function ranOut(execution: Execution, effect: Effect, context: JudgeContext): string | undefined {
  const ran = execution.time;
  if (effect.kind === 'in') {
    if (effect.ms <= 0) return `${execution.name} with a time of ${effect.given} deletes at once.`;
    return ran + effect.ms <= context.time ? `Its expiry of ${duration(effect.ms)} has run out.` : undefined;
  }
  if (effect.kind !== 'at' || effect.ms > context.time) return undefined;
  if (effect.ms > ran) return 'Its expiry has run out.';
  return `It expired already: ${execution.name} with a moment in the past (${effect.given} was ${day(effect.ms)}) deletes at once.`;
}

function otherDatabase(key: string, context: JudgeContext): string | undefined {
  const execution = context.executions.findLast(
    ({ db, fate, keys, writes }) => db !== context.db && fate === 'ran' && keys.includes(key) && writes,
  );
  return (
    execution &&
    `Your ${execution.name} went to database ${execution.db}; this exercise is in database ${context.db}.`
  );
}

/** A new key whose name is nearly this one, or which holds this name as its value. */
function otherName(key: string, context: JudgeContext): string | undefined {
  const added = newKeys(context);
  const swapped = added.find((name) => {
    const value = context.now.get(name)?.value;
    return value?.kind === 'string' && value.bytes.length === key.length && nameOf(value.bytes) === key;
  });
  if (swapped !== undefined)
    return `${shown(swapped)} is there and holds that name: are key and value swapped?`;
  const close = nearest(key, added);
  if (close === undefined) return undefined;
  return close.toLowerCase() === key.toLowerCase()
    ? `${shown(close)} is there: names differ by case.`
    : `${shown(close)} is there: a typo?`;
}

function onlyNew(context: JudgeContext): string | undefined {
  const [only, ...others] = newKeys(context);
  return only !== undefined && others.length === 0 ? `${shown(only)} is there instead.` : undefined;
}

/** Keys that were not given and that no check speaks of. */
function newKeys(context: JudgeContext): string[] {
  return [...context.now.keys()].filter((name) => !context.given.has(name) && !context.isNamed(name));
}

function shown(key: string): string {
  return showName(Buffer.from(key, 'latin1'));
}

function wasThere(key: string, context: JudgeContext): boolean {
  return (
    context.given.has(key) ||
    context.executions.some((execution) => execution.fate === 'ran' && execution.keys.includes(key))
  );
}

/** The first line of a server's error, without what a terminal would obey and without a full stop. */
export function firstLine(text: string): string {
  return text
    .split(/[\r\n]/, 1)[0]!
    .slice(0, 200)
    .replace(/\p{C}/gu, '?')
    .replace(/\.$/, '');
}

function day(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'long ago' : date.toISOString().slice(0, 10);
}
