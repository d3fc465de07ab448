import type { PlayActor } from './play-actor.ts';
import type { Fn, Remote } from './scenario.ts';
import type { Wire } from './wire.ts';

/** What of an actor's is called. */
export type Target = { export: string } | { ref: number; method?: string };

/** Calls what lives in an actor; the promise may be left alone. */
export type Call = (actor: Promise<PlayActor>, target: Target, args: unknown[]) => Promise<unknown>;

/** How many functions all plays have handed out: no two plays have one by the same number. */
let fns = 0;

/** What passes between the scenario and the actors of one play: see wire.ts. */
export class PlayValues {
  readonly #call: Call;
  readonly #fns = new Map<number, (...args: unknown[]) => unknown>();
  /** By what stands here for something that lives in an actor. */
  readonly #refs = new WeakMap<object, number>();
  readonly #marks = new WeakMap<object, Wire>();

  constructor(call: Call) {
    this.#call = call;
  }

  /** Stands for what lives in an actor: it can be called, and so can its methods. */
  remote(actor: Promise<PlayActor>, target: Target): Remote {
    return new Proxy((() => {}) as unknown as Remote, {
      apply: (_, __, args: unknown[]) => this.#call(actor, target, args),
      get: (_, name) =>
        typeof name === 'string' && name !== 'then' && 'ref' in target && target.method === undefined
          ? this.remote(actor, { ref: target.ref, method: name })
          : undefined,
    });
  }

  /** A function of the scenario, which actors may call; `name` is the one that it goes by there. */
  fn<A extends unknown[]>(body: (...args: A) => unknown, name?: string): Fn<A> {
    const calls: A[] = [];
    const fn = Object.assign(
      (...args: A) => {
        calls.push(args);
        return body(...args);
      },
      { calls },
    );
    const number = fns++;
    this.#fns.set(number, fn as unknown as (...args: unknown[]) => unknown);
    this.#marks.set(fn, { $fn: number, ...(name !== undefined && { name }) });
    return fn;
  }

  /** A function of this play's, by its number; one of an earlier play's is not there. */
  fnOf(number: number): ((...args: unknown[]) => unknown) | undefined {
    return this.#fns.get(number);
  }

  /** Stands for what only the actor has. */
  mark(wire: Wire): object {
    const mark = {};
    this.#marks.set(mark, wire);
    return mark;
  }

  /** A value of the scenario's, on its way to an actor. */
  write(value: unknown): Wire {
    if (value === undefined) return { $undefined: true };
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    const mark = this.#marks.get(value);
    if (mark !== undefined) return mark;
    const ref = this.#refs.get(value);
    if (ref !== undefined) return { $ref: ref };
    if (Array.isArray(value)) return value.map((item) => this.write(item));
    if (typeof value === 'function') return this.#marks.get(this.fn(value as () => unknown)) ?? null;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.write(item)]));
  }

  /** What came from an actor. */
  read(wire: Wire, actor: PlayActor): unknown {
    if (Array.isArray(wire)) return wire.map((item) => this.read(item, actor));
    if (typeof wire !== 'object' || wire === null) return wire;
    const fields = wire as Record<string, unknown>;
    if ('$undefined' in fields) return undefined;
    if ('$number' in fields) return Number(fields.$number);
    if ('$ref' in fields) {
      const ref = fields.$ref as number;
      const remote = this.remote(Promise.resolve(actor), { ref });
      this.#refs.set(remote, ref);
      return remote;
    }
    return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, this.read(item, actor)]));
  }
}
