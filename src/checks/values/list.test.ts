import { describe, expect, it } from 'vitest';
import { type Ran, said } from '../../../test/setup/exercise-stage.ts';

const queue = (...value: string[]) => ({ kind: 'key', key: 'q', list: { mode: 'exact', value } }) as const;
const including = (...value: string[]) =>
  ({ kind: 'key', key: 'q', list: { mode: 'includes', value } }) as const;
const abc = (actual: string[], ran: Ran[] = []) => said(queue('a', 'b', 'c'), { now: { q: actual }, ran });
const START = 'q should be "a", "b" and "c", in this order; ';

describe('a list', () => {
  it('has an order', () => {
    expect(abc(['a', 'b', 'c'])).toBe('passed');
    expect(abc(['a', 'c', 'b'])).toBe(
      `${START}its order is another: index 1 (counted from 0) holds "c" instead of "b".`,
    );
  });

  it('the other way round names the command that did it', () => {
    const before = `${START}it is the other way round. LPUSH puts each new item before the others.`;
    expect(abc(['c', 'b', 'a'])).toBe(before);
    expect(abc(['c', 'b', 'a'], [['LPUSH q a b c', 3]])).toBe(before);
    expect(abc(['c', 'b', 'a'], [['RPUSH q c b a', 3]])).toContain(
      'RPUSH puts each new item behind the others.',
    );
  });

  it.each([
    [['a', 'b'], '"c" is missing.'],
    [['c'], '"a" and "b" are missing.'],
    [['a', 'b', 'c', 'd'], 'it has 1 item too many: "d".'],
    [['a', 'b', 'c', 'c'], 'it has 1 item too many: "c".'],
    [['a', 'x', 'c'], 'index 1 (counted from 0) holds "x" instead of "b".'],
    [['a', 'B', 'c'], 'index 1 (counted from 0) holds "B" instead of "b". They differ only in case.'],
    [['a', 'b', 'c', 'a', 'b', 'c'], 'it has 3 items too many: "a", "b" and "c". Was it pushed twice?'],
    [['a b c'], 'it is "a b c", a single item. Quotes around all of them make one item of them.'],
  ])('%j says what differs', (actual, text) => {
    expect(abc(actual)).toBe(START + text);
  });

  it('tells items that are alike by how often they are there', () => {
    expect(said(queue('a', 'a'), { now: { q: ['a'] } })).toContain('"a" is missing.');
    expect(said(queue('a'), { now: { q: ['a', 'a'] } })).toContain('it has 1 item too many: "a".');
  });

  it('that is empty is a missing key', () => {
    expect(said(queue(), {})).toBe('passed');
    expect(said(queue('a'), {})).toBe('q is not there.');
    expect(said(queue(), { now: { q: ['a'] } })).toContain(
      'q should be nothing; it has 1 item too many: "a".',
    );
  });

  it('that includes some items may hold others, in any order', () => {
    const check = including('c', 'a');
    expect(said(check, { now: { q: ['a', 'b', 'c'] } })).toBe('passed');
    expect(said(check, { now: { q: ['a', 'C'] } })).toBe(
      'q should hold "c" and "a"; "c" is missing. Is it there as "C"? They differ only in case.',
    );
    expect(said(including('a', 'a'), { now: { q: ['a', 'b'] } })).toBe(
      'q should hold "a" and "a"; "a" is missing.',
    );
  });

  it('names three of many', () => {
    const many = Array.from({ length: 50 }, (_, i) => `job:${i}`);
    const message = said(queue(...many), { now: { q: ['job:0'] } });
    expect(message).toContain('"job:0", "job:1", "job:2" and 47 more');
    expect(message.length).toBeLessThan(200);
  });

  it('of another type is a message', () => {
    expect(said(queue('a'), { now: { q: new Set(['a']) }, ran: [['SADD q a', 1]] })).toBe(
      'q is a set; a list was expected. SADD made it.',
    );
    expect(said(queue('a'), { now: { q: { kind: 'other' } } })).toBe(
      'q is a vectorset; a list was expected.',
    );
  });
});
