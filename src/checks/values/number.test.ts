import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { said } from '../../../test/setup/exercise-stage.ts';
import { parseNumber } from './numeric.ts';

const is = (actual: string, number: number, within?: number) =>
  said({ kind: 'key', key: 'n', number, ...(within !== undefined && { within }) }, { now: { n: actual } });

describe('a number', () => {
  it.each([
    ['10.75', 10.75],
    ['10.750', 10.75],
    ['3', 3],
    ['3.0', 3],
    ['-0', 0],
    ['1e3', 1000],
    ['10.599999999999999645', 10.6],
    ['9007199254740991', 9007199254740991],
    ['inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
  ])('%j is %d', (text, number) => {
    expect(is(text, number)).toBe('passed');
  });

  it.each([
    ['10.7', 10.75],
    ['9007199254740993', 9007199254740992],
    ['-9223372036854775808', -9223372036854775000],
    ['4', 3],
    ['inf', Number.NEGATIVE_INFINITY],
  ])('%j is not %d', (text, number) => {
    expect(is(text, number)).toContain(`n should be ${number}; it is ${text}.`);
  });

  it.each(['', ' 3', '3 ', 'three', '0x3', 'nan', '3,0', '"3"', '--3', '1e', '3 apples'])(
    'is not %j',
    (text) => {
      expect(is(text, 3)).toContain('which is not a number.');
    },
  );

  it('that holds its quotes or a space says so', () => {
    expect(is('"38"', 38)).toContain('The value holds the quotes themselves.');
    expect(is('38 ', 38)).toContain('It has a space at the end.');
  });

  it('may be off by what `within` says, its end included', () => {
    expect(is('10.5', 10, 0.5)).toBe('passed');
    expect(is('1.1', 1, 0.1)).toBe('passed');
    expect(is('103', 100, 3)).toBe('passed');
    expect(is('104', 100, 3)).toBe('n should be 100, give or take 3; it is 104.');
    expect(is('10.51', 10, 0.5)).not.toBe('passed');
    expect(is('inf', 10, 0.5)).toBe('n should be 10, give or take 0.5; it is inf.');
  });

  it.each([
    ['44', 'It went up instead of down.'],
    ['35', 'Was it done twice?'],
    ['41', 'That is what it held at the start.'],
    ['-38', 'The sign is the other way round.'],
    ['-3', 'That is the difference alone: it replaced what was there.'],
  ])('counted from 41 to %s instead of 38 is explained', (actual, mistake) => {
    const check = { kind: 'key', key: 'n', number: 38 } as const;
    expect(said(check, { given: { n: '41' }, now: { n: actual } })).toBe(
      `n should be 38; it is ${actual}. ${mistake}`,
    );
  });

  it('of a wrong type is a message', () => {
    const check = { kind: 'key', key: 'n', number: 38 } as const;
    expect(said(check, { now: { n: ['38'] }, ran: [['RPUSH n 38', 1]] })).toBe(
      'n is a list; a string was expected. RPUSH made it.',
    );
  });
});

describe('parseNumber', () => {
  it('keeps every 64-bit integer exactly', () => {
    fc.assert(fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (n) => parseNumber(String(n)) === n));
  });

  it('reads what JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (n) => Number(parseNumber(String(n))) === n || n === 0),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => parseNumber(text) !== undefined));
  });
});
