import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { interrupt } from '../src/redis/interrupt.ts';
import { LearnerClient } from '../src/redis/learner-client.ts';
import type { Reply } from '../src/redis/reply.ts';
import { openSandbox, type SandboxOptions } from '../src/sandbox/open.ts';
import { ourselves } from '../src/sandbox/owner.ts';
import { MARK } from '../src/sandbox/ownership.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { folder, serve } from './setup/sandbox-stage.ts';

const opened: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of opened.splice(0)) await sandbox.close();
});

async function open(redis: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ ...options, redis });
  opened.push(sandbox);
  return sandbox;
}

/** Opening must fail as NoRedis with these words. */
async function refused(
  redis: string,
  message: string,
  next = '',
  options: SandboxOptions = {},
): Promise<void> {
  await expect(openSandbox({ ...options, redis })).rejects.toMatchObject({
    name: 'NoRedis',
    exitCode: 3,
    message: expect.stringContaining(message),
    next: expect.stringContaining(next),
  });
}

/** Waits by a clock of its own, which no network keeps up with; the milliseconds that went by on it. */
async function waited(work: () => Promise<void>): Promise<number> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const begun = performance.now();
    let over = false;
    const working = work().finally(() => {
      over = true;
    });
    while (!over) {
      await vi.advanceTimersByTimeAsync(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await working;
    return performance.now() - begun;
  } finally {
    vi.useRealTimers();
  }
}

const words = (line: string) => line.split(' ').map((word) => Buffer.from(word));
const text = (reply: Reply) =>
  'bytes' in reply ? reply.bytes.toString() : 'text' in reply ? reply.text : reply.type;
const run = async (sandbox: Sandbox, line: string) => text(await sandbox.learner.send(words(line)));

/** Something that listens and is no Redis; its port. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Answers each command that arrives, as a recorded server would. */
function recorded(answer: (command: string) => string): Server {
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const [, command] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g))
        socket.write(answer(command!));
    });
  });
}

describe('a server that the user names', () => {
  test('serves over TCP, and says which it is', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    expect(sandbox.description).toMatch(
      new RegExp(`^(Redis|Valkey) [\\d.]+ at redis://127.0.0.1:${port}, database 0$`),
    );
    expect(sandbox).toMatchObject({ kind: 'named', relay: undefined, db: 0 });
    expect(await run(sandbox, 'SET a 1')).toBe('OK');
    expect(await sandbox.url()).toMatch(
      new RegExp(`^redis://rediscover-[0-9a-f]{16}:\\w+@127.0.0.1:${port}/0$`),
    );
  });

  test('serves over a unix socket', async () => {
    const { socket } = await serve();
    const sandbox = await open(`unix://${socket}`);
    expect(await run(sandbox, 'PING')).toBe('PONG');
  });

  test('serves to a user with a password, in the database asked for', async () => {
    const { port, cli } = await serve(['--requirepass', 'top secret']);
    const sandbox = await open(`redis://:top%20secret@127.0.0.1:${port}`, { db: 7 });
    await run(sandbox, 'SET a 1');
    const url = await sandbox.url();
    expect(url).toMatch(new RegExp(`@127.0.0.1:${port}/7$`));
    expect(url + sandbox.description).not.toContain('secret');
    expect(cli('-u', url, '--no-auth-warning', 'GET', 'a')).toBe('1');
    expect(cli('-u', url, '--no-auth-warning', 'FLUSHALL')).toContain('NOPERM');
    expect(cli('-a', 'top secret', '--no-auth-warning', '-n', '7', 'GET', 'a')).toBe('1');
  });

  test('may be named by REDISCOVER_REDIS', async () => {
    const { port } = await serve();
    const sandbox = await openSandbox({ env: { REDISCOVER_REDIS: `redis://127.0.0.1:${port}/2` } });
    opened.push(sandbox);
    expect(sandbox).toMatchObject({ kind: 'named', db: 2 });
  });

  test('reports that it went away', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    try {
      cli('SHUTDOWN', 'NOSAVE');
    } catch {
      // The client is cut off by what it asked for.
    }
    expect(await sandbox.lost).not.toBe('');
  });
});

