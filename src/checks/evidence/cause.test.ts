import { describe, expect, it } from 'vitest';
import { BEGUN, type Keys, lasting, type Ran, type Stage, said } from '../../../test/setup/exercise-stage.ts';

const check = { kind: 'key', key: 'cart:9', string: '2 apples' } as const;
const given: Keys = { 'cart:9': '1 apple' };
const why = (ran: Ran[], stage: Stage = {}) =>
  said(check, { now: {}, ran, ...stage })
    .replace('cart:9 is not there.', '')
    .trim();

describe('a missing key', () => {
  it('that nothing explains gets no reason', () => {
    expect(said(check, {})).toBe('cart:9 is not there.');
    expect(why(['SET a 5', 'SET b 5', ['GET cart:9', null]], { now: { a: '5', b: '5' } })).toBe('');
  });

  it.each<[Ran[], string]>([
    [[['DEL cart:9', 1]], 'DEL removed it.'],
    [[['unlink a cart:9', 1]], 'UNLINK removed it.'],
    [[['GETDEL cart:9', '1 apple']], 'GETDEL removed it.'],
    [[['DELIFEQ cart:9 "1 apple"', 1]], 'DELIFEQ removed it.'],
    [[['DELIFEQ cart:9 2', 0]], ''],
    [['RENAME cart:9 cart:10'], 'RENAME moved it to cart:10.'],
    [[['MOVE cart:9 1', 1]], 'MOVE took it to database 1.'],
    [['FLUSHDB'], 'FLUSHDB removes everything.'],
    [[['FLUSHALL', 'OK', { db: 3 }]], 'FLUSHALL removes everything.'],
    [[['LPOP cart:9', 'a']], 'LPOP took the last of it, and what is empty is gone.'],
    [[['LMOVE cart:9 b LEFT LEFT', 'a']], 'LMOVE took the last of it, and what is empty is gone.'],
    [[['LMOVE b cart:9 LEFT LEFT', null]], ''],
    [[['XDEL cart:9 1-1', 1]], ''],
    [[['ZREM cart:9 a', 1]], 'ZREM took the last of it, and what is empty is gone.'],
    [[['EXPIRE cart:9 0', 1]], 'EXPIRE with a time of 0 deletes at once.'],
    [[['EXPIRE cart:9 -5', 1]], 'EXPIRE with a time of -5 deletes at once.'],
    [
      [['EXPIREAT cart:9 1735689600', 1]],
      'It expired already: EXPIREAT with a moment in the past (1735689600 was 2025-01-01) deletes at once.',
    ],
    [
      [['EXPIREAT cart:9 1800', 1]],
      'It expired already: EXPIREAT with a moment in the past (1800 was 1970-01-01) deletes at once.',
    ],
    [
      ['SET cart:9 "2 apples" EXAT 1735689600'],
      'It expired already: SET with a moment in the past (1735689600 was 2025-01-01) deletes at once.',
    ],
    [[['SET cart:9 a XX', null]], 'XX sets only a key that is there already.'],
    [
      [['SET cart:9 2 apples', '-ERR syntax error']],
      'Your SET answered an error: ERR syntax error. A value of several words needs quotes: "2 apples".',
    ],
    [
      [['SETEX cart:9 0 a', "-ERR invalid expire time in 'setex' command"]],
      "Your SETEX answered an error: ERR invalid expire time in 'setex' command.",
    ],
    [
      [['ZADD cart:9 apple 2', '-ERR value is not a valid float']],
      'Your ZADD answered an error: ERR value is not a valid float. ZADD takes the score before the member.',
    ],
    [
      [['ZADD cart:9 9,500 apple', '-ERR value is not a valid float']],
      'Your ZADD answered an error: ERR value is not a valid float. Numbers are written without commas; this one is not: "9,500".',
    ],
    [['MULTI', ['SET cart:9 a', '+QUEUED']], 'Your SET waits in the transaction until EXEC.'],
    [['MULTI', ['SET cart:9 a', '+QUEUED'], 'DISCARD'], 'Your SET was queued, and DISCARD dropped it.'],
    [
      ['WATCH a', 'MULTI', ['SET cart:9 a', '+QUEUED'], ['EXEC', null]],
      'EXEC answered (nil): a watched key had changed, so nothing ran.',
    ],
    [
      [
        'MULTI',
        ['SET cart:9 a', '+QUEUED'],
        ['SET b', '-ERR wrong number of arguments'],
        ['EXEC', '-EXECABORT Transaction discarded'],
      ],
      'EXEC refused the transaction, because a queued command had an error.',
    ],
    [
      ['SELECT 2', ['SET cart:9 a', 'OK', { db: 2 }]],
      'Your SET went to database 2; this exercise is in database 0.',
    ],
    [
      ['MULTI', ['SELECT 2', '+QUEUED'], ['SET cart:9 a', '+QUEUED'], ['EXEC', ['OK', 'OK']]],
      'Your SET went to database 2; this exercise is in database 0.',
    ],
  ])('after %j is explained', (ran, mistake) => {
    expect(why(ran, { given })).toBe(mistake);
  });

  it('is explained by the last thing that did it', () => {
    expect(why([['DEL cart:9', 1], 'SET cart:9 a', 'FLUSHDB'])).toBe('FLUSHDB removes everything.');
    expect(why(['FLUSHDB', 'SET cart:9 a', ['DEL cart:9', 1]])).toBe('DEL removed it.');
  });

  it('is not explained by an error once a later write has worked, there or on a name that nobody asked for', () => {
    const error: Ran = ['SET cart:9 2 apples', '-ERR syntax error'];
    expect(why([error, 'SET cart.9 "2 apples"'], { now: { 'cart.9': '2 apples' } })).toBe(
      'cart.9 is there: a typo?',
    );
    expect(why([['DEL cart:9', 1], error, 'SET other 1'], { given })).toBe('DEL removed it.');
    expect(why([error, ['GET other', null]])).toContain('answered an error');
    expect(why([error, ['SET other 1 NX', null]])).toContain('answered an error');
    const other = { kind: 'key', key: 'other', exists: true } as const;
    const stage = { now: { other: '1' }, ran: [error, 'SET other 1'] };
    expect(said([check, other], stage)).toContain('answered an error');
  });

  it.each([
    ['SET cart:9 2 apples', 'A value of several words needs quotes: "2 apples".'],
    ['SET cart:9 2 apples EX 60', 'A value of several words needs quotes: "2 apples".'],
    ['SET cart:9 2 Apples', 'A value of several words needs quotes: "2 Apples".'],
    ['SET cart:9 = "2 apples"', 'SET key value: nothing stands between them.'],
    [
      'SET cart:9 = 2 apples',
      'SET key value: nothing stands between them. A value of several words needs quotes: "2 apples".',
    ],
    ['SET cart:9 "2 apples" EXX 60', ''],
    ['SET cart:9 2 pears', ''],
    ['SET cart:9 "2 apples" EX 60 PX 9', ''],
  ])('after the error of %s gets the advice %j', (line, advice) => {
    expect(why([[line, '-ERR syntax error']])).toBe(
      `Your SET answered an error: ERR syntax error.${advice && ` ${advice}`}`,
    );
  });

  it('is not laid at the door of a command that did nothing', () => {
    expect(why([['DEL cart:9', 0]])).toBe('');
    expect(why(['FLUSHDB'])).toBe('');
    expect(why([['DEL cart:9', '-NOPERM this user may not']])).toContain('Your DEL answered an error');
  });

  it('whose expiry has run out says so', () => {
    const elapsed = 3_000;
    expect(why([['SETEX cart:9 2 a', 'OK', { time: BEGUN }]], { elapsed })).toBe(
      'Its expiry of 2 s has run out.',
    );
    expect(why([['SETEX cart:9 2 a', 'OK', { time: BEGUN + 2_000 }]], { elapsed })).toBe('');
    expect(why([], { given: { 'cart:9': lasting('a', 2_000) }, elapsed })).toBe(
      'The expiry it had from the start has run out.',
    );
  });

  it.each([
    ['cart:8', 'cart:8 is there: a typo?'],
    ['crat:9', 'crat:9 is there: a typo?'],
    ['Cart:9', 'Cart:9 is there: names differ by case.'],
    ['cart9', 'cart9 is there: a typo?'],
    ['cart:9 ', '"cart:9 " is there: a typo?'],
    ['"cart:9"', '"\\"cart:9\\"" is there: a typo?'],
    ['cart_9', 'cart_9 is there: a typo?'],
    ['cat:9', 'cat:9 is there: a typo?'],
    ['basket:9', 'basket:9 is there instead.'],
    ['cart:1234', 'cart:1234 is there instead.'],
  ])('beside %j: %j', (name, mistake) => {
    expect(why([], { now: { [name]: '2 apples' } })).toBe(mistake);
  });

  it('whose name another key holds was swapped with its value', () => {
    expect(why([], { now: { '2 apples': 'cart:9', b: '1' } })).toBe(
      '"2 apples" is there and holds that name: are key and value swapped?',
    );
  });

  it('is not taken for a given key, nor for one that another check names', () => {
    expect(why([], { given: { 'cart:8x': 'a' }, now: { 'cart:8x': 'a' } })).toBe('');
    const other = { kind: 'key', key: 'cart:99', exists: true } as const;
    expect(said([check, other], { now: { 'cart:99': 'a' } })).toBe('cart:9 is not there.');
  });

  it('fails each statement of its check, and is told once', () => {
    const all = { ...check, type: 'string', ttl: { min: 5, max: 5 } };
    expect(said(all, {})).toBe('cart:9 is not there.');
  });
});

