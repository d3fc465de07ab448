import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { columns, cut, pad, take } from './columns.ts';

describe('columns', () => {
  it('counts wide characters as two and marks as none', () => {
    expect(columns('plain')).toBe(5);
    expect(columns('日本')).toBe(4);
    expect(columns('👩‍👩‍👧')).toBe(2);
    expect(columns('🇬🇧')).toBe(2);
    expect(columns('e\u0301')).toBe(1);
    expect(columns('“a – b…”')).toBe(8);
  });

  it('agrees with string-width on every text of letters, ideographs and pictures', () => {
    const unit = fc.constantFrom(
      ...'aZ09 .é–…✓✗○·•→│█░日本語한국ไทยж👍👩🎉',
      '🇬🇧',
      'e\u0301',
      '👩‍👩‍👧',
      '❤️',
      '👍🏽',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        expect(columns(text)).toBe(stringWidth(text));
      }),
    );
  });
});

describe('cut', () => {
  it('keeps what fits and marks what is missing', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdef', 5)).toBe('abcd…');
    expect(cut('abcdef', 5, '...')).toBe('ab...');
    expect(cut('日本語', 5)).toBe('日本…');
    expect(cut('日本語', 4)).toBe('日…');
    expect(cut('abc', 2, '...')).toBe('');
  });

  it('never passes the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
        expect(columns(cut(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it('take stops before a wide character that would not fit', () => {
  expect(take('a日', 2)).toBe('a');
});

it('pad counts columns, not characters', () => {
  expect(pad('日', 4)).toBe('日  ');
  expect(pad('long', 2)).toBe('long');
});
