import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bare, exercise } from '../../test/setup/exercise-stage.ts';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { LearnerClient } from '../redis/learner-client.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { splitArgs } from '../redis/split.ts';
import type { SeenCommand } from './evidence/evidence.ts';
import { judge } from './judge.ts';
import { messagesOf, type Verdict } from './verdict.ts';

let server: PlainServer;
let engine: EngineClient;
let learner: LearnerClient;
beforeAll(async () => {
  server = await startPlainServer();
  engine = await EngineClient.connect({ socketPath: server.socketPath }, 'rediscover:engine');
  learner = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:learner');
});
beforeEach(() => engine.send(['FLUSHALL']));
afterAll(async () => {
  learner?.close();
  await engine?.close();
  await server?.stop();
});

async function given(...lines: string[]): Promise<Snapshot> {
  for (const reply of await engine.pipeline(lines.map((line) => splitArgs(line)!)))
    expect(reply.type).not.toBe('error');
  return engine.snapshot();
}

async function judged(check: Bare | Bare[], start: Snapshot, lines: string[]): Promise<Verdict> {
  const commands: SeenCommand[] = [];
  for (const line of lines) {
    const args = splitArgs(line)!;
    commands.push({
      args,
      client: 'prompt',
      db: learner.db,
      time: Date.now(),
      reply: await learner.send(args),
    });
  }
  const now = await engine.snapshot();
  return judge(exercise(...[check].flat()), { given: start, now, db: 0, evidence: { commands } });
}

const EVERYTHING = [
  'SET string "2 apples"',
  'SET binary "\\x00\\xff\\x1b"',
  'SET number 41 EX 1000',
  'RPUSH list a b c',
  'HSET hash name Ann age 31',
  'SADD set a b c',
  'ZADD zset 1 a 1 b 2.5 c inf d',
  'XADD stream 1-1 field value',
  'PFADD pf a b',
  'GEOADD geo 1 2 here',
  'SETBIT bits 7 1',
];

