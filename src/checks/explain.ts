import { removedKeys, shrunkKeys } from '../redis/command-facts.ts';
import { type KeyState, nameOf } from '../redis/snapshot.ts';
import { type Act, errorOf, isAmong, word } from './act.ts';
import { argumentSlip } from './argument.ts';
import { duration } from './duration.ts';
import { type Effect, effectOn, tookEffect } from './expiry.ts';
import type { Scene } from './scene.ts';
import { showName } from './show.ts';
import { nearest } from './slip.ts';

/** Why a key is not there, as far as the evidence or a name close by tells: the last thing that explains it. */
export function whyMissing(key: string, scene: Scene): string | undefined {
  return whatRemoved(key, scene) ?? otherDatabase(key, scene) ?? otherName(key, scene) ?? onlyNew(scene);
}

/** Why a key that is there is as it was, where the evidence or another key tells. */
export function whyUnchanged(key: string, scene: Scene): string | undefined {
  return lastUndone(key, scene) ?? otherName(key, scene) ?? strayExpire(scene);
}

/** Why a key that is there has no expiry. */
export function whyNoExpiry(key: string, before: KeyState | undefined, scene: Scene): string | undefined {
  const acts = scene.acts.filter(
    (act) => (act.db === scene.db && act.keys.includes(key)) || flushes(act, scene),
  );
  for (let i = acts.length - 1; i >= 0; i--) {
    const act = acts[i]!;
    const effect = effectOn(key, act);
    const sets = effect?.kind === 'in' || effect?.kind === 'at';
    const unmade = sets && notCarriedOut(act, scene);
    if (unmade) return unmade;
    if (act.fate !== 'ran') continue;
    if (tookEffect(act) === false) {
      if (!sets) continue;
      return act.args.length === 3
        ? `${act.name} answered 0: the key was not there yet.`
        : noEffect(act, scene);
    }
    const had = hadExpiry(key, acts.slice(0, i), before, scene);
    if (takesAway(key, act, scene)) return had ? `${act.name} took it away, expiry and all.` : undefined;
    if (had && effect?.kind === 'persisted') return `${act.name} took it off.`;
    if (had && effect?.kind === 'replaced') return `Your last ${act.name} replaced the value and dropped it.`;
  }
  return strayExpire(scene);
}

/** Whether a key had an expiry after these acts. */
function hadExpiry(key: string, acts: Act[], before: KeyState | undefined, scene: Scene): boolean {
  for (const act of acts.toReversed()) {
    if (tookEffect(act) === false) continue;
    const effect = effectOn(key, act);
    if (effect) return effect.kind === 'in' || effect.kind === 'at';
    if (takesAway(key, act, scene)) return false;
  }
  return before !== undefined && before.pttl !== null;
}

/** Whether the key was gone, whole, after this command that took effect. */
function takesAway(key: string, act: Act, scene: Scene): boolean {
  return flushes(act, scene) || isAmong(removedKeys, act, key);
}

function flushes({ name, db }: Act, scene: Scene): boolean {
  return name === 'FLUSHALL' || (name === 'FLUSHDB' && db === scene.db);
}

/** Of an EXPIRE that answered 0 for a key that nobody asked for: it may be misspelt. */
function strayExpire(scene: Scene): string | undefined {
  const act = scene.acts.findLast(
    ({ name, args, keys }) =>
      EXPIRES.test(name) && args.length === 3 && keys.some((key) => !scene.isNamed(key)),
  );
  if (act?.fate !== 'ran' || act.db !== scene.db || tookEffect(act) !== false) return undefined;
  return `Your ${act.name} answered 0: there was no ${showName(act.args[1]!)}.`;
}

/** The last command that removed all keys, or this one. */
export function whatRemoved(key: string, scene: Scene): string | undefined {
  for (const act of scene.acts.toReversed()) {
    const why = act.name === 'FLUSHALL' || act.db === scene.db ? removedBy(act, key, scene) : undefined;
    if (why) return why;
  }
  const before = scene.given.get(key);
  if (before && before.pttl !== null && scene.givenTime + before.pttl <= scene.time) {
    return 'The expiry it had from the start has run out.';
  }
  return undefined;
}

/** Of the last command that was to write to a key, where it did nothing: why. */
export function lastUndone(key: string, scene: Scene): string | undefined {
  const last = scene.acts.findLast((act) => act.db === scene.db && act.keys.includes(key) && act.writes);
  return last && (notCarriedOut(last, scene) ?? noEffect(last, scene));
}

/** Of a command that did nothing: its error, or what became of its transaction. Not where that is old news. */
export function notCarriedOut(act: Act, scene: Scene): string | undefined {
  if (act.fate === 'ran' || isOldNews(act, scene)) return undefined;
  if (act.fate === 'failed') {
    const slip = argumentSlip(act, scene);
    return `Your ${act.name} answered an error: ${firstLine(errorOf(act) ?? '')}.${slip ? ` ${slip}` : ''}`;
  }
  if (act.fate === 'waiting') return `Your ${act.name} waits in the transaction until EXEC.`;
  if (act.droppedBy === 'discard') return `Your ${act.name} was queued, and DISCARD dropped it.`;
  if (act.droppedBy === 'watch') return 'EXEC answered (nil): a watched key had changed, so nothing ran.';
  if (act.droppedBy === 'error')
    return 'EXEC refused the transaction, because a queued command had an error.';
  return undefined;
}

