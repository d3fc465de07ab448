import { type Caller, callerIn } from './node-caller.ts';

/** Where the learner's code asked for what went wrong: a reply knows nothing of it. */
const asked = new WeakMap<object, Caller>();

export function whereAsked(error: object): Caller | undefined {
  return asked.get(error);
}

/** What will come of a command. It knows whether anybody waits for it. */
export class Outcome<T> extends Promise<T> {
  // What is made of it is a plain promise, which is its maker's to wait for.
  static override get [Symbol.species]() {
    return Promise;
  }
  handled = false;
  command = '';
  caller: Caller | undefined;

  static of<T>(promise: Promise<T>, command: string, caller: Caller | undefined): Outcome<T> {
    const outcome = new Outcome<T>((resolve, reject) => {
      promise.then(resolve, (error) => {
        if (caller && typeof error === 'object' && error !== null && !asked.has(error))
          asked.set(error, caller);
        reject(error);
      });
    });
    outcome.command = command;
    outcome.caller = caller;
    return outcome;
  }

  // biome-ignore lint/suspicious/noThenProperty: `await` calls it, which is how we hear of it.
  override then<A = T, B = never>(
    done?: ((value: T) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.handled = true;
    return super.then(done, failed);
  }
}

/** To end a connection without waiting for its end is common, and harms nobody. */
const UNWATCHED = ['connect', 'close', 'quit', 'disconnect', 'destroy', 'on', 'once', 'off'];

export interface Watch {
  /** The learner's file, as stacks name it. */
  file(): string | undefined;
  onOutcome(outcome: Outcome<unknown>): void;
  /** Hears of each further connection that one is made of. */
  onDuplicate(client: object): void;
}

/** A client whose commands' outcomes are watched, and those of what it gives away: transactions, duplicates, views of itself. */
export function watched<T extends object>(client: T, watch: Watch): T {
  const proxy: T = new Proxy(client, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result = value.apply(target, args);
        if (result === target) return proxy;
        if (result instanceof Promise) {
          const whole = result.then((reply) => (reply === target ? proxy : reply));
          if (UNWATCHED.includes(String(name))) return whole;
          const outcome = Outcome.of(whole, String(name), callerIn(new Error().stack, watch.file()));
          watch.onOutcome(outcome);
          return outcome;
        }
        if (!isClient(result)) return result;
        if (name === 'duplicate') watch.onDuplicate(result);
        return watched(result, watch);
      };
    },
  });
  return proxy;
}

function isClient(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const { exec, sendCommand } = value as Record<string, unknown>;
  return typeof exec === 'function' || typeof sendCommand === 'function';
}
