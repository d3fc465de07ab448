import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BEGUN, type Ran, type ShortReply, said } from '../../../test/setup/exercise-stage.ts';
import type { ReplyValue } from '../../course/course.ts';

const other = { client: 'relay:1' };
const someone = { client: 'relay:2' };
const QUEUED = '+QUEUED';

describe('used', () => {
  const used = (ran: Ran[], ...patterns: string[]) => said({ kind: 'used', patterns }, { ran });

  it('counts a command of the prompt and of any other client', () => {
    expect(used(['set k v ex 9'], 'SET EX')).toBe('passed');
    expect(used([['SET k v EX 9', 'OK', other]], 'SET EX')).toBe('passed');
    expect(used(['SETEX k 9 v'], 'SET EX', 'SETEX')).toBe('passed');
  });

  it('does not count what failed, was discarded or waits', () => {
    expect(used([['SETEX k v 9', '-ERR value is not an integer']], 'SETEX')).toBe(
      'SETEX k v 9 was not carried out; this task asks for SETEX. Your SETEX answered an error: ERR value is not an integer. SETEX takes the seconds before the value.',
    );
    expect(used(['MULTI', ['INCR n', QUEUED], 'DISCARD'], 'INCR')).toContain('DISCARD dropped it');
    expect(used(['MULTI', ['INCR n', QUEUED]], 'INCR')).toContain('waits in the transaction until EXEC');
    expect(used(['MULTI', ['INCR n', QUEUED], ['EXEC', ['-WRONGTYPE no']]], 'INCR')).toContain(
      'WRONGTYPE no',
    );
  });

  it('counts what EXEC carried out, and MULTI and EXEC themselves', () => {
    const ran: Ran[] = ['MULTI', ['INCR n', QUEUED], ['EXEC', [1]]];
    for (const name of ['MULTI', 'INCR', 'EXEC']) expect(used(ran, name)).toBe('passed');
  });

  it.each([
    [['SET username:lin 31 NX', 'SETNX username:lin 31'], 'SET with NX'],
    [['set lock:1 nx ex'], 'SET with NX and EX'],
    [['EVAL* a', 'SETNX username:lin 31'], 'SETNX'],
    [['MGET event:9:day event:9:place'], 'MGET'],
    [['OBJECT ENCODING tags'], 'OBJECT ENCODING'],
    [['DEBUG SLEEP 1'], 'DEBUG SLEEP'],
    [['XREADGROUP GROUP g STREAMS jobs'], 'XREADGROUP with GROUP and STREAMS'],
    [['ZRANK board ann WITHSCORE'], 'ZRANK with WITHSCORE'],
    [['GET nx'], 'GET'],
    [['*EXPIRE* a'], 'a command with EXPIRE in its name'],
    [['Z*RANGE*'], 'a command with RANGE in its name'],
    [['* a'], 'another command'],
  ])('of %j says what is asked for, and not the solution', (patterns, asked) => {
    expect(used(['GET k'], ...patterns)).toBe(`This task asks for ${asked}.`);
  });

  it('leaves the word to the author, but for what went wrong', () => {
    const check = { kind: 'used', patterns: ['SET k 31 NX'], why: 'Let Redis decide.' } as const;
    const says = (ran: Ran[]) => said({ ...check, patterns: [...check.patterns] }, { ran });
    expect(says(['SET k 31'])).toBe('Let Redis decide.');
    expect(says([['SET k 31 NX 5', '-ERR syntax error']])).toBe(
      'Your SET answered an error: ERR syntax error. Let Redis decide.',
    );
    expect(says([['SET k 31 NX 5', '-ERR syntax error'], 'SET k 31'])).toBe('Let Redis decide.');
  });

  it('does not count an NX that came after a plain SET of the same key', () => {
    const patterns = ['SET k NX', 'SETNX k'];
    const late: Ran[] = ['SET k 31', ['SETNX k 31', 0]];
    expect(used(late, ...patterns)).toBe(
      'This task asks for SET with NX. Your SETNX changed nothing: your SET had stored k before.',
    );
    expect(used([...late, ['DEL k', 1], ['SETNX k 31', 1]], ...patterns)).toBe('passed');
    expect(
      used(
        [
          ['SETNX k 31', 1],
          ['SET k 31 NX', null],
        ],
        ...patterns,
      ),
    ).toBe('passed');
    const taken = { given: { k: '12' }, ran: [['SETNX k 31', 0]] as Ran[] };
    expect(said({ kind: 'used', patterns }, taken)).toBe('passed');
  });

  it('does not count a GETDEL that found nothing left to read', () => {
    const read: Ran[] = [
      ['GET k', '31'],
      ['DEL k', 1],
    ];
    expect(used([...read, ['GETDEL k', null]], 'GETDEL k')).toBe('This task asks for GETDEL.');
    expect(used([...read, ['SET k 31', 'OK'], ['GETDEL k', '31']], 'GETDEL k')).toBe('passed');
  });
});

