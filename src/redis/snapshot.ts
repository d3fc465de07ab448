/** The contents of one database at one instant, as `readSnapshot` gets them. */
export interface Snapshot {
  /** The server's clock, in milliseconds since 1970. */
  time: number;
  /** By key name as a `latin1` string, which keeps every byte: see `nameOf`. */
  keys: Map<string, KeyState>;
}

export interface KeyState {
  name: Buffer;
  /** As TYPE says: string, list, hash, set, zset, stream or a module's type. */
  type: string;
  /** Remaining time to live in milliseconds; null where the key has no expiry. */
  pttl: number | null;
  /** As OBJECT ENCODING says; empty where the server does not tell. */
  encoding: string;
  value: Value;
  /** Of a hash with fields that end by themselves: their remaining time in milliseconds, by `nameOf` the field. */
  ends?: Map<string, number>;
  /** DUMP's payload, where it was asked for. */
  dump?: Buffer;
}

export type Value =
  | { kind: 'string'; bytes: Buffer }
  | { kind: 'list'; items: Buffer[] }
  | { kind: 'hash'; fields: [Buffer, Buffer][] }
  | { kind: 'set'; members: Buffer[] }
  /** In the server's order: by score, then by bytes. */
  | { kind: 'zset'; members: { member: Buffer; score: number }[] }
  | { kind: 'stream'; entries: { id: string; fields: Buffer[] }[] }
  /** A type that snapshots do not read, e.g. one of a module. */
  | { kind: 'other' };

/** The map key of a key name. */
export function nameOf(name: Buffer | string): string {
  return Buffer.isBuffer(name) ? name.toString('latin1') : Buffer.from(name).toString('latin1');
}

/** Bytes of a string, elements of a collection; undefined of a value that snapshots do not read. */
export function lengthOf(value: Value): number | undefined {
  switch (value.kind) {
    case 'string':
      return value.bytes.length;
    case 'list':
      return value.items.length;
    case 'hash':
      return value.fields.length;
    case 'set':
    case 'zset':
      return value.members.length;
    case 'stream':
      return value.entries.length;
    case 'other':
      return undefined;
  }
}
