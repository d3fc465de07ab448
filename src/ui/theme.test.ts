import { describe, expect, it } from 'vitest';
import { colourLevel, proseWidth, themeFor, widthOf } from './theme.ts';

const window = { isTTY: true, columns: 100, getColorDepth: () => 8 };
const pipe = {};

describe('colours', () => {
  it('are for windows, and not for pipes and files', () => {
    expect(themeFor(window, {}).bad('no')).toBe('\x1b[31mno\x1b[39m');
    expect(themeFor(pipe, {}).bad('no')).toBe('no');
  });

  it('stay away with NO_COLOR, unless it is empty', () => {
    expect(colourLevel(window, { NO_COLOR: '1' })).toBe(0);
    expect(colourLevel(window, { NO_COLOR: '' })).toBe(2);
  });

  it('stay away from a dumb terminal', () => {
    expect(colourLevel(window, { TERM: 'dumb' })).toBe(0);
  });

  it('come with FORCE_COLOR even into a pipe, also when it is empty or NO_COLOR is there too', () => {
    expect(colourLevel(pipe, { FORCE_COLOR: '1' })).toBe(1);
    expect(colourLevel(pipe, { FORCE_COLOR: '' })).toBe(1);
    expect(colourLevel(pipe, { FORCE_COLOR: '3', NO_COLOR: '1' })).toBe(3);
    expect(colourLevel(window, { FORCE_COLOR: '0' })).toBe(0);
    expect(colourLevel(window, { FORCE_COLOR: 'false' })).toBe(0);
  });

  it('are decided for each stream', () => {
    expect(themeFor(window, {}).colour).toBe(true);
    expect(themeFor(pipe, {}).colour).toBe(false);
  });
});

describe('signs', () => {
  it('are ASCII on a dumb terminal, the bare console and in a locale without UTF-8', () => {
    for (const env of [
      { TERM: 'dumb' },
      { TERM: 'linux' },
      { LANG: 'C' },
      { LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' },
    ]) {
      expect(Object.values(themeFor(window, env).sign).join('')).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it('are drawn elsewhere', () => {
    expect(themeFor(window, { LANG: 'en_GB.UTF-8' }).sign.passed).toBe('✓');
    expect(themeFor(window, {}).sign.passed).toBe('✓');
  });
});

describe('width', () => {
  it('is the window’s, within limits', () => {
    expect(widthOf(window)).toBe(100);
    expect(widthOf({ columns: 7 })).toBe(20);
    expect(widthOf({ columns: 0 })).toBe(80);
    expect(widthOf({ columns: Number.NaN })).toBe(80);
    expect(widthOf(pipe)).toBe(80);
  });

  it('of prose is at most 84', () => {
    expect(proseWidth(window)).toBe(84);
    expect(proseWidth({ columns: 50 })).toBe(50);
  });
});
