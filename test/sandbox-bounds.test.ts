import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Exercise } from '../src/course/course.ts';
import { exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { Attempt } from '../src/engine/attempt.ts';
import type { Counted } from '../src/redis/learner-client.ts';
import type { Reply } from '../src/redis/reply.ts';
import { splitArgs } from '../src/redis/split.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { ourselves } from '../src/sandbox/owner.ts';
import { MARK } from '../src/sandbox/ownership.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { run as runProgram } from './setup/run.ts';
import { program, serve } from './setup/sandbox-stage.ts';
import { freshHome } from './setup/terminal.ts';

const opened: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of opened.splice(0)) await sandbox.close();
});

async function open(redis: string, db = 0): Promise<Sandbox> {
  const sandbox = await openSandbox({ redis, db });
  opened.push(sandbox);
  return sandbox;
}

const text = (reply: Reply) =>
  'bytes' in reply ? reply.bytes.toString() : 'text' in reply ? reply.text : reply.type;
const run = async (sandbox: Sandbox, line: string) => text(await sandbox.learner.send(splitArgs(line)!));

describe('the user who acts on a named server', () => {
  test('is one of our making, for lessons and learners alike, and goes at the end', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`, 3);
    const who = await run(sandbox, 'ACL WHOAMI');
    expect(who).toMatch(/^rediscover-[0-9a-f]{16}$/);
    expect(text(await sandbox.engine.send(['ACL', 'WHOAMI']))).toBe(who);
    expect(sandbox.learnerTarget.username).toBe(who);
    expect(sandbox.scripts).toEqual({ allowed: true });
    await sandbox.close();
    expect(cli('ACL', 'USERS')).toBe('default');
  });

  test('is swept after a crash, and that of another run stays, as any of another name', async () => {
    const { port, cli } = await serve();
    const [dead, alive] = ['rediscover-00000000000000aa', 'rediscover-00000000000000bb'];
    for (const name of [dead, alive, 'admin']) cli('ACL', 'SETUSER', name, 'on');
    const owner = JSON.stringify({ ...ourselves(), begun: '1' });
    cli('HSET', MARK, 'owner', owner, 'until', '0', 'user', dead);
    cli('-n', '1', 'HSET', MARK, 'owner', owner, 'until', '0', 'user', 'admin');
    await open(`redis://127.0.0.1:${port}`);
    await open(`redis://127.0.0.1:${port}`, 1);
    const users = cli('ACL', 'USERS').split('\n');
    expect(users).not.toContain(dead);
    expect(users).toEqual(expect.arrayContaining([alive, 'admin', 'default']));
  });

  test('is another for each of two at work, who do not disturb one another', async () => {
    const { port } = await serve();
    const [one, two] = [await open(`redis://127.0.0.1:${port}`), await open(`redis://127.0.0.1:${port}`, 1)];
    await run(one, 'SET a 1');
    await run(two, 'SET a 2');
    await one.close();
    expect(await run(two, 'GET a')).toBe('2');
    await two.reconnect();
    expect(await run(two, 'GET a')).toBe('2');
  });

  test('cannot become another one', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    const { username, password } = sandbox.learnerTarget;
    for (const line of [
      'AUTH x',
      'AUTH default x',
      'HELLO 3 AUTH default x',
      'HELLO 2 SETNAME a AUTH default x',
      'RESET',
    ])
      expect([line, await run(sandbox, line)]).toEqual([line, expect.stringMatching(/^NOPERM/)]);
    expect(await run(sandbox, `AUTH ${username} ${password}`)).toBe('OK');
    expect(
      sandbox.refusalOf(['HELLO', '3', 'AUTH', username!, password!].map((word) => Buffer.from(word))),
    ).toBe(undefined);
  });
});

