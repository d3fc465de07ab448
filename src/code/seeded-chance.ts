import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

let state = 1;

/** All that is made by chance in this process is the same from here on, for the same seed. */
export function seedChance(seed: number): void {
  state = seed >>> 0 || 1;
}

/** Source: mulberry32, which is in the public domain. */
function next(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

function fill<T extends ArrayBufferView>(view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(next() * 256);
  return view;
}

function uuid(): ReturnType<typeof crypto.randomUUID> {
  const bytes = fill(Buffer.alloc(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

type Callback<T> = (error: null, value: T) => void;

function answer<T>(value: T, callback: Callback<T> | undefined): T | undefined {
  if (!callback) return value;
  setImmediate(callback, null, value);
  return undefined;
}

function randomInt(min: number, max?: number | Callback<number>, callback?: Callback<number>) {
  const [from, to] = typeof max === 'number' ? [min, max] : [0, min];
  return answer(from + Math.floor(next() * (to - from)), typeof max === 'function' ? max : callback);
}

Math.random = next;
Object.assign(crypto, {
  randomUUID: uuid,
  randomInt,
  randomBytes: (size: number, callback?: Callback<Buffer>) => answer(fill(Buffer.alloc(size)), callback),
  randomFillSync: fill,
});
// Those of node:crypto ask these.
for (const [name, value] of Object.entries({ randomUUID: uuid, getRandomValues: fill }))
  Object.defineProperty(globalThis.crypto, name, { value, configurable: true, writable: true });
syncBuiltinESMExports();
