import { expect, onTestFinished, test } from 'vitest';
import { type Command, EngineClient } from '../src/redis/engine-client.ts';
import type { Reply } from '../src/redis/reply.ts';
import { splitArgs } from '../src/redis/split.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { serve } from './setup/sandbox-stage.ts';

/** The database that lessons may have; in all others is somebody's data. */
const OURS = 5;
const FOREIGN = Array.from({ length: 16 }, (_, db) => db).filter((db) => db !== OURS);

const KEYS = [
  'SET string value',
  'SET expiring value EX 10000',
  'RPUSH list a b c',
  'HSET hash f v',
  'SADD set a b',
  'ZADD zset 1 a 2 b',
  'XADD stream 1-1 f v',
  'PFADD hyperloglog a b',
];

const LIBRARY = `#!lua name=theirs
redis.register_function('any', function(keys, args) return redis.pcall(unpack(args)) end)`;
const ANY = 'return redis.pcall(unpack(ARGV))';

/** Aimed at other databases, and at what all of them share. */
const HOSTILE = [
  'FLUSHALL',
  'FLUSHDB',
  'FLUSHALL ASYNC',
  'SELECT 3',
  'SWAPDB 5 3',
  'SWAPDB 0 1',
  'MOVE k 3',
  'COPY k string DB 3 REPLACE',
  'COPY k other DB 3',
  'copy k other replace db 3',
  'RENAME string gone',
  `EVAL "redis.call('select', 3) return redis.call('flushdb')" 0`,
  `EVAL "redis.call('select', '3') redis.call('set', 'string', 'x')" 0`,
  `EVAL "return redis.call('flushall')" 0`,
  `EVAL "return redis.call('swapdb', 0, 1)" 0`,
  `EVAL "redis.call('set', 'a', 1) return redis.call('move', 'a', 3)" 0`,
  `EVAL "redis.call('set', 'a', 1) return redis.call('copy', 'a', 'string', 'DB', 3, 'REPLACE')" 0`,
  `EVAL "redis.call('function', 'flush')" 0`,
  `EVAL "redis.call('script', 'flush')" 0`,
  `EVAL "redis.call('config', 'set', 'maxmemory', '77777777')" 0`,
  `EVAL "redis.call('acl', 'setuser', 'mallory', 'on', 'nopass', '+@all', '~*')" 0`,
  `EVAL "redis.call('slowlog', 'reset')" 0`,
  `EVAL "for _, k in ipairs(redis.call('keys', '*')) do redis.call('del', k) end" 0`,
  'XGROUP CREATE left billing $ MKSTREAM',
  'SORT list STORE left',
  'RESTORE left 0 x',
  'FUNCTION FLUSH',
  'FUNCTION DELETE theirs',
  'SCRIPT FLUSH',
  'SCRIPT FLUSH SYNC',
  'CONFIG SET maxmemory 77777777',
  'CONFIG REWRITE',
  'CONFIG RESETSTAT',
  'ACL SETUSER mallory on nopass +@all ~*',
  'ACL SETUSER alice off',
  'ACL DELUSER alice',
  'ACL LOAD',
  'CLIENT KILL TYPE normal',
  'CLIENT PAUSE 1',
  'CLIENT NO-EVICT on',
  'REPLICAOF 127.0.0.1 1',
  'SLAVEOF 127.0.0.1 1',
  'MIGRATE 127.0.0.1 PORT k 3 100',
  'MIGRATE 127.0.0.1 PORT k 3 100 COPY REPLACE',
  'DEBUG RELOAD',
  'DEBUG FLUSHALL',
  'SLOWLOG RESET',
  'LATENCY RESET',
  'MEMORY PURGE',
  'OBJECT FREQ k',
  'SAVE',
  'BGREWRITEAOF',
];

/** What they do to a connection is all that they do; tried elsewhere, as those that change the user. */
const CONNECTION =
  /^(quit|multi|exec|discard|reset|auth|hello|client\|reply|monitor|sync|psync|replconf|[ps]?(un)?subscribe)$/;
const BLOCKING = /^(b[lz]|brpop|wait)/;

const words = (line: string) => splitArgs(line)!;
const items = (reply: Reply) => (reply.type === 'array' ? reply.items : []);
const text = (reply: Reply | undefined) =>
  reply && ('bytes' in reply ? reply.bytes.toString('latin1') : 'text' in reply ? reply.text : reply.type);

/** Every command and subcommand that the server knows, with arguments that might be right for some. */
async function everyCommand(engine: EngineClient): Promise<Command[]> {
  const lines: Command[] = [];
  for (const command of items(await engine.send(['COMMAND']))) {
    const [name, , , , , , , , , parts] = items(command);
    const subs = parts ? items(parts) : [];
    for (const one of subs.length > 0 ? subs : [command]) {
      const [full, arity] = items(one);
      const named = text(subs.length > 0 ? full : name)!;
      if (CONNECTION.test(named)) continue;
      const head = named.split('|');
      const least = Math.max(Math.abs(Number(text(arity))) - head.length, 0);
      for (const fill of [['3'], ['string', '3'], ['k', '3', 'DB', '3']])
        for (const length of [least, least + 1]) {
          const args = Array.from({ length }, (_, at) => fill[at % fill.length]!);
          // A count of milliseconds or seconds to wait for.
          if (BLOCKING.test(named)) args[args.length - 1] = '0.001';
          lines.push([...head, ...args]);
        }
    }
  }
  return lines;
}

