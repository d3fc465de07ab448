import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bare } from '../../test/setup/exercise-stage.ts';
import { LiveStage } from '../../test/setup/live-stage.ts';
import { messagesOf } from './verdict.ts';

let stage: LiveStage;
beforeAll(async () => {
  stage = await LiveStage.start();
});
afterAll(() => stage?.stop());

async function said(checks: Bare | Bare[], given: string[], lines: string[]): Promise<string[]> {
  return messagesOf(await stage.judge(checks, given, lines));
}

const zset = (key: string, members: Record<string, number>): Bare => ({
  kind: 'key',
  key,
  zset: { mode: 'exact', value: Object.entries(members).map(([member, score]) => ({ member, score })) },
});

describe('values that came in one step', () => {
  const checks: Bare[] = [
    { kind: 'key', key: 'event:9:day', string: '12 June' },
    { kind: 'key', key: 'event:9:place', string: 'Hall 3' },
    { kind: 'atomic', keys: ['event:9:day', 'event:9:place'], why: 'A visitor reads the new day alone.' },
  ];
  const given = ['SET event:9:day "5 June"', 'SET event:9:place "Open air"'];
  const move = 'MSET event:9:day "12 June" event:9:place "Hall 3"';

  it('are not told to have come in two, where only an expiry came later', async () => {
    expect(await said(checks, given, [move, 'EXPIRE event:9:day 60'])).toEqual([
      'event:9:day and event:9:place were written in one step, but EXPIRE changed the expiry of event:9:day, which was not part of the task. .reset begins again.',
    ]);
  });

  it('are told apart from those that came in two, and from an expiry that belongs to it', async () => {
    const twice = [given[0]!.replace('5', '12'), 'SET event:9:place "Hall 3"', 'SET event:9:day "12 June"'];
    expect((await said(checks, given, twice)).join()).toContain('A visitor reads the new day alone.');
    const held: Bare[] = [
      { kind: 'key', key: 'seat:12b', string: 'ada', ttl: { min: 600, max: 600 } },
      { kind: 'atomic', keys: ['seat:12b'], why: 'Held for ever.' },
    ];
    expect(await said(held, [], ['SETNX seat:12b ada', 'EXPIRE seat:12b 600'])).toEqual([
      expect.stringContaining('it took 2 commands (SETNX and EXPIRE). Held for ever.'),
    ]);
  });
});

