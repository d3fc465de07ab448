import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { keyPattern } from '../values/key-pattern.ts';
import { nearest } from '../values/mistake.ts';
import type { Reason } from '../words/reasons.ts';
import { showKey } from '../words/show.ts';
import { type Execution, word } from './execution.ts';
import { tookEffect } from './expiry.ts';
import { notCarriedOut } from './undone.ts';

/** A write to this key that went to another database. */
export function otherDatabase(key: string, context: JudgeContext): Reason | undefined {
  const execution = context.executions.findLast(
    ({ db, fate, keys, writes }) => db !== context.db && fate === 'ran' && keys.includes(key) && writes,
  );
  return (
    execution && { code: 'other-database', command: execution.name, db: execution.db, expected: context.db }
  );
}

/** A new key whose name is nearly this one, or which holds this name as its value. */
export function otherName(key: string, context: JudgeContext): Reason | undefined {
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

/** The one new key, whatever its name. */
export function onlyNew(context: JudgeContext): Reason | undefined {
  const [only, ...others] = newKeys(context);
  return only !== undefined && others.length === 0 ? { code: 'other-key', name: showKey(only) } : undefined;
}

/** Keys that were not given and that no check speaks of. */
function newKeys(context: JudgeContext): string[] {
  return [...context.now.keys()].filter((name) => !context.given.has(name) && !context.isNamed(name));
}

/** One of these keys, named with the comma of a list behind it. */
export function commaInName(keys: readonly string[], context: JudgeContext): Reason | undefined {
  const name = keys
    .map((key) => `${key},`)
    .find((name) => isNobodys(name, context) && context.executions.some(({ keys }) => keys.includes(name)));
  return name === undefined ? undefined : { code: 'comma-in-name', name: showKey(name) };
}

/** They answer 0 or nil where there is no such key. */
const MISSES =
  /^(P?EXPIRE(AT)?|PERSIST|DEL|UNLINK|GETDEL|GETEX|MOVE|[SZ]REM|HDEL|LREM|[LR]PUSHX|COPY|SMOVE)$/;

/**
 * Of the last command that did nothing, as its key is one that nobody asked for and that is not there, why: it may
 * have been meant for one of these keys. `matters`: whether such a command can have been meant for any of them.
 */
export function strayCommand(
  keys: readonly string[],
  matters: (execution: Execution) => boolean,
  context: JudgeContext,
): Reason | undefined {
  const stray = context.executions.findLast(
    (execution) =>
      execution.db === context.db &&
      execution.writes &&
      tookEffect(execution) === false &&
      execution.keys.some((key) => isNobodys(key, context)) &&
      (matters(execution) || keys.some((key) => isMeantFor(key, execution))),
  );
  if (!stray || isMadeGood(stray, keys, context)) return undefined;
  if (stray.fate !== 'ran') return notCarriedOut(stray, context);
  const misses = MISSES.test(stray.name) && !/^(NX|XX|GT|LT)$/.test(word(stray, 3));
  const name = stray.keys.find((key) => isNobodys(key, context))!;
  const answer = stray.reply?.type === 'nil' ? '(nil)' : '0';
  return misses && !context.now.has(name)
    ? { code: 'no-such-key', command: stray.name, name: showKey(name), answer }
    : undefined;
}

/** A key that was not given and is asked for by nobody: where it holds a wildcard, a check by pattern does not mean it. */
function isNobodys(key: string, { isNamed, given }: JudgeContext): boolean {
  return !given.has(key) && (!isNamed(key) || WILDCARD.test(key));
}

const WILDCARD = /[*?[]/;

/** Whether a command names a key by a pattern, or nearly, or at another place. */
function isMeantFor(key: string, { keys, args }: Execution): boolean {
  return (
    args.some((arg, index) => index > 0 && nameOf(arg) === key) ||
    nearest(key, keys) !== undefined ||
    keys.some((name) => WILDCARD.test(name) && keyPattern(Buffer.from(name, 'latin1').toString())(key))
  );
}

/** Whether the same command worked later on. */
function isMadeGood(stray: Execution, keys: readonly string[], { executions }: JudgeContext): boolean {
  return executions
    .slice(executions.indexOf(stray) + 1)
    .some(
      (later) =>
        later.name === stray.name &&
        tookEffect(later) !== false &&
        later.keys.some((key) => keys.includes(key)),
    );
}