describe('judging a real server', () => {
  it('finds every type as it is', async () => {
    const start = await given(...EVERYTHING);
    const checks: Bare[] = [
      {
        kind: 'key',
        key: 'string',
        string: '2 apples',
        type: 'string',
        length: { min: 8, max: 8 },
        ttl: 'none',
      },
      { kind: 'key', key: 'number', number: 41, ttl: { min: 1000, max: 1000 } },
      { kind: 'key', key: 'list', list: { mode: 'exact', value: ['a', 'b', 'c'] } },
      { kind: 'key', key: 'hash', hash: { mode: 'exact', value: { age: '31', name: 'Ann' } } },
      { kind: 'key', key: 'set', set: { mode: 'exact', value: ['c', 'b', 'a'] } },
      {
        kind: 'key',
        key: 'zset',
        zset: {
          mode: 'exact',
          value: Object.entries({ d: Number.POSITIVE_INFINITY, c: 2.5, b: 1, a: 1 }).map(
            ([member, score]) => ({ member, score }),
          ),
        },
        encoding: ['listpack'],
      },
      { kind: 'key', key: 'stream', type: 'stream', length: { min: 1, max: 1 } },
      { kind: 'keys', pattern: '*', count: { min: 11, max: 11 } },
    ];
    expect(messagesOf(await judged(checks, start, []))).toEqual([]);
  });

  it('says the same twice, and leaves values, expiries and idle times as they were', async () => {
    await given(...EVERYTHING);
    const names = EVERYTHING.map((line) => line.split(' ')[1]!);
    for (const name of names) await idleFor(name, 1000);
    const before = await stateOf(names);
    const start = await engine.snapshot();
    const checks: Bare[] = names.flatMap((key): Bare[] => [
      { kind: 'key', key, string: 'x' },
      {
        kind: 'key',
        key,
        zset: { mode: 'exact', value: [{ member: 'a', score: 1 }] },
        ttl: { min: 5, max: 5 },
      },
      { kind: 'key', key, list: { mode: 'includes', value: ['a'] }, length: { min: 1, max: null } },
    ]);
    const first = await judged(checks, start, []);
    const second = await judged(checks, start, []);
    expect(first.status).toBe('failed');
    expect(second).toEqual(first);
    const after = await stateOf(names);
    expect(after.dumps).toEqual(before.dumps);
    expect(after.expiries.map((at) => at === -1)).toEqual(before.expiries.map((at) => at === -1));
    const moved = after.expiries.map((at, index) => Math.abs(at - before.expiries[index]!));
    expect(Math.max(...moved)).toBeLessThan(100);
    // Before 7.2, a client can't ask to leave no trace.
    if ((await version()) >= 7.2) expect(Math.min(...after.idle)).toBeGreaterThanOrEqual(1000);
  });

  it.each<[Bare, string[], string[], string]>([
    [
      { kind: 'key', key: 's', ttl: { min: 1800, max: 1800 } },
      [],
      ['SET s a EX 1800', 'SET s b'],
      's has no expiry; it should expire in 30 minutes (1800 s). Your last SET replaced the value and dropped it.',
    ],
    [
      { kind: 'key', key: 's', ttl: { min: 1800, max: 1800 } },
      [],
      ['SET s a EX 30'],
      's should expire in 30 minutes (1800 s); it expires in 30 s. Is that 30 minutes, given as seconds?',
    ],
    [
      { kind: 'key', key: 's', exists: true },
      ['SET s a'],
      ['EXPIREAT s 1735689600'],
      's is not there. It expired already: EXPIREAT with a moment in the past (1735689600 was 2025-01-01) deletes at once.',
    ],
    [
      { kind: 'key', key: 'board', zset: { mode: 'exact', value: [{ member: 'ann', score: 300 }] } },
      [],
      ['ZADD board ann 300'],
      'board is not there. Your ZADD answered an error: ERR value is not a valid float. ZADD takes the score before the member.',
    ],
    [
      { kind: 'key', key: 's', string: 'Grace Hopper' },
      [],
      ['SET s Grace Hopper'],
      's is not there. Your SET answered an error: ERR syntax error. A value of several words needs quotes: "Grace Hopper".',
    ],
    [
      { kind: 'key', key: 's', exists: false },
      ['SET s a', 'SET cart:9 "2 apples"'],
      ['FLUSHALL'],
      'cart:9 is gone; it was not part of the task. FLUSHALL removes everything.',
    ],
    [
      { kind: 'reply', reply: ['ann', '300', 'bob', '200'], to: 'ZRANGE' },
      ['ZADD board 300 ann 200 bob'],
      ['ZRANGE board 0 -1 WITHSCORES'],
      'ZRANGE board 0 -1 WITHSCORES answered "bob", 200, "ann" and 300; "ann", 300, "bob" and 200 were expected. ZRANGE without REV goes up from the lowest score.',
    ],
    [
      { kind: 'reply', reply: ['b', 'c'], to: 'ZRANGE' },
      ['ZADD z 1 a 2 b 3 c'],
      ['ZRANGE z (1 3'],
      'ZRANGE z (1 3 answered (error) ERR value is not an integer or out of range; "b" and "c" were expected. Without BYSCORE, ZRANGE takes ranks, not scores.',
    ],
    [
      { kind: 'key', key: 's', string: 'v', ttl: { min: 1800, max: 1800 } },
      [],
      ['SET s v EX 30min'],
      's is not there. Your SET answered an error: ERR value is not an integer or out of range. EX takes a whole number of seconds.',
    ],
    [
      { kind: 'key', key: 's', string: 'v', ttl: { min: 60, max: 60 } },
      [],
      ['SETEX s v 60'],
      's is not there. Your SETEX answered an error: ERR value is not an integer or out of range. SETEX takes the seconds before the value.',
    ],
    [
      { kind: 'key', key: 'c', number: 12.5 },
      ['SET c 36'],
      ['DECRBY c 23.5'],
      'c should be 12.5; it is 36. Your DECRBY answered an error: ERR value is not an integer or out of range. DECRBY takes whole numbers.',
    ],
    [
      { kind: 'key', key: 'user:42:name', string: 'Grace Hopper' },
      [],
      ['SET user:42:name Grace Hopper', 'SET user.42.name "Grace Hopper"'],
      'user:42:name is not there. user.42.name is there: a typo?',
    ],
    [
      { kind: 'key', key: 'user:42:name', string: 'Grace Hopper' },
      [],
      ['SET user:42:name = "Grace Hopper"'],
      'user:42:name is not there. Your SET answered an error: ERR syntax error. SET key value: nothing stands between them.',
    ],
    [
      { kind: 'atomic', keys: ['n'] },
      ['SET n 1'],
      ['MULTI', 'INCR n', 'EXEC', 'EXPIRE n 10'],
      'n should be written by one command, one transaction or one script; it took 2 commands (INCR and EXPIRE). Between them, others see it half done. .reset begins again.',
    ],
  ])('of %j, with %j given, after %j says why', async (check, start, lines, message) => {
    expect(messagesOf(await judged(check, await given(...start), lines))).toEqual([message]);
  });

  it.each<[Bare, string[], string[]]>([
    [{ kind: 'key', key: 's', ttl: { min: 1800, max: 1800 } }, [], ['SET s a EX 1800']],
    [{ kind: 'key', key: 's', ttl: { min: 1800, max: 1800 } }, [], ['SET s a', 'PEXPIRE s 1800000']],
    [{ kind: 'key', key: 's', ttl: { min: 100, max: 100 } }, ['SET s a EX 100'], ['SET s b KEEPTTL']],
    [{ kind: 'key', key: 's', number: 10.6 }, ['SET s 10.5'], ['INCRBYFLOAT s 0.1']],
    [{ kind: 'key', key: 's', number: 0.3 }, ['SET s 0.1'], ['INCRBYFLOAT s 0.2']],
    [{ kind: 'key', key: 'q', list: { mode: 'exact', value: [] } }, ['RPUSH q a'], ['LPOP q']],
    [{ kind: 'reply', reply: ['b', 'a'], to: 'SMEMBERS' }, ['SADD s a b'], ['SMEMBERS s']],
    [{ kind: 'reply', reply: 2, to: 'INCR' }, ['SET n 1'], ['MULTI', 'INCR n', 'DECR n', 'EXEC']],
    [
      { kind: 'atomic', keys: ['n'] },
      [],
      ["EVAL \"redis.call('SET', KEYS[1], 1) return redis.call('INCR', KEYS[1])\" 1 n"],
    ],
    [
      { kind: 'atomic', keys: ['seat:12b'] },
      [],
      ['SET seat:12b ada NX EX 10', 'DEL seat:12b', 'SET seat:12b ada NX EX 600'],
    ],
    [
      { kind: 'atomic', keys: ['day', 'place'] },
      ['MSET day "5 June" place "Hall 1"'],
      ['MSET day 12 June place', 'MSET day 12 place Hall', 'MSET day "12 June" place "Hall 3"'],
    ],
  ])('of %j, with %j given, passes after %j', async (check, start, lines) => {
    // What is given and changed here is what the check is about.
    const named: Bare[] = [check, { kind: 'keys', pattern: '*', count: { min: 0, max: null } }];
    expect(messagesOf(await judged(named, await given(...start), lines))).toEqual([]);
  });
});