describe('TLS', () => {
  function certificates(): { ca: string; cert: string; key: string; config: string[] } {
    const at = folder();
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: at, stdio: 'ignore' });
    const file = (name: string) => join(at, name);
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-subj',
      '/CN=Test authority',
      '-days',
      '2',
    );
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
      '-subj',
      '/CN=server',
    );
    writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:redis.test');
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'server.crt',
      '-days',
      '2',
      '-extfile',
      'names',
    );
    const config = [
      '--tls-cert-file',
      file('server.crt'),
      '--tls-key-file',
      file('server.key'),
      '--tls-ca-cert-file',
      file('ca.crt'),
    ];
    return { ca: file('ca.crt'), cert: file('server.crt'), key: file('server.key'), config };
  }
  const hasOpenssl = ['/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl'].some(
    existsSync,
  );

  test.skipIf(!hasOpenssl)('serves with the authority and a client certificate', async () => {
    const { ca, cert, key, config } = certificates();
    const { port } = await serve(config, { tls: true });
    const url = `rediss://127.0.0.1:${port}`;
    const sandbox = await open(url, { tlsCa: ca, tlsCert: cert, tlsKey: key });
    expect(await run(sandbox, 'PING')).toBe('PONG');
    expect(await sandbox.url()).toMatch(/^rediss:/);

    await refused(url, 'is not signed by anyone known here', '--tls-ca', { tlsCert: cert, tlsKey: key });
    await refused(url, 'wants a client certificate', '--tls-cert', { tlsCa: ca });
    await refused(url, 'is for another name', '--tls-servername', {
      tlsCa: ca,
      tlsCert: cert,
      tlsKey: key,
      tlsServername: 'other.test',
    });
    await refused(`redis://127.0.0.1:${port}`, 'speaks TLS alone', 'rediss://');
  });

  test.skipIf(!hasOpenssl)('serves without a client certificate where none is wanted', async () => {
    const { ca, config } = certificates();
    const { port } = await serve([...config, '--tls-auth-clients', 'no'], { tls: true });
    expect(await run(await open(`rediss://127.0.0.1:${port}`, { tlsCa: ca }), 'PING')).toBe('PONG');
    await refused(`redis://127.0.0.1:${port}`, 'speaks TLS alone', 'rediss://');
  });

  test('asked of a server without it is told apart from silence', async () => {
    const { port } = await serve();
    await refused(`rediss://127.0.0.1:${port}`, 'does not speak TLS', 'redis://');
  });

  test('files that are not there, or no certificates, are bad usage', async () => {
    const file = join(folder(), 'ca.pem');
    const opening = (tlsCa: string) => openSandbox({ redis: 'rediss://127.0.0.1:1', tlsCa });
    await expect(opening(file)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('there is no such file'),
    });
    writeFileSync(file, 'not a certificate');
    await expect(opening(file)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--tls-ca'),
    });
    const half = openSandbox({ redis: 'rediss://127.0.0.1:1', tlsCert: file });
    await expect(half).rejects.toMatchObject({ exitCode: 2, next: expect.stringContaining('--tls-key') });
  });
});