describe('a command that waits in a transaction', () => {
  it('is named before any guess about the values', async () => {
    const check = zset('spend:today', { 501: 120, 502: 80 });
    expect(
      await said(check, ['ZADD spend:today 501 120 502 80'], ['MULTI', 'ZADD spend:today 120 501 80 502']),
    ).toEqual([expect.stringMatching(/missing.*Your ZADD waits in the transaction until EXEC\.$/)]);
  });

  it.each<[string, Bare, string[], string]>([
    ['string', { kind: 'key', key: 'k', string: 'b' }, ['SET k a'], 'SET k b'],
    ['number', { kind: 'key', key: 'k', number: 2 }, ['SET k 1'], 'INCR k'],
    [
      'list',
      { kind: 'key', key: 'k', list: { mode: 'exact', value: ['a', 'b'] } },
      ['RPUSH k a'],
      'RPUSH k b',
    ],
    ['set', { kind: 'key', key: 'k', set: { mode: 'exact', value: ['a', 'b'] } }, ['SADD k a'], 'SADD k b'],
    [
      'hash',
      { kind: 'key', key: 'k', hash: { mode: 'exact', value: { f: '2' } } },
      ['HSET k f 1'],
      'HSET k f 2',
    ],
    ['zset', zset('k', { a: 2 }), ['ZADD k 1 a'], 'ZADD k 2 a'],
    ['length', { kind: 'key', key: 'k', length: { min: 2, max: 2 } }, ['RPUSH k a'], 'RPUSH k b'],
    ['expiry', { kind: 'key', key: 'k', ttl: { min: 60, max: 60 } }, ['SET k a'], 'EXPIRE k 60'],
    ['no expiry', { kind: 'key', key: 'k', ttl: 'none' }, ['SET k a EX 60'], 'PERSIST k'],
    ['a missing key', { kind: 'key', key: 'k', exists: true }, [], 'SET k a'],
    ['a key that is to go', { kind: 'key', key: 'k', exists: false }, ['SET k a'], 'DEL k'],
    ['keys', { kind: 'keys', pattern: 'k*', count: { min: 0, max: 0 } }, ['SET k a'], 'DEL k'],
    ['names', { kind: 'keys', pattern: 'k*', names: ['k2'] }, ['SET k a'], 'RENAME k k2'],
    ['too few keys', { kind: 'keys', pattern: 'k*', count: { min: 2, max: 2 } }, ['SET k a'], 'SET k2 a'],
  ])('is named of %s', async (_, check, given, line) => {
    const [message] = await said(check, given, ['MULTI', line]);
    expect(message).toContain(`Your ${line.split(' ')[0]} waits in the transaction until EXEC.`);
    const [dropped] = await said(check, given, ['MULTI', line, 'DISCARD']);
    expect(dropped).toContain(`Your ${line.split(' ')[0]} was queued, and DISCARD dropped it.`);
  });

  it.each<[Bare, string[], string]>([
    [{ kind: 'key', key: 'k', number: 2 }, ['SET k 1'], 'INCR k'],
    [zset('k', { a: 2 }), ['ZADD k 1 a'], 'ZADD k 2 a'],
    [{ kind: 'key', key: 'k', ttl: { min: 60, max: 60 } }, ['SET k a'], 'EXPIRE k 60'],
  ])('that of %j went to another database is told', async (check, given, line) => {
    expect((await said(check, given, ['SELECT 2', 'SET k 1', line])).join()).toContain('went to database 2');
  });
});

describe('a command that only reads, and failed', () => {
  it.each([
    ['TTL k 2700', "Your TTL answered an error: ERR wrong number of arguments for 'ttl' command."],
    [`EVAL_RO "return redis.call('SET', KEYS[1], 'b')" 1 k`, 'Your EVAL_RO answered an error: '],
  ])('is told: %s', async (line, error) => {
    const check: Bare = { kind: 'key', key: 'k', string: 'b', ttl: { min: 2700, max: 2700 } };
    expect((await said(check, ['SET k a'], [line])).join()).toContain(error);
    expect((await said(check, ['SET k a'], [line, 'SET k b EX 30'])).join()).not.toContain('error');
  });
});