async function idleFor(name: string, seconds: number): Promise<void> {
  const dump = await engine.send(['DUMP', name]);
  const expiry = await engine.send(['PTTL', name]);
  if (dump.type !== 'bulk' || expiry.type !== 'integer') throw new Error(`no ${name} to dump`);
  const ttl = expiry.text === '-1' ? '0' : expiry.text;
  await engine.send(['RESTORE', name, ttl, dump.bytes, 'REPLACE', 'IDLETIME', String(seconds)]);
}

async function stateOf(names: string[]) {
  const now = Date.now();
  const number = async (...command: string[]) => {
    const reply = await engine.send(command);
    return reply.type === 'integer' ? Number(reply.text) : Number.NaN;
  };
  const idle = await Promise.all(names.map((name) => number('OBJECT', 'IDLETIME', name)));
  const left = await Promise.all(names.map((name) => number('PTTL', name)));
  // Since 7.2; before, a DUMP is a use of its key.
  const noTouch = (how: string) => ['CLIENT', 'NO-TOUCH', how];
  const reads = names.map((name) => ['DUMP', name]);
  const dumps = (await engine.pipeline([noTouch('ON'), ...reads, noTouch('OFF')])).slice(1, -1);
  return { idle, dumps, expiries: left.map((ms) => (ms < 0 ? ms : now + ms)) };
}

async function version(): Promise<number> {
  const reply = await engine.send(['INFO', 'server']);
  const text = reply.type === 'bulk' || reply.type === 'verbatim' ? reply.bytes.toString() : '';
  return Number(/redis_version:(\d+\.\d+)/.exec(text)?.[1]);
}
