import { describe, expect, it } from 'vitest';
import { themeFor } from './theme.ts';
import { cutRuns, styled, wrapText } from './wrap.ts';

const plain = themeFor({}, {});
const coloured = themeFor({}, { FORCE_COLOR: '1' });

describe('text of one’s own', () => {
  it('wraps, keeps its line feeds and draws what is between backticks as code', () => {
    expect(wrapText('Type `SET k v` once.\n\nThen wait.', 14, plain)).toEqual([
      'Type `SET k v`',
      'once.',
      '',
      'Then wait.',
    ]);
    expect(wrapText('`a b`', 14, coloured)).toEqual(['\x1b[36ma b\x1b[39m']);
    expect(styled('use `GET`', coloured, coloured.bad)).toBe('\x1b[31muse \x1b[39m\x1b[36mGET\x1b[39m');
  });

  it('makes visible what would act on the terminal', () => {
    expect(wrapText('a\x1b[2J `\x07`', 40, plain)).toEqual(['a\\x1b[2J `\\a`']);
    expect(styled('a\x1b[2J', plain)).toBe('a\\x1b[2J');
  });

  it('breaks a word that no line can hold, even with one column', () => {
    expect(wrapText('abcdef', 3, plain)).toEqual(['abc', 'def']);
    expect(wrapText('日本', 1, plain)).toEqual(['日', '本']);
  });
});

describe('cutRuns', () => {
  const runs = [
    { text: 'abc', style: plain.plain },
    { text: 'def', style: plain.plain },
  ];
  it('keeps all that fits, and marks what is missing', () => {
    expect(cutRuns(runs, 6, plain)).toBe('abcdef');
    expect(cutRuns(runs, 5, plain)).toBe('abcd…');
    expect(cutRuns(runs, 3, plain)).toBe('ab…');
    expect(cutRuns(runs, 4, plain)).toBe('abc…');
    expect(cutRuns(runs, 2, themeFor({}, { TERM: 'dumb' }))).toBe('');
  });
});
