import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, durations } from './duration.ts';
import { enumerate, show, showBoth, showName } from './show.ts';

describe('show', () => {
  it.each<[string | Buffer, string]>([
    ['Ada', '"Ada"'],
    ['say "hi" \\', '"say \\"hi\\" \\\\"'],
    ['a\nb\tc\r\x07\x08\x1b[31m\x7f', '"a\\nb\\tc\\r\\a\\b\\x1b[31m\\x7f"'],
    ['Zoë 東京', '"Zoë 東京"'],
    ['a\u00a0b\u200bc\u202e', '"a\\xc2\\xa0b\\xe2\\x80\\x8bc\\xe2\\x80\\xae"'],
    [Buffer.from([0, 0xff, 0x41, 0xc3, 0xa9]), '"\\x00\\xffA\\xc3\\xa9"'],
  ])('quotes %j as %s', (value, text) => {
    expect(show(value)).toBe(text);
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const value = Buffer.from(bytes);
        expect(show(value) + showName(value) + showBoth(value, Buffer.from('a')).join('')).not.toMatch(
          /\p{C}/u,
        );
      }),
    );
  });

  it('cuts long values between characters', () => {
    expect(show('é'.repeat(100))).toBe(`"${'é'.repeat(30)}"... (200 bytes)`);
    expect(show(`a${'é'.repeat(100)}`)).toBe(`"a${'é'.repeat(29)}"... (201 bytes)`);
  });

  it('shows two long values where they part', () => {
    const [a, b] = showBoth(
      Buffer.from(`${'x'.repeat(90)}1${'y'.repeat(90)}`),
      Buffer.from(`${'x'.repeat(90)}2`),
    );
    expect(a).toBe(`..."${'x'.repeat(20)}1${'y'.repeat(39)}"... (181 bytes)`);
    expect(b).toBe(`..."${'x'.repeat(20)}2" (91 bytes)`);
  });
});

describe('showName', () => {
  it('quotes only where a shell line would need it', () => {
    expect(['user:42:name', 'a b', '', 'it"s', 'Zoë', 'a\nb'].map((name) => showName(name))).toEqual([
      'user:42:name',
      '"a b"',
      '""',
      '"it\\"s"',
      'Zoë',
      '"a\\nb"',
    ]);
  });
});

describe('enumerate', () => {
  it('names at most four, and three of more', () => {
    expect(enumerate([])).toBe('');
    expect(enumerate(['a'])).toBe('a');
    expect(enumerate(['a', 'b', 'c', 'd'])).toBe('a, b, c and d');
    expect(enumerate(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
    expect(enumerate(['a', 'b', 'c', 'd'], 100)).toBe('a, b, c and 97 more');
  });
});

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [250, '250 ms'],
    [1_500, '1.5 s'],
    [30_000, '30 s'],
    [60_000, '1 minute (60 s)'],
    [90_000, '1 minute 30 seconds (90 s)'],
    [1_800_000, '30 minutes (1800 s)'],
    [3_600_000, '1 hour (3600 s)'],
    [43_199_000, '12 hours (43199 s)'],
    [3_599_600, '1 hour (3599.6 s)'],
    [90_059_000, '1 day 1 hour (90059 s)'],
    [5_400_000, '1 hour 30 minutes (5400 s)'],
    [604_800_000, '7 days (604800 s)'],
    [1_735_689_600_000, '55 years (1735689600 s)'],
  ])('%i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('of a range is told in one unit where it can', () => {
    expect(durations({ min: 1500, max: 1800 })).toBe('25 to 30 minutes (1500 to 1800 s)');
    expect(durations({ min: 60, max: 3600 })).toBe('1 minute to 1 hour (60 to 3600 s)');
    expect(durations({ min: 10, max: 20 })).toBe('10 to 20 s');
    expect(durations({ min: 10, max: null })).toBe('at least 10 s');
    expect(durations({ min: 0, max: 60 })).toBe('at most 1 minute (60 s)');
    expect(durations({ min: 30, max: 90 })).toBe('30 s to 1 minute 30 seconds (30 to 90 s)');
  });
});