describe('what can not be worked with is told, each in its own words:', () => {
  test('a wrong password, or none where one is wanted', async () => {
    const { port, cli } = await serve();
    cli('ACL', 'SETUSER', 'alice', 'on', '>hers', '~*', '+@all');
    cli('CONFIG', 'SET', 'requirepass', 'right');
    await refused(
      `redis://:wrong@127.0.0.1:${port}`,
      'refuses the password',
      'redis://user:password@host:port',
    );
    await refused(`redis://alice:wrong@127.0.0.1:${port}`, 'of the user alice');
    await refused(`redis://127.0.0.1:${port}`, 'wants a password');
    const error = await openSandbox({ redis: `redis://:wrong-one@127.0.0.1:${port}` }).catch(
      (problem) => problem,
    );
    expect(error.message + error.next).not.toContain('wrong-one');
  });

  test('a password for a server that has none', async () => {
    const { port } = await serve();
    await refused(`redis://:secret@127.0.0.1:${port}`, 'has no password set', 'Leave out the password');
  });

  test('a node of a cluster', async () => {
    const { port } = await serve(['--cluster-enabled', 'yes']);
    await refused(`redis://127.0.0.1:${port}`, 'a node of a cluster', 'leave out --redis');
  });

  test('a read-only replica, with the address of its primary', async () => {
    const primary = await serve();
    const { port } = await serve(['--replicaof', '127.0.0.1', String(primary.port)]);
    await refused(`redis://127.0.0.1:${port}`, 'read-only replica', `redis://127.0.0.1:${primary.port}`);
  });

  test('a user that may not run what lessons need, with the rights to add', async () => {
    const { port, cli } = await serve();
    cli('ACL', 'SETUSER', 'bob', 'on', '>his', '~*', '&*', '+@all', '-eval', '-command');
    await refused(`redis://bob:his@127.0.0.1:${port}`, 'the user bob', 'ACL SETUSER bob +');
    await refused(`redis://bob:his@127.0.0.1:${port}`, 'EVAL');
    cli('ACL', 'SETUSER', 'bob', '+eval', '+command', '+command|info', '+command|getkeys');
    expect(await run(await open(`redis://bob:his@127.0.0.1:${port}`), 'SET a 1')).toBe('OK');
  });

  test.each(['multi', 'watch', 'del'])('a user that may not run %s, and nothing is run', async (command) => {
    const { port, cli } = await serve();
    cli('SET', 'k', 'theirs');
    cli('ACL', 'SETUSER', 'bob', 'on', '>his', '~*', '&*', '+@all', `-${command}`);
    await refused(`redis://bob:his@127.0.0.1:${port}/5`, command.toUpperCase(), `+${command}`);
    expect(cli('GET', 'k')).toBe('theirs');
  });

  test.each([
    ['SET', 'rediscover:ours', 'theirs'],
    ['HSET', 'rediscover:ours', 'owner', 'bob', 'title', 'x'],
  ])('a key of theirs that is called as our mark: %s %s', async (...command) => {
    const { port, cli } = await serve();
    cli('-n', '7', ...command);
    await refused(`redis://127.0.0.1:${port}/7`, 'Database 7', 'is empty');
    expect(cli('-n', '7', 'EXISTS', 'rediscover:ours')).toBe('1');
  });

  test.each(['EXISTS', 'DBSIZE'])('a server whose %s has another name, and nothing is run', async (name) => {
    const { port, cli } = await serve(['--rename-command', name, '']);
    cli('SET', 'draft:1', 'theirs');
    await refused(`redis://127.0.0.1:${port}`, 'unknown command');
    expect(cli('GET', 'draft:1')).toBe('theirs');
  });

  test('a user that may use some keys alone, or not even look around', async () => {
    const { port, cli } = await serve();
    cli('ACL', 'SETUSER', 'carol', 'on', '>hers', '~app:*', '&*', '+@all');
    cli('ACL', 'SETUSER', 'dave', 'on', '>his', '~*', '+get');
    await refused(`redis://carol:hers@127.0.0.1:${port}`, 'some key names alone', 'ACL SETUSER carol ~*');
    await refused(`redis://dave:his@127.0.0.1:${port}`, 'does not let the user dave look around');
  });

  test('a server that is full, and one that was left read-only', async () => {
    const full = await serve(['--maxmemory', '1', '--maxmemory-policy', 'noeviction']);
    await refused(`redis://127.0.0.1:${full.port}`, 'OOM');
    expect(full.cli('CLIENT', 'LIST')).not.toContain('rediscover');
    expect(full.cli('ACL', 'USERS')).toBe('default');
    const alone = await serve(['--min-replicas-to-write', '1']);
    await refused(`redis://127.0.0.1:${alone.port}`, 'NOREPLICAS');
  });

  test('a database that does not exist', async () => {
    const { port } = await serve();
    await refused(`redis://127.0.0.1:${port}`, 'has no database 99', '--db', { db: 99 });
  });

  test('nothing that listens', async () => {
    const closed = createServer();
    const port = await listening(closed);
    await new Promise((resolve) => closed.close(resolve));
    await refused(`redis://127.0.0.1:${port}`, 'Nothing listens at', 'leave out --redis');
    await refused(`unix://${join(folder(), 'none.sock')}`, 'There is no socket');
  });

  test('a host that nobody knows', async () => {
    await refused(
      'redis://no-such-host.invalid:6379',
      'No address is known for the host no-such-host.invalid',
    );
  });

  test('a server that accepts and says nothing', async () => {
    const sockets: Socket[] = [];
    const port = await listening(createServer((socket) => sockets.push(socket)));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (const scheme of ['redis', 'rediss']) {
      const silence = () => refused(`${scheme}://127.0.0.1:${port}`, 'does not answer');
      expect(await waited(silence)).toBeLessThan(5000);
    }
  });

  test('an address that swallows every packet', async () => {
    // A documentation address of RFC 5737: no route, or no answer, as the network has it.
    const swallowed = () => refused('redis://192.0.2.1:6379', '192.0.2.1');
    expect(await waited(swallowed)).toBeLessThan(5000);
  });

  test('a web server', async () => {
    const port = await listening(createHttpServer());
    await refused(`redis://127.0.0.1:${port}`, 'not a Redis server: it speaks HTTP');
    await refused(`rediss://127.0.0.1:${port}`, 'does not speak TLS');
  });

  test('a server that greets at once, as a mail server does', async () => {
    const port = await listening(
      createServer((socket) => void socket.on('error', () => {}).write('220 mail ESMTP\r\n')),
    );
    await refused(`redis://127.0.0.1:${port}`, 'not a Redis server');
  });

  test('a server older than 6.2, from a recorded stand-in', async () => {
    const info =
      '# Server\r\nredis_version:6.0.16\r\nredis_mode:standalone\r\nrole:master\r\ncluster_enabled:0\r\n';
    const port = await listening(
      recorded((command) => (command === 'INFO' ? `$${info.length}\r\n${info}\r\n` : '+PONG\r\n')),
    );
    await refused(`redis://127.0.0.1:${port}`, 'is Redis 6.0.16; lessons need 6.2 or newer');
  });

  test('a Sentinel, from a recorded stand-in', async () => {
    const info = '# Server\r\nredis_version:7.0.15\r\nredis_mode:sentinel\r\n';
    const port = await listening(
      recorded((command) => (command === 'INFO' ? `$${info.length}\r\n${info}\r\n` : '+PONG\r\n')),
    );
    await refused(`redis://127.0.0.1:${port}`, 'is a Sentinel');
  });

  test('a server that loads its data, is in protected mode or full, from recorded stand-ins', async () => {
    const loading = await listening(recorded(() => '-LOADING Redis is loading the dataset in memory\r\n'));
    await refused(`redis://127.0.0.1:${loading}`, 'still loading', 'Try again');
    const guarded = await listening(
      createServer(
        (socket) => void socket.on('error', () => {}).end('-DENIED Redis is running in protected mode\r\n'),
      ),
    );
    await refused(`redis://127.0.0.1:${guarded}`, 'protected mode');
    const full = await listening(
      createServer(
        (socket) => void socket.on('error', () => {}).end('-ERR max number of clients reached\r\n'),
      ),
    );
    await refused(`redis://127.0.0.1:${full}`, 'as many clients as it takes', 'maxclients');
  });
});