describe('keys that should be gone', () => {
  const why = 'DEL takes whole names.';
  const check: Bare = { kind: 'keys', pattern: 'draft:?', count: { min: 0, max: 0 }, why };
  const given = ['SET draft:1 a', 'SET draft:2 b', 'SET draft:12 c'];
  const told = async (...lines: string[]) => (await said(check, given, lines)).at(-1);

  it('and wait for EXEC are not told about names', async () => {
    expect(await told('MULTI', 'DEL draft:1 draft:2')).toMatch(
      / Your DEL waits in the transaction until EXEC\.$/,
    );
  });

  it('are explained by the command that failed, or found nothing', async () => {
    expect(await told('GETDEL draft:1 draft:2')).toMatch(
      / Your GETDEL answered an error: ERR wrong number of arguments for 'getdel' command\. DEL takes whole names\.$/,
    );
    expect(await told('DEL draft:*')).toMatch(/ Your DEL answered 0: there was no draft:\*\. DEL takes/);
  });

  it('are told apart from the names that a comma makes of them', async () => {
    expect(await told('DEL draft:1, draft:2')).toMatch(
      / draft:1, is another name, with a comma of its own: only spaces stand between names\. DEL takes/,
    );
  });

  it('are not gone where what they held is elsewhere now', async () => {
    expect(await told('RENAME draft:1 a', 'RENAME a b', 'DEL draft:2')).toMatch(
      /^draft:1 should be gone; what it held is in b now\./,
    );
    expect(await told('COPY draft:1 a', 'DEL draft:1 draft:2')).toMatch(/is in a now/);
    expect(await told('MOVE draft:1 1', 'DEL draft:2')).toMatch(/is in database 1 now/);
    const gone: Bare = { kind: 'key', key: 'draft:1', exists: false };
    expect(await said(gone, given, ['RENAME draft:1 a'])).toEqual([
      'draft:1 should be gone; what it held is in a now.',
    ]);
    const archive: Bare = { kind: 'key', key: 'a', string: 'a' };
    expect(await said([gone, archive], given, ['RENAME draft:1 a'])).toEqual([]);
  });

  it.each([
    [['RENAME draft:1 x', 'DEL x draft:2']],
    [['RENAME draft:1 draft:2', 'DEL draft:2']],
    [['MOVE draft:1 1', 'SELECT 1', 'DEL draft:1', 'SELECT 0', 'DEL draft:2']],
    [['COPY draft:12 a', 'DEL draft:1 draft:2']],
    [['DEL draft:1 draft:2', 'SET scratch a']],
  ])('are gone after %s', async (lines) => {
    expect(await said(check, given, lines)).toEqual([]);
  });

  it('are told to be there, though empty', async () => {
    expect(await told('SET draft:1 ""', 'DEL draft:2')).toMatch(
      / draft:1 holds an empty text: the key is there all the same\. DEL takes/,
    );
  });
});

describe('a number', () => {
  const check: Bare = { kind: 'key', key: 'tries', number: 3 };

  it('that was removed is not told to have gone down', async () => {
    expect(await said(check, ['SET tries 2'], ['DEL tries', 'INCR tries'])).toEqual([
      'tries should be 3; it is 1. DEL removed it, and it began anew.',
    ]);
    const hash: Bare = { kind: 'key', key: 'tries', hash: { mode: 'exact', value: { a: '3' } } };
    expect(await said(hash, ['HSET tries a 2'], ['DEL tries', 'HINCRBY tries a 1'])).toEqual([
      expect.stringMatching(/ DEL removed it, and it began anew\.$/),
    ]);
    expect(await said(zset('tries', { a: 3 }), ['ZADD tries 2 a'], ['FLUSHDB', 'ZINCRBY tries 1 a'])).toEqual(
      [expect.stringMatching(/ FLUSHDB removed it, and it began anew\.$/)],
    );
  });

  it('that was counted down is', async () => {
    expect(await said(check, ['SET tries 2'], ['DECR tries'])).toEqual([
      'tries should be 3; it is 1. It went down instead of up.',
    ]);
  });
});

describe('a sorted set', () => {
  const laps: Bare[] = [
    zset('lap:best', { greta: 59.25, finn: 61.75 }),
    { kind: 'used', patterns: ['ZADD LT'], why: 'LT compares inside the server.' },
  ];
  const given = ['ZADD lap:best 62.5 finn 59.25 greta'];

  it.each([
    ['ZADD lap:best GT LT CH 61.75 finn', /Your ZADD answered an error: ERR GT, LT, and\/or NX/],
    ['ZADD lap:best NX LT CH 61.75 finn', /Your ZADD answered an error: ERR GT, LT, and\/or NX/],
    [
      'ZADD lap:best 61.75 finn LT CH',
      /Your ZADD answered an error: ERR (syntax error|value is not a valid)/,
    ],
  ])('as it was, after %s, is told the error first', async (line, error) => {
    const [first] = await said(laps, given, [line]);
    expect(first).toMatch(error);
    expect(first).not.toContain('at the start');
  });

  it('that was removed to be written anew, and was not, is told of what did not write it', async () => {
    const lines = ['DEL spend', 'ZADD spend XX 80 502'];
    expect(await said(zset('spend', { 502: 80 }), ['ZADD spend 502 80'], lines)).toEqual([
      'spend is not there. XX only updates members that are there already.',
    ]);
  });

  it('of which one command went to a key that is misspelt is told of that key', async () => {
    const points = zset('league:points', { blues: 32, reds: 29 });
    const [message] = await said(
      points,
      ['ZADD league:points 31 reds 29 blues'],
      ['ZINCRBY league:point 3 blues', 'ZINCRBY league:points -2 reds'],
    );
    expect(message).toMatch(/ league:point is there: a typo\?$/);
  });
});

