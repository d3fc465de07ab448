import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Reply } from '../src/redis/reply.ts';
import { findServerProgram } from '../src/sandbox/find-program.ts';
import { learnerRules } from '../src/sandbox/learner-acl.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { sweepPrivateFolders } from '../src/sandbox/private-folder.ts';
import { type PrivateServer, startPrivateServer } from '../src/sandbox/private-server.ts';
import { Probe } from '../src/sandbox/probe.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { accepts, folder, pathOf, program } from './setup/sandbox-stage.ts';

let server: PrivateServer;
beforeAll(async () => {
  server = await startPrivateServer(await findServerProgram());
});
afterAll(() => server.stop());

/** A conversation with the server as one of its users. */
async function as(target: PrivateServer['engineTarget']): Promise<Probe> {
  const probe = await Probe.open(target, 5000);
  onTestFinished(() => probe.close());
  await probe.ask('AUTH', target.username!, target.password!);
  return probe;
}

describe('a private server', () => {
  test('keeps its folder and its secrets to this user', () => {
    expect(statSync(server.folder).mode & 0o777).toBe(0o700);
    for (const name of ['redis.conf', 'log', 'owner.json'])
      expect(statSync(join(server.folder, name)).mode & 0o077).toBe(0);
    const conf = readFileSync(join(server.folder, 'redis.conf'), 'utf8');
    expect(conf).toContain(server.engineTarget.password!);
    expect(server.engineTarget.password).not.toBe(server.learnerTarget.password);
  });

  test('shows no secret in its command line or its environment', () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      for (const file of ['cmdline', 'environ']) {
        let text = '';
        try {
          text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
        } catch {
          // Ended meanwhile, or another user's.
        }
        expect(
          text.includes(server.engineTarget.password!) || text.includes(server.learnerTarget.password!),
        ).toBe(false);
      }
    }
  });

  test('saves nothing and keeps within its memory', async () => {
    const engine = await as(server.engineTarget);
    const memory = await engine.ask('INFO', 'memory');
    expect(memory).toContain('maxmemory:67108864');
    expect(memory).toContain('maxmemory_policy:noeviction');
    expect(await engine.ask('INFO', 'persistence')).toContain('aof_enabled:0');
    expect(await engine.ask('INFO', 'server')).toContain('tcp_port:0');
  });

  test('lets nobody in without a password', async () => {
    const probe = await Probe.open({ socketPath: server.engineTarget.socketPath! }, 5000);
    onTestFinished(() => probe.close());
    expect(await probe.ask('PING')).toMatch(/^-NOAUTH/);
    expect(await probe.ask('AUTH', 'default', '')).toMatch(/^-WRONGPASS/);
  });

  test('is reached by TCP when asked for, on this machine alone, and keeps to its port', async () => {
    const sandbox = await openSandbox();
    onTestFinished(() => sandbox.close());
    const url = new URL(await sandbox.url());
    expect(url.hostname).toBe('127.0.0.1');
    expect(await sandbox.url()).toBe(url.href);
    const probe = await as({
      host: url.hostname,
      port: Number(url.port),
      username: url.username,
      password: url.password,
    });
    expect(await probe.ask('PING')).toBe('+PONG');
    await sandbox.close();
    expect(await accepts({ host: url.hostname, port: Number(url.port) })).toBe(false);
  });

  test('that does not start says why, and leaves nothing behind', async () => {
    const bin = pathOf({
      'redis-server': 'echo "*** FATAL CONFIG FILE ERROR ***" >&2; echo "Bad directive" >&2; exit 1',
    });
    const broken = { ...server.program, command: join(bin, 'redis-server'), env: {} };
    const temporary = folder();
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('XDG_RUNTIME_DIR', '').stubEnv('TMPDIR', temporary);
    await expect(startPrivateServer(broken)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('Bad directive'),
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('is gone with its folder after stop, which can be called twice', async () => {
    const one = await startPrivateServer(server.program);
    const path = one.engineTarget.socketPath!;
    await Promise.all([one.stop(), one.stop()]);
    expect(await accepts({ path })).toBe(false);
    expect(existsSync(one.folder)).toBe(false);
  });
});

describe('the learner of a private server', () => {
  const denied = [
    'SHUTDOWN NOSAVE',
    'CONFIG SET maxmemory 1',
    'CONFIG REWRITE',
    'CONFIG RESETSTAT',
    'REPLICAOF 127.0.0.1 6379',
    'SLAVEOF NO ONE',
    'MODULE LOAD /tmp/x.so',
    'MIGRATE 127.0.0.1 6379 k 0 1000',
    'FAILOVER',
    'SAVE',
    'BGSAVE',
    'BGREWRITEAOF',
    'DEBUG SLEEP 1',
    'ACL SETUSER learner +@all',
    'ACL DELUSER engine',
    'ACL LOG RESET',
    'CLIENT KILL TYPE normal',
    'CLIENT PAUSE 10000',
    'SCRIPT DEBUG SYNC',
    'SYNC',
    'PSYNC ? -1',
  ];

  test.each(denied)('can not run %s', async (line) => {
    const learner = await as(server.learnerTarget);
    expect(await learner.ask(...line.split(' '))).toMatch(
      /^-(NOPERM|ERR (DEBUG|MODULE) command not allowed)/,
    );
  });

  test.each([
    'SET k v',
    'FLUSHALL',
    'CLIENT ID',
    'CLIENT SETNAME me',
    'ACL WHOAMI',
    'SCRIPT FLUSH',
    'PUBLISH c m',
    'INFO server',
    'MULTI',
    'DBSIZE',
    'EVAL return(1) 0',
    'OBJECT HELP',
    'MEMORY DOCTOR',
    'LASTSAVE',
    'SWAPDB 0 1',
    'SELECT 3',
  ])('can run %s', async (line) => {
    const learner = await as(server.learnerTarget);
    // Only what a probe can read is asked for; an error reply would be one, an array is not.
    const reply = await learner.ask(...line.split(' ')).catch((error: Error) => error.name);
    expect(reply).not.toMatch(/^-/);
  });

  test('sees no password in the configuration', async () => {
    const sandbox = await openSandbox();
    onTestFinished(() => sandbox.close());
    const shown = JSON.stringify(
      await sandbox.learner.send(['CONFIG', 'GET', '*'].map((word) => Buffer.from(word))),
      (_, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString() : value),
    );
    expect(shown).toContain('maxmemory');
    expect(shown).not.toContain(sandbox.target.password);
  });

  test('has rules that name no subcommand which 6.2 does not have', () => {
    expect(learnerRules('6.2.7')).not.toMatch(/-\w+\||setinfo|no-touch|unpause/);
    expect(learnerRules('6.2.7')).toContain('+config|get');
  });
});

describe('a private sandbox', () => {
  const words = (line: string) => line.split(' ').map((word) => Buffer.from(word));
  const text = (reply: Reply) =>
    'bytes' in reply ? reply.bytes.toString() : 'text' in reply ? reply.text : reply.type;

  async function open(): Promise<Sandbox> {
    const sandbox = await openSandbox();
    onTestFinished(() => sandbox.close());
    return sandbox;
  }

  test('says in one line what serves', async () => {
    const sandbox = await open();
    const { product, version, origin } = server.program;
    expect(sandbox.description).toBe(`${product} ${version}, private, ${origin}`);
    expect(sandbox).toMatchObject({ kind: 'private', db: 0 });
  });

  test('is emptied in every database, functions too', async () => {
    const sandbox = await open();
    await sandbox.learner.send(words('SET a 1'));
    await sandbox.engine.pipeline([
      ['SELECT', '3'],
      ['SET', 'b', '1'],
      ['SELECT', '0'],
    ]);
    await sandbox.clear();
    expect(text(await sandbox.engine.send(['INFO', 'keyspace']))).not.toContain('db');
  });

  test('gives the learner a new connection after theirs was ended', async () => {
    const sandbox = await open();
    await sandbox.learner.send(words('SELECT 5'));
    await sandbox.learner.send(words('QUIT')).catch(() => {});
    await sandbox.reconnect();
    expect(text(await sandbox.learner.send(words('PING')))).toBe('PONG');
    expect(sandbox.learner.db).toBe(0);
  });

  test('reports a server that was killed, and no loss when it was closed', async () => {
    const sandbox = await open();
    const info = text(await sandbox.engine.send(['INFO', 'server']));
    process.kill(Number(/process_id:(\d+)/.exec(info)![1]), 'SIGKILL');
    expect(await sandbox.lost).toMatch(/SIGKILL|closed/);

    const closed = await open();
    let lost = false;
    void closed.lost.then(() => {
      lost = true;
    });
    await closed.close();
    await closed.engine.closed;
    expect(lost).toBe(false);
  });

  test('fetches a server anew where the one in the cache does not start any more', async () => {
    const cacheFolder = folder();
    const broken = join(cacheFolder, 'servers/broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    writeFileSync(join(broken, 'bin/redis-server'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    writeFileSync(
      join(broken, 'program.json'),
      JSON.stringify({
        product: 'Redis',
        version: '99.0.0',
        origin: 'from a ruin',
        command: 'bin/redis-server',
      }),
    );
    const bin = pathOf({ docker: '' });
    // The second search finds this one: as if it had been fetched.
    const good = join(cacheFolder, 'good');
    mkdirSync(good);
    writeFileSync(
      join(good, 'redis-server'),
      `#!/bin/sh\nLD_LIBRARY_PATH=${server.program.env.LD_LIBRARY_PATH ?? ''} exec ${server.program.command} "$@"\n`,
    );
    chmodSync(join(good, 'redis-server'), 0o755);
    symlinkSync(good, join(cacheFolder, 'servers/good'));
    writeFileSync(
      join(good, 'program.json'),
      JSON.stringify({
        product: server.program.product,
        version: server.program.version,
        origin: 'fetched again',
        command: 'redis-server',
      }),
    );
    const sandbox = await openSandbox({ cacheFolder, usualFolders: [], env: { PATH: bin } });
    onTestFinished(() => sandbox.close());
    expect(sandbox.description).toContain('fetched again');
    expect(existsSync(broken)).toBe(false);
  });
});

describe('a private server of a program', () => {
  let main: string;
  beforeAll(async () => {
    main = await program(
      `
      import { findServerProgram } from '../src/sandbox/find-program.ts';
      import { startPrivateServer } from '../src/sandbox/private-server.ts';
      import { Relay } from '../src/redis/relay.ts';
      const server = await startPrivateServer(await findServerProgram());
      const { port } = await Relay.listen(server.learnerTarget, { host: '127.0.0.1', port: 0 });
      console.log(JSON.stringify({ folder: server.folder, socket: server.engineTarget.socketPath, port }));
      process.stdin.resume();
      process.stdin.on('end', () => process.exit());
    `,
      'owner',
      (undo) => afterwards.push(undo),
    );
  });
  const afterwards: (() => void)[] = [];
  afterAll(() => {
    for (const undo of afterwards) undo();
  });

  async function startOwner(): Promise<{
    owner: ChildProcess;
    folder: string;
    socket: string;
    port: number;
  }> {
    const owner = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void owner.kill('SIGKILL'));
    const [line] = await once(createInterface(owner.stdout), 'line');
    return { owner, ...JSON.parse(line) };
  }

  /** Until nobody accepts there any more: a process that is killed gives its sockets back one by one. */
  async function silence(place: Parameters<typeof accepts>[0]): Promise<void> {
    while (await accepts(place)) await sleep(2);
  }

  test('that is killed with -9 takes its server along: no server and no socket answers', async () => {
    const { owner, socket, port } = await startOwner();
    owner.kill('SIGKILL');
    await silence({ path: socket });
    await silence({ host: '127.0.0.1', port });
  });

  test('that is killed with -9 takes its folder along; that of a living one stays', async () => {
    const killed = await startOwner();
    const living = await startOwner();
    killed.owner.kill('SIGKILL');
    while (existsSync(killed.folder)) await sleep(2);
    await sweepPrivateFolders();
    expect(await accepts({ path: living.socket })).toBe(true);
    expect(existsSync(living.folder)).toBe(true);
  });

  test('that ends by itself takes the folder along', async () => {
    const { owner, folder, socket } = await startOwner();
    owner.stdin!.end();
    await once(owner, 'exit');
    expect(existsSync(folder)).toBe(false);
    expect(await accepts({ path: socket })).toBe(false);
  });

  test('is not reached by an interrupt of the terminal', async () => {
    const { owner, socket } = await startOwner();
    // Ctrl-C goes to the foreground group, which is ours: the server is in a session of its own.
    const group = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[2];
    const children = readFileSync(`/proc/${owner.pid}/task/${owner.pid}/children`, 'latin1')
      .trim()
      .split(' ')
      .map(Number);
    expect(children).toHaveLength(1);
    expect(group(children[0]!)).not.toBe(group(owner.pid!));
    expect(await accepts({ path: socket })).toBe(true);
  });

  test('ends where its watcher is killed: rather none than an orphan', async () => {
    const { owner, socket } = await startOwner();
    const [serverPid] = readFileSync(`/proc/${owner.pid}/task/${owner.pid}/children`, 'latin1')
      .trim()
      .split(' ');
    const [watcher] = readFileSync(`/proc/${serverPid}/task/${serverPid}/children`, 'latin1')
      .trim()
      .split(' ');
    process.kill(Number(watcher), 'SIGKILL');
    await silence({ path: socket });
    owner.kill('SIGKILL');
  });
});