describe('a database that is not empty', () => {
  test('is refused with the exact command to go on', async () => {
    const { port, cli } = await serve();
    cli('SET', 'theirs', '1');
    cli('-n', '1', 'SET', 'theirs', '1');
    await refused(
      `redis://127.0.0.1:${port}`,
      'holds 1 key that is not ours',
      `rediscover --redis redis://127.0.0.1:${port} --db 2`,
    );
    expect(cli('GET', 'theirs')).toBe('1');
    expect(cli('KEYS', '*')).toBe('theirs');
  });

  test('is refused without the password in the command', async () => {
    const { port, cli } = await serve(['--requirepass', 'hush']);
    cli('-a', 'hush', '--no-auth-warning', 'MSET', 'a', '1', 'b', '2');
    await refused(
      `redis://:hush@127.0.0.1:${port}`,
      '2 keys that are not ours',
      `redis://:PASSWORD@127.0.0.1:${port} --db 1`,
    );
  });

  test('is refused with all that was typed, as a shell takes it', async () => {
    const { port, cli } = await serve(['--requirepass', 'hush']);
    cli('-a', 'hush', '--no-auth-warning', 'SET', 'a', '1');
    const url = `redis://:hush@127.0.0.1:${port}/0`;
    await refused(
      url,
      '1 key',
      `rediscover check --redis=redis://:PASSWORD@127.0.0.1:${port} -a 'it'\\''s mine' strings --db 1`,
      { typed: ['check', '--db', '0', `--redis=${url}`, '--db=0', '-a', "it's mine", 'strings'] },
    );
  });

  test('is refused while another Rediscover works in it', async () => {
    const { port } = await serve();
    await open(`redis://127.0.0.1:${port}`);
    await refused(`redis://127.0.0.1:${port}`, 'Another Rediscover works in database 0', '--db 1');
    await open(`redis://127.0.0.1:${port}`, { db: 1 });
  });
});

