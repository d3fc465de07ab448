import { describe, expect, test } from 'vitest';
import { mutantsOf } from './mutants.ts';

const changes = (...lines: string[]) => mutantsOf(lines).map((mutant) => mutant.change);

describe('mutants of an answer', () => {
  test('leave out each line of several, and no line of one', () => {
    expect(changes('SET a 1', 'INCR a')).toContain('- SET a 1');
    expect(changes('SET a 1', 'INCR a')).toContain('- INCR a');
    expect(changes('SET a 1').some((change) => change.startsWith('-'))).toBe(false);
  });

  test('take a time in another unit, and for another option', () => {
    const all = changes('SET session:1 x EX 1800');
    expect(all).toContain('SET session:1 x EX 30');
    expect(all).toContain('SET session:1 x EX 1800000');
    expect(all).toContain('SET session:1 x EX 108000');
    expect(all).toContain('SET session:1 x EX 1801');
    expect(all).toContain('SET session:1 x PX 1800');
    expect(all).toContain('SET session:1 x');
  });

  test('misspell names and values, and swap them', () => {
    const all = changes('SET cart:9 apple');
    expect(all).toContain('SET cart:9 appel');
    expect(all).toContain('SET catr:9 apple');
    expect(all).toContain('SET apple cart:9');
  });

  test('use the neighbour of a command', () => {
    expect(changes('ZRANK board ana')).toContain('ZREVRANK board ana');
    expect(changes('INCR a')).toContain('DECR a');
    expect(changes('RPUSH q a b')).toEqual(expect.arrayContaining(['LPUSH q a b', 'RPUSH q a']));
  });

  test('take a bound of a range in, or leave it out', () => {
    expect(changes('ZCOUNT board 100 (200')).toEqual(
      expect.arrayContaining(['ZCOUNT board (100 (200', 'ZCOUNT board 100 200']),
    );
  });

  test('let the values of two pairs change places', () => {
    expect(changes('MSET a 1 b 2')).toContain('MSET a 2 b 1');
    expect(changes('ZADD board 10 ana 20 bo')).toContain('ZADD board 10 bo 20 ana');
  });

  test('take a moment for a time that is left', () => {
    expect(changes('EXPIRE a 60')).toContain('EXPIREAT a 60');
    expect(changes('SET a b EX 60')).toContain('SET a b EXAT 60');
  });

  test('quote what needs quotes, so that the prompt reads it back', () => {
    expect(changes('SET name "Grace Hopper"')).toContain('SET name "Grace Hoppre"');
    expect(changes('SET k "a\\x00b"').some((change) => change.includes('\\x00'))).toBe(true);
  });

  test('change the text of an answer to a question', () => {
    expect(changes('.answer 42')).toEqual(['.answer 24']);
  });

  test('come once each, and never equal the answer', () => {
    const lines = ['MSET a 1 b 2', 'EXPIRE a 60'];
    const all = mutantsOf(lines).map((mutant) => mutant.lines.join('\n'));
    expect(new Set(all).size).toBe(all.length);
    expect(all).not.toContain(lines.join('\n'));
  });

  test('of a line that cannot be split there are none', () => {
    expect(mutantsOf(['SET a "b'])).toEqual([]);
  });
});
