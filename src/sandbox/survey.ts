import { NoRedis } from '../failure.ts';
import { showTarget, type Target } from '../redis/target.ts';
import { NotRedis, Probe } from './probe.ts';
import { atLeast, FLOOR } from './version.ts';

/** Milliseconds until a server counts as silent; with the second look below it stays within 5 s. */
const PATIENCE = 3000;
const SECOND_LOOK = 1000;

/** What is known of a server that can be worked with. */
export interface Survey {
  product: 'Redis' | 'Valkey';
  version: string;
  /** How many keys each logical database holds; empty ones are absent. */
  keys: Map<number, number>;
  /** Names of the modules that are loaded. */
  modules: string[];
  /** Milliseconds that PING took. */
  ping: number;
}

/**
 * Logs in to a server that the user named, and looks whether it can be worked with, changing nothing.
 * Throws NoRedis within 5 s for whatever stands in the way, each in words of its own.
 */
export function survey(target: Target): Promise<Survey> {
  return visit(target, converse);
}

/**
 * Probes, and logs in where there is a password; what this user may do there, and what kind of server it is,
 * is not looked at. Throws as `survey` does.
 */
export function greet(target: Target): Promise<void> {
  return visit(target, async (probe, _, name) => {
    if (target.password !== undefined) await logIn(probe, target, name);
    const pong = await probe.ask('PING');
    // Whoever has no password yet may still type AUTH.
    if (/^-(LOADING|DENIED) /.test(pong)) refuse(pong, target, name);
  });
}

/** Puts whatever the server answers to one step of opening into words: rejects with NoRedis alone. */
export async function attempt<T>(target: Target, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof NoRedis) throw cause;
    const { message } = cause as Error;
    if (/DB index is out of range/i.test(message))
      throw new NoRedis(`${addressOf(target)} has no database ${target.db}.`, {
        next: 'Choose another with --db.',
        cause,
      });
    throw new NoRedis(`${addressOf(target)} can't be worked with: ${message}.`, {
      next: 'See rediscover doctor.',
      cause,
    });
  }
}

async function visit<T>(
  target: Target,
  say: (probe: Probe, target: Target, name: string) => Promise<T>,
): Promise<T> {
  const name = addressOf(target);
  try {
    return await talk(target, PATIENCE, (probe) => say(probe, target, name));
  } catch (error) {
    throw error instanceof NoRedis ? error : await explain(error as NodeJS.ErrnoException, target, name);
  }
}

/** Connects and talks, both together within `patience` milliseconds. */
async function talk<T>(target: Target, patience: number, say: (probe: Probe) => Promise<T>): Promise<T> {
  const deadline = performance.now() + patience;
  const probe = await Probe.open(target, patience);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const silence = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    timer = setTimeout(() => reject(silence), deadline - performance.now());
  });
  try {
    return await Promise.race([say(probe), late]);
  } finally {
    clearTimeout(timer);
    probe.close();
  }
}

async function converse(probe: Probe, target: Target, name: string): Promise<Survey> {
  if (target.password !== undefined) await logIn(probe, target, name);
  const begun = performance.now();
  const pong = await probe.ask('PING');
  const ping = performance.now() - begun;
  refuse(pong, target, name);
  const info = await probe.ask('INFO');
  refuse(info, target, name);
  const fact = (field: string) => new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  if (fact('redis_mode') === 'sentinel')
    throw new NoRedis(`${name} is a Sentinel, which holds no data.`, {
      next: 'Name the server that it watches.',
    });
  const valkey = fact('valkey_version');
  const version = valkey || fact('redis_version');
  const product = valkey ? 'Valkey' : 'Redis';
  if (!atLeast(version, FLOOR))
    throw new NoRedis(
      `${name} is ${product} ${version || 'of no known version'}; lessons need ${FLOOR} or newer.`,
      {
        next: 'Name a newer server, or leave out --redis for a private one.',
      },
    );
  if (fact('loading') === '1') refuse('-LOADING', target, name);
  if (fact('cluster_enabled') === '1')
    throw new NoRedis(`${name} is a node of a cluster, where keys live on several servers.`, {
      next: 'Name a server that stands alone, or leave out --redis for a private one.',
    });
  if (fact('role') === 'slave')
    throw new NoRedis(`${name} is a read-only replica.`, {
      next: `Name its primary: --redis ${target.tls ? 'rediss' : 'redis'}://${fact('master_host')}:${fact('master_port')}`,
    });
  const keys = new Map(
    [...info.matchAll(/^db(\d+):keys=(\d+)/gm)].map(([, db, count]) => [Number(db), Number(count)]),
  );
  const modules = [...info.matchAll(/^module:name=([^,\r]+)/gm)].map(([, module]) => module!);
  return { product, version, keys, modules, ping };
}