describe('avoided', () => {
  const avoided = (ran: Ran[]) => said({ kind: 'avoided', patterns: ['KEYS'] }, { ran });

  it('holds until such a command ran, whoever ran it', () => {
    expect(avoided([['SCAN 0', ['0', []]]])).toBe('passed');
    expect(avoided([['KEYS *', []]])).toBe('KEYS * should not be used here. .reset begins again.');
    expect(avoided([['KEYS a*', [], other]])).toContain('KEYS a* should not be used here');
  });

  it('tells the author’s reason before the way out', () => {
    const check = { kind: 'avoided', patterns: ['*SET* stock:12'] };
    const says = (why: string) => said({ ...check, why } as never, { ran: ['SET stock:12 17'] });
    expect(says('A SET wipes out a sale.')).toBe(
      'SET stock:12 17 should not be used here. A SET wipes out a sale. .reset begins again.',
    );
    expect(says('Gone; .reset brings it back.')).toBe(
      'SET stock:12 17 should not be used here. Gone; .reset brings it back.',
    );
  });

  it('does not hold one that failed or was discarded against anybody', () => {
    expect(avoided([['KEYS', '-ERR wrong number of arguments']])).toBe('passed');
    expect(avoided(['MULTI', ['KEYS *', QUEUED], 'DISCARD'])).toBe('passed');
  });
});

