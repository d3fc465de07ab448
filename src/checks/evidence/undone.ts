import { groupOf, overwrittenKeys, removedKeys } from '../../redis/command-facts.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import type { ExpiryCondition, Reason } from '../words/reasons.ts';
import { showError } from '../words/show.ts';
import { argumentMistake } from './argument-mistake.ts';
import { type Execution, errorOf, word, writtenKeys } from './execution.ts';
import { tookEffect } from './expiry.ts';

/** Why a command did nothing. Undefined where it did something, and where a later one made up for it. */
export function whyUndone(execution: Execution, context: JudgeContext): Reason | undefined {
  return notCarriedOut(execution, context) ?? noEffect(execution, context);
}

/** Whether a command was to write to a key, or failed on it, and there is a word to say of why it did not. */
export function isUndoneOn(key: string, execution: Execution, context: JudgeContext): boolean {
  const { db, fate, writes, keys } = execution;
  if (db !== context.db || !keys.includes(key)) return false;
  return (writes || fate === 'failed') && whyUndone(execution, context) !== undefined;
}

/**
 * Of the commands that were to do something to these keys and did nothing, why the first did: of several tries of it,
 * the last one. `matters`: whether a command can have to do with what is asked.
 */
export function firstUndone(
  keys: readonly string[],
  matters: (execution: Execution) => boolean,
  context: JudgeContext,
): Reason | undefined {
  const undone = context.executions.filter(
    (execution) => matters(execution) && keys.some((key) => isUndoneOn(key, execution, context)),
  );
  const last = undone.findLast(({ name }) => name === undone[0]!.name);
  return last && whyUndone(last, context);
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
        isOfTheSame(later, execution) &&
        later.keys.some((key) => execution.keys.includes(key) || !context.isNamed(key)),
    );
}

/** Not where a later one sets but an expiry, adds to what was to go, or sets other members of the same key. */
function isOfTheSame(later: Execution, execution: Execution): boolean {
  if (/^(DEL|UNLINK)$/.test(execution.name))
    return removedKeys(later.args).length + overwrittenKeys(later.args).length > 0;
  if (EXPIRES.test(later.name)) return EXPIRES.test(execution.name) || execution.name === later.name;
  const group = groupOf(execution.args);
  if (!/^(hash|set|sorted-set)$/.test(group) || group !== groupOf(later.args)) return true;
  if (writtenKeys(later).length > 1 || later.args.length < 3) return true;
  const about = execution.args.slice(2).map(nameOf);
  return later.args.slice(2).some((arg) => about.includes(nameOf(arg)));
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

export function hasOption(execution: Execution, option: string): boolean {
  return (
    execution.name === 'SET' &&
    execution.args.some((_, index) => index > 2 && word(execution, index) === option)
  );
}
