import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { NoTls, NotSetUp } from '../src/failure.ts';
import { ConnectionLost } from '../src/redis/connection.ts';
import { Relay } from '../src/redis/relay.ts';
import type { Reply } from '../src/redis/reply.ts';
import { splitArgs } from '../src/redis/split.ts';
import { type Access, BadAccess } from '../src/sandbox/access.ts';
import { openDoor } from '../src/sandbox/door.ts';
import { guestRules } from '../src/sandbox/learner-acl.ts';
import { sweepPrivateFolders } from '../src/sandbox/private-folder.ts';
import { type GuardedSandbox, PrivateSandbox } from '../src/sandbox/private-sandbox.ts';
import { startPrivateServer } from '../src/sandbox/private-server.ts';
import { Probe } from '../src/sandbox/probe.ts';
import { accepts, folder, program } from './setup/sandbox-stage.ts';

const at = { host: 'vault.shop.example', port: 6390 };
const URL_OF = `${at.host}:${at.port}`;

async function open(access: Partial<Access>): Promise<GuardedSandbox> {
  const sandbox = await PrivateSandbox.open({ access: { ...at, ...access } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** What the learner's connection answers to a line. */
async function answer(sandbox: PrivateSandbox, line: string): Promise<string> {
  return text(await sandbox.learner.send(splitArgs(line)!));
}

function text(reply: Reply): string {
  if ('bytes' in reply) return reply.bytes.toString();
  return 'text' in reply ? reply.text : reply.type;
}

describe('a server with a password', () => {
  let sandbox: GuardedSandbox;
  beforeAll(async () => {
    sandbox = await PrivateSandbox.open({ access: { ...at, password: 'p@ss:w/rd%' } });
  });
  afterAll(() => sandbox.close());

  test('is come into without one, and then answers NOAUTH until AUTH', async () => {
    expect(await sandbox.connect(`redis://${URL_OF}`)).toEqual({
      kind: 'connected',
      user: null,
      db: 0,
      tls: false,
    });
    expect(await answer(sandbox, 'GET k')).toMatch(/^NOAUTH/);
    expect(await answer(sandbox, 'AUTH wrong')).toMatch(/^WRONGPASS/);
    expect(sandbox.learner.id).toBe(0);
    expect(await answer(sandbox, 'AUTH p@ss:w/rd%')).toBe('OK');
    expect(await answer(sandbox, 'SET k 1')).toBe('OK');
    expect(sandbox.learner.id).toBeGreaterThan(0);
    expect(await answer(sandbox, 'CLIENT GETNAME')).toBe('rediscover:learner');
  });

  test('forgets who logged in at RESET, and remembers it when MONITOR ends', async () => {
    await sandbox.connect(`redis://${URL_OF}`);
    await answer(sandbox, 'AUTH p@ss:w/rd%');
    await answer(sandbox, 'MONITOR');
    await sandbox.learner.unsubscribeAll();
    expect(await answer(sandbox, 'ACL WHOAMI')).toBe('default');
    await answer(sandbox, 'RESET');
    expect(await answer(sandbox, 'GET k')).toMatch(/^NOAUTH/);
  });

  test('takes it from the URL, percent-encoded, and the database', async () => {
    expect(await sandbox.connect(`redis://:p%40ss%3Aw%2Frd%25@${URL_OF}/3`)).toEqual({
      kind: 'connected',
      user: 'default',
      db: 3,
      tls: false,
    });
    expect(sandbox.learner.db).toBe(3);
    await answer(sandbox, 'SET here 1');
    expect(text(await sandbox.engine.send(['INFO', 'keyspace']))).toContain('db3:keys=1');
  });

  test('refuses a wrong one in its own words, and the connection that was there stays', async () => {
    await sandbox.connect(`redis://default:p%40ss%3Aw%2Frd%25@${URL_OF}`);
    const { learner } = sandbox;
    const entry = await sandbox.connect(`redis://:hunter2@${URL_OF}`);
    expect(entry).toMatchObject({
      kind: 'refused',
      why: 'wrongpass',
      said: expect.stringMatching(/^WRONGPASS/),
    });
    expect(JSON.stringify(entry)).not.toContain('hunter2');
    expect(sandbox.learner).toBe(learner);
    expect(await answer(sandbox, 'PING')).toBe('PONG');
  });

  test('says that a password without a colon is taken for a user', async () => {
    const entry = await sandbox.connect(`redis://p%40ss%3Aw%2Frd%25@${URL_OF}`);
    expect(entry).toMatchObject({
      why: 'no-password',
      message: expect.stringContaining('redis://:password@'),
    });
    expect(JSON.stringify(entry)).not.toContain('p@ss');
  });

  test('ends the connection that was there once another is', async () => {
    const { learner } = sandbox;
    await sandbox.connect(`redis://${URL_OF}`);
    expect(sandbox.learner).not.toBe(learner);
    await expect(learner.send([Buffer.from('PING')])).rejects.toThrow(ConnectionLost);
  });

  test('refuses a database that there is not; who has yet to log in stays in the first', async () => {
    const login = ':p%40ss%3Aw%2Frd%25@';
    expect(await sandbox.connect(`redis://${login}${URL_OF}/99`)).toMatchObject({ why: 'database' });
    expect(await sandbox.connect(`redis://${URL_OF}/3`)).toMatchObject({ user: null, db: 0 });
  });

  test('makes nobody of whoever reconnects, and is put into a state as ever', async () => {
    await sandbox.connect(`redis://:p%40ss%3Aw%2Frd%25@${URL_OF}`);
    const { snapshot } = await sandbox.give([['SET', 'a', '1'].map((word) => Buffer.from(word))]);
    expect(snapshot.keys.size).toBe(1);
    await sandbox.reconnect();
    expect(await answer(sandbox, 'GET a')).toMatch(/^NOAUTH/);
  });

  test('is reached by code at a port of its own, also with the password', async () => {
    const { host, port } = (await sandbox.place()).at;
    expect(host).toBe('127.0.0.1');
    expect((await sandbox.place()).at).toEqual({ host, port });
    const probe = await Probe.open({ host, port }, 5000);
    onTestFinished(() => probe.close());
    expect(await probe.ask('PING')).toMatch(/^-NOAUTH/);
    expect(await probe.ask('AUTH', 'p@ss:w/rd%')).toBe('+OK');
    expect(await probe.ask('PING')).toBe('+PONG');
  });

  test('has a default user that cannot break it', async () => {
    await sandbox.connect(`redis://:p%40ss%3Aw%2Frd%25@${URL_OF}`);
    for (const line of ['SHUTDOWN NOSAVE', 'CONFIG SET maxmemory 1', 'ACL SETUSER default nopass'])
      expect(await answer(sandbox, line)).toMatch(/^NOPERM/);
  });

  test.each([
    ['http://vault.shop.example:6390', 'unreadable'],
    ['vault.shop.example:6390', 'unreadable'],
    ['redis://vault.shop.example:port', 'unreadable'],
    ['redis://:p%ss@vault.shop.example:6390', 'unreadable'],
    ['redis://vault.shop.exampel:6390', 'unknown-host'],
    ['redis://127.0.0.1:6390', 'unknown-host'],
    ['unix:///tmp/redis.sock', 'unknown-host'],
    ['redis://vault.shop.example', 'unknown-port'],
    ['redis://vault.shop.example:6391', 'unknown-port'],
  ])('is not what %s names', async (url, why) => {
    const entry = await sandbox.connect(url);
    expect(entry).toMatchObject({ kind: 'refused', why });
    expect(entry).not.toHaveProperty('message', expect.stringContaining('undefined'));
  });

  test('is the only one that is ever dialled', async () => {
    const came: unknown[] = [];
    const other = createServer((socket) => void came.push(socket.destroy())).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    for (const host of ['127.0.0.1', 'localhost', '[::1]', at.host])
      for (const scheme of ['redis', 'rediss'])
        expect(await sandbox.connect(`${scheme}://${host}:${port}`)).toMatchObject({ kind: 'refused' });
    expect(await accepts({ host: '127.0.0.1', port })).toBe(true);
    await vi.waitFor(() => expect(came).toHaveLength(1));
  });

  test('does not understand a greeting by TLS', async () => {
    const entry = await sandbox.connect(`rediss://${URL_OF}`, { ca: true });
    expect(entry).toMatchObject({ kind: 'refused', why: 'tls-to-plain' });
    expect(await answer(sandbox, 'PING')).toBeTruthy();
  });

  test('that went away cannot be reached, which is nobody’s mistake', async () => {
    const gone = await open({});
    await gone.server.stop();
    expect(await gone.connect(`redis://${URL_OF}`)).toMatchObject({ why: 'unreachable' });
  });
});

describe('a server with users', () => {
  const rules = ['~catalog:*', '+@read', '+@connection'];
  let sandbox: GuardedSandbox;
  beforeAll(async () => {
    sandbox = await PrivateSandbox.open({
      access: {
        ...at,
        users: [
          { name: 'reader', password: 'r', rules },
          {
            name: 'greedy',
            password: 'g',
            rules: ['allkeys', 'allchannels', '+@all', '+config|set', '+SHUTDOWN', '+shutdown|nosave'],
          },
          { name: 'curious', password: 'c', rules: ['~*', '+@all', '-@dangerous', '+acl|whoami'] },
        ],
      },
    });
    await sandbox.engine.pipeline([
      ['SET', 'catalog:1', 'tea'],
      ['SET', 'order:1', 'x'],
    ]);
  });
  afterAll(() => sandbox.close());

  test('lets anyone in as default where that has no password, and wants none in words', async () => {
    expect(await sandbox.connect(`redis://${URL_OF}`)).toMatchObject({ user: 'default' });
    expect(await sandbox.connect(`redis://:any@${URL_OF}`)).toMatchObject({
      why: 'password-unasked',
      said: expect.stringContaining('without any password'),
    });
  });

  test('gives each no more than its rules', async () => {
    expect(await sandbox.connect(`redis://reader:r@${URL_OF}`)).toMatchObject({ user: 'reader' });
    expect(await answer(sandbox, 'GET catalog:1')).toBe('tea');
    expect(await answer(sandbox, 'GET order:1')).toMatch(/^NOPERM/);
    expect(await answer(sandbox, 'SET catalog:1 coffee')).toMatch(/^NOPERM/);
    for (const line of ['ACL LIST', 'ACL WHOAMI', 'CONFIG GET maxmemory', 'INFO'])
      expect(await answer(sandbox, line)).toMatch(/^NOPERM/);
  });

  test.each([
    'SHUTDOWN NOSAVE',
    'CONFIG SET maxmemory 1',
    'CONFIG REWRITE',
    'MODULE LOAD /tmp/x.so',
    'DEBUG SLEEP 1',
    'MIGRATE 127.0.0.1 6379 k 0 1000',
    'REPLICAOF 127.0.0.1 6379',
    'ACL SETUSER greedy +@all',
    'ACL DELUSER engine',
    'CLIENT KILL TYPE normal',
    'CLIENT PAUSE 10000',
    'SCRIPT DEBUG SYNC',
    'SAVE',
  ])('gives none %s, whatever its rules', async (line) => {
    await sandbox.connect(`redis://greedy:g@${URL_OF}`);
    expect(await answer(sandbox, line)).toMatch(/^(NOPERM|ERR (DEBUG|MODULE|SCRIPT DEBUG))/);
  });

  test('lets those who may do all look', async () => {
    await sandbox.connect(`redis://greedy:g@${URL_OF}`);
    expect(await answer(sandbox, 'ACL WHOAMI')).toBe('greedy');
    expect(await answer(sandbox, 'CONFIG GET maxmemory')).toBe('array');
    await sandbox.connect(`redis://curious:c@${URL_OF}`);
    expect(await answer(sandbox, 'ACL WHOAMI')).toBe('curious');
    expect(await answer(sandbox, 'ACL LIST')).toMatch(/^NOPERM/);
  });

  test('wants the password of a user that is named without one', async () => {
    expect(await sandbox.connect(`redis://reader@${URL_OF}`)).toMatchObject({ why: 'no-password' });
  });
});

describe('of what no learner may, rules', () => {
  test('of a course give back nothing that it does not give', () => {
    for (const version of ['6.2.7', '7.2.0']) {
      const added = guestRules(version, ['~*', '+get']).slice(2);
      expect(added.filter((rule) => !rule.startsWith('-'))).toEqual([]);
      expect(added).toEqual(expect.arrayContaining(['-config', '-acl', '-shutdown', '-migrate']));
    }
  });

  test('before 7.0 deny a command and give back its other parts, where the course gives them', () => {
    const rules = guestRules('6.2.7', ['+@connection', '+@all', '-@all', '+@connection']);
    expect(rules.slice(4)).toContain('-client');
    expect(rules.slice(4)).toContain('+client|setname');
    expect(rules.slice(4)).not.toContain('+client|kill');
    expect(rules.slice(4)).not.toContain('+script|load');
  });
});

describe('what a course cannot ask for', () => {
  const user = { name: 'reader', password: 'r', rules: ['+@read'] };
  const cases: [string, Partial<Access>][] = [
    ['a password of two lines', { password: 'a\nuser default on nopass +@all ~*' }],
    ['a password with a space', { password: 'hunter two' }],
    ['a password with a quote', { password: 'a"b' }],
    ['no characters for a password', { password: '' }],
    ['a user with such a password', { users: [{ ...user, password: 'a\r\nb' }] }],
    ['a user of ours', { users: [{ ...user, name: 'engine' }] }],
    ['a user of two words', { users: [{ ...user, name: 'a on' }] }],
    ['two users of a name', { users: [user, user] }],
    ...[
      'nopass',
      '>other',
      '#abc',
      'reset',
      'on',
      '(+@all ~*)',
      '(+@all',
      '+get ~*',
      '~a\nb',
      '+get"',
      '~a\u200b',
    ].map((rule): [string, Partial<Access>] => [
      `the rule ${JSON.stringify(rule)}`,
      { users: [{ ...user, rules: [rule] }] },
    ]),
    ['a host with a line break', { host: 'a\nb' }],
    ['no port', { port: 0 }],
    ['a certificate for no name', { tls: { names: [] } }],
    ['a certificate for a name with a space', { tls: { names: ['a b'] } }],
    ['a certificate for an address', { host: '10.0.0.1', tls: { names: ['a.example'] } }],
  ];

  test.each(cases)('is %s', async (_, access) => {
    const asked = PrivateSandbox.open({ access: { ...at, ...access } });
    await expect(asked).rejects.toThrow(BadAccess);
    await expect(asked).rejects.toMatchObject({ exitCode: 4, next: expect.any(String) });
    if (access.password)
      await expect(asked).rejects.not.toMatchObject({ message: expect.stringContaining(access.password) });
  });

  test('is a command that the server does not know, and no server or folder is left', async () => {
    const temporary = folder();
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('XDG_RUNTIME_DIR', '').stubEnv('TMPDIR', temporary);
    const asked = PrivateSandbox.open({ access: { ...at, users: [{ ...user, rules: ['+gett'] }] } });
    await expect(asked).rejects.toThrow(BadAccess);
    await expect(asked).rejects.toThrow(/reader.*gett/);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('a server that speaks TLS alone', () => {
  let sandbox: GuardedSandbox;
  beforeAll(async () => {
    sandbox = await PrivateSandbox.open({
      access: { ...at, password: 'hunter2', tls: { names: [at.host, 'other.example'] } },
    });
  });
  afterAll(() => sandbox.close());

  test('is come into by rediss:// where its authority is trusted', async () => {
    expect(await sandbox.connect(`rediss://:hunter2@${URL_OF}/2`, { ca: true })).toEqual({
      kind: 'connected',
      user: 'default',
      db: 2,
      tls: true,
    });
    expect(await answer(sandbox, 'SET k 1')).toBe('OK');
    expect(await sandbox.connect(`rediss://${URL_OF}`, { ca: true })).toMatchObject({ user: null });
    expect(await answer(sandbox, 'SET k 1')).toMatch(/^NOAUTH/);
    expect(await sandbox.connect(`rediss://:no@${URL_OF}`, { ca: true })).toMatchObject({ why: 'wrongpass' });
  });

  test('is not trusted without its authority, whatever the environment says', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { learner } = sandbox;
    expect(await sandbox.connect(`rediss://:hunter2@${URL_OF}`)).toMatchObject({
      why: 'certificate-authority',
    });
    expect(sandbox.learner).toBe(learner);
  });

  test('ends what speaks to it plainly', async () => {
    const entry = await sandbox.connect(`redis://:hunter2@${URL_OF}`, { ca: true });
    expect(entry).toMatchObject({ kind: 'refused', why: 'plain-to-tls', said: expect.any(String) });
    expect(JSON.stringify(entry)).not.toContain('hunter2');
  });

  test('is refused with a certificate of another name', async () => {
    const wrong = await open({ tls: { names: ['www.shop.example'] } });
    expect(await wrong.connect(`rediss://${URL_OF}`, { ca: true })).toMatchObject({
      why: 'certificate-name',
      said: expect.stringContaining('www.shop.example'),
    });
    expect(await wrong.connect(`rediss://${URL_OF}`)).toMatchObject({ why: 'certificate-authority' });
  });

  test('is reached by code at its own port, on this machine alone, with the authority at hand', async () => {
    const { host, port } = (await sandbox.place()).at;
    const socket = connectTls({ host, port, servername: at.host, ca: sandbox.ca! });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    socket.write('PING\r\n');
    expect(String((await once(socket, 'data'))[0])).toMatch(/^-NOAUTH/);
    const bound = await sandbox.engine.send(['CONFIG', 'GET', 'bind']);
    expect(bound.type === 'array' && bound.items.map(text)).toEqual(['bind', '127.0.0.1']);
    expect(text(await sandbox.engine.send(['INFO', 'server']))).toContain(`tcp_port:${port}`);
  });

  test('keeps its files to this user, and no key of the authority', () => {
    const { folder } = sandbox.server;
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const files = readdirSync(folder).filter((name) => name !== 'redis.sock');
    expect(files.filter((name) => name.endsWith('.pem'))).toHaveLength(3);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    expect(
      files.filter((name) => readFileSync(join(folder, name), 'utf8').includes('PRIVATE KEY')),
    ).toHaveLength(1);
  });

  test('tries another port where one is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const server = await startPrivateServer(sandbox.server.program);
    onTestFinished(() => server.stop());
    const { port: free } = (await sandbox.place()).at;
    const ports = [port, free, port];
    const nextPort = async () => ports.shift() ?? 30_000 + Math.floor(Math.random() * 2000);
    const door = await openDoor({ ...at, tls: { names: [at.host] } }, server, nextPort);
    expect(ports).toEqual([]);
    expect(await accepts({ host: '127.0.0.1', port: door.tls!.port })).toBe(true);
  });

  test('is none in a container, which is told before one is started', async () => {
    const contained = { ...sandbox.server.program, command: '/nowhere/docker', image: 'redis:7.2-alpine' };
    const started = startPrivateServer(contained, { access: { ...at, tls: { names: [at.host] } } });
    await expect(started).rejects.toThrow(NoTls);
    await expect(started).rejects.toMatchObject({ exitCode: 3, next: expect.any(String) });
  });

  test('is none of a program that was built without, which is told from one that is broken', async () => {
    const server = await startPrivateServer(sandbox.server.program);
    onTestFinished(() => server.stop());
    const { username, password } = server.engineTarget;
    // Built without it, a server has no such setting.
    let said = '*0\r\n';
    const path = join(folder(), 'relay');
    const relay = await Relay.listen(server.engineTarget, { path });
    onTestFinished(() => relay.close());
    relay.gate = async ({ args }) =>
      args.at(-1)?.toString() === 'tls-port' ? { answer: Buffer.from(said) } : 'forward';
    const { program, folder: home } = server;
    const asked = { ...at, tls: { names: [at.host] } };
    const open = () =>
      openDoor(asked, { program, folder: home, engineTarget: { socketPath: path, username, password } });
    await expect(open()).rejects.toThrow(NoTls);
    said = '-ERR something else\r\n';
    const broken = await open().catch((error) => error);
    expect(broken).toBeInstanceOf(NotSetUp);
    expect(broken).not.toBeInstanceOf(NoTls);
    expect(readdirSync(home).filter((name) => name.endsWith('.pem'))).toEqual([]);
  });
});

describe('a guarded server of a program', () => {
  test('that is killed with -9 goes along with it, and so does its folder at the next start', async () => {
    const main = await program(
      `
      import { PrivateSandbox } from '../src/sandbox/private-sandbox.ts';
      const access = { host: 'vault.shop.example', port: 6390, tls: { names: ['vault.shop.example'] } };
      const sandbox = await PrivateSandbox.open({ access });
      const { folder, engineTarget } = sandbox.server;
      console.log(JSON.stringify({ folder, socket: engineTarget.socketPath, ...(await sandbox.place()).at }));
      process.stdin.resume();
    `,
      'guarded',
    );
    const owner = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void owner.kill('SIGKILL'));
    const [line] = await once(createInterface(owner.stdout), 'line');
    const { folder, socket, host, port } = JSON.parse(line);
    expect(await accepts({ host, port })).toBe(true);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    for (const place of [{ path: socket }, { host, port }]) while (await accepts(place)) await sleep(2);
    await sweepPrivateFolders();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a server that asks for nothing', () => {
  test('has no way in by a URL, no port, and no certificate', async () => {
    const sandbox = await PrivateSandbox.open({});
    onTestFinished(() => sandbox.close());
    expect([sandbox.connect, sandbox.place, sandbox.ca]).toEqual([undefined, undefined, undefined]);
    expect(readdirSync(sandbox.server.folder).sort()).toEqual([
      'log',
      'owner.json',
      'redis.conf',
      'redis.sock',
    ]);
    const port = await sandbox.engine.send(['CONFIG', 'GET', 'tls-port']);
    expect(port.type === 'array' && port.items.map(text)).toEqual(['tls-port', '0']);
  });

  test('loads nothing of all this', () => {
    const chunks = readdirSync('dist').filter((name) => name.endsWith('.js') && name !== 'node-driver.js');
    const holding = (mark: string) =>
      chunks.filter((name) => readFileSync(join('dist', name), 'utf8').includes(mark));
    // The number by which certificates name subjects' other names.
    const [certificates, ...others] = holding('2.5.29.17');
    expect(others).toEqual([]);
    const [door, ...further] = holding('tls-cert-file');
    expect(further).toEqual([]);
    for (const late of [certificates, door]) expect(holding(`from"./${late}"`)).toEqual([]);
  });
});
