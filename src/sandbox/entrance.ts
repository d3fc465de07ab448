import { BadUsage } from '../failure.ts';
import { dial } from '../redis/dial.ts';
import { LearnerClient } from '../redis/learner-client.ts';
import type { Reply } from '../redis/reply.ts';
import { parseTarget, type Target } from '../redis/target.ts';
import type { Door } from './door.ts';
import { type Entry, type Refused, refused, type Why } from './entry.ts';
import { NotRedis, Probe } from './probe.ts';

export interface EntryOptions {
  /** Whether the authority that signed the server's certificate is trusted. */
  ca?: boolean;
}

/**
 * Milliseconds that are waited for an answer to what the server does not understand. To the greeting of TLS a plain
 * server says nothing at all: it waits for the end of what it takes for a command.
 */
const PUZZLED = 500;

const AUTHORITY = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];
const TIME = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
/** Nobody is there: not what a server does that does not understand us. */
const GONE = ['ECONNREFUSED', 'ENOENT', 'EACCES'];

/** The server does not let in whoever comes: for this reason, in these words of its own. */
class Turned extends Error {
  readonly why: Why;
  readonly said: string | undefined;
  constructor(why: Why, said?: string) {
    super(why);
    this.why = why;
    this.said = said;
  }
}

/**
 * Comes in by a URL as the learner writes it, with the connection where that went well. Only the server behind `door` is
 * ever dialled, and only where the URL names it: for any other host and port nothing is sent to anybody. All that is
 * refused is refused by the server, or by how TLS checks its certificate. Never rejects for what the URL says.
 */
export async function enter(
  door: Door,
  url: string,
  { ca = false }: EntryOptions = {},
): Promise<{ entry: Refused } | { entry: Entry; learner: LearnerClient }> {
  let learner: LearnerClient | undefined;
  try {
    const target = read(url, door);
    learner = await reach(door, target, ca);
    const user = await logIn(learner, target);
    const db = await select(learner, target.db ?? 0, user);
    return { entry: { kind: 'connected', user, db, tls: target.tls !== undefined }, learner };
  } catch (error) {
    learner?.close();
    const { why, said } = error instanceof Turned ? error : new Turned('unreachable', wordsOf(error));
    const { host, port } = door.access;
    return { entry: refused(why, { host, port, said }) };
  }
}

function read(url: string, { access }: Door): Target {
  mustBeEncoded(url);
  let target: Target;
  try {
    target = parseTarget(url);
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error;
    throw new Turned('unreadable', [error.message, error.next].filter(Boolean).join(' '));
  }
  if (target.host?.toLowerCase() !== access.host.toLowerCase()) throw new Turned('unknown-host');
  if (target.port !== access.port) throw new Turned('unknown-port');
  return target;
}

/**
 * Other clients read a URL as the standard has it, where the user and the password end at the first of these signs; so
 * does a learner who is to write URLs for them. Source: https://www.rfc-editor.org/rfc/rfc3986#section-3.2
 */
function mustBeEncoded(url: string): void {
  const login = /^[a-z][a-z0-9+.-]*:\/\/(.*)@/is.exec(url)?.[1] ?? '';
  const sign = /[/?#@[\]]/.exec(login)?.[0];
  if (sign === undefined) return;
  const code = `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  throw new Turned('unreadable', `In the user or the password of a URL, ${sign} is written ${code}.`);
}

async function reach(door: Door, target: Target, ca: boolean): Promise<LearnerClient> {
  const place = door.tls ? { host: '127.0.0.1', port: door.tls.port } : door.plain;
  const tls = {
    servername: door.access.host,
    // Whatever the environment says of it: a certificate that is refused is what there is to see.
    rejectUnauthorized: true,
    ...(ca && door.tls && { ca: door.tls.ca }),
  };
  if (target.tls && !door.tls) throw await greeted({ ...place, tls });
  if (!target.tls && door.tls) throw await spokenTo(place);
  try {
    return await LearnerClient.enter(target.tls ? { ...place, tls } : place, 'rediscover:learner');
  } catch (error) {
    const code = codeOf(error);
    if (AUTHORITY.includes(code)) throw new Turned('certificate-authority', wordsOf(error));
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') throw new Turned('certificate-name', wordsOf(error));
    if (TIME.includes(code)) throw new Turned('certificate-time', wordsOf(error));
    throw error;
  }
}

/** What becomes of a greeting by TLS to a server that speaks plainly. */
async function greeted(place: Target): Promise<Error> {
  try {
    (await dial(place, PUZZLED)).destroy();
    return new Error('it speaks TLS');
  } catch (error) {
    if (GONE.includes(codeOf(error))) return error as Error;
    const silent = codeOf(error) === 'ETIMEDOUT';
    return new Turned('tls-to-plain', silent ? 'The greeting of TLS is not answered' : ENDED);
  }
}

/** What becomes of a plain command to a server that speaks TLS alone. */
async function spokenTo(place: Target): Promise<Error> {
  let probe: Probe | undefined;
  try {
    probe = await Probe.open(place, PUZZLED);
    await probe.ask('PING');
    return new Error('it answers without TLS');
  } catch (error) {
    if (GONE.includes(codeOf(error))) return error as Error;
    const silent = codeOf(error) === 'ETIMEDOUT';
    const alert = error instanceof NotRedis;
    return new Turned('plain-to-tls', silent ? 'PING is not answered' : alert ? ALERT : ENDED);
  } finally {
    probe?.close();
  }
}

const ENDED = 'The server ended the connection';
const ALERT = 'The server answered with an alert of TLS';

/** As whom the connection is logged in; null: not at all. */
async function logIn(learner: LearnerClient, { username, password }: Target): Promise<string | null> {
  if (username !== undefined || password !== undefined) {
    const words = [...(username === undefined ? [] : [username]), password ?? ''];
    const said = errorOf(await learner.internal(['AUTH', ...words]));
    if (said?.startsWith('WRONGPASS') && password === undefined)
      throw new Turned('no-password', said.replace(/\.$/, ''));
    if (said !== undefined)
      throw new Turned(said.startsWith('WRONGPASS') ? 'wrongpass' : 'password-unasked', said);
  }
  const reply = await learner.internal(['ACL', 'WHOAMI']);
  if (reply.type === 'bulk') return reply.bytes.toString();
  if (errorOf(reply)?.startsWith('NOAUTH')) return null;
  // They may not ask.
  return username ?? 'default';
}

/** The database in which the connection is then. As redis-cli does it, whoever has yet to log in stays in the first. */
async function select(learner: LearnerClient, db: number, user: string | null): Promise<number> {
  if (db === 0) return 0;
  const said = errorOf(await learner.internal(['SELECT', String(db)]));
  if (said === undefined) return db;
  if (user === null && said.startsWith('NOAUTH')) return 0;
  throw new Turned('database', said);
}

function errorOf(reply: Reply): string | undefined {
  return reply.type === 'error' ? reply.bytes.toString() : undefined;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function wordsOf(error: unknown): string {
  return (error as Error).message.replace(/\.$/, '');
}