describe('a command on a key that is not there', () => {
  it.each<[Bare, string[], string, string]>([
    [
      { kind: 'key', key: 'invite:noor', ttl: { min: 2700, max: 2700 } },
      ['SET invite:noor "seat 12"'],
      'EXPIRE 2700 invite:noor',
      'Your EXPIRE answered an error: ERR value is not an integer or out of range. EXPIRE takes the key first.',
    ],
    [
      { kind: 'key', key: 'cart:ana', ttl: 'none' },
      ['SET cart:ana "3 lemons" EX 36000'],
      'PERSIST cart:Ana',
      'Your PERSIST answered 0: there was no cart:Ana.',
    ],
    [
      { kind: 'key', key: 'otp:lea', exists: false },
      ['SET otp:lea 6620 EX 43200'],
      'GETDEL otp:lee',
      'Your GETDEL answered (nil): there was no otp:lee.',
    ],
  ])('is told of %j', async (check, given, line, reason) => {
    const [message] = await said(check, given, [line]);
    expect(message?.endsWith(` ${reason}`), message).toBe(true);
  });

  it('is not told once it was made good, nor of a key that it can’t have been meant for', async () => {
    const check: Bare = { kind: 'key', key: 'cart:ana', ttl: 'none' };
    const given = ['SET cart:ana a EX 36000'];
    const again = ['PERSIST cart:Ana', 'PERSIST cart:ana', 'EXPIRE cart:ana 50'];
    expect((await said(check, given, again)).join()).not.toContain('cart:Ana');
    expect((await said(check, given, ['PERSIST basket'])).join()).not.toContain('basket');
  });
});

describe('a question that was not asked', () => {
  const checks: Bare[] = [
    { kind: 'used', patterns: ['ZREVRANK nour'] },
    { kind: 'reply', reply: 8, to: 'ZCOUNT' },
  ];
  const given = ['ZADD board 9999 turbo9 350 nour'];

  it('does not tell its answer, nor speaks of a write', async () => {
    expect(
      await said([...checks, zset('board', { nour: 350 })], given, [
        'ZREM board turbo9',
        'ZREVRANK board nour',
      ]),
    ).toEqual(['This task asks for ZCOUNT.']);
  });

  it('is told beside the one that was asked', async () => {
    expect(await said(checks[1]!, given, ['ZCARD board'])).toEqual([
      'This task asks for ZCOUNT. ZCARD board answered 2.',
    ]);
  });
});

