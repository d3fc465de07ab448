import { describe, expect, it } from 'vitest';
import { type Ran, said, verdict } from '../../../test/setup/exercise-stage.ts';

const name = (string: string) => ({ kind: 'key', key: 'user:1', string }) as const;
const is = (actual: string | Buffer, wanted = 'Ada Lovelace') =>
  said(name(wanted), { now: { 'user:1': actual } });

describe('a string', () => {
  it('is compared byte by byte', () => {
    expect(is('Ada Lovelace')).toBe('passed');
    expect(is('', '')).toBe('passed');
    expect(is('Zoë', 'Zoë')).toBe('passed');
    expect(is('Ada')).toBe('user:1 should be "Ada Lovelace"; it is "Ada".');
    expect(is('', 'a')).toBe('user:1 should be "a"; it is "".');
    expect(is(Buffer.from([0xff, 0, 0x41]), 'A')).toBe('user:1 should be "A"; it is "\\xff\\x00A".');
  });

  it.each([
    ['"Ada Lovelace"', 'The value holds the quotes themselves.'],
    ["'Ada Lovelace'", 'The value holds the quotes themselves.'],
    ['“Ada Lovelace”', 'The value holds the quotes themselves.'],
    ['"Ada Lovelace', 'The value holds a quote itself.'],
    ['ada lovelace', 'They differ only in case.'],
    ['Ada Lovelace ', 'It has a space at the end.'],
    ['Ada Lovelace\n', 'It has a line end at the end.'],
    ['Ada Lovelace,', 'There is a comma behind it: spaces alone part arguments.'],
    [' Ada Lovelace', 'It has a space at the start.'],
    ['AdaLovelace', 'They differ only in white space.'],
    ['Ada  Lovelace', 'They differ only in white space.'],
    ['Ada Lovelice', 'A typo?'],
  ])('%j is nearly right, and the message says why', (actual, mistake) => {
    expect(is(actual).endsWith(`. ${mistake}`), is(actual)).toBe(true);
  });

  it('whose quotes or space are missing is explained too', () => {
    expect(is('Ada', '"Ada"')).toContain('Here the quotes belong to the value.');
    expect(is('Ada', 'Ada ')).toContain('The space at its end is missing.');
    expect(is('10.750', '10.75')).toContain(
      'It is the same number, but as text it is written in another way.',
    );
    expect(is('Zoe\u0308', 'Zoë')).toContain('their accents are made of other bytes');
  });

  it('that is plainly another gets no made-up reason', () => {
    for (const [wanted, actual] of [
      ['Ada', 'Bob'],
      ['42', '43'],
      ['user:1', 'user:2'],
      ['a', 'b'],
    ] as const) {
      expect(is(actual, wanted)).toBe(`user:1 should be "${wanted}"; it is "${actual}".`);
    }
  });

  it('of great length is shown where it differs', () => {
    const long = 'lorem ipsum '.repeat(500);
    const message = is(`${long.slice(0, 3000)}X${long.slice(3001)}`, long);
    expect(message.length).toBeLessThan(300);
    expect(message).toContain('X');
    expect(message).toContain('(6000 bytes)');
    expect(message).toContain('They part at byte 3001.');
  });

  it('of the given state that nobody changed is called so', () => {
    const stage = { given: { 'user:1': 'Bob' } };
    expect(said(name('Ada'), stage)).toBe(
      'user:1 should be "Ada"; it is "Bob". That is what it held at the start.',
    );
    const ran: Ran[] = [['SET user:1 Ada Lovelace', '-ERR syntax error']];
    expect(said(name('Ada Lovelace'), { ...stage, ran })).toBe(
      'user:1 should be "Ada Lovelace"; it is "Bob". Your SET answered an error: ERR syntax error. A value of several words needs quotes: "Ada Lovelace".',
    );
  });

  it('is not held against a pattern for ever: then nobody has failed', () => {
    const check = { kind: 'key', key: 'n', matches: '^(a+)+$' } as const;
    const started = performance.now();
    const result = verdict(check, { now: { n: `${'a'.repeat(60)}b` } });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(result.status).toBe('error');
    expect(result.error?.message).toBe('the pattern /^(a+)+$/ takes too long on a value of 61 characters');
    expect(said(check, { now: { n: 'a'.repeat(20_000) } })).toBe('passed');
  });

  it('can be matched by a regular expression', () => {
    const check = { kind: 'key', key: 'n', matches: '^\\d{3}$' } as const;
    expect(said(check, { now: { n: '123' } })).toBe('passed');
    expect(said(check, { now: { n: '1234' } })).toBe('n should match /^\\d{3}$/; it is "1234".');
    expect(said(check, { now: { n: ['123'] } })).toBe('n is a list; a string was expected.');
  });
});
