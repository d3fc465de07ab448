import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from './visible.ts';

describe('visible', () => {
  it('leaves ordinary text in any script as it is', () => {
    for (const text of ['user:42:name', 'naïve', '日本語', 'می‌خواهم', '👩‍👩‍👧 and ❤️', 'a "b" \\n c']) {
      expect(visible(text)).toBe(text);
    }
  });

  it('escapes what a terminal obeys', () => {
    expect(visible('\x1b[2J\x07')).toBe('\\x1b[2J\\a');
    expect(visible('a\r\n\tb')).toBe('a\\r\\n\\tb');
    expect(visible('\x7f\x9b31m\x85')).toBe('\\x7f\\x9b31m\\x85');
    expect(visible('\0')).toBe('\\x00');
  });

  it('escapes what lies to the eye', () => {
    expect(visible('admin\u202etxt')).toBe('admin\\u202etxt');
    expect(visible('user\u200b:1')).toBe('user\\u200b:1');
    expect(visible('user\u200d:1')).toBe('user\\u200d:1');
    expect(visible('\u200dx')).toBe('\\u200dx');
    expect(visible('a\u2028b\ufeff\u2066')).toBe('a\\u2028b\\ufeff\\u2066');
    expect(visible('x\u{e0041}')).toBe('x\\u{e0041}');
    expect(visible('\ud800')).toBe('\\ud800');
  });

  it('keeps lines and tabs when asked, and nothing else', () => {
    expect(visible('a\n\tb\r\x1b', 'lines')).toBe('a\n\tb\\r\\x1b');
  });

  it('leaves no control character behind, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(visible(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('does not change what it made visible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});