test('code is to be refused what it would do outside the database, where every connection begins', async () => {
  const { port } = await serve();
  const sandbox = await open(`redis://127.0.0.1:${port}`, 3);
  const refusal = (line: string, db?: number) => sandbox.refusalOf(splitArgs(line)!, db);
  expect(refusal('DEL theirs', 0)).toMatch(/^NOPERM .* database 3/);
  expect(refusal('EVAL "return 1" 0', 0)).toMatch(/^NOPERM/);
  for (const line of ['SELECT 3', 'PING', 'CLIENT SETINFO LIB-NAME x'])
    expect([line, refusal(line, 0)]).toEqual([line, undefined]);
  expect(refusal('DEL theirs', 3)).toBe(undefined);
  expect(refusal('DEL theirs')).toBe(undefined);
  expect(refusal('SELECT 0', 3)).toMatch(/^NOPERM/);
});

test('what a script ran is counted without what we look at ourselves', async () => {
  const { port, cli } = await serve();
  const sandbox = await open(`redis://127.0.0.1:${port}`);
  const script = splitArgs(`EVAL "redis.call('set', 'a', 1) return redis.call('incr', 'a')" 0`)!;
  const counted = [
    ['EVAL', 1],
    ['INCR', 1],
    ['SET', 1],
  ];
  const of = ({ ran }: Counted) => [...ran!].sort();
  expect(of(await sandbox.learner.sendCounted(script))).toEqual(counted);
  cli('SET', 'theirs', '1');
  await run(sandbox, 'SET b 1');
  expect(of(await sandbox.learner.sendCounted(script))).toEqual(counted);
  await run(sandbox, 'MULTI');
  await sandbox.learner.send(script);
  const before = await sandbox.engine.commandStats();
  const executed = await sandbox.learner.sendCounted([Buffer.from('EXEC')], before);
  expect(of(executed)).toEqual([...counted.slice(0, 1), ['EXEC', 1], ...counted.slice(1)]);
});

describe('what was made is found by comparing', () => {
  test.each([
    'XGROUP CREATE orders billing $ MKSTREAM',
    `EVAL "redis.call('set', 'un'..'named', 1)" 0`,
    'SORT numbers STORE sorted',
    'GEOADD places 1 1 here',
    'COPY numbers copied',
    'BLMOVE numbers taken LEFT RIGHT 1',
  ])('and removed: %s', async (line) => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    await sandbox.give([splitArgs('RPUSH numbers 2 1')!]);
    expect(await run(sandbox, line)).not.toMatch(/^(ERR|NOPERM)/);
    await run(sandbox, 'MULTI');
    await run(sandbox, 'SET queued 1');
    await run(sandbox, `EVAL "redis.call('set', 'in'..'multi', 1)" 0`);
    expect(await run(sandbox, 'EXEC')).toBe('array');
    cli('SET', 'theirs', '1');
    await sandbox.clear();
    expect(cli('KEYS', '*').split('\n').sort()).toEqual([MARK, 'theirs']);
    await sandbox.close();
    expect(cli('KEYS', '*')).toBe('theirs');
  });

  test('what others write while a line of the learner’s blocks is theirs', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    const blocked = run(sandbox, 'BLMOVE queue done LEFT RIGHT 0');
    await vi.waitUntil(() => cli('INFO', 'clients').includes('blocked_clients:1'), { timeout: 10_000 });
    cli('SET', 'theirs', '1');
    cli('RPUSH', 'queue', 'x');
    expect(await blocked).toBe('x');
    await sandbox.close();
    expect(cli('KEYS', '*')).toBe('theirs');
  });

  test('also where the learner has removed the mark', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    cli('SET', 'theirs', '1');
    await run(sandbox, 'SET mine 1');
    await run(sandbox, `EVAL "redis.call('set', 'rediscover:'..'ours', 1)" 0`);
    await run(sandbox, 'SET later 1');
    await sandbox.close();
    expect(cli('KEYS', '*')).toBe('theirs');
  });

  test('a given state is not built over a key that has just come', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    cli('SET', 'user:1', 'theirs');
    const { replies } = await sandbox.give([splitArgs('SET user:2 x')!, splitArgs('SET user:1 ours')!]);
    expect(replies.map(text)).toEqual(['OK', expect.stringContaining('made by another program')]);
    // Its name may well be a value.
    const { replies: again, snapshot } = await sandbox.give([splitArgs('SET a user:1')!]);
    expect(again.map(text)).toEqual(['OK']);
    expect([...snapshot.keys.keys()].sort()).toEqual(['a', 'user:1']);
    expect(cli('GET', 'user:1')).toBe('theirs');
  });

  test('by the next start where we were killed in the middle of it', async () => {
    const { port, cli } = await serve();
    const file = await program(`
      import { openSandbox } from '../src/sandbox/open.ts';
      const sandbox = await openSandbox({ redis: 'redis://127.0.0.1:${port}' });
      for (let at = 0; ; at++) {
        await sandbox.give(Array.from({ length: 50 }, (_, n) => ['SET', 'given:' + at + ':' + n, '1'].map((word) => Buffer.from(word))));
        const line = ['EVAL', "return redis.call('set', 'made:' .. ARGV[1], 1)", '0', String(at)];
        await sandbox.learner.send(line.map((word) => Buffer.from(word)));
        if (at === 20) console.log('begun');
      }
    `);
    for (let kill = 0; kill < 3; kill++) {
      const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
      const died = once(child, 'exit');
      const [begun] = await Promise.race([once(child.stdout!, 'data'), died]);
      expect(String(begun)).toBe('begun\n');
      child.kill('SIGKILL');
      await died;
    }
    const sandbox = await openSandbox({ redis: `redis://127.0.0.1:${port}` });
    await sandbox.close();
    expect(cli('KEYS', '*')).toBe('');
    expect(cli('ACL', 'USERS')).toBe('default');
  });
});