/** All that is not ours, in a form to compare. */
async function foreign(engine: EngineClient): Promise<unknown> {
  const databases = [];
  for (const db of FOREIGN) {
    const [, found] = await engine.pipeline([
      ['SELECT', String(db)],
      ['KEYS', '*'],
    ]);
    const names = items(found!)
      .map((name) => (name as { bytes: Buffer }).bytes)
      .sort(Buffer.compare);
    const values = await engine.pipeline(names.map((name) => ['DUMP', name]));
    const expiries = await engine.pipeline(names.map((name) => ['PTTL', name]));
    databases.push(names.map((name, at) => [String(name), text(values[at]), Number(text(expiries[at])) > 0]));
  }
  const shared = await engine.pipeline([
    ['FUNCTION', 'LIST'],
    ['ACL', 'LIST'],
    ['CONFIG', 'GET', '*'],
    ['SCRIPT', 'EXISTS', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'],
    ['SLOWLOG', 'LEN'],
    ['ROLE'],
  ]);
  const users = items(shared[1]!)
    .map(text)
    .filter((rule) => !/^user rediscover-/.test(rule!));
  const role = text(items(shared.at(-1)!)[0]);
  return { databases, users: users.sort(), shared: [shared[0], ...shared.slice(2, -1)], role };
}

async function stage() {
  const server = await serve([
    '--slowlog-log-slower-than',
    '1000000000',
    '--enable-debug-command',
    'yes',
  ]).catch(() => serve(['--slowlog-log-slower-than', '1000000000']));
  const engine = await EngineClient.connect({ socketPath: server.socket });
  onTestFinished(() => engine.close());
  for (const db of FOREIGN) await engine.pipeline([['SELECT', String(db)], ...KEYS.map(words)]);
  const [library] = await engine.pipeline([
    ['FUNCTION', 'LOAD', LIBRARY],
    ['SCRIPT', 'LOAD', 'return 1'],
    ['ACL', 'SETUSER', 'alice', 'on', '>hers', '~app:*', '+@all'],
    ['CONFIG', 'SET', 'slowlog-log-slower-than', '0'],
    ['PING'],
    ['CONFIG', 'SET', 'slowlog-log-slower-than', '1000000000'],
  ]);
  const hostile = HOSTILE.map((line) => words(line.replace('PORT', String(server.port))));
  return { ...server, engine, hostile, hasFunctions: library!.type !== 'error' };
}

/** The ways in which code, which nobody looks at before the server does, can run a command. */
function ways(line: Command, sha: string, hasFunctions: boolean): Command[] {
  const within = ['EVAL', ANY, '0', ...line];
  return [
    line,
    within,
    ['EVALSHA', sha, '0', ...line],
    ...(hasFunctions ? [['FCALL', 'any', '0', ...line]] : []),
    ...[['MULTI'], line, ['EXEC']],
    ...[['MULTI'], within, ['EXEC']],
  ];
}

test('nothing that a learner or their code can run reaches what is not ours', async () => {
  const { port, engine, hostile, hasFunctions } = await stage();
  const other = await EngineClient.connect({ host: '127.0.0.1', port });
  onTestFinished(() => other.close());
  const lines = [...hostile, ...(await everyCommand(engine))];
  const before = await foreign(engine);

  const sandbox = await openSandbox({ redis: `redis://127.0.0.1:${port}`, db: OURS });
  const code = await EngineClient.connect(sandbox.learnerTarget);
  try {
    const [sha] = await code.pipeline([
      ['SCRIPT', 'LOAD', ANY],
      ['SET', 'k', '1'],
    ]);
    await code.pipeline(lines.flatMap((line) => ways(line, text(sha)!, hasFunctions)));
    // As the engine does behind code.
    const { keys } = await sandbox.engine.snapshot();
    await sandbox.adopt([...keys.values()].map(({ name }) => name));
    expect(await foreign(engine)).toEqual(before);

    const typed = lines.map((line) => line.map((word) => Buffer.from(word)));
    await Promise.all(typed.map((line) => sandbox.learner.send(line)));
    await sandbox.give(hostile.map((line) => line.map((word) => Buffer.from(word))));
    expect(await foreign(engine)).toEqual(before);
  } finally {
    await code.close();
    await sandbox.close();
  }
  expect(await foreign(engine)).toEqual(before);
  await engine.send(['SELECT', String(OURS)]);
  expect(items(await engine.send(['KEYS', '*'])).map(text)).toEqual([]);
  expect(
    items(await engine.send(['ACL', 'USERS']))
      .map(text)
      .sort(),
  ).toEqual(['alice', 'default']);
  expect(text(await other.send(['PING']))).toBe('PONG');
});

test('the same lines, run by the user that the server was named with, do reach it', async () => {
  const { port, engine, hostile } = await stage();
  const before = await foreign(engine);
  const unbounded = await EngineClient.connect({ host: '127.0.0.1', port, db: OURS });
  onTestFinished(() => unbounded.close());
  for (const line of hostile.filter(([name]) => name!.toString() === 'EVAL'))
    await unbounded.pipeline([line, ['SELECT', String(OURS)]]);
  expect(await foreign(engine)).not.toEqual(before);
});