/** Whether a later write worked, on the same key or on one that nobody asked for and that may be meant for it. */
function isOldNews(act: Act, scene: Scene): boolean {
  return scene.acts
    .slice(scene.acts.indexOf(act) + 1)
    .some(
      (later) =>
        later.writes &&
        tookEffect(later) !== false &&
        later.keys.some((key) => act.keys.includes(key) || !scene.isNamed(key)),
    );
}

/** Of a command that ran and answered that it did nothing: why. */
function noEffect(act: Act, scene: Scene): string | undefined {
  if (tookEffect(act) !== false || isOldNews(act, scene)) return undefined;
  if (hasOption(act, 'XX')) return 'XX sets only a key that is there already.';
  if (hasOption(act, 'NX')) return 'NX sets only a key that is not there yet.';
  if (EXPIRES.test(act.name)) return NO_EXPIRE[word(act, 3)];
  if (act.name === 'SETNX') return 'SETNX sets only a key that is not there yet.';
  if (act.name === 'MSETNX') return 'MSETNX sets all of its keys or none, and one of them was there already.';
  return act.name === 'RENAMENX' ? 'RENAMENX does nothing where the new name is taken.' : undefined;
}

const EXPIRES = /^P?EXPIRE(AT)?$/;
const NO_EXPIRE: Record<string, string> = {
  NX: 'NX sets an expiry only where there is none yet.',
  XX: 'XX sets an expiry only where there is one already.',
  GT: 'GT sets only a later expiry, and to have none counts as the latest.',
  LT: 'LT sets only an earlier expiry.',
};

function hasOption(act: Act, option: string): boolean {
  return act.name === 'SET' && act.args.some((_, index) => index > 2 && word(act, index) === option);
}

function removedBy(act: Act, key: string, scene: Scene): string | undefined {
  if (/^FLUSH(DB|ALL)$/.test(act.name)) {
    return act.fate === 'ran' && wasThere(key, scene) ? `${act.name} removes everything.` : undefined;
  }
  if (!act.keys.includes(key) || !act.writes) return undefined;
  if (act.fate !== 'ran') return notCarriedOut(act, scene);
  if (tookEffect(act) === false) return hasOption(act, 'XX') ? noEffect(act, scene) : undefined;
  const { name } = act;
  if (/^RENAME(NX)?$/.test(name) && act.keys[0] === key)
    return `${name} moved it to ${showName(act.args[2] ?? '')}.`;
  if (name === 'MOVE') return `MOVE took it to database ${showName(act.args[2] ?? '')}.`;
  if (isAmong(removedKeys, act, key)) return `${name} removed it.`;
  if (isAmong(shrunkKeys, act, key)) return `${name} took the last of it, and what is empty is gone.`;
  const effect = effectOn(key, act);
  return effect && ranOut(act, effect, scene);
}

function ranOut(act: Act, effect: Effect, scene: Scene): string | undefined {
  const ran = act.time;
  if (effect.kind === 'in') {
    if (effect.ms <= 0) return `${act.name} with a time of ${effect.given} deletes at once.`;
    return ran + effect.ms <= scene.time ? `Its expiry of ${duration(effect.ms)} has run out.` : undefined;
  }
  if (effect.kind !== 'at' || effect.ms > scene.time) return undefined;
  if (effect.ms > ran) return 'Its expiry has run out.';
  return `It expired already: ${act.name} with a moment in the past (${effect.given} was ${day(effect.ms)}) deletes at once.`;
}

function otherDatabase(key: string, scene: Scene): string | undefined {
  const act = scene.acts.findLast(
    ({ db, fate, keys, writes }) => db !== scene.db && fate === 'ran' && keys.includes(key) && writes,
  );
  return act && `Your ${act.name} went to database ${act.db}; this exercise is in database ${scene.db}.`;
}

/** A new key whose name is nearly this one, or which holds this name as its value. */
function otherName(key: string, scene: Scene): string | undefined {
  const added = newKeys(scene);
  const swapped = added.find((name) => {
    const value = scene.now.get(name)?.value;
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

function onlyNew(scene: Scene): string | undefined {
  const [only, ...others] = newKeys(scene);
  return only !== undefined && others.length === 0 ? `${shown(only)} is there instead.` : undefined;
}

/** Keys that were not given and that no check speaks of. */
function newKeys(scene: Scene): string[] {
  return [...scene.now.keys()].filter((name) => !scene.given.has(name) && !scene.isNamed(name));
}

function shown(key: string): string {
  return showName(Buffer.from(key, 'latin1'));
}

function wasThere(key: string, scene: Scene): boolean {
  return scene.given.has(key) || scene.acts.some((act) => act.fate === 'ran' && act.keys.includes(key));
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