describe('COPY, by a user who may not run it', () => {
  test('does what it does within the database, and nothing beyond', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    await run(sandbox, 'SET a 1 EX 100');
    expect(await run(sandbox, 'COPY a b')).toBe('1');
    expect(await run(sandbox, 'COPY a b')).toBe('0');
    expect(await run(sandbox, 'COPY none b REPLACE')).toBe('0');
    expect(await run(sandbox, 'copy a b replace')).toBe('1');
    expect(await run(sandbox, 'COPY a a')).toMatch(/source and destination/);
    expect(Number(await run(sandbox, 'TTL b'))).toBeGreaterThan(90);
    await run(sandbox, 'MULTI');
    expect(await run(sandbox, 'COPY a c')).toBe('QUEUED');
    await run(sandbox, 'EXEC');
    expect(await run(sandbox, 'GET c')).toBe('1');
    expect(await run(sandbox, 'COPY a b DB 1')).toMatch(/^NOPERM/);
    expect(await run(sandbox, 'COPY a b REPLACE DB 1')).toMatch(/^NOPERM/);
    expect(cli('-n', '1', 'DBSIZE')).toBe('0');
  });
});

describe('where the user of the address may not make another one', () => {
  async function withoutRights() {
    const server = await serve();
    server.cli('ACL', 'SETUSER', 'bob', 'on', '>his', '~*', '&*', '+@all', '-acl');
    const sandbox = await open(`redis://bob:his@127.0.0.1:${server.port}`);
    return { ...server, sandbox };
  }

  test('scripts are refused in a sentence that says what would allow them, and data says it too', async () => {
    const { sandbox, cli, port } = await withoutRights();
    cli('SCRIPT', 'LOAD', 'return 1');
    const acl = 'ACL SETUSER bob +acl|setuser +acl|deluser';
    expect(sandbox.scripts).toEqual({ allowed: false, because: expect.stringContaining('bob'), acl });
    for (const line of [
      'EVAL "return 1" 0',
      'evalsha e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0',
      'FCALL f 0',
      'EVAL_RO "return 1" 0',
    ]) {
      const refusal = await run(sandbox, line);
      expect([line, refusal]).toEqual([line, expect.stringMatching(/^NOPERM .*script/)]);
      expect(refusal).toContain(acl);
      expect(text((await sandbox.give([splitArgs(line)!])).replies[0]!)).toBe(refusal);
    }
    await sandbox.close();
    cli(...acl.split(' '));
    const able = await open(`redis://bob:his@127.0.0.1:${port}`);
    expect(await run(able, 'EVAL "return 1" 0')).toBe('1');
  });

  test('all else is as it was: what was made goes, and what reaches beyond is refused', async () => {
    const { sandbox, cli } = await withoutRights();
    await sandbox.give([splitArgs('SET given 1')!]);
    await run(sandbox, 'XGROUP CREATE orders billing $ MKSTREAM');
    expect(await run(sandbox, 'COPY given other')).toBe('1');
    for (const line of [
      'FLUSHALL',
      'SELECT 1',
      'MOVE given 1',
      'COPY given other DB 1',
      'SWAPDB 0 1',
      'AUTH default x',
    ])
      expect([line, await run(sandbox, line)]).toEqual([line, expect.stringMatching(/^NOPERM/)]);
    cli('SET', 'theirs', '1');
    await sandbox.close();
    expect(cli('KEYS', '*')).toBe('theirs');
    expect(cli('ACL', 'USERS').split('\n').sort()).toEqual(['bob', 'default']);
  });
});

