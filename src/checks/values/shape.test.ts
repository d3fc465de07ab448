import { describe, expect, it } from 'vitest';
import { type Content, said, verdict } from '../../../test/setup/exercise-stage.ts';

describe('length', () => {
  const length = (content: Content, min: number, max: number | null = min) =>
    said({ kind: 'key', key: 'x', length: { min, max } }, { now: { x: content } });

  it.each<[Content, number]>([
    ['abc', 3],
    ['é', 2],
    [['a', 'b'], 2],
    [new Set(['a']), 1],
    [{ a: '1', b: '2' }, 2],
    [new Map([['a', 1]]), 1],
    [{ kind: 'stream', entries: [{ id: '1-1', fields: [] }] }, 1],
  ])('of %j is %i', (content, n) => {
    expect(length(content, n)).toBe('passed');
    expect(length(content, n, null)).toBe('passed');
    expect(length(content, n + 1)).toContain(`x should hold ${n + 1} `);
    expect(length(content, 0, n - 1)).not.toBe('passed');
  });

  it('of nothing is a missing key', () => {
    const check = (min: number, max: number | null) =>
      ({ kind: 'key', key: 'x', length: { min, max } }) as const;
    expect(said(check(0, 0), {})).toBe('passed');
    expect(said(check(0, 5), {})).toBe('passed');
    expect(said(check(1, null), {})).toBe('x is not there.');
  });

  it('that cannot be counted is a message', () => {
    expect(length({ kind: 'other' }, 3)).toBe(
      "x is a vectorset, whose length can't be counted; 3 items were expected.",
    );
  });
});

describe('type', () => {
  it('is told in words', () => {
    const type = (type: string, content: Content) =>
      said({ kind: 'key', key: 'x', type }, { now: { x: content } });
    expect(type('zset', new Map([['a', 1]]))).toBe('passed');
    expect(type('zset', { a: '1' })).toBe('x is a hash; a sorted set was expected.');
    expect(type('hash', new Map([['a', 1]]))).toBe('x is a sorted set; a hash was expected.');
    expect(type('string', { kind: 'stream', entries: [] })).toBe('x is a stream; a string was expected.');
  });
});

describe('encoding', () => {
  const encoding = (...wanted: string[]) => ({ kind: 'key', key: 'x', encoding: wanted }) as const;

  it('may be any of those named, whatever the server calls a listpack', () => {
    expect(said(encoding('skiplist', 'listpack') as never, { now: { x: ['a'] } })).toBe('passed');
    expect(said(encoding('ziplist') as never, { now: { x: ['a'] } })).toBe('passed');
    expect(said(encoding('skiplist') as never, { now: { x: ['a'] } })).toBe(
      'x should be kept as skiplist; it is kept as listpack.',
    );
  });
});

describe('exists', () => {
  it('holds or not, and a check that says no more means this', () => {
    const exists = (exists?: boolean) => ({
      kind: 'key' as const,
      key: 'x',
      ...(exists !== undefined && { exists }),
    });
    expect(said(exists(true), { now: { x: 'a' } })).toBe('passed');
    expect(said(exists(), { now: { x: 'a' } })).toBe('passed');
    expect(said(exists(), {})).toBe('x is not there.');
    expect(said(exists(false), {})).toBe('passed');
    expect(said(exists(false), { now: { x: 'a' } })).toBe('x is still there; it should be gone.');
    expect(verdict(exists(), {}).checks.map(({ id }) => id)).toEqual(['key:x:exists']);
  });
});