describe('a range of a sorted set', () => {
  const given = ['ZADD hotel 62 swan 70 crow 84 wren 90 ibis'];
  const told = async (reply: (string | number)[], line: string) =>
    (await said({ kind: 'reply', reply, to: 'Z*RANGE*' }, given, [line]))[0];
  const down = ['wren', 'crow'];

  it.each([
    ['ZRANGE hotel -inf (90 BYSCORE LIMIT 0 2', 'ZRANGE without REV goes up from the lowest score.'],
    ['ZRANGE hotel (90 -inf BYSCORE LIMIT 0 2', 'ZRANGE without REV goes up from the lowest score.'],
    ['ZRANGEBYSCORE hotel -inf (90 LIMIT 0 2', 'ZRANGEBYSCORE goes up from the lowest score.'],
    ['ZRANGE hotel -inf (90 BYSCORE REV LIMIT 0 2', 'ZRANGE with REV takes the upper limit first.'],
    ['ZREVRANGEBYSCORE hotel -inf (90 LIMIT 0 2', 'ZREVRANGEBYSCORE takes the upper limit first.'],
  ])('asked for by %s is told what is wrong with it', async (line, reason) => {
    expect((await told(down, line))?.endsWith(`expected. ${reason}`), await told(down, line)).toBe(true);
  });

  it('that goes up is told so too', async () => {
    const up = ['swan', 'crow'];
    expect(await told(up, 'ZREVRANGE hotel 0 1')).toContain('ZREVRANGE goes down from the highest score.');
    expect(await told(up, 'ZRANGEBYSCORE hotel 70 60')).toContain(
      'ZRANGEBYSCORE takes the lower limit first.',
    );
    const count: Bare = { kind: 'reply', reply: 2, to: 'ZCOUNT' };
    expect((await said(count, given, ['ZCOUNT hotel 70 (60']))[0]).toContain(
      'ZCOUNT takes the lower limit first.',
    );
  });

  it('that is right in its limits gets no reason of theirs', async () => {
    expect(await told(down, 'ZRANGE hotel 90 -inf BYSCORE REV LIMIT 0 2')).toMatch(/expected\.$/);
    expect(await told(down, 'ZRANGE hotel (90 -inf BYSCORE REV LIMIT 1 2')).toMatch(/expected\.$/);
  });

  it('is shown with the argument that is wrong', async () => {
    const page = ['wren', 84, 'crow', 70];
    expect(await told(page, 'ZRANGE hotel +inf -inf BYSCORE REV LIMIT 1 3 WITHSCORES')).toMatch(
      /^ZRANGE hotel \+inf -inf BYSCORE REV LIMIT 1 3 WITHSCORES answered/,
    );
    expect(await told(['ibis'], 'ZRANGE hotel +inf -inf BYSCORE REV LIMIT 0 3')).toContain(
      'LIMIT takes how many to skip, then how many to give.',
    );
  });
});

it('a moment given from now is told in the unit that it was given in', async () => {
  const check: Bare = { kind: 'key', key: 'licence', expireat: 4102444800 };
  const moment = (unit: string) => `Is that a moment (Unix time), given as ${unit} from now?`;
  const told = async (line: string) => (await said(check, ['SET licence a'], [line]))[0];
  expect(await told('SET licence a PX 4102444800000')).toContain(moment('milliseconds'));
  expect(await told('EXPIRE licence 4102444800')).toContain(moment('seconds'));
});

it('given data that is lost comes first', async () => {
  const check: Bare = {
    kind: 'used',
    patterns: ['EXISTS cart:? cart:?'],
    why: 'One EXISTS takes all the names.',
  };
  expect(await said(check, ['SET cart:4 a', 'SET cart:6 b'], ['DEL cart:4 cart:6', 'EXISTS cart:4'])).toEqual(
    [
      'cart:4 and cart:6 are gone; they were not part of the task. DEL removed them.',
      'One EXISTS takes all the names.',
    ],
  );
});

describe('of several commands that did nothing', () => {
  const check: Bare = { kind: 'key', key: 'k', string: 'two words' };

  it('the first is named, by its last try', async () => {
    const lines = ['SET k two words', 'SET k "two words" EX half', 'APPEND k'];
    expect((await said(check, [], lines))[0]).toMatch(
      /Your SET answered .* EX takes a whole number of seconds\.$/,
    );
    const list: Bare = { kind: 'key', key: 'q', list: { mode: 'exact', value: ['a', 'b', 'c'] } };
    expect((await said(list, ['RPUSH q a'], ['RPUSH q', 'LSET q 9 c']))[0]).toContain('Your RPUSH answered');
  });

  it('one that has to do with something else is not', async () => {
    const value: Bare = { kind: 'key', key: 'k', string: 'b' };
    expect(await said(value, ['SET k a'], ['EXPIRE k half'])).toEqual([
      'k should be "b"; it is "a". That is what it held at the start.',
    ]);
  });
});