describe('atomic', () => {
  const atomic = (ran: Ran[], ...keys: string[]) =>
    said({ kind: 'atomic', keys: keys.length > 0 ? keys : ['stock:12'] }, { ran });

  it.each<[string, Ran[]]>([
    ['one command', [['INCR stock:12', 1]]],
    [
      'one command and some reading',
      [
        ['GET stock:12', '1'],
        ['INCR stock:12', 2],
        ['TTL stock:12', -1],
      ],
    ],
    [
      'one transaction',
      ['MULTI', ['INCR stock:12', QUEUED], ['EXPIRE stock:12 9', QUEUED], ['EXEC', [1, 1]]],
    ],
    ['one script', [['EVAL "return 1" 1 stock:12', 1]]],
    ['one script that does not declare its keys', [[`EVAL "redis.call('INCR', 'stock:12')" 0`, null]]],
    [
      'one script that is given the key as an argument',
      [['EVAL "redis.call(\'INCR\', ARGV[1])" 0 stock:12', null]],
    ],
    [
      'one command and a script that reads',
      [
        [`EVAL "return redis.call('GET', KEYS[1])" 1 stock:12`, '5'],
        ['INCR stock:12', 6],
      ],
    ],
    ['one command of another client', [['INCR stock:12', 6, other]]],
    [
      'one beside another client’s NX, which did nothing',
      ['SET stock:12 1', ['SET stock:12 2 NX', null, other]],
    ],
    [
      'a transaction of another client',
      [
        ['MULTI', 'OK', other],
        ['INCR stock:12', QUEUED, other],
        ['DECR stock:12', QUEUED, other],
        ['EXEC', [6, 5], other],
      ],
    ],
    ['writes to other keys beside it', [['INCR stock:12', 1], ['INCR stock:13', 1], 'SET a stock:12']],
    [
      'one command, and others that only read it to write elsewhere',
      [
        ['INCR stock:12', 1],
        ['SORT stock:12 STORE a', 1],
        ['GEORADIUS stock:12 1 2 3 m STORE b', 1],
        ['BITOP NOT c stock:12', 1],
      ],
    ],
    [
      'one command, and a channel, a count and a report of that name',
      [
        ['INCR stock:12', 1],
        ['SPUBLISH stock:12 sold', 0],
        ['WAIT stock:12 0', 0],
        ['MIGRATE stock:12 6379 a 0 9', 'NOKEY'],
      ],
    ],
    [
      'one that took after one that did not',
      [
        ['SETNX stock:12 5', 0],
        ['SET stock:12 1 XX', null],
        ['INCR stock:12', 6],
      ],
    ],
    [
      'one after a failed one',
      [
        ['LPUSH stock:12 a', '-WRONGTYPE no'],
        ['INCR stock:12', 6],
      ],
    ],
    [
      'one after a discarded transaction',
      ['MULTI', ['INCR stock:12', QUEUED], 'DISCARD', ['INCR stock:12', 1]],
    ],
    [
      'a second try after WATCH told of a change',
      ['MULTI', ['INCR stock:12', QUEUED], ['EXEC', null], 'MULTI', ['INCR stock:12', QUEUED], ['EXEC', [2]]],
    ],
  ])('passes for %s', (_, ran) => {
    expect(atomic(ran)).toBe('passed');
  });

  it.each<[string, Ran[], string[]]>([
    ['after a DEL', ['SET k a NX EX 10', ['DEL k', 1], 'SET k a NX EX 600'], ['k']],
    [
      'after a DEL, in steps that add up',
      [
        ['RPUSH k a', 1],
        ['DEL k', 1],
        ['RPUSH k a b', 2],
      ],
      ['k'],
    ],
    ['that replaces all', ['MSET a 12 b Hall', 'MSET a "12 June" b "Hall 3"'], ['a', 'b']],
    [
      'that replaces all, as a transaction',
      ['SET a 1', 'MULTI', ['SET a 1', QUEUED], ['SET b 2', QUEUED], ['EXEC', ['OK', 'OK']]],
      ['a', 'b'],
    ],
    [
      'after each key was deleted',
      ['SET a 1', 'SET b 2', ['DEL a', 1], ['UNLINK b', 1], 'MSET a 1 b 2'],
      ['a', 'b'],
    ],
    ['after FLUSHDB', ['SET k 1', ['INCR k', 2], 'FLUSHDB', ['INCRBY k 2', 2]], ['k']],
    [
      'after the first has run out',
      [
        ['SET k a EX 10', 'OK', { time: BEGUN }],
        ['SET k b NX EX 60', 'OK', { time: BEGUN + 10_000 }],
        ['PING', '+PONG', { time: BEGUN + 11_000 }],
      ],
      ['k'],
    ],
    ['after a RENAME moved it away', ['SET k a', 'RENAME k other', ['LPUSH k a', 1]], ['k']],
    ['that others are made of', ['SET k a', ['BITOP NOT other k', 1], ['COPY k more', 1]], ['k']],
    ['with NX and GET', ['SET k a', ['SET k b NX GET', 'a'], ['DEL k', 1], ['SET k b NX GET', null]], ['k']],
  ])('passes for a clean second go %s', (_, ran, keys) => {
    expect(atomic(ran, ...keys)).toBe('passed');
  });

  it.each<[string, Ran[], string[]]>([
    ['each key by itself', ['SET a 1', 'SET b 2'], ['a', 'b']],
    [
      'value, then expiry',
      [
        ['SETNX k 1', 1],
        ['EXPIRE k 60', 1],
      ],
      ['k'],
    ],
    ['a SET that keeps the expiry of another', ['SET k a EX 60', 'SET k b KEEPTTL'], ['k']],
    [
      'a script that does not declare its key, and a command',
      [[`EVAL "redis.call('SET', 'a', 1)" 0`, null], 'SET b 2'],
      ['a', 'b'],
    ],
    ['half of it again', ['MSET a 1 b 1', 'SET a 2'], ['a', 'b']],
    ['a DEL of another key', ['SET k 1', ['DEL other', 1], ['EXPIRE k 60', 1]], ['k']],
    ['a DEL that failed', ['SET k 1', ['DEL k', '-NOPERM no'], ['EXPIRE k 60', 1]], ['k']],
    ['a key that was changed and then renamed', ['SET a 1', 'RENAME a b'], ['a', 'b']],
    [
      'a store that adds to itself',
      [
        ['SADD k a', 1],
        ['SUNIONSTORE k k more', 2],
      ],
      ['k'],
    ],
  ])('does not pass for %s', (_, ran, keys) => {
    expect(atomic(ran, ...keys)).toContain('it took 2 commands');
  });

  it('takes two steps to delete two given keys, and none where all is as it was', () => {
    const check = { kind: 'atomic' as const, keys: ['a', 'b'] };
    const twice: Ran[] = [
      ['DEL a', 1],
      ['DEL b', 1],
    ];
    expect(said(check, { given: { a: '1', b: '1' }, now: {}, ran: twice })).toContain('(DEL and DEL)');
    expect(said(check, { given: { a: '1', b: '1' }, now: {}, ran: [['DEL a b', 2]] })).toBe('passed');
    expect(said(check, { now: {}, ran: ['SET a 1', ...twice] })).toContain('; they are gone again.');
  });

  it('tells the author’s reason in place of its own, and the way out last', () => {
    const check = { kind: 'atomic' as const, keys: ['k'], why: 'A seat is held for ever.' };
    expect(said(check, { ran: ['SET k 1', ['EXPIRE k 60', 1]] })).toBe(
      'k should be written by one command, one transaction or one script; it took 2 commands (SET and EXPIRE). A seat is held for ever. .reset begins again.',
    );
  });

  it('counts the commands, transactions and scripts that it took', () => {
    const start = 'stock:12 should be written by one command, one transaction or one script; ';
    expect(
      atomic([
        ['INCR stock:12', 1],
        ['EXPIRE stock:12 9', 1],
      ]),
    ).toBe(
      `${start}it took 2 commands (INCR and EXPIRE). Between them, others see it half done. .reset begins again.`,
    );
    expect(
      atomic([
        'MULTI',
        ['INCR stock:12', QUEUED],
        ['INCR stock:12', QUEUED],
        ['EXEC', [1, 2]],
        ['INCR stock:12', 3],
      ]),
    ).toContain('it took 2 steps (INCR, INCR and INCR).');
    expect(atomic([['SUNIONSTORE other stock:12', 1]])).toContain('no command that writes to it was seen.');
    expect(atomic([])).toBe(`${start}no command that writes to it was seen.`);
    expect(atomic(['MULTI', ['INCR stock:12', QUEUED]])).toContain('waits in the transaction until EXEC');
  });

  it('does not take two clients in transactions at once for one', () => {
    const ran: Ran[] = [
      ['MULTI', 'OK', other],
      ['MULTI', 'OK', someone],
      ['INCR stock:12', QUEUED, other],
      ['INCR stock:12', QUEUED, someone],
      ['EXEC', [1], other],
      ['EXEC', [2], someone],
    ];
    expect(atomic(ran)).toContain('it took 2 commands (INCR and INCR)');
  });

  it('looks at several keys as one whole', () => {
    expect(atomic([['MSET a 1 b 2', 'OK']], 'a', 'b')).toBe('passed');
    expect(atomic(['SET a 1', 'SET b 2'], 'a', 'b')).toContain('a and b should be written by');
    expect(atomic([['SMOVE a b x', 1]], 'a', 'b')).toBe('passed');
  });

  it('does not count what went to another database', () => {
    expect(atomic([['INCR stock:12', 1], 'SELECT 1', ['INCR stock:12', 1, { db: 1 }]])).toBe('passed');
  });
});