describe('on a named server', () => {
  test('what we made is removed at the end, and nothing else', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    await sandbox.engine.pipeline([
      ['SET', 'cart:9', '2 apples'],
      ['EXPIRE', 'cart:9', '100'],
    ]);
    await run(sandbox, 'RPUSH list a b');
    await run(sandbox, 'EVAL return(redis.call("SET",KEYS[1],1)) 1 by-script');
    cli('SET', 'theirs', '1');
    await sandbox.close();
    expect(cli('KEYS', '*')).toBe('theirs');
  });

  test('clear removes what lessons and the learner made, and keeps what another program wrote meanwhile', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    await sandbox.engine.send(['SET', 'given', '1']);
    await run(sandbox, 'RENAME given other');
    cli('SET', 'theirs', '1');
    await sandbox.clear();
    expect(cli('KEYS', '*').split('\n').sort()).toEqual([MARK, 'theirs'].sort());
    expect([...(await sandbox.engine.snapshot()).keys.keys()]).toEqual(['theirs']);
  });

  test('a key of another program is neither overwritten nor deleted by a lesson or by the learner', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    cli('SET', 'theirs', '1');
    expect(text(await sandbox.engine.send(['SET', 'theirs', '2']))).toContain('made by another program');
    expect(await run(sandbox, 'DEL mine theirs')).toContain('made by another program');
    expect(await run(sandbox, 'GET theirs')).toBe('1');
    expect(cli('GET', 'theirs')).toBe('1');
  });

  test('keys that the learner makes by other means are adopted, and go with the rest', async () => {
    const { port, cli } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    cli('SET', 'theirs', '1');
    cli('SET', 'session:xyz', 'by code');
    await sandbox.adopt([Buffer.from('session:xyz')]);
    await sandbox.clear();
    expect(cli('EXISTS', 'session:xyz')).toBe('0');
    expect(cli('GET', 'theirs')).toBe('1');
  });

  test('what reaches beyond our database is refused, and the connection goes on', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    const lines = `FLUSHALL,flushdb,SELECT 1,SWAPDB 0 1,MOVE k 1,SHUTDOWN,CONFIG SET maxmemory 1,RESET,MONITOR,SCRIPT FLUSH,
      COPY a b DB 1,ACL SETUSER x,CLIENT KILL TYPE normal,FUNCTION FLUSH,DEBUG SLEEP 0,REPLICAOF NO ONE,SLOWLOG RESET`;
    for (const line of lines.split(/,\s*/)) {
      expect([line, await run(sandbox, line)]).toEqual([
        line,
        expect.stringMatching(/^NOPERM .*server that you named/),
      ]);
      expect(await run(sandbox, 'PING')).toBe('PONG');
    }
  });

  test('what blocks the learner can be ended, and nobody else', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    const other = await LearnerClient.connect({ host: '127.0.0.1', port }, 'other');
    onTestFinished(() => other.close());
    const blocked = run(sandbox, 'BLPOP nothing 0');
    const theirs = other.send(words('BLPOP nothing 1'));
    const isBlocked = async () =>
      /blocked_clients:(\d)/.exec(await text(await sandbox.engine.send(['INFO'])))?.[1];
    await expect.poll(isBlocked).toBe('2');
    await sandbox.engine.send(['CLIENT', 'UNBLOCK', String(other.id), 'ERROR']);
    await interrupt(sandbox.engine, sandbox.learner);
    expect(await blocked).toMatch(/^UNBLOCKED/);
    expect((await theirs).type).toBe('nil');
  });

  test('what stays within it, or only looks, is not', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    for (const line of [
      'SELECT 0',
      'CLIENT ID',
      'CONFIG GET maxmemory',
      'COPY a b',
      'OBJECT HELP',
      'SLOWLOG LEN',
      'MULTI',
      'EXEC',
    ])
      expect([line, await run(sandbox, line)]).toEqual([line, expect.not.stringContaining('NOPERM')]);
  });

  test('commands sent without waiting arrive in order, and one that blocks holds up nothing', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    const lines = Array.from({ length: 20 }, (_, index) => ['RPUSH', 'list', String(index)]);
    await sandbox.engine.pipeline([...lines, ['EXPIRE', 'list', '100']]);
    const blocked = run(sandbox, 'BLPOP empty 0');
    expect(text(await sandbox.engine.send(['LINDEX', 'list', '-1']))).toBe('19');
    // Where the writer reads without a trace, this brings servers of some versions down.
    await sandbox.engine.snapshot();
    await sandbox.engine.send(['RPUSH', 'empty', 'x']);
    expect(await blocked).toBe('array');
  });

  test('the learner gets a new connection in the same database, as fenced as the old one', async () => {
    const { port } = await serve();
    const sandbox = await open(`redis://127.0.0.1:${port}`, { db: 4 });
    await sandbox.reconnect();
    expect(await run(sandbox, 'FLUSHALL')).toMatch(/^NOPERM/);
    expect(await run(sandbox, 'CLIENT INFO')).toContain(' db=4 ');
  });
});