describe('a key that is there', () => {
  const stock = { kind: 'key', key: 'stock:12', string: '17' } as const;
  const says = (ran: Ran[], now: Keys = {}) =>
    said(stock, { given: { 'stock:12': '18' }, now: { 'stock:12': '18', ...now }, ran });

  it('and is as it was tells what was changed instead, or why nothing was', () => {
    const start = 'stock:12 should be "17"; it is "18". ';
    expect(says([])).toBe(`${start}That is what it held at the start.`);
    expect(says([['DECR stock:21', -1]], { 'stock:21': '-1' })).toBe(`${start}stock:21 is there: a typo?`);
    expect(says(['SET 17 stock:12'], { '17': 'stock:12' })).toBe(
      `${start}17 is there and holds that name: are key and value swapped?`,
    );
    expect(says([['SET stock:12 17 NX', null]])).toBe(`${start}NX sets only a key that is not there yet.`);
    expect(says([['SETNX stock:12 17', 0]])).toBe(`${start}SETNX sets only a key that is not there yet.`);
    expect(says([['MSETNX stock:12 17 a 1', 0]])).toContain('MSETNX sets all of its keys or none');
    expect(says([['RENAMENX a stock:12', 0]])).toContain(
      'RENAMENX does nothing where the new name is taken.',
    );
    expect(
      says([
        ['DECR stock:12', '-ERR no'],
        ['GET stock:12', '18'],
      ]),
    ).toBe(`${start}Your DECR answered an error: ERR no.`);
  });

  it('and was counted wrongly says how, also where a string is asked for', () => {
    const counted = (now: string) => said(stock, { given: { 'stock:12': '18' }, now: { 'stock:12': now } });
    expect(counted('19')).toContain('It went up instead of down.');
    expect(counted('16')).toContain('Was it done twice?');
  });

  it('tells of the command that was to change it and failed', () => {
    const list = { kind: 'key', key: 'q', list: { mode: 'exact', value: ['a', 'b'] } } as const;
    expect(
      said(list as never, { given: { q: ['a'] }, ran: [['RPUSH q', '-ERR wrong number of arguments']] }),
    ).toBe(
      'q should be "a" and "b", in this order; "b" is missing. Your RPUSH answered an error: ERR wrong number of arguments.',
    );
  });
});

