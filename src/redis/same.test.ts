import { describe, expect, it } from 'vitest';
import { lasting, snapshot } from '../../test/setup/exercise-stage.ts';
import { endOf, SAME_MOMENT, sameData, sameExpiry, sameValue, wasDue } from './same.ts';
import type { KeyState } from './snapshot.ts';

const key = (content: Parameters<typeof snapshot>[0][string]): KeyState =>
  snapshot({ a: content }).keys.get('a')!;

describe('what is as it was', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    [Buffer.from([0xff]), Buffer.from([0xfe]), false],
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['b', 'a'], false],
    [['ab'], ['a', 'b'], false],
    [new Set(['a', 'b']), new Set(['b', 'a']), true],
    [new Set(['a']), ['a'], false],
    [{ f: '1', g: '2' }, { g: '2', f: '1' }, true],
    [{ f: '1', g: '2' }, { f: '2', g: '1' }, false],
    [new Map([['a', 1]]), new Map([['a', 2]]), false],
  ])('%j and %j: %s', (then, now, same) => {
    expect(sameValue(key(then), key(now))).toBe(same);
  });

  it('goes by the dump of what cannot be read, where there is one', () => {
    const state = key({ kind: 'other' });
    expect(sameValue(state, state)).toBe(true);
    expect(sameValue({ ...state, dump: Buffer.from('1') }, { ...state, dump: Buffer.from('2') })).toBe(false);
  });

  it('forgives the time between two readings, and no more', () => {
    const then = key(lasting('a', 5000));
    const later = (pttl: number | null) => endOf({ ...then, pttl }, 1000);
    expect(sameExpiry(endOf(then, 0), later(4000))).toBe(true);
    expect(sameExpiry(endOf(then, 0), later(4000 - SAME_MOMENT))).toBe(true);
    expect(sameExpiry(endOf(then, 0), later(4001 + SAME_MOMENT))).toBe(false);
    expect(sameExpiry(endOf(then, 0), later(null))).toBe(false);
    expect(wasDue(then, 0, 5000 - SAME_MOMENT)).toBe(true);
    expect(wasDue(then, 0, 4999 - SAME_MOMENT)).toBe(false);
  });

  it('holds of whole snapshots key by key', () => {
    const before = snapshot({ a: '1', b: lasting('2', 9000) }, 0);
    expect(sameData(before, snapshot({ b: lasting('2', 8000), a: '1' }, 1000))).toBe(true);
    expect(sameData(before, snapshot({ b: lasting('2', 9000), a: '1' }, 1000))).toBe(false);
    expect(sameData(before, snapshot({ a: '1' }, 0))).toBe(false);
    expect(sameData(before, snapshot({ a: '1', c: lasting('2', 9000) }, 0))).toBe(false);
  });
});
