import { describe, expect, test } from 'vitest';
import type { KeyState, Snapshot, Value } from '../redis/snapshot.ts';
import { mutantsByHand } from './mutants-by-hand.ts';

const bytes = (text: string) => Buffer.from(text);

function snapshot(keys: Record<string, { type: string; value: Value; pttl?: number }>): Snapshot {
  const states = Object.entries(keys).map(([name, { type, value, pttl = null }]): [string, KeyState] => [
    name,
    { name: bytes(name), type, value, pttl } as KeyState,
  ]);
  return { time: 0, keys: new Map(states) } as Snapshot;
}

const string = (text: string, pttl?: number) => ({
  type: 'string',
  value: { kind: 'string', bytes: bytes(text) } as Value,
  ...(pttl !== undefined && { pttl }),
});

const made = (lines: string[], before: Snapshot, after: Snapshot, accept: string[][] = []) =>
  mutantsByHand(lines, { given: before, latest: after }, accept).map(({ lines }) => lines);

describe('a result written by hand', () => {
  const before = snapshot({ n: string('18') });
  const after = snapshot({ n: string('17') });

  test('of a number, in place of what the server was to work out', () => {
    expect(made(['DECR n'], before, after)).toEqual([
      ['SET n 17 KEEPTTL'],
      ['SET n:new 17 KEEPTTL', 'RENAME n:new n'],
      [expect.stringMatching(/^EVAL .*SET.* 1 n$/)],
      ['DEL n', 'INCRBY n 17'],
    ]);
  });

  test('keeps what else the answer does, and the place of it', () => {
    const [first] = made(['GET m', 'DECR n', 'PING'], before, after);
    expect(first).toEqual(['GET m', 'SET n 17 KEEPTTL', 'PING']);
  });

  test('keeps the expiry', () => {
    const left = snapshot({ n: string('17', 59_500) });
    const lines = made(['DECR n'], snapshot({ n: string('18', 60_000) }), left);
    expect(lines[0]).toEqual(['SET n 17 KEEPTTL']);
    expect(lines[1]).toEqual(['SET n:new 17 KEEPTTL', 'EXPIRE n:new 60', 'RENAME n:new n']);
    expect(lines[3]).toEqual(['DEL n', 'INCRBY n 17', 'EXPIRE n 60']);
  });

  test('is none where the answer itself, or one to accept, replaces the value', () => {
    for (const line of [
      'SET n 17',
      'GETSET n 17',
      'SETEX n 60 17',
      'MSET n 17 m 1',
      'RENAME m n',
      'COPY m n',
    ])
      expect(made([line], before, after).filter((lines) => lines.includes('SET n 17 KEEPTTL'))).toEqual([]);
    expect(made(['DECR n'], before, after, [['SET n 17']])).toEqual([]);
    expect(made(['DECR n'], before, after, [['DECRBY n 1']])).toHaveLength(4);
  });
});

describe('two steps of what was one', () => {
  const same = snapshot({});
  test.each([
    ['SET k v NX', ['EXISTS k', 'SET k v']],
    ['SET k v NX EX 60', ['EXISTS k', 'SET k v EX 60']],
    ['SET k v NX EX 60', ['SETNX k v', 'EXPIRE k 60']],
    ['SETNX k v', ['EXISTS k', 'SET k v']],
    ['GETDEL k', ['GET k', 'DEL k']],
    ['GETSET k v', ['GET k', 'SET k v']],
    ['MSET a 1 b 2', ['SET a 1', 'SET b 2']],
    ['MGET a b', ['GET a', 'GET b']],
  ])('%s', (line, instead) => {
    expect(made(['PING', line], same, same)).toContainEqual(['PING', ...instead]);
  });

  test('a transaction without its frame', () => {
    expect(made(['MULTI', 'SET a 1', 'EXEC'], same, same)).toContainEqual(['SET a 1']);
  });
});