describe('members and scores that are amiss', () => {
  const board = (now: Record<string, number>, ran: Ran[]) =>
    said(
      {
        kind: 'key',
        key: 'board',
        zset: {
          mode: 'exact',
          value: [
            { member: 'ann', score: 5 },
            { member: 'bo', score: 2 },
          ],
        },
      },
      { given: { board: new Map([['ann', 3]]) }, now: { board: new Map(Object.entries(now)) }, ran },
    );

  it.each<[Record<string, number>, Ran[], string]>([
    [{ ann: 5 }, [['ZADD board XX 5 ann 2 bo', 0]], 'XX only updates members that are there already.'],
    [{ ann: 3, bo: 2 }, [['ZADD board NX CH 5 ann 2 bo', 1]], 'NX only adds members that are not there yet.'],
    [
      { ann: 6, bo: 2 },
      [['ZADD board GT 5 ann 2 bo', 1]],
      'GT writes a score only if it is greater than the',
    ],
    [{ ann: 3, bo: 2 }, [['ZADD board LT 5 ann 2 bo', 1]], 'LT writes a score only if it is less than the'],
    [
      { ann: 5, bo: 2, cy: 1 },
      [['ZREMRANGEBYSCORE board 1 -inf', 0]],
      'ZREMRANGEBYSCORE takes the lower limit first.',
    ],
    [
      { ann: 3, bo: 2 },
      [
        ['ZINCRBY board --2 ann', '-ERR value is not a valid float'],
        ['ZINCRBY board 2 bo', '2'],
      ],
      'Your ZINCRBY answered an error',
    ],
    [
      { ann: 3, bo: 2 },
      [
        ['ZADD board ann 5', '-ERR value is not a valid float'],
        ['EXPIRE board 30', 1],
      ],
      'ZADD takes the score before the member.',
    ],
    [
      { ann: 5, bo: 2, cy: 1 },
      ['MULTI', ['DEL board', '+QUEUED'], 'DISCARD', ['ZADD board 5 ann 2 bo', 1]],
      'Your DEL was queued, and DISCARD dropped it.',
    ],
    [
      { ann: 5 },
      [[`EVALSHA ${'0'.repeat(40)} 1 board`, '-NOSCRIPT No matching script', { ran: new Map() }]],
      'NOSCRIPT',
    ],
  ])('%j after %j', (now, ran, text) => {
    expect(board(now, ran)).toContain(text);
  });

  it('are not told a mistake that was made good', () => {
    const ran: Ran[] = [
      ['ZADD board ann 5', '-ERR value is not a valid float'],
      ['ZADD board 5 ann', 0],
    ];
    expect(board({ ann: 5 }, ran)).not.toContain('error');
  });

  it('are swapped only where it is they who swapped them', () => {
    const says = (ran: Ran[]) =>
      said(
        { kind: 'key', key: 'spend', zset: { mode: 'exact', value: [{ member: '501', score: 120 }] } },
        { given: { spend: new Map([['120', 501]]) }, ran },
      );
    expect(says(['PING'])).not.toContain('swapped');
    expect(says([['ZADD spend 501 120', 0]])).toContain('Score and member are swapped');
  });

  it('a missing key may have been meant to be updated only', () => {
    expect(said({ kind: 'key', key: 'board' }, { ran: [['ZADD board XX CH 5 ann', 0]] })).toBe(
      'board is not there. XX only updates members that are there already.',
    );
    expect(
      said({ kind: 'key', key: 'board' }, { ran: [['ZADD board "5 ann"', '-ERR syntax error']] }),
    ).toContain('Quotes make one argument of "5 ann": a score and its member are two.');
  });
});

describe('code that sends nothing', () => {
  const says = (code: boolean, ran: Ran[]) => said({ kind: 'key', key: 'k', string: 'v' }, { ran, code });

  it('is told so, whatever its connection sent', () => {
    const text = 'k is not there. Your code has sent Redis no command';
    expect(says(true, [])).toContain(text);
    expect(says(true, [['CLIENT SETINFO LIB-NAME x', 'OK']])).toContain(text);
    expect(says(true, [['GET k', null]])).toBe('k is not there.');
    expect(says(false, [])).toBe('k is not there.');
  });
});