describe('answer', () => {
  const answer = (given: string | undefined, ...answers: string[]) =>
    said({ kind: 'answer', answers }, given === undefined ? {} : { answer: given });

  it.each([
    ['42', '42'],
    [' 42 ', '42'],
    ['42.0', '42'],
    ['(integer) 42', '42'],
    ['SCAN', 'scan'],
    ['scan\n', 'SCAN'],
    ['"Ada"', 'ada'],
    ["'Ada'", 'ada'],
    ['`SCAN`', 'SCAN'],
    ['(nil)', 'nil'],
    ['nil', '(nil)'],
    ['O(log  N)', 'o(log N)'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['b', 'a', 'b'],
  ])('%j is right where %j is asked for', (given, ...right) => {
    expect(answer(given, ...right)).toBe('passed');
  });

  it.each([
    ['41', '42'],
    ['forty-two', 'forty two'],
    ['sca', 'SCAN'],
    ['SCANS', 'SCAN'],
  ])('%j is wrong, and the message keeps %j to itself', (given, right) => {
    const message = answer(given, right);
    expect(message).toContain(`"${given}" is not it`);
    expect(message.replace(`"${given}"`, '')).not.toContain(right);
  });

  it('that is missing, no number or no choice is told apart', () => {
    expect(answer(undefined, '42')).toBe('There is no answer yet; type .answer and your answer.');
    expect(answer('  ', '42')).toContain('There is no answer yet');
    expect(answer('abc', '42')).toBe('"abc" is not it: a number is asked for.');
    const choices = { kind: 'answer', answers: ['b'], choices: ['a', 'b'] } as const;
    expect(said({ ...choices, answers: ['b'], choices: ['a', 'b'] }, { answer: 'c' })).toBe(
      '"c" is not one of the choices: a, b.',
    );
    expect(said({ ...choices, answers: ['b'], choices: ['a', 'b'] }, { answer: 'a' })).toBe('"a" is not it.');
    const long = ['GET, and if it is above 0, DECR and sell', 'DECR, and sell if the reply is 0 or more'];
    expect(said({ kind: 'answer', answers: ['x'], choices: long }, { answer: 'a' })).toBe(
      '"a" is not one of the 2 choices. Type .answer alone to choose.',
    );
  });

  it('that is no choice is not told why a choice is wrong', () => {
    const check = { kind: 'answer' as const, answers: ['b'], choices: ['a', 'b'], why: 'Think of both.' };
    expect(said(check, { answer: 'c' })).toBe('"c" is not one of the choices: a, b.');
    expect(said(check, { answer: 'a' })).toBe('"a" is not it. Think of both.');
  });

  it('may be the number of a choice, where no choice is a number', () => {
    const answer = (given: string, ...choices: string[]) =>
      said({ kind: 'answer', answers: [choices[1]!], choices }, { answer: given });
    expect(answer('2', 'GET', 'DECR')).toBe('passed');
    expect(answer('1', 'GET', 'DECR')).toBe('"GET" is not it.');
    for (const none of ['0', '3', '-1', '1.0']) expect(answer(none, 'GET', 'DECR')).toContain('not one of');
    expect(answer('2', '2', '8')).toBe('"2" is not it.');
    expect(answer('2', '4', '8')).toBe('"2" is not one of the choices: 4, 8.');
  });
});

describe('reply', () => {
  const asks = (reply: string | number | null | (string | number | null)[], to?: string, item?: number) => ({
    kind: 'reply' as const,
    reply,
    ...(to !== undefined && { to }),
    ...(item !== undefined && { item }),
  });
  const zrange = (answered: ShortReply, ...wanted: string[]) =>
    said(asks(wanted, 'ZRANGE'), { ran: [['ZRANGE board 0 -1', answered]] });

  it.each<[string, ShortReply, string | number | null]>([
    ['an integer', 3, 3],
    ['an integer, asked for as text', 3, '3'],
    ['a text, asked for as a number', '3', 3],
    ['a text that is the same number', '10.750', 10.75],
    ['nil', null, null],
    ['a status', 'OK', 'OK'],
    ['a text', 'Ada', 'Ada'],
    ['a double', { type: 'double', text: '10.5' }, 10.5],
    ['a boolean', { type: 'boolean', value: true }, 1],
    ['an error, asked for by its text', '-ERR no such key', 'ERR no such key'],
  ])('may be %s', (_, answered, wanted) => {
    expect(said(asks(wanted, 'GET'), { ran: [['GET n', answered]] })).toBe('passed');
  });

  it.each<[ShortReply, string | number | null]>([
    [2, 3],
    [null, 0],
    [null, ''],
    ['', null],
    [0, null],
    ['ada', 'Ada'],
    [[], null],
    [['a'], 'a'],
    ['a', 'a '],
  ])('%j is not %j', (answered, wanted) => {
    expect(said(asks(wanted, 'GET'), { ran: [['GET n', answered]] })).toContain('GET n answered');
  });

  it('of any matching command will do', () => {
    const ran: Ran[] = [
      ['GET a', '1'],
      ['GET b', '2'],
      ['GET c', '3'],
    ];
    expect(said(asks(2, 'GET'), { ran })).toBe('passed');
    expect(said(asks(2, 'GET b'), { ran })).toBe('passed');
    expect(said(asks(2, 'GET c'), { ran })).toBe('GET c answered 3; 2 was expected.');
    expect(said(asks(2), { ran })).toBe('passed');
  });

  it('of another database tells nothing of this one, unless it is of no database', () => {
    const there = { db: 3 };
    expect(said(asks(2, 'GET'), { ran: [['GET a', '2', there]] })).toBe(
      'This task asks for GET. Your GET went to database 3; this exercise is in database 0.',
    );
    expect(
      said(asks(2), {
        ran: [
          ['GET a', '2', there],
          ['GET b', '1'],
        ],
      }),
    ).toBe('GET b answered 1; 2 was expected.');
    expect(said(asks('hello', 'ECHO'), { ran: [['ECHO hello', 'hello', there]] })).toBe('passed');
  });

  it('of a script counts where the script ran such a command', () => {
    const script = (text: string): Ran[] => [[`EVAL "${text}" 1 a`, 2]];
    expect(said(asks(2, 'EXISTS'), { ran: script("return redis.call('EXISTS', KEYS[1])") })).toBe('passed');
    expect(said(asks(2, 'EXISTS'), { ran: script('return 2') })).not.toBe('passed');
  });

  it('in a transaction is the one that EXEC brought', () => {
    const ran: Ran[] = ['MULTI', ['INCR n', QUEUED], ['EXEC', [7]]];
    expect(said(asks(7, 'INCR'), { ran })).toBe('passed');
    expect(said(asks('QUEUED', 'INCR'), { ran })).toContain('INCR n answered 7');
    expect(said(asks(7, 'INCR'), { ran: ran.slice(0, 2) })).toBe(
      'INCR n has no answer yet; 7 was expected. Your INCR waits in the transaction until EXEC.',
    );
  });

  it('that is a list has an order', () => {
    expect(zrange(['ann', 'bob'], 'ann', 'bob')).toBe('passed');
    expect(zrange(['bob', 'ann'], 'ann', 'bob')).toBe(
      'ZRANGE board 0 -1 answered "bob" and "ann"; "ann" and "bob" were expected. That is the other way round.',
    );
    expect(zrange(['ann', 'bob', 'eve'], 'ann', 'bob')).toContain(
      'One too many: the end of the range is part of it.',
    );
    expect(zrange([], 'ann', 'bob')).toContain('answered an empty list;');
    const limited: Ran[] = [['ZRANGE board 0 9 BYSCORE LIMIT 0 3', ['ann', 'bob', 'eve']]];
    expect(said(asks(['ann', 'bob'], 'ZRANGE'), { ran: limited })).toContain('were expected. One too many.');
    expect(zrange(['ann'], 'ann', 'bob')).toContain('The last one is missing.');
  });

  it('of a page is shown whole, a longer one where it differs', () => {
    const page = [...'abcdefghij'];
    expect(zrange(page.slice(0, 9), ...page)).toContain('"h", "i" and "j" were expected.');
    expect(zrange([...page, 'k', 'x'], ...page, 'k', 'l')).toContain(
      'and 3 more were expected. They part at index 11.',
    );
  });

  it('with scores is one list, as RESP2 and as RESP3 write it', () => {
    const wanted = ['ann', '1', 'bob', '2.5'];
    const two = { type: 'double' as const, text: '2.5' };
    expect(zrange(['ann', '1', 'bob', '2.5'], ...wanted)).toBe('passed');
    expect(
      zrange(
        [
          ['ann', { type: 'double', text: '1' }],
          ['bob', two],
        ],
        ...wanted,
      ),
    ).toBe('passed');
    const nested = {
      kind: 'reply' as const,
      reply: [
        ['ann', 1],
        ['bob', 2.5],
      ],
      to: 'ZRANGE',
    };
    expect(said(nested, { ran: [['ZRANGE board 0 -1 WITHSCORES', ['ann', '1', 'bob', '2.5']]] })).toBe(
      'passed',
    );
    expect(zrange(['ann', 'bob'], ...wanted)).toContain('The scores are missing.');
    expect(zrange(wanted, 'ann', 'bob')).toContain('The scores were not asked for.');
  });

  it('of a set or hash has no order', () => {
    expect(said(asks(['a', 'b'], 'SMEMBERS'), { ran: [['SMEMBERS s', ['b', 'a']]] })).toBe('passed');
    expect(said(asks(['a', 'a'], 'SMEMBERS'), { ran: [['SMEMBERS s', ['b', 'a']]] })).not.toBe('passed');
    const map: ShortReply = {
      type: 'map',
      entries: [
        [
          { type: 'bulk', bytes: Buffer.from('f') },
          { type: 'bulk', bytes: Buffer.from('v') },
        ],
      ],
    };
    expect(said(asks(['f', 'v'], 'HGETALL'), { ran: [['HGETALL h', map]] })).toBe('passed');
    expect(said(asks(['f', 'v'], 'HGETALL'), { ran: [['HGETALL h', ['f', 'x', 'v', 'y']]] })).not.toBe(
      'passed',
    );
  });

  it.each([
    ...['SINTER s t', 'SUNION s t', 'SDIFF s t', 'HKEYS s', 'HVALS s', 'KEYS *', 'FUNCTION LIST'],
    ...['SPOP s 2', 'SRANDMEMBER s 2', 'HRANDFIELD s 2', 'ZRANDMEMBER s 2', 'VRANDMEMBER s 2'],
  ])('of %s has no order', (line) => {
    expect(said(asks(['a', 'b'], line), { ran: [[line, ['b', 'a']]] })).toBe('passed');
  });

  it.each(['HSCAN s 0', 'ZSCAN s 0'])('of %s keeps its pairs together, in any order', (line) => {
    const scanned = (...items: string[]) =>
      said(asks(['b', '2', 'a', '1'], line, 1), { ran: [[line, ['0', items]]] });
    expect(scanned('a', '1', 'b', '2')).toBe('passed');
    expect(scanned('a', '2', 'b', '1')).not.toBe('passed');
  });

  it('that tells nothing of the data is not told', () => {
    const says = (ran: Ran) => said(asks(5, 'GET'), { ran: [ran] });
    expect(says(['DBSIZE', 2])).toBe('This task asks for GET. DBSIZE answered 2.');
    for (const line of ['PING', 'SELECT 0', 'CLIENT ID', 'ECHO 4', 'MULTI', 'UNWATCH', 'COMMAND COUNT'])
      expect(says([line, 'OK'])).toBe('This task asks for GET.');
  });

  it('of a hash keeps fields and values apart', () => {
    const ran: Ran[] = [['HGETALL h', ['b', '2', 'a', '1']]];
    expect(said(asks(['a', '1', 'b', '2'], 'HGETALL'), { ran })).toBe('passed');
    expect(said(asks(['a', '2', 'b', '1'], 'HGETALL'), { ran })).not.toBe('passed');
  });

  it('can be judged by one of its elements', () => {
    const ran = (cursor: string): Ran[] => [['SCAN 17', [cursor, ['a']]]];
    expect(said(asks('0', 'SCAN', 0), { ran: ran('0') })).toBe('passed');
    expect(said(asks('0', 'SCAN', 0), { ran: ran('17') })).toBe(
      'SCAN 17 answered, at index 0, another cursor than 0; 0 was expected.',
    );
    expect(said(asks('0', 'SCAN', 5), { ran: ran('0') })).toContain('no element 5');
    expect(said(asks('0', 'SCAN', 0), { ran: [['SCAN x', '-ERR invalid cursor']] })).toContain(
      '(error) ERR invalid cursor',
    );
  });

  it('to another client counts as well', () => {
    expect(said(asks(1, 'INCR'), { ran: [['INCR n', 1, other]] })).toBe('passed');
    expect(said(asks(2, 'INCR'), { ran: [['INCR n', 1, other]] })).toBe('INCR n answered 1; 2 was expected.');
  });

  it('of a transaction half queued before the exercise is told from the end', () => {
    const ran: Ran[] = [
      ['INCR n', QUEUED, other],
      ['EXEC', [7, 'a', 1], other],
    ];
    expect(said(asks(1, 'INCR'), { ran })).toBe('passed');
    expect(said(asks(7, 'INCR'), { ran })).toBe('INCR n answered 1; 7 was expected.');
  });

  it('of a transaction begun before the exercise is that of its EXEC', () => {
    const ran: Ran[] = [
      ['INCR n', QUEUED, other],
      ['EXEC', [1], other],
    ];
    expect(said(asks(1, 'INCR'), { ran })).toBe('passed');
    expect(said(asks(1, 'INCR'), { ran: ran.slice(0, 1) })).toContain('INCR n has no answer yet');
  });

  it('of a command that was not run tells what is asked for, and not the answer', () => {
    const ran: Ran[] = [['ZRANK board ann', 2]];
    expect(said(asks(0, 'ZREVRANK ann'), { ran })).toBe(
      'This task asks for ZREVRANK. ZRANK board ann answered 2.',
    );
    const count = asks(8, 'ZCOUNT');
    expect(said([asks(0, 'ZREVRANK'), count], { ran: [...ran, ['ZCOUNT board 300 +inf', 8]] })).toBe(
      'This task asks for ZREVRANK. ZRANK board ann answered 2.',
    );
    expect(said(asks(0, 'ZREVRANK'), {})).toBe('This task asks for ZREVRANK.');
    expect(said(asks(['a', 'b'], 'Z*RANGE*'), {})).toBe(
      'This task asks for a command with RANGE in its name.',
    );
    expect(said({ ...asks(0, 'ZREVRANK'), why: 'Ask for her rank.' }, { ran })).toBe('Ask for her rank.');
    expect(said({ ...asks(2, 'ZREVRANK ann'), why: 'Ask for her rank.' }, { ran })).toBe(
      'ZRANK board ann answered 2; this task asks for ZREVRANK. Ask for her rank.',
    );
  });

  it.each([
    ['ZRANGE flat (900 1200', 'Without BYSCORE, ZRANGE takes ranks, not scores.'],
    ['ZRANGE flat 900 +inf', 'Without BYSCORE, ZRANGE takes ranks, not scores.'],
    ['ZRANGE flat 0 x', ''],
    ['DECRBY k 23.46', 'DECRBY takes whole numbers.'],
    ['INCRBY k 5', ''],
    ['SET k v EX 30min', 'EX takes a whole number of seconds.'],
    ['GETEX k PX 1s', 'PX takes a whole number of milliseconds.'],
    ['PEXPIRE k 1s', 'PEXPIRE takes a whole number of milliseconds.'],
    ['SET k v EX 99999999999999999999', ''],
  ])('%s that is no integer gets the mistake %j', (line, mistake) => {
    const text = said(asks(1), { ran: [[line, '-ERR value is not an integer or out of range']] });
    expect(text.split(' was expected.')[1]!.trim()).toBe(mistake);
  });
});

describe('a script', () => {
  const used = (ran: Ran[]) => said({ kind: 'used', patterns: ['ZADD laps CH ann'] }, { ran });
  const zadd = new Map([['ZADD', 1]]);
  const text = "return redis.call('ZADD', KEYS[1], 'LT', 'CH', ARGV[1], ARGV[2])";
  const sha = createHash('sha1').update(text).digest('hex');
  const library = `#!lua name=laps\\nredis.register_function('lap', function(k, a) ${text} end)`;

  it.each<[string, Ran[]]>([
    ['as it is', [[`EVAL "${text}" 1 laps 60 ann`, 1, { ran: zadd }]]],
    [
      'by its digest',
      [
        [`SCRIPT LOAD "${text}"`, sha],
        [`EVALSHA ${sha.toUpperCase()} 1 laps 60 ann`, 1, { ran: zadd }],
      ],
    ],
    [
      'as a function',
      [
        [`FUNCTION LOAD "${library}"`, 'laps'],
        ['FCALL lap 1 laps 60 ann', 1, { ran: zadd }],
      ],
    ],
  ])('ran what it says, %s', (_, ran) => {
    expect(used(ran)).toBe('passed');
  });

  it.each([
    [`"return redis.call('ZADD', KEYS[1], 'LT', 60, 'ann') -- CH" 1 laps`],
    [`"--[[ CH\\n]] return redis.call('ZADD', KEYS[1], 'LT', 60, 'ann')" 1 laps`],
    [`"return redis.call('ZADD', KEYS[1], 'LT', 60, 'ann')" 1 laps CH`],
  ])('is not held to have run what it never looks at: %s', (script) => {
    expect(used([[`EVAL ${script}`, 0, { ran: zadd }]])).not.toBe('passed');
  });

  it('keeps what only looks like a comment', () => {
    const dashes = `EVAL "return redis.call('ZADD', KEYS[1], 'CH', 60, ARGV[1], '--')" 1 laps ann`;
    expect(used([[dashes, 1, { ran: zadd }]])).toBe('passed');
  });

  it('may bring several answers home', () => {
    const ran: Ran[] = [['EVAL x 1 flat:rent', [4, ['elm:4', 'fir:2']]]];
    const asks = (reply: ReplyValue) => said({ kind: 'reply', reply }, { ran });
    expect(asks(4)).toBe('passed');
    expect(asks(['elm:4', 'fir:2'])).toBe('passed');
    expect(asks('elm:4')).not.toBe('passed');
    const list: Ran[] = [['LRANGE l 0 -1', ['4', '5']]];
    expect(said({ kind: 'reply', reply: 4 }, { ran: list })).not.toBe('passed');
  });
});

describe('a reply that no check names a command for', () => {
  const checks = [
    { kind: 'key', key: 'board', zset: { mode: 'exact', value: [{ member: 'ann', score: 9 }] } },
    { kind: 'reply', reply: 3, why: 'Ask for the rank.' },
    { kind: 'reply', reply: 8, why: 'Count them.' },
  ] as const;
  const given = { board: new Map([['ann', 9]]) };
  const says = (ran: Ran[], now = given) => said(checks as never, { given, now, ran }).split('\n');

  it('is laid to the commands in the order of the checks, and to none that only writes', () => {
    expect(
      says([
        ['ZINCRBY board 1 ann', '9'],
        ['ZREVRANK board ann', 2],
        ['ZCOUNT board 300 +inf', 7],
      ]),
    ).toEqual([
      'ZREVRANK board ann answered 2; 3 was expected. Ask for the rank.',
      'ZCOUNT board 300 +inf answered 7; 8 was expected. Count them.',
    ]);
    expect(
      says([
        ['ZREM board bo', 1],
        ['ZCOUNT board 300 +inf', 8],
      ]),
    ).toEqual(['Ask for the rank.']);
  });

  it('is laid to them in that order where none of them has found anything', () => {
    expect(
      says([
        ['ZREVRANK bored ann', null],
        ['ZSCORE bored ann', null],
      ]).map((line) => line.split(' ')[0]),
    ).toEqual(['ZREVRANK', 'ZSCORE']);
  });

  it('that was to come from nobody is told with who got it', () => {
    const ran: Ran[] = [['GET code', '6620']];
    const check = { kind: 'reply', reply: '6620', times: 0 } as const;
    expect(said(check, { given, ran })).toBe('GET code answered 6620.');
  });

  it('is not laid to what sets up a connection, nor to MULTI', () => {
    expect(says([['CLIENT SETINFO LIB-NAME x', '-ERR unknown subcommand']])).toEqual([
      'Ask for the rank.',
      'Count them.',
    ]);
    expect(says(['MULTI', ['ZREVRANK board ann', QUEUED]]).every((line) => line.includes('until EXEC'))).toBe(
      true,
    );
  });

  it('is missing where there is no such key', () => {
    expect(said({ kind: 'reply', reply: 3 }, { given, ran: [['ZRANK bored ann', null]] })).toBe(
      'ZRANK bored ann answered (nil); 3 was expected. There is no bored.',
    );
  });

  it('may have the score behind the rank', () => {
    const ran: Ran[] = [['ZREVRANK board ann WITHSCORE', [3, '37.5']]];
    expect(said({ kind: 'reply', reply: 3 }, { given, ran })).toBe('passed');
    expect(said({ kind: 'reply', reply: 37.5 }, { given, ran })).not.toBe('passed');
  });

  it.each([
    ['ZRANGE hotel (90 -inf BYSCORE REV LIMIT 3 0', 'LIMIT takes how many to skip'],
    ['ZRANGE hotel -inf (90 BYSCORE REV LIMIT 0 3', 'takes the upper limit first'],
  ])('%s says what is amiss', (line, text) => {
    const hotel = { hotel: new Map([['ann', 9]]) };
    expect(said({ kind: 'reply', reply: ['a', 'b', 'c'] }, { given: hotel, ran: [[line, []]] })).toContain(
      text,
    );
  });
});
