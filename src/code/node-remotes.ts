import type { Wire } from './wire.ts';

export interface RemotesParts {
  client(): unknown;
  /** Calls a function of the scenario. */
  call(fn: number, args: Wire[]): Promise<unknown>;
}

/** What of this process the engine knows by a number: functions, and objects with methods. */
export class Remotes {
  readonly #parts: RemotesParts;
  #known: unknown[] = [];

  constructor(parts: RemotesParts) {
    this.#parts = parts;
  }

  clear(): void {
    this.#known = [];
  }

  async call(
    target: { export: string } | { ref: number; method?: string },
    args: Wire[],
    exports: Record<string, unknown>,
  ): Promise<unknown> {
    const values = args.map((arg) => this.read(arg));
    if ('export' in target) return (exports[target.export] as Function)(...values);
    const known = this.#known[target.ref] as Record<string, Function> & Function;
    if (target.method === undefined) {
      if (typeof known !== 'function') throw new TypeError('what was returned is no function');
      return known(...values);
    }
    const method = known?.[target.method];
    if (typeof method !== 'function')
      throw new TypeError(`what was returned has no method ${target.method}()`);
    return method.apply(known, values);
  }

  read(wire: Wire): unknown {
    if (Array.isArray(wire)) return wire.map((item) => this.read(item));
    if (typeof wire !== 'object' || wire === null) return wire;
    const fields = wire as Record<string, unknown>;
    if ('$ref' in fields) return this.#known[fields.$ref as number];
    if ('$client' in fields) return this.#parts.client();
    if ('$undefined' in fields) return undefined;
    if ('$options' in fields) return this.read(fields.$options);
    if ('$fn' in fields) {
      const fn = fields.$fn as number;
      const called = async (...args: unknown[]) =>
        this.#parts.call(
          fn,
          args.map((arg) => this.write(arg)),
        );
      // Two functions may have one name, and do different things.
      if (typeof fields.name === 'string') Object.defineProperty(called, 'name', { value: fields.name });
      return called;
    }
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, this.read(value)]));
  }

  write(value: unknown): Wire {
    if (value === undefined) return { $undefined: true };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
    if (typeof value === 'bigint') return Number(value);
    if (Buffer.isBuffer(value)) return value.toString();
    if (Array.isArray(value)) return value.map((item) => this.write(item));
    if (value instanceof Date) return value.toJSON();
    if (isPlain(value))
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.write(item)]));
    const known = this.#known.indexOf(value);
    return { $ref: known >= 0 ? known : this.#known.push(value) - 1 };
  }
}

/** Data, and no object with something to call. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  const bare = prototype === null || Object.getPrototypeOf(prototype) === null;
  return bare && !Object.values(value).some((item) => typeof item === 'function');
}