describe('folders of earlier servers', () => {
  test("that nobody has marked, and other programs' folders of a like name, are left alone", async () => {
    const runtime = folder();
    const old = new Date(Date.now() - 3600_000);
    for (const name of ['rediscover-abcdef', 'rediscover-test-abcdef', 'other']) {
      mkdirSync(join(runtime, name));
      utimesSync(join(runtime, name), old, old);
    }
    await sweepPrivateFolders({ XDG_RUNTIME_DIR: runtime });
    expect(readdirSync(runtime).sort()).toEqual(['other', 'rediscover-abcdef', 'rediscover-test-abcdef']);
  });

  test('of a number that another process has now are swept', async () => {
    const runtime = folder();
    const stale = mkdtempSync(join(runtime, 'rediscover-'));
    const mine = JSON.parse(readFileSync(join(server.folder, 'owner.json'), 'utf8'));
    writeFileSync(join(stale, 'owner.json'), JSON.stringify({ ...mine, begun: '1' }));
    await sweepPrivateFolders({ XDG_RUNTIME_DIR: runtime });
    expect(readdirSync(runtime)).toEqual([]);
  });

  test('of another machine are left alone while they are young', async () => {
    const runtime = folder();
    const young = mkdtempSync(join(runtime, 'rediscover-'));
    writeFileSync(join(young, 'owner.json'), JSON.stringify({ place: 'elsewhere', pid: 1, begun: '1' }));
    await sweepPrivateFolders({ XDG_RUNTIME_DIR: runtime });
    expect(readdirSync(runtime)).toHaveLength(1);
    const old = new Date(Date.now() - 3600_000);
    utimesSync(young, old, old);
    await sweepPrivateFolders({ XDG_RUNTIME_DIR: runtime });
    expect(readdirSync(runtime)).toHaveLength(0);
  });
});