/** Counts how often something was sent after something had been received: the round trips that take time. */
async function counting(port: number) {
  const trips = { count: 0 };
  let answered = true;
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.on('data', () => {
      if (answered) trips.count++;
      answered = false;
    });
    server.on('data', () => {
      answered = true;
    });
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => {});
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  return { port: (proxy.address() as { port: number }).port, trips };
}

test('an exercise answered with one line takes three round trips', async () => {
  const server = await serve();
  const { port, trips } = await counting(server.port);
  const sandbox = await open(`redis://127.0.0.1:${port}`);
  const { course } = await loadCourse('lessons');
  const exercises = exercisesOf(course!).filter(
    ({ given, solution, others, needs, server }) =>
      given.length > 0 &&
      solution.lines.length === 1 &&
      !solution.lines[0]!.text.startsWith('.') &&
      others.length + needs.length === 0 &&
      !server,
  );
  expect(exercises.length).toBeGreaterThan(3);
  const solve = async (exercise: Exercise) => {
    const attempt = await Attempt.begin(sandbox, exercise);
    await attempt.run(exercise.solution.lines[0]!.text);
    expect([exercise.id, (await attempt.judge()).status]).toEqual([exercise.id, 'passed']);
  };
  // The first one brings the script that takes snapshots.
  await solve(exercises[0]!);
  for (const exercise of exercises) {
    trips.count = 0;
    await solve(exercise);
    expect([exercise.id, trips.count]).toEqual([exercise.id, 3]);
  }
});

describe('the built program', () => {
  test('ends where the memory of a named server is full, and leaves nothing behind', async () => {
    const { port, cli } = await serve();
    cli('-n', '5', 'SET', 'big', 'x'.repeat(100_000));
    cli('CONFIG', 'SET', 'maxmemory', '100000', 'maxmemory-policy', 'noeviction');
    const args = ['check', '--answers', '-', '--redis', `redis://127.0.0.1:${port}`];
    const input = '#! rediscover answers v1\n== strings/session-ttl\nSET session:xyz user_data EX 1800\n';
    const { code, stderr } = await runProgram(args, { home: freshHome(), input });
    expect([code, stderr]).toEqual([3, expect.stringContaining('OOM')]);
    expect(cli('DBSIZE')).toBe('0');
    expect(cli('ACL', 'USERS')).toBe('default');
  });

  test.each([['course', 'test'], ['check', '--answers', '-'], ['doctor'], ['doctor', '--json']])(
    'lets no error of a server act on the terminal: %s',
    async (...words) => {
      const evil = createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (data) => {
          for (const _ of data.toString().matchAll(/^\*/gm))
            socket.write('-ERR \u202egnorw\u202c \x1b[2J\x9b31m\u2066x\r\n');
        });
      });
      evil.listen(0, '127.0.0.1');
      await once(evil, 'listening');
      onTestFinished(() => void evil.close());
      const { port } = evil.address() as { port: number };
      const { stdout, stderr, code } = await runProgram([...words, '--redis', `redis://127.0.0.1:${port}`], {
        home: freshHome(),
        input: '#! rediscover answers v1\n== strings/session-ttl\nPING\n',
        env: { DEBUG: 'rediscover' },
      });
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain('u202e');
      expect(stdout + stderr).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0080-\u009f\x1b]/);
    },
  );
});
