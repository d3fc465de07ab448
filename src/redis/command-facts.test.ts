import text from 'virtual:command-facts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import {
  channelsOf,
  type Facts,
  factsOf,
  filledKeys,
  groupOf,
  hasCursor,
  isRandom,
  isUnordered,
  isWrite,
  keysOf,
  knownCommands,
  mayBlock,
  overwrittenKeys,
  readKeys,
  removedKeys,
  runsScript,
  shrunkKeys,
  writtenKeys,
} from './command-facts.ts';
import { LearnerClient } from './learner-client.ts';
import type { Reply } from './reply.ts';
import { splitArgs } from './split.ts';

const args = (line: string) => splitArgs(line)!;
const words = (keys: Buffer[]) => keys.map(String);
const factsNamed = (name: string) => factsOf(name.split(' '))!;
const all = knownCommands().map(factsNamed);
const named = (fits: (facts: Facts) => boolean) => all.filter(fits).map(({ name }) => name);

/** A line of the command that names a key in every place where one must be. */
function sampleOf({ name, keys }: Facts): Buffer[] {
  const line = [...name.split(' '), ...Array(8).fill('a')].slice(0, 8);
  for (const { begin, find } of keys) {
    if (find.by === 'keynum' && begin.by === 'index') line[begin.index] = '1';
    if (begin.by === 'keyword' && begin.keyword === 'STREAMS') line.splice(4, 4, 'STREAMS', 'a', '0');
  }
  return line.map((word) => Buffer.from(word));
}

const STORES = [
  ...['SINTERSTORE d s t', 'SUNIONSTORE d s t', 'SDIFFSTORE d s t', 'ZRANGESTORE d z 0 -1'],
  ...['ZINTERSTORE d 2 z z2', 'ZUNIONSTORE d 2 z z2 WEIGHTS 1 2', 'ZDIFFSTORE d 2 z z2'],
  ...['GEOSEARCHSTORE d z FROMMEMBER x BYRADIUS 1 m', 'BITOP AND d a b', 'COPY a d REPLACE'],
  ...['SORT s STORE d', 'SORT s BY w_* GET # STORE d', 'SORT s STORE d ALPHA'],
  ...[
    'GEORADIUS z 1 2 300 km STORE d',
    'GEORADIUS z 1 2 300 km STOREDIST d ASC',
    'GEORADIUSBYMEMBER z x 3 m STORE d',
  ],
];

