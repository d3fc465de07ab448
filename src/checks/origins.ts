import { readKeys, removedKeys } from '../redis/command-facts.ts';
import { type Act, isAmong, word, writtenKeys } from './act.ts';
import { effectOn, tookEffect } from './expiry.ts';
import type { Scene } from './scene.ts';

/** Which units made a key what it is. None: it is as it was given. */
interface Origin {
  there: boolean;
  units: Set<number>;
  /** When it expires, in ms since 1970, as far as known. */
  until: number | undefined;
}

/** Follows some keys through all that was done, and keeps what has left a trace in them. */
export class Origins {
  readonly #origins = new Map<string, Origin>();

  private constructor(keys: Iterable<string>, { given, givenTime }: Scene) {
    for (const key of keys) {
      const state = given.get(key);
      const until = state && state.pttl !== null ? givenTime + state.pttl : undefined;
      this.#origins.set(key, { there: state !== undefined, units: new Set(), until });
    }
  }

  static of(keys: Iterable<string>, scene: Scene): Origins {
    const origins = new Origins(keys, scene);
    for (const act of scene.acts) origins.#follow(act, scene);
    return origins;
  }

  /** All that had a part in what the keys are now. */
  get units(): Set<number> {
    return new Set([...this.#origins.values()].flatMap(({ units }) => [...units]));
  }

  #follow(act: Act, scene: Scene): void {
    if (tookEffect(act) === false || !act.writes) return;
    this.#expire(act.time, scene);
    const flushes = act.name === 'FLUSHALL' || (act.name === 'FLUSHDB' && act.db === scene.db);
    if (flushes) for (const key of this.#origins.keys()) this.#remove(key, act.unit, scene);
    if (act.db !== scene.db) return;
    const [from, to] = act.keys;
    if (/^(RENAME(NX)?|COPY)$/.test(act.name) && from !== undefined && to !== undefined) {
      const source = this.#origins.get(from);
      if (this.#origins.has(to)) {
        // What was done to the source lives on in its new name.
        const units = new Set([...(source?.units ?? []), act.unit]);
        this.#origins.set(to, { there: true, units, until: source?.until });
      }
      if (act.name !== 'COPY') this.#remove(from, act.unit, scene);
      return;
    }
    for (const key of writtenKeys(act)) {
      if (isAmong(removedKeys, act, key)) this.#remove(key, act.unit, scene);
      else this.#write(key, act, scene);
    }
  }

  #write(key: string, act: Act, scene: Scene): void {
    const origin = this.#origins.get(key);
    if (!origin) return;
    const effect = effectOn(key, act);
    const ran = act.time;
    if (!origin.there || replacesWhole(key, act)) origin.units.clear();
    origin.units.add(act.unit);
    origin.there = true;
    if (effect?.kind === 'in') origin.until = ran + effect.ms;
    else if (effect?.kind === 'at') origin.until = effect.ms;
    else if (effect) origin.until = undefined;
    if (origin.until !== undefined && origin.until <= ran) this.#remove(key, act.unit, scene);
  }

  /** A key that was not given is as it was once it is gone; that a given one is gone, somebody did. */
  #remove(key: string, unit: number | undefined, { given }: Scene): void {
    if (!this.#origins.has(key)) return;
    const units = new Set(unit !== undefined && given.has(key) ? [unit] : []);
    this.#origins.set(key, { there: false, units, until: undefined });
  }

  #expire(time: number, scene: Scene): void {
    for (const [key, { until }] of this.#origins) {
      if (until !== undefined && until <= time) this.#remove(key, undefined, scene);
    }
  }
}

/** Whether nothing of what the key was before is left. */
function replacesWhole(key: string, act: Act): boolean {
  const has = (option: RegExp) => act.args.some((_, index) => option.test(word(act, index)));
  // Of a command that sets on a condition, the reply need not tell whether it did.
  if (tookEffect(act) !== true && (act.name.endsWith('NX') || has(/^([NX]X|IF\w+)$/))) return false;
  if (/^(P?SETEX|MSETEX|SET)$/.test(act.name)) return !has(/^KEEPTTL$/);
  const addsToItself = isAmong(readKeys, act, key);
  return effectOn(key, act)?.kind === 'replaced' && !addsToItself;
}
