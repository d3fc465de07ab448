import { describe, expect, it } from 'vitest';
import { said } from '../../../test/setup/exercise-stage.ts';

const set = (mode: 'exact' | 'includes', ...value: string[]) =>
  ({ kind: 'key', key: 'tags', set: { mode, value } }) as const;
const hash = (mode: 'exact' | 'includes', value: Record<string, string>) =>
  ({ kind: 'key', key: 'user:1', hash: { mode, value } }) as const;
const zset = (mode: 'exact' | 'includes', scores: Record<string, number>) => {
  const value = Object.entries(scores).map(([member, score]) => ({ member, score }));
  return { kind: 'key', key: 'board', zset: { mode, value } } as const;
};
const board = (scores: Record<string, number>) => ({ board: new Map(Object.entries(scores)) });

describe('a set', () => {
  it('has no order', () => {
    expect(said(set('exact', 'a', 'b', 'c'), { now: { tags: new Set(['c', 'a', 'b']) } })).toBe('passed');
  });

  it('says what is missing and what should not be there', () => {
    const says = (...members: string[]) => said(set('exact', 'a', 'b'), { now: { tags: new Set(members) } });
    expect(says('a')).toBe('tags should hold "a" and "b"; "b" is missing.');
    expect(says('a', 'b', 'c')).toBe('tags should hold "a" and "b"; "c" should not be there.');
    expect(says('a', 'c')).toBe('tags should hold "a" and "b"; "b" is missing and "c" should not be there.');
    expect(says('a', 'B')).toContain('Is it there as "B"? They differ only in case.');
    expect(says('a b')).toContain('Quotes around all of them make one member of them.');
  });

  it('that includes members may hold others', () => {
    expect(said(set('includes', 'a'), { now: { tags: new Set(['a', 'b']) } })).toBe('passed');
    expect(said(set('includes', 'a', 'b'), { now: { tags: new Set(['a', 'c']) } })).toContain(
      '"b" is missing.',
    );
  });

  it('emptied is a missing key', () => {
    expect(said(set('exact'), {})).toBe('passed');
    expect(said(set('includes', 'a'), {})).toBe('tags is not there.');
  });

  it('names three of many, and of those that are amiss alone', () => {
    const letters = [...'abcdefgh'];
    const message = said(set('exact', ...letters), { now: { tags: new Set(letters.slice(0, 7)) } });
    expect(message).toBe('tags should hold "h"; "h" is missing.');
    expect(said(set('exact', ...letters), { now: { tags: new Set('vwxyz') } })).toBe(
      'tags should hold "a", "b", "c" and 5 more; "a", "b", "c" and 5 more are missing and "v", "w", "x" and 2 more should not be there.',
    );
  });
});

describe('a hash', () => {
  const ann = { name: 'Ann', age: '31' };
  const says = (fields: Record<string, string>) => said(hash('exact', ann), { now: { 'user:1': fields } });

  it('has no order', () => {
    expect(says({ age: '31', name: 'Ann' })).toBe('passed');
  });

  it('says which field differs, is missing or too many', () => {
    expect(says({ name: 'Ann', age: '30' })).toBe('user:1 should hold name "Ann" and age "31"; age is "30".');
    expect(says({ name: 'Ann' })).toBe('user:1 should hold name "Ann" and age "31"; field age is missing.');
    expect(says({ ...ann, zip: '1' })).toContain('field zip should not be there.');
    expect(says({ name: '"Ann"', age: '31' })).toContain('The value holds the quotes themselves.');
    expect(says({ Name: 'Ann', age: '31' })).toContain('Is it there as "Name"? They differ only in case.');
    expect(says({ Ann: 'name', age: '31' })).toContain('Field and value are swapped.');
  });

  it('compares values as bytes', () => {
    expect(says({ name: 'Ann', age: '31.0' })).toContain('as text it is written in another way');
  });

  it('that includes fields may hold others', () => {
    const stage = { now: { 'user:1': { ...ann, zip: '1' } } };
    expect(said(hash('includes', { age: '31' }), stage)).toBe('passed');
    expect(said(hash('includes', { age: '32' }), stage)).toBe('user:1 should hold age "32"; age is "31".');
  });

  it('explains a count that went the wrong way', () => {
    const stage = { given: { 'user:1': { n: '5' } }, now: { 'user:1': { n: '3' } } };
    expect(said(hash('exact', { n: '7' }), stage)).toContain('It went down instead of up.');
  });
});

describe('a sorted set', () => {
  const says = (scores: Record<string, number>, given = {}) =>
    said(zset('exact', { ann: 300, bob: 200 }), { given: board(given), now: board(scores) });

  it('compares scores as numbers', () => {
    expect(says({ bob: 200.0, ann: 3e2 })).toBe('passed');
    expect(
      said(zset('exact', { a: Number.POSITIVE_INFINITY }), { now: board({ a: Number.POSITIVE_INFINITY }) }),
    ).toBe('passed');
    expect(says({ ann: 300.5, bob: 200 })).toBe(
      'board should hold "ann" with score 300 and "bob" with score 200; "ann" has score 300.5.',
    );
  });

  it('writes a score without end as Redis does', () => {
    expect(says({ ann: 300, bob: Number.NEGATIVE_INFINITY })).toContain('; "bob" has score -inf.');
  });

  it('leaves the order of equal scores to the server', () => {
    expect(said(zset('exact', { b: 1, a: 1 }), { now: board({ a: 1, b: 1 }) })).toBe('passed');
  });

  it.each([
    [{ ann: 500, bob: 200 }, 'Was it done twice?'],
    [{ ann: -100, bob: 200 }, 'It went down instead of up.'],
    [{ ann: 100, bob: 200 }, 'That is the score it had at the start.'],
    [{ ann: 200, bob: 200 }, 'That is the difference alone: it replaced what was there.'],
  ])('counted up to %j is explained', (scores, mistake) => {
    expect(says(scores, { ann: 100 })).toContain(mistake);
  });

  it('names a member that was added under a wrong name instead', () => {
    const stage = {
      given: board({ finn: 62.5, fiona: 1 }),
      now: board({ finn: 62.5, fiona: 1, fnin: 61.75 }),
    };
    expect(said(zset('includes', { finn: 61.75 }), stage)).toContain('Is it there as "fnin"? A typo?');
    expect(said(zset('includes', { finn: 61.75 }), { given: stage.given })).toContain(
      'the score it had at the start',
    );
  });

  it('notices score and member swapped', () => {
    expect(said(zset('exact', { '7': 300 }), { now: board({ '300': 7 }) })).toContain(
      'Score and member are swapped: the score comes first.',
    );
  });

  it('of another type is a message', () => {
    expect(
      said(zset('exact', { ann: 1 }), { now: { board: { ann: '1' } }, ran: [['HSET board ann 1', 1]] }),
    ).toBe('board is a hash; a sorted set was expected. HSET made it.');
  });
});