async function logIn(probe: Probe, { username, password = '' }: Target, name: string): Promise<void> {
  const reply = await probe.ask('AUTH', ...(username === undefined ? [password] : [username, password]));
  if (reply === '+OK') return;
  if (reply.startsWith('-WRONGPASS') || /invalid password/i.test(reply))
    throw new NoRedis(`${name} refuses the password${username ? ` of the user ${username}` : ''}.`, {
      next: 'Check user and password in redis://user:password@host:port.',
    });
  if (/no password is set|without any password/i.test(reply))
    throw new NoRedis(`${name} has no password set, but one was given.`, {
      next: 'Leave out the password, or name a user: redis://user:password@host:port.',
    });
  if (/wrong number of arguments/i.test(reply))
    throw new NoRedis(`${name} knows no user names: it is older than ${FLOOR}, which lessons need.`, {
      next: 'Name a newer server, or leave out --redis for a private one.',
    });
  refuse(reply, { username }, name);
}

/** Throws where a reply says that nothing can be done here. */
function refuse(reply: string, target: Target, name: string): void {
  if (!reply.startsWith('-')) return;
  const [code = ''] = reply.slice(1).split(' ');
  if (/max number of clients/i.test(reply))
    throw new NoRedis(`${name} has as many clients as it takes.`, {
      next: 'Close others, raise its maxclients, or leave out --redis for a private server.',
    });
  switch (code) {
    case 'NOAUTH':
      throw new NoRedis(`${name} wants a password.`, {
        next: 'Write it into the address: redis://user:password@host:port.',
      });
    case 'NOPERM':
      throw new NoRedis(`${name} does not let ${who(target)} look around: ${reply.slice(1)}.`, {
        next: 'Name a user that may run PING and INFO.',
      });
    case 'LOADING':
      throw new NoRedis(`${name} is still loading its data.`, { next: 'Try again in a while.' });
    case 'DENIED':
      throw new NoRedis(`${name} is in protected mode: without a password it serves its own machine alone.`, {
        next: 'Set a password on it, or leave out --redis for a private server.',
      });
    case 'MASTERDOWN':
      throw new NoRedis(`${name} is a replica that has lost its primary.`, { next: 'Name the primary.' });
    default:
      throw new NoRedis(`${name} answers with an error: ${reply.slice(1)}.`, {
        next: 'See rediscover doctor.',
      });
  }
}

async function explain(error: NodeJS.ErrnoException, target: Target, name: string): Promise<NoRedis> {
  const noRedis = (message: string, next: string) => new NoRedis(message, { next, cause: error });
  const code = error.code ?? '';
  const check = 'Check the address, or leave out --redis for a private server.';
  if (error instanceof NotRedis && error.bytes[0] !== 0x15) {
    const http = error.bytes.toString('latin1').startsWith('HTTP/') ? ': it speaks HTTP' : '';
    return noRedis(`What listens at ${name} is not a Redis server${http}.`, check);
  }
  switch (code) {
    case 'ECONNREFUSED':
      return noRedis(
        `Nothing listens at ${name}.`,
        'Start the server, or leave out --redis for a private one.',
      );
    case 'ENOENT':
      return noRedis(`There is no socket ${target.socketPath}.`, check);
    case 'EACCES':
      return noRedis(`You may not open the socket ${target.socketPath}.`, 'See its rights with ls -l.');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return noRedis(`No address is known for the host ${target.host}.`, check);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return noRedis(`There is no way to ${name} from here: the network does not reach it.`, check);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return noRedis(
        `The certificate of ${name} is for another name.`,
        'Name it with --tls-servername, or write that host into the address.',
      );
    case 'CERT_HAS_EXPIRED':
      return noRedis(`The certificate of ${name} has expired.`, 'Renew it on the server.');
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return noRedis(
        `The certificate of ${name} is not signed by anyone known here.`,
        "Give the authority's certificate with --tls-ca FILE.",
      );
  }
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA/i.test(code))
    return noRedis(
      `${name} wants a client certificate that it knows.`,
      'Give one with --tls-cert FILE and --tls-key FILE.',
    );
  if (target.tls && (await answers({ ...target, tls: undefined })))
    return noRedis(
      `${name} does not speak TLS.`,
      'Write redis:// for rediss://, and leave out the TLS options.',
    );
  if (
    !target.tls &&
    target.socketPath === undefined &&
    (await answers({ ...target, tls: { rejectUnauthorized: false } }))
  )
    return noRedis(`${name} speaks TLS alone.`, 'Write rediss:// for redis://.');
  if (target.tls && /^(ERR_SSL_|EPROTO)/.test(code))
    return noRedis(`What listens at ${name} does not speak TLS as it should (${code}).`, check);
  if (code === 'ETIMEDOUT') return noRedis(`${name} does not answer.`, check);
  return noRedis(`${name} can't be worked with: ${error.message}.`, check);
}

/** Whether there is somebody who speaks this way: with TLS, or without. */
async function answers(target: Target): Promise<boolean> {
  try {
    return await talk(
      target,
      SECOND_LOOK,
      async (probe) => Boolean(target.tls) || /^[+-]/.test(await probe.ask('PING')),
    );
  } catch (error) {
    // A server that wants a certificate of ours has spoken TLS before it said so.
    return (
      target.tls !== undefined &&
      /CERTIFICATE_REQUIRED|HANDSHAKE/.test((error as NodeJS.ErrnoException).code ?? '')
    );
  }
}

/** The server as messages name it, without the database. */
export function addressOf(target: Target): string {
  return showTarget({ ...target, db: 0 });
}

function who({ username }: Target): string {
  return username ? `the user ${username}` : 'us';
}
