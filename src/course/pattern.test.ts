import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatch, keyMatch, matchesCommand } from './pattern.ts';

const args = (...words: string[]) => words.map((word) => Buffer.from(word));

describe('globMatch', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['*a*b', 'xaabab', true],
    ['a?c', 'a💡c', true],
    ['a?c', 'ac', false],
    ['[a', '[a', true],
    ['A', 'a', false],
    ['a**', 'a', true],
  ])('says of %j and %j: %j', (pattern, text, matches) => {
    expect(globMatch(pattern, text)).toBe(matches);
  });

  it('does not take exponential time on many stars', () => {
    expect(globMatch(`${'a*'.repeat(50)}b`, 'a'.repeat(2000))).toBe(false);
  });

  it('agrees with a regular expression on arbitrary text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '[') });
    fc.assert(
      fc.property(text, text, (pattern, subject) => {
        const source = [...pattern].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : `\\${c}`)).join('');
        const regex = new RegExp(`^${source.replace(/\\([ab])/g, '$1')}$`, 's');
        expect(globMatch(pattern, subject)).toBe(regex.test(subject));
      }),
    );
  });
});

describe('matchesCommand', () => {
  it.each([
    ['SET user:9 EX', ['set', 'user:9', 'a', 'ex', '9'], true],
    ['HEXISTS user:9 phone', ['HEXISTS', 'user:9', 'Phone'], false],
    ['GET Menu', ['GET', 'menu'], false],
    ['set ex', ['SET', 'a', 'b', 'EX', '9'], true],
    ['BL?OP queue:*', ['blpop', 'queue:mail', '0'], true],
  ] as [string, string[], boolean][])(
    '%j and %j: keys and values have case, %s',
    (pattern, words, matches) => {
      expect(matchesCommand(pattern, args(...words))).toBe(matches);
    },
  );

  it.each([
    ['SET EX', args('set', 'k', 'v', 'ex', '9'), true],
    ['SET', args('SETEX', 'k', '9', 'v'), false],
    ['SET*', args('SETEX', 'k', '9', 'v'), true],
    ['SET EX NX', args('SET', 'k', 'v', 'NX', 'EX', '9'), false],
    ['SET user:?? EX', args('SET', 'user:42', 'v', 'EX', '9'), true],
    ['ZRANGE REV WITHSCORES', args('zrange', 'board', '0', '-1', 'rev'), false],
    ['SET a a', args('SET', 'a', 'b'), false],
    ['  ', args('SET'), false],
    ['SET', [], false],
  ])('says of %j and a command', (pattern, command, matches) => {
    expect(matchesCommand(pattern, command)).toBe(matches);
  });
});

describe('keyMatch', () => {
  it.each([
    ['h[ae]llo', 'hallo', true],
    ['h[^e]llo', 'hello', false],
    ['h[a-c]llo', 'hbllo', true],
    ['h[c-a]llo', 'hbllo', true],
    ['h\\*llo', 'h*llo', true],
    ['h\\*llo', 'hello', false],
    ['session:*', 'session:', true],
    ['session:*', 'sessions', false],
    ['?', 'é', false],
    ['??', 'é', true],
    ['a[', 'a', false],
    ['a[b', 'ab', true],
    ['*[ab]x*', 'cacbxd', true],
  ])('says of %j and %j: %j', (pattern, name, matches) => {
    expect(keyMatch(pattern, name)).toBe(matches);
  });
});
