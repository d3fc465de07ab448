import type { KeyState, Snapshot, Value } from './snapshot.ts';

/** Two readings of the same moment of expiry may differ by this, in ms: a busy server reads its clock late. */
export const SAME_MOMENT = 100;

/** Whether two snapshots hold the same, give or take the time between them. */
export function sameData(before: Snapshot, after: Snapshot): boolean {
  if (before.keys.size !== after.keys.size) return false;
  for (const [name, then] of before.keys) {
    const now = after.keys.get(name);
    if (!now || !sameValue(then, now) || !sameExpiry(endOf(then, before.time), endOf(now, after.time)))
      return false;
  }
  return true;
}

/** Type and value: bytes as bytes, sets and hashes in any order. A type that can't be read goes by its dump, if any. */
export function sameValue(then: KeyState, now: KeyState): boolean {
  if (then.type !== now.type) return false;
  if (then.value.kind === 'other' || now.value.kind === 'other') return sameDump(then, now);
  return sameParts(partsOf(then.value), partsOf(now.value));
}

/** Whether two moments of expiry, as `endOf` gives them, are one. */
export function sameExpiry(one: number | null, other: number | null): boolean {
  return one === null || other === null ? one === other : Math.abs(one - other) <= SAME_MOMENT;
}

/** When a key expires, in ms of the server's clock, of a snapshot taken at `time`; null where it does not. */
export function endOf({ pttl }: KeyState, time: number): number | null {
  return pttl === null ? null : time + pttl;
}

/** Whether the time of a key, seen at `then`, had come by `now`. */
export function wasDue(key: KeyState, then: number, now: number): boolean {
  const end = endOf(key, then);
  return end !== null && end <= now + SAME_MOMENT;
}

function sameDump(then: KeyState, now: KeyState): boolean {
  return then.dump === undefined || now.dump === undefined || then.dump.equals(now.dump);
}

/** All that makes up a value, as bytes in an order that depends on the value alone. */
function partsOf(value: Exclude<Value, { kind: 'other' }>): Buffer[] {
  switch (value.kind) {
    case 'string':
      return [value.bytes];
    case 'list':
      return value.items;
    case 'set':
      return [...value.members].sort(Buffer.compare);
    case 'hash':
      return [...value.fields].sort(([a], [b]) => Buffer.compare(a, b)).flat();
    case 'zset':
      return value.members
        .toSorted((a, b) => Buffer.compare(a.member, b.member))
        .flatMap(({ member, score }) => [member, Buffer.from(String(score))]);
    case 'stream':
      return value.entries.flatMap(({ id, fields }) => [Buffer.from(`${id} ${fields.length}`), ...fields]);
  }
}

function sameParts(one: Buffer[], other: Buffer[]): boolean {
  return one.length === other.length && one.every((part, index) => part.equals(other[index]!));
}
