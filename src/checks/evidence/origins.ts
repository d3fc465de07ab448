import type { JudgeContext } from '../context.ts';
import { type Execution, word, writtenKeys } from './execution.ts';
import { effectOn, tookEffect } from './expiry.ts';

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

  private constructor(keys: Iterable<string>, { given, givenTime }: JudgeContext) {
    for (const key of keys) {
      const state = given.get(key);
      const until = state && state.pttl !== null ? givenTime + state.pttl : undefined;
      this.#origins.set(key, { there: state !== undefined, units: new Set(), until });
    }
  }

  static of(keys: Iterable<string>, context: JudgeContext): Origins {
    const origins = new Origins(keys, context);
    for (const execution of context.executions) origins.#follow(execution, context);
    return origins;
  }

  /** All that had a part in what the keys are now. */
  get units(): Set<number> {
    return new Set([...this.#origins.values()].flatMap(({ units }) => [...units]));
  }

  #follow(execution: Execution, context: JudgeContext): void {
    if (tookEffect(execution) === false || !execution.writes) return;
    this.#expire(execution.time, context);
    const flushes =
      execution.name === 'FLUSHALL' || (execution.name === 'FLUSHDB' && execution.db === context.db);
    if (flushes) for (const key of this.#origins.keys()) this.#remove(key, execution.unit, context);
    if (execution.db !== context.db) return;
    const [from, to] = execution.keys;
    if (/^(RENAME(NX)?|COPY)$/.test(execution.name) && from !== undefined && to !== undefined) {
      const source = this.#origins.get(from);
      if (this.#origins.has(to)) {
        // What was done to the source lives on in its new name.
        const units = new Set([...(source?.units ?? []), execution.unit]);
        this.#origins.set(to, { there: true, units, until: source?.until });
      }
      if (execution.name !== 'COPY') this.#remove(from, execution.unit, context);
      return;
    }
    for (const key of writtenKeys(execution)) {
      if (/^(DEL|UNLINK|GETDEL|MOVE)$/.test(execution.name)) this.#remove(key, execution.unit, context);
      else this.#write(key, execution, context);
    }
  }

  #write(key: string, execution: Execution, context: JudgeContext): void {
    const origin = this.#origins.get(key);
    if (!origin) return;
    const effect = effectOn(key, execution);
    const ran = execution.time;
    if (!origin.there || replacesWhole(key, execution)) origin.units.clear();
    origin.units.add(execution.unit);
    origin.there = true;
    if (effect?.kind === 'in') origin.until = ran + effect.ms;
    else if (effect?.kind === 'at') origin.until = effect.ms;
    else if (effect) origin.until = undefined;
    if (origin.until !== undefined && origin.until <= ran) this.#remove(key, execution.unit, context);
  }

  /** A key that was not given is as it was once it is gone; that a given one is gone, somebody did. */
  #remove(key: string, unit: number | undefined, { given }: JudgeContext): void {
    if (!this.#origins.has(key)) return;
    const units = new Set(unit !== undefined && given.has(key) ? [unit] : []);
    this.#origins.set(key, { there: false, units, until: undefined });
  }

  #expire(time: number, context: JudgeContext): void {
    for (const [key, { until }] of this.#origins) {
      if (until !== undefined && until <= time) this.#remove(key, undefined, context);
    }
  }
}

/** Whether nothing of what the key was before is left. */
function replacesWhole(key: string, execution: Execution): boolean {
  const has = (option: RegExp) => execution.args.some((_, index) => option.test(word(execution, index)));
  // Of a command that sets on a condition, the reply need not tell whether it did.
  if (tookEffect(execution) !== true && (execution.name.endsWith('NX') || has(/^([NX]X|IF\w+)$/)))
    return false;
  if (/^(P?SETEX|MSETEX|SET)$/.test(execution.name)) return !has(/^KEEPTTL$/);
  const addsToItself = execution.name.endsWith('STORE') && execution.keys.slice(1).includes(key);
  return effectOn(key, execution)?.kind === 'replaced' && !addsToItself;
}