describe('what a crash left behind', () => {
  async function leftovers(owner: string, until: number) {
    const server = await serve();
    server.cli('SET', 'cart:9', 'left');
    server.cli('HSET', MARK, 'owner', owner, 'until', String(until), 'key:cart:9', '', 'key:gone', '');
    return server;
  }
  const dead = JSON.stringify({ ...ourselves(), begun: '1' });
  const elsewhere = JSON.stringify({ place: 'another machine', pid: 1, begun: '1' });

  test('of a run of this machine is removed at once, and the database taken over', async () => {
    const { port, cli } = await leftovers(dead, Date.now() + 60_000);
    const sandbox = await open(`redis://127.0.0.1:${port}`);
    expect(cli('EXISTS', 'cart:9')).toBe('0');
    await sandbox.close();
    expect(cli('DBSIZE')).toBe('0');
  });

  test('of another machine is removed when its time is up, and left alone before', async () => {
    const { port, cli } = await leftovers(elsewhere, Date.now() + 60_000);
    await refused(`redis://127.0.0.1:${port}`, 'Another Rediscover');
    expect(cli('GET', 'cart:9')).toBe('left');
    cli('HSET', MARK, 'until', String(Date.now() - 1000));
    await open(`redis://127.0.0.1:${port}`);
    expect(cli('EXISTS', 'cart:9')).toBe('0');
  });

  test('is not touched where another program has written into the database since', async () => {
    const { port, cli } = await leftovers(dead, 0);
    cli('SET', 'theirs', '1');
    await refused(`redis://127.0.0.1:${port}`, 'holds 1 key that is not ours');
    expect(cli('DBSIZE')).toBe('3');
  });
});
