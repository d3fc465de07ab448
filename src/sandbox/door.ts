import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { NoTls, NotSetUp } from '../failure.ts';
import { EngineClient } from '../redis/engine-client.ts';
import type { Reply } from '../redis/reply.ts';
import type { Target } from '../redis/target.ts';
import { type Access, BadAccess, checkAccess } from './access.ts';
import { guestRules, learnerRules } from './learner-acl.ts';
import type { ServerProgram } from './provider.ts';

/** Where a private server that asks something of whoever comes in is really reached. */
export interface Door {
  access: Access;
  /** Without TLS; where `access` asks for TLS, for ourselves alone. */
  plain: Target;
  /** The port of 127.0.0.1 where TLS is spoken, and the authority that signed the server's certificate: as PEM, and in a file. */
  tls?: { port: number; ca: string; file: string };
}

/** How many ports are tried: another program may take one between our look and the server's. */
const TRIES = 20;

/** Throws BadAccess for what no server can be asked for, and NoTls for what `program` can't do, as far as that is known. */
export function checkDoor(access: Access, program: ServerProgram): void {
  checkAccess(access);
  // A container would have to be given the files.
  if (access.tls && program.image) throw noTls();
}

/**
 * Sets up a server that runs: its users, and its port for TLS with the files it needs in `folder`. All of it is sent as
 * commands, in which no value can end a line and begin another. Throws BadAccess for rules that the server does not know,
 * NoTls where it speaks no TLS, and NotSetUp where it does not begin to.
 */
export async function openDoor(
  access: Access,
  server: { engineTarget: Target; program: ServerProgram; folder: string },
  nextPort = freePort,
): Promise<Door> {
  const { username: _, password: __, ...plain } = server.engineTarget;
  const engine = await EngineClient.connect(server.engineTarget, 'rediscover:engine');
  try {
    await makeUsers(engine, access, server.program.version);
    if (!access.tls) return { access, plain };
    return { access, plain, tls: await serveTls(engine, access.tls.names, server.folder, nextPort) };
  } finally {
    await engine.close();
  }
}

async function makeUsers(engine: EngineClient, access: Access, version: string): Promise<void> {
  const secret = access.password === undefined ? 'nopass' : `>${access.password}`;
  const users = [
    ['default', 'reset', 'on', ...learnerRules(version).split(' '), secret],
    ...(access.users ?? []).map(({ name, password, rules }) => [
      ...[name, 'reset', 'on'],
      ...guestRules(version, rules),
      `>${password}`,
    ]),
  ];
  const replies = await engine.pipeline(users.map((words) => ['ACL', 'SETUSER', ...words]));
  for (const [index, [name]] of users.entries()) {
    const said = errorOf(replies[index]!);
    if (said) throw new BadAccess(`The server does not make the user ${name}: ${said}.`);
  }
}

async function serveTls(
  engine: EngineClient,
  names: string[],
  folder: string,
  nextPort: () => Promise<number>,
): Promise<NonNullable<Door['tls']>> {
  const known = await engine.send(['CONFIG', 'GET', 'tls-port']);
  if (known.type !== 'array') throw broken(errorOf(known) ?? known.type);
  if (known.items.length === 0) throw noTls();
  const { makeCertificates } = await import('./certificates.ts');
  const { ca, certificate, key } = makeCertificates(names);
  const files = { 'tls-ca-cert-file': ca, 'tls-cert-file': certificate, 'tls-key-file': key };
  for (const [setting, text] of Object.entries(files)) {
    const path = fileOf(folder, setting);
    writeFileSync(path, text, { mode: 0o600 });
    await configure(engine, setting, path);
  }
  await configure(engine, 'tls-auth-clients', 'no');
  let said = '';
  for (let tries = 0; tries < TRIES; tries++) {
    const port = await nextPort();
    said = errorOf(await engine.send(['CONFIG', 'SET', 'tls-port', String(port)])) ?? '';
    if (said === '') return { port, ca, file: fileOf(folder, 'tls-ca-cert-file') };
  }
  throw broken(said);
}

function fileOf(folder: string, setting: string): string {
  return join(folder, `${setting.slice(0, -'-file'.length)}.pem`);
}

async function configure(engine: EngineClient, setting: string, value: string): Promise<void> {
  const said = errorOf(await engine.send(['CONFIG', 'SET', setting, value]));
  if (said) throw broken(said);
}

/** One that nobody listens on, a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function errorOf(reply: Reply): string | undefined {
  return reply.type === 'error' ? reply.bytes.toString().replace(/\.$/, '') : undefined;
}

function noTls(): NoTls {
  return new NoTls('This Redis server does not speak TLS.', {
    next: 'Install a redis-server or valkey-server that was built with TLS: those of Debian, Ubuntu and Homebrew are.',
  });
}

function broken(said: string): NotSetUp {
  return new NotSetUp(`The private server does not begin to speak TLS: ${said}.`, {
    next: 'Try again, or see rediscover doctor.',
  });
}
