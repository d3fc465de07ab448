import { describe, expect, it } from 'vitest';
import { type Content, type Keys, lasting, said, verdict } from '../../../test/setup/exercise-stage.ts';

const task = { kind: 'key', key: 'new', string: 'a' } as const;
const says = (given: Keys, now: Keys, elapsed = 0) =>
  said(task, { given, now: { new: 'a', ...now }, elapsed, ran: ['SET new a'] });

describe('a given key that no check names', () => {
  it.each<[string, Content, Content]>([
    ['a string', '2 apples', '2 apples'],
    ['a list', ['a', 'b'], ['a', 'b']],
    ['a set in another order', new Set(['a', 'b']), new Set(['b', 'a'])],
    ['a hash in another order', { a: '1', b: '2' }, { b: '2', a: '1' }],
    ['a sorted set', new Map([['a', 1]]), new Map([['a', 1]])],
    ['a stream', { kind: 'stream', entries: [] }, { kind: 'stream', entries: [] }],
    ['a type of a module', { kind: 'other' }, { kind: 'other' }],
  ])('may be %s as it was', (_, before, now) => {
    expect(says({ x: before }, { x: now })).toBe('passed');
  });

  it.each<[Content, Content, string]>([
    ['2 apples', '3', 'x should be as it was, "2 apples"; it is "3", and it was not part of the task.'],
    [
      ['a', 'b'],
      ['b', 'a'],
      'x should be as it was, list "a" and "b"; it is list "b" and "a", and it was not',
    ],
    [new Set(['a']), new Set(['a', 'b']), 'it is set "a" and "b"'],
    [{ a: '1', b: '2' }, { a: '2', b: '1' }, 'it is hash a "2" and b "1"'],
    [{ ab: 'c' }, { a: 'bc' }, 'it is hash a "bc"'],
    [new Map([['a', 1]]), new Map([['a', 2]]), 'it is sorted set "a" with score 2'],
    ['a', ['a'], 'it is list "a"'],
    [
      { kind: 'stream', entries: [{ id: '1-1', fields: [] }] },
      { kind: 'stream', entries: [{ id: '1-2', fields: [] }] },
      'x holds something else now; it was not part of the task.',
    ],
    [
      new Map([1, 2, 3, 4, 5].map((n) => [`p${n}`, n])),
      new Map([1, 2, 3, 4, 6].map((n, i) => [`p${i + 1}`, n])),
      'x should be as it was, with "p5" with score 5; it has "p5" with score 6 instead, and it was not part',
    ],
    [
      ['a', 'b', 'c', 'd', 'e'],
      ['a', 'b', 'c', 'd'],
      'x should be as it was, with "e"; that is missing now, and it was not part of the task.',
    ],
    [
      new Set(['a', 'b', 'c', 'd']),
      new Set(['a', 'b', 'c', 'd', 'e']),
      'x should be as it was, without "e"; that is in it now, and it was not part of the task.',
    ],
    [
      { a: '1', b: '2', c: '3', d: '4', e: '5' },
      { a: '1', b: '2', c: '3', d: '4', e: '6' },
      'x should be as it was, with e "5"; it has e "6" instead',
    ],
    [`${'a'.repeat(90)}b`, `${'a'.repeat(90)}c`, 'aaab" (91 bytes); it is ..."aaa'],
  ])('changed from %j to %j is a failure', (before, now, text) => {
    expect(says({ x: before }, { x: now })).toContain(text);
  });

  it('that is gone is a failure: emptying the database is not an answer', () => {
    const given = { 'cart:9': '2 apples', 'cart:8': 'a', 'cart:7': 'a', 'cart:6': 'a', 'cart:5': 'a' };
    const stage = { given, now: { new: 'a' }, ran: ['FLUSHDB', 'SET new a'] };
    expect(said(task, stage)).toBe(
      'cart:5, cart:6, cart:7 and 2 more are gone; they were not part of the task. FLUSHDB removes everything.',
    );
    expect(verdict(task, stage).checks.filter(({ id }) => id.startsWith('given:'))).toHaveLength(5);
    expect(says({ 'cart:9': '2 apples' }, {})).toBe('cart:9 is gone; it was not part of the task.');
  });

  it('has its own reason for being gone', () => {
    const stage = { given: { a: '1', b: '2', c: '3' }, now: { new: 'a', d: '3' } };
    expect(said(task, { ...stage, ran: [['DEL a b', 2], 'RENAME c d', 'SET new a'] })).toBe(
      'a and b are gone; they were not part of the task. DEL removed them.\nc is gone; it was not part of the task. RENAME moved it to d.',
    );
  });

  it('keeps the expiry that it had', () => {
    const x = (ms: number) => ({ x: lasting('v', ms) });
    expect(says(x(60_000), x(55_000), 5_000)).toBe('passed');
    expect(says(x(60_000), x(54_970), 5_000)).toBe('passed');
    expect(says(x(60_000), x(60_000), 5_000)).toBe(
      'x was not part of the task, and it no longer expires when it would have. .reset begins again.',
    );
    expect(says(x(60_000), { x: 'v' })).toContain('.reset begins again.');
    expect(says({ x: 'v' }, x(60_000))).not.toContain('.reset');
    expect(says(x(60_000), { x: 'v' })).toContain(
      'as before; it has no expiry, and it was not part of the task.',
    );
    expect(says({ x: 'v' }, x(60_000))).toContain(
      'x should have no expiry, as before; it has an expiry in 1 minute',
    );
  });

  it('is told with the others, once, where several have another', () => {
    const before = { x: lasting('v', 60_000), y: 'w' };
    expect(says(before, { x: lasting('v', 9_000), y: lasting('w', 9_000) })).toBe(
      'x and y have another expiry now; they were not part of the task. .reset begins again.',
    );
  });

  it('may run out by itself, and not before its time', () => {
    const given = { x: lasting('v', 2_000) };
    expect(says(given, {}, 2_000)).toBe('passed');
    expect(says(given, {}, 1_000)).toBe('x is gone; it was not part of the task.');
  });
});

describe('a given key that a check names', () => {
  it.each([
    { kind: 'key', key: 'x', exists: false },
    { kind: 'keys', pattern: 'x*', count: { min: 0, max: 0 } },
  ] as const)('is judged by that alone: %j', (check) => {
    expect(said(check, { given: { x: '1' }, now: {} })).toBe('passed');
    expect(said(check, { given: { x: '1', y: '1' }, now: {} })).toContain('y is gone');
  });

  it('by an atomic check may change too', () => {
    const check = { kind: 'atomic', keys: ['x'] };
    expect(said(check as never, { given: { x: '1' }, now: { x: '2' }, ran: [['INCR x', 2]] })).toBe('passed');
  });
});