describe('the server at hand', () => {
  let server: PlainServer;
  let client: LearnerClient;
  beforeAll(async () => {
    server = await startPlainServer();
    client = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:test');
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  const items = (reply: Reply | undefined) => ('items' in reply! ? reply.items : []);
  const textOf = (reply: Reply | undefined) => ('bytes' in reply! ? reply.bytes.toString() : '');
  const numberOf = (reply: Reply | undefined) => Number('text' in reply! ? reply.text : Number.NaN);

  /** What COMMAND says, subcommands too: name, flags, and the place of the first key; 0 where there is none. */
  function* told(reply: Reply): Generator<{ name: string; flags: string[]; first: number }> {
    for (const entry of items(reply)) {
      const [name, , flags, first, , , , , specs, parts] = items(entry);
      const isKey = !items(specs).some((spec) => items(items(spec)[1]).map(textOf).includes('not_key'));
      yield {
        name: textOf(name).toUpperCase().replace('|', ' '),
        flags: items(flags).map(textOf),
        first: isKey ? numberOf(first) : 0,
      };
      yield* told(parts!);
    }
  }

  test('agrees on what writes, what blocks, and where the first key stands', async () => {
    const listed = [...told(await client.send(args('COMMAND')))];
    const known = listed.filter(({ name }) => knownCommands().includes(name));
    expect(known.length).toBeGreaterThan(200);
    const wrong = known.flatMap(({ name, flags, first }) => {
      const facts = factsNamed(name);
      const says = (what: string, is: unknown, said: unknown) =>
        is === said ? [] : [`${name}: ${what} is ${said}`];
      // Where a count says how many keys there are, or a word comes before them, the server gives no place.
      const fixed = facts.keys.some(({ begin, find }) => begin.by === 'index' && find.by === 'range');
      return [
        ...says('write', facts.is.includes('write'), flags.includes('write')),
        // WAIT is flagged since 7.2, and waited before.
        ...(name === 'WAIT'
          ? []
          : says('blocking', facts.is.includes('blocking'), flags.includes('blocking'))),
        ...(fixed ? says('first key', positionOfFirst(facts), first) : []),
        ...(facts.keys.length === 0 ? says('first key', 0, first) : []),
      ];
    });
    expect(wrong).toEqual([]);
  });

  function positionOfFirst({ keys }: Facts): number {
    return Math.min(
      ...keys.map(({ begin }) => (begin.by === 'index' ? begin.index : Number.POSITIVE_INFINITY)),
    );
  }

  test.each([...STORES, 'SETEX d 9 1', 'RENAME a d'])(
    'does as is said of %s: what is overwritten has lost its expiry, and what is read is still there',
    async (line) => {
      const texts = ['SET a x', 'SET b y', 'RPUSH d 1', 'EXPIRE d 1000'];
      const collections = ['SADD s 1 2', 'SADD t 2', 'GEOADD z 1 2 x 1 2 y', 'ZADD z2 1 x'];
      const given = ['FLUSHALL', ...texts, ...collections];
      for (const command of given) await client.send(args(command));
      expect((await client.send(args(line))).type).not.toBe('error');
      expect(numberOf(await client.send(args('TTL d')))).toBe(line.startsWith('SETEX') ? 9 : -1);
      for (const key of readKeys(args(line)))
        expect(numberOf(await client.send([Buffer.from('EXISTS'), key]))).toBe(1);
    },
  );

  test.each([
    'GET a',
    'mset a 1 b 2',
    'DEL a b c',
    'BLPOP a b 0',
    'EVAL "return 1" 2 a b c',
    'FCALL f 1 a b',
    'ZUNIONSTORE d 2 a b WEIGHTS 1 2',
    'ZUNION 2 a b',
    'LMPOP 2 a b LEFT',
    'BZMPOP 0 2 a b MIN',
    'XREAD COUNT 2 STREAMS a b 0 0',
    'XREADGROUP GROUP g STREAMS STREAMS a 0',
    'GEORADIUS a 1 2 3 m STORE d',
    'GEORADIUSBYMEMBER a x 3 m COUNT 1 STOREDIST d',
    'SORT a LIMIT 0 1 STORE d',
    'SORT a STORE c STORE d',
    'SORT a BY w_* ALPHA',
    'SORT store DESC',
    'SORT_RO a ALPHA',
    'MIGRATE h 1 "" 0 9 KEYS a b',
    'MIGRATE h 1 a 0 9 COPY',
    'OBJECT ENCODING a',
    'XGROUP CREATE a g $',
    'BITOP AND d a b',
    'SINTERCARD 2 a b LIMIT 3',
    'RENAME a b',
    'LMOVE a a LEFT RIGHT',
    'MEMORY USAGE a',
  ])('finds the same keys in %s', async (line) => {
    const reply = await client.send([...args('COMMAND GETKEYS'), ...args(line)]);
    const expected = items(reply).map(textOf);
    expect(expected).not.toEqual([]);
    // It gives the two keys of a SORT that stores twice in the order in which it found them.
    expect(words(keysOf(args(line))).sort()).toEqual(expected.sort());
  });
});

describe('what a command does', () => {
  test('is little to load', () => expect(text.length).toBeLessThan(40_000));

  test('is known in any case, of the subcommand where there is one', () => {
    expect(factsOf(args('get a'))!.name).toBe('GET');
    expect(factsOf(args('Client kill ID 1'))!.name).toBe('CLIENT KILL');
    expect(factsOf(args('CLIENT nosuch'))!.name).toBe('CLIENT');
    expect(factsOf(args('GET kill'))!.name).toBe('GET');
    expect(factsOf(args('"CLIENT KILL"'))!.name).toBe('CLIENT KILL');
    expect(factsOf([])).toBeUndefined();
    expect(groupOf(args('zadd a 1 b'))).toBe('sorted-set');
  });

  test.each([
    'HEXPIRE',
    'HSETEX',
    'HGETDEL',
    'VADD',
    'XACKDEL',
    'DELEX',
    'MSETEX',
    'DELIFEQ',
    'CLUSTER FLUSHSLOT',
  ])('is known of the newer %s, which writes', (name) => expect(factsNamed(name).is).toContain('write'));

  test('is unknown of a module: it may write, to the key that comes first', () => {
    const line = args('MY.ADD a b');
    expect([isWrite(line), mayBlock(line), isRandom(line), runsScript(line), groupOf(line)]).toEqual([
      ...[true, false, false, false],
      '',
    ]);
    expect(
      [keysOf, writtenKeys, removedKeys, filledKeys, overwrittenKeys, channelsOf].map((of) =>
        words(of(line)),
      ),
    ).toEqual([['a'], ['a'], [], [], [], []]);
    expect(keysOf(args('MY.ADD'))).toEqual([]);
  });

  test.each([
    ['SET a 1', true],
    ['GET a', false],
    ['EVAL "return 1" 0', true],
    ['EVAL_RO "return 1" 0', false],
    ['FCALL f 0', true],
    ['FUNCTION LOAD x', true],
    ['FUNCTION LIST', false],
    ['XGROUP CREATE a g $', true],
    ['XGROUP HELP', false],
    ['XGROUP', true],
    ['XINFO', false],
    ['FLUSHALL', true],
    ['PUBLISH a b', false],
    ['PFCOUNT a', false],
  ])('%s: it writes: %s', (line, writes) => expect(isWrite(args(line))).toBe(writes));

  test('blocks, of all that are flagged so; of those with BLOCK only with it', () => {
    const blocking = named(({ is }) => is.includes('blocking'));
    expect(blocking).toEqual(expect.arrayContaining(['BLPOP', 'BZMPOP', 'WAIT', 'WAITAOF', 'XREAD']));
    const asked = blocking.filter((name) => !mayBlock(args(`${name} a b 0`)));
    expect(asked).toEqual(['XREAD', 'XREADGROUP']);
    expect(named((facts) => mayBlock(sampleOf(facts)) && !facts.is.includes('blocking'))).toEqual([]);
  });

  test.each([
    ['XREAD BLOCK 0 STREAMS a $', true],
    ['xread count 1 block 0 streams a $', true],
    ['XREADGROUP BLOCK 0 GROUP g c STREAMS a >', true],
    ['XREADGROUP GROUP g c COUNT 1 BLOCK 5 STREAMS a >', true],
    ['XREAD STREAMS BLOCK 0', false],
    ['XREADGROUP GROUP BLOCK c STREAMS a >', false],
    ['XREADGROUP GROUP g BLOCK STREAMS a >', false],
    ['LPOP BLOCK', false],
  ])('%s: it may wait: %s', (line, waits) => expect(mayBlock(args(line))).toBe(waits));

  test('is up to chance, up to no order, in parts, up to a script', () => {
    const told = (of: (line: Buffer[]) => boolean) => named((facts) => of(sampleOf(facts))).sort();
    expect(told(isRandom)).toEqual([
      ...['HRANDFIELD', 'RANDOMKEY', 'SPOP', 'SRANDMEMBER', 'VRANDMEMBER', 'ZRANDMEMBER'],
    ]);
    expect(told(isUnordered)).toEqual([
      ...['COMMAND', 'COMMAND DOCS', 'COMMAND INFO', 'COMMAND LIST', 'FUNCTION LIST', 'HGETALL', 'HKEYS'],
      ...['HVALS', 'KEYS', 'MODULE LIST', 'PUBSUB CHANNELS', 'PUBSUB SHARDCHANNELS', 'SDIFF', 'SINTER'],
      ...['SMEMBERS', 'SUNION'],
    ]);
    expect(told(hasCursor)).toEqual(['CLUSTERSCAN', 'HSCAN', 'SCAN', 'SSCAN', 'ZSCAN']);
    expect(told(runsScript)).toEqual(['EVAL', 'EVALSHA', 'EVALSHA_RO', 'EVAL_RO', 'FCALL', 'FCALL_RO']);
  });

  test('takes options, and may be repeated', () => {
    expect(factsOf(['SET'])!.options).toMatchObject({ EX: 1, NX: 0, KEEPTTL: 0, IFEQ: 1 });
    expect(factsOf(['ZRANGE'])!.options).toMatchObject({ LIMIT: 2, REV: 0, WITHSCORES: 0 });
    expect(factsOf(['ZRANK'])!.options).toEqual({ WITHSCORE: 0 });
    expect(factsOf(['LMOVE'])).toMatchObject({ options: {}, words: { LEFT: 0, RIGHT: 0 } });
    const repeats = ['DEL', 'MSET', 'GEOADD', 'GET', 'BLPOP', 'ZUNION'].map(
      (name) => factsOf([name])!.repeats,
    );
    expect(repeats).toEqual([1, 2, 3, 0, 0, 0]);
  });
});

describe('the keys', () => {
  test('of every command that writes are written, but where it only writes with STORE', () => {
    const idle = all.filter((facts) => facts.keys.length > 0 && isWrite(sampleOf(facts)));
    expect(idle.length).toBeGreaterThan(100);
    const none = idle.filter((facts) => writtenKeys(sampleOf(facts)).length === 0);
    expect(none.map(({ name }) => name).sort()).toEqual(['GEORADIUS', 'GEORADIUSBYMEMBER', 'SORT']);
  });

  test('of every command that reads are only read', () => {
    const reading = all.filter(({ is, keys }) => is.includes('readonly') && keys.length > 0);
    expect(reading.length).toBeGreaterThan(60);
    expect(reading.filter((facts) => keysOf(sampleOf(facts)).length === 0)).toEqual([]);
    expect(reading.flatMap((facts) => writtenKeys(sampleOf(facts)))).toEqual([]);
  });

  test.each(STORES)('of %s: what is stored overwrites its place, and nothing else is written', (line) => {
    for (const of of [writtenKeys, overwrittenKeys, filledKeys]) expect(words(of(args(line)))).toEqual(['d']);
    expect(words(readKeys(args(line)))).not.toContain('d');
    expect(keysOf(args(line)).length).toBe(readKeys(args(line)).length + 1);
    expect(removedKeys(args(line))).toEqual([]);
  });

  test('are tried above for every command with STORE in its name', () => {
    const tried = STORES.map((line) => line.split(' ')[0]);
    expect(named(({ name }) => /(?<!RE)STORE$/.test(name)).filter((name) => !tried.includes(name))).toEqual(
      [],
    );
  });

  test.each([
    ['SORT store DESC', ['store']],
    ['SORT a', ['a']],
    ['MSETEX 2 a 1 b 2 EX 9', ['a', 'b']],
    ['MSET a 1 b', ['a', 'b']],
    ['XREAD COUNT 1', []],
    ['EVAL "return 1" many a', []],
    ['EVAL "return 1" -1 a', []],
    ['ZUNION 99999999 a', ['a']],
    ['MIGRATE h 1 "" 0 9 AUTH KEYS KEYS a b', ['a', 'b']],
    ['MIGRATE h 1 a 0 9 AUTH KEYS', ['a']],
    ['SET "" 1', ['']],
    ['KEYS *', []],
    ['CLIENT KILL ID 9', []],
    ['PING a', []],
    ['SWAPDB 0 1', []],
    ['WAIT 1 0', []],
    ['SLOWLOG GET 5', []],
    ['DEBUG SLEEP 0', []],
    ['GET', []],
    ['', []],
  ])('of %j are %j', (line, keys) => expect(words(keysOf(args(line)))).toEqual(keys));

  test.each([
    ['DEL a b', { removed: ['a', 'b'] }],
    ['GETDEL a', { removed: ['a'] }],
    ['DELIFEQ a 1', { removed: ['a'] }],
    ['MOVE a 1', { removed: ['a'] }],
    ['RENAME a b', { removed: ['a'], filled: ['b'], overwritten: ['b'] }],
    ['RENAME a a', { removed: [], filled: ['a'], overwritten: ['a'] }],
    ['LPOP a', { shrunk: ['a'] }],
    ['LMOVE a b LEFT LEFT', { shrunk: ['a'], filled: ['b'] }],
    ['LMOVE a a LEFT RIGHT', { shrunk: [], filled: ['a'] }],
    ['HDEL a f', { shrunk: ['a'] }],
    ['BZPOPMIN a b 0', { shrunk: ['a', 'b'] }],
    ['SMOVE a b m', { shrunk: ['a'], filled: ['b'] }],
    ['XDEL a 1-1', {}],
    ['SET a 1', { filled: ['a'] }],
    ['SETEX a 9 1', { filled: ['a'], overwritten: ['a'] }],
    ['SADD a 1', { filled: ['a'] }],
    ['EXPIRE a 9', {}],
    ['PERSIST a', {}],
    ['GET a', {}],
  ] as [string, Record<string, string[]>][])('of %s: %j', (line, expected) => {
    const of = { removed: removedKeys, shrunk: shrunkKeys, filled: filledKeys, overwritten: overwrittenKeys };
    const is = Object.entries(of).map(([name, keys]) => [name, words(keys(args(line)))]);
    expect(Object.fromEntries(is)).toEqual({
      removed: [],
      shrunk: [],
      filled: [],
      overwritten: [],
      ...expected,
    });
  });
});

describe('channels', () => {
  const KIN = ['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE'];

  test.each(KIN)('%s names as many as there are arguments, and no key', (name) => {
    expect(words(channelsOf(args(`${name} a b`)))).toEqual(['a', 'b']);
    expect(channelsOf(args(name))).toEqual([]);
    expect(keysOf(args(`${name} a b`))).toEqual([]);
    expect(isWrite(args(`${name} a b`))).toBe(false);
  });

  test.each([
    ['PUBLISH ch text', ['ch']],
    ['spublish ch text', ['ch']],
    ['PUBSUB NUMSUB a b', ['a', 'b']],
    ['PUBSUB CHANNELS a*', ['a*']],
    ['PUBSUB NUMPAT', []],
    ['GET a', []],
  ])('%s names %j', (line, channels) => {
    expect(words(channelsOf(args(line)))).toEqual(channels);
    if (!line.startsWith('GET')) expect(keysOf(args(line))).toEqual([]);
  });

  test('are never keys', () => {
    const both = all.filter(({ channels }) => channels).flatMap((facts) => keysOf(sampleOf(facts)));
    expect(both).toEqual([]);
  });
});