describe('a container, with a stand-in of docker that runs the real server here,', () => {
  test('serves over TCP, opens nothing else, and ends with us', async () => {
    const log = join(folder(), 'log');
    // As docker does: config from standard input, a published port, killed by its name.
    const bin = pathOf(
      {
        docker: `echo "$1 $2 $3" >>${log}
        case "$1" in
          run) sed 's/^port .*/port 0/; s/^dir .*/dir \\/tmp/' >${log}.conf
            n=21000; while :; do n=$((n + 1)); sed "s/^port 0/port $n/" ${log}.conf >${log}.conf2; echo $n >${log}.port
              LD_LIBRARY_PATH=${server.program.env.LD_LIBRARY_PATH ?? ''} ${server.program.command} ${log}.conf2 & echo $! >${log}.pid; wait $! && exit; [ -e ${log}.dead ] && exit 1; done ;;
          port) echo "127.0.0.1:$(cat ${log}.port)" ;;
          kill) : >${log}.dead; kill -9 $(cat ${log}.pid) ;;
        esac`,
      },
      ['sed'],
    );
    const contained = {
      ...server.program,
      command: join(bin, 'docker'),
      image: 'redis:7.2-alpine',
      env: { PATH: bin },
    };
    const started = await startPrivateServer(contained);
    onTestFinished(() => started.stop());
    expect(started.engineTarget).toMatchObject({ host: '127.0.0.1' });
    expect(started.engineTarget.socketPath).toBeUndefined();
    const learner = await as(started.learnerTarget);
    expect(await learner.ask('SHUTDOWN', 'NOSAVE')).toMatch(/^-NOPERM/);
    const { port } = started.engineTarget;
    await started.stop();
    expect(await accepts({ host: '127.0.0.1', port: port! })).toBe(false);
    expect(readFileSync(log, 'utf8')).toContain('kill rediscover-');
  });
});
