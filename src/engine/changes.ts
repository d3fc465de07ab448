import { endOf, sameExpiry, sameValue, wasDue } from '../redis/same.ts';
import { type KeyState, lengthOf, type Snapshot, type Value } from '../redis/snapshot.ts';

/** What became of one key between two snapshots. */
export type Change =
  /** `from`: the removed key that it seems to have been. */
  | { kind: 'added'; after: KeyState; from?: KeyState }
  /** `expired`: its time had come by then; else somebody deleted it, or renamed it `to` the key that was added. */
  | { kind: 'removed'; before: KeyState; expired: boolean; to?: KeyState }
  /** At least one of `value` and `expiry` is true. */
  | { kind: 'changed'; before: KeyState; after: KeyState; value: boolean; expiry: boolean };

/** What is different in `after`, in the order of the keys' names. */
export function changesBetween(before: Snapshot, after: Snapshot): Change[] {
  const changes: Change[] = [];
  for (const [name, then] of before.keys) {
    const now = after.keys.get(name);
    if (!now) changes.push({ kind: 'removed', before: then, expired: wasDue(then, before.time, after.time) });
    else {
      const value = !sameValue(then, now);
      const expiry = !sameExpiry(endOf(then, before.time), endOf(now, after.time));
      if (value || expiry) changes.push({ kind: 'changed', before: then, after: now, value, expiry });
    }
  }
  for (const [name, now] of after.keys) {
    if (!before.keys.has(name)) changes.push({ kind: 'added', after: now });
  }
  pairRenamed(changes, before.time, after.time);
  return changes.sort((a, b) => Buffer.compare(keyOf(a).name, keyOf(b).name));
}

/** The key that a change is about, as it is now, or was. */
export function keyOf(change: Change): KeyState {
  return change.kind === 'removed' ? change.before : change.after;
}

type Removed = Extract<Change, { kind: 'removed' }>;
type Added = Extract<Change, { kind: 'added' }>;

/** More keys than these are not renamed one by one. */
const RENAMED_AT_MOST = 20;

/** Finds the removed and added keys that are alike in type, value and moment of expiry. */
function pairRenamed(changes: Change[], then: number, now: number): void {
  const removed = changes.filter((change) => change.kind === 'removed');
  const added = changes.filter((change) => change.kind === 'added');
  if (removed.length > RENAMED_AT_MOST || added.length > RENAMED_AT_MOST) return;
  for (const gone of removed) {
    const moved = added.filter((change) => isAlike(gone, change));
    // Of several that are alike, nobody can tell which became which.
    if (moved.length !== 1 || removed.filter((other) => isAlike(other, moved[0]!)).length !== 1) continue;
    gone.to = moved[0]!.after;
    moved[0]!.from = gone.before;
  }

  function isAlike({ before, expired }: Removed, { after }: Added): boolean {
    return (
      !expired &&
      !isSingle(before.value) &&
      sameExpiry(endOf(before, then), endOf(after, now)) &&
      sameValue(before, after)
    );
  }
}

/** The only member of a collection may have been moved by itself, as LMOVE and SMOVE do; what can't be read may differ. */
function isSingle(value: Value): boolean {
  return value.kind !== 'string' && value.kind !== 'stream' && (lengthOf(value) ?? 0) <= 1;
}
