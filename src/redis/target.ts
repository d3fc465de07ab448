import { isIPv6 } from 'node:net';
import type { RedisClientOptions, RedisFunctions, RedisModules, RedisScripts } from 'redis';
import { BadUsage } from '../failure.ts';

/** Where a Redis is, and as whom to log in: a unix socket, or a host and a port. */
export interface Target {
  socketPath?: string;
  host?: string;
  port?: number;
  /** Present (even if empty) where the connection is encrypted. */
  tls?: TlsOptions;
  username?: string;
  password?: string;
  /** The logical database; 0 where absent. */
  db?: number;
}

/** As `tls.connect` of Node takes them: PEM contents, not file names. */
export interface TlsOptions {
  ca?: Buffer | string;
  cert?: Buffer | string;
  key?: Buffer | string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** Milliseconds after which an attempt to connect is given up. */
export const CONNECT_TIMEOUT = 5000;

const BRACKETS = 'Write an IPv6 address in brackets: redis://[::1]:6379.';
const FORMS = 'Write redis://host:port, rediss://host:port (TLS) or unix:///path/to/redis.sock.';

/**
 * The target that a URL names: `redis://[user[:password]@]host[:port][/db]`, `rediss://` likewise with TLS,
 * `unix://[user[:password]@]/path[?db=N]`; user, password and path are percent-decoded.
 * A value in `options` goes before the URL's own. Throws `BadUsage`, which never repeats a password.
 */
export function parseTarget(
  url: string,
  options: { db?: number; username?: string; password?: string; tls?: TlsOptions } = {},
): Target {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url) ?? [];
  const target = read(scheme.toLowerCase(), rest);
  if (options.tls) {
    if (target.socketPath !== undefined)
      throw new BadUsage('A unix socket is not encrypted: the TLS options do not go with it.');
    target.tls = { ...target.tls, ...options.tls };
  }
  const { db, username, password } = options;
  if (db !== undefined) target.db = database(String(db));
  if (username !== undefined) target.username = username;
  if (password !== undefined) target.password = password;
  return target;
}

function read(scheme: string, rest: string): Target {
  switch (scheme) {
    case 'unix':
    case 'redis+socket':
      return unixTarget(rest);
    case 'redis':
    case 'valkey':
      return tcpTarget(rest);
    case 'rediss':
    case 'valkeys':
      return { ...tcpTarget(rest), tls: {} };
    case '':
      throw new BadUsage(
        'The address of the Redis server does not begin with redis://, rediss:// or unix://.',
        {
          next: FORMS,
        },
      );
    default:
      throw new BadUsage(`A Redis server is not reached by ${scheme}://.`, { next: FORMS });
  }
}

function unixTarget(rest: string): Target {
  const [address, query] = cut(rest, '?');
  const slash = address.indexOf('/');
  // The last @ before the path ends the login: a password may hold an @, and so may the path.
  const at = slash < 0 ? -1 : address.lastIndexOf('@', slash);
  const path = decode(address.slice(at + 1), 'path');
  if (!path.startsWith('/') || path === '/')
    throw new BadUsage('The path of the unix socket is not absolute.', {
      next: 'Write unix:///path/to/redis.sock, with three slashes.',
    });
  return { socketPath: path, ...login(address.slice(0, Math.max(at, 0))), ...queryDb(query) };
}

function tcpTarget(rest: string): Target {
  // The last @ of all ends the login: a password may hold / and ? that should have been encoded.
  const at = rest.lastIndexOf('@');
  const [address, query] = cut(rest.slice(at + 1), '?');
  const [place, path] = cut(address, '/');
  if (!place.startsWith('[') && place.split(':').length > 2)
    throw new BadUsage('The host in the address of the Redis server holds colons.', {
      next: `The order is redis://user:password@host:port. ${BRACKETS}`,
    });
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(place) ?? [];
  if (bracketed === undefined && plain === undefined)
    throw new BadUsage(`The host ${JSON.stringify(place)} is not a host name or an address.`, {
      next: BRACKETS,
    });
  if (bracketed !== undefined && !isIPv6(bracketed))
    throw new BadUsage(`[${bracketed}] is not an IPv6 address.`, { next: FORMS });
  const host = bracketed ?? decode(plain ?? '', 'host');
  if (host !== '' && /[\s/@?#\0]/.test(host))
    throw new BadUsage(`The host ${JSON.stringify(host)} is not a host name or an address.`, { next: FORMS });
  return {
    host: host === '' ? '127.0.0.1' : host,
    port: digits === undefined || digits === '' ? 6379 : portNumber(digits),
    ...login(rest.slice(0, Math.max(at, 0))),
    ...(path === '' ? {} : { db: database(path) }),
    ...queryDb(query),
  };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535)
    // What follows the colon may be a password whose @ was forgotten: it is not repeated.
    throw new BadUsage('The port in the address of the Redis server is not a number from 1 to 65535.', {
      next: 'Write redis://user:password@host:port; in a password, write @ as %40, / as %2F and ? as %3F.',
    });
  return port;
}

function database(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new BadUsage('The database in the address of the Redis server is not a whole number from 0 up.', {
      next: 'Write redis://host:port/2, or unix:///path/to/redis.sock?db=2.',
    });
  return Number(text);
}

function queryDb(query: string): { db?: number } {
  const db = new URLSearchParams(query).get('db');
  return db === null ? {} : { db: database(db) };
}

function login(text: string): { username?: string; password?: string } {
  const [name, secret] = cut(text, ':');
  const username = decode(name, 'user name');
  const password = decode(secret, 'password');
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadUsage(`The ${what} in the address of the Redis server is not percent-encoded rightly.`, {
      next: 'Write a % as %25.',
    });
  }
}

/** What stands before the first `mark`, and what after it. */
function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A target as messages name it, e.g. `rediss://alice@cache.example:6380/2`. Never with its password. */
export function showTarget(target: Target): string {
  const user = target.username === undefined ? '' : `${encodeURIComponent(target.username)}@`;
  const db = target.db ? target.db : undefined;
  if (target.socketPath !== undefined)
    return `unix://${user}${encodeURI(target.socketPath)}${db === undefined ? '' : `?db=${db}`}`;
  const host = target.host ?? '127.0.0.1';
  const place = isIPv6(host) ? `[${host}]` : host;
  return `redis${target.tls ? 's' : ''}://${user}${place}:${target.port ?? 6379}${db === undefined ? '' : `/${db}`}`;
}

/**
 * The options of node-redis for one connection that speaks RESP 2, is never made again by itself and
 * fails at once where it is down. `name` is what CLIENT LIST shows; users who may not set one leave it out.
 */
export function clientOptions(target: Target, name: string | undefined) {
  const { tls, socketPath, host, port } = target;
  const lost = { connectTimeout: CONNECT_TIMEOUT, reconnectStrategy: false } as const;
  // Node takes an address for a server name and then refuses it: only names are sent.
  const servername =
    tls?.servername ?? (host !== undefined && /[a-z]/i.test(host) && !isIPv6(host) ? host : undefined);
  const socket =
    socketPath !== undefined
      ? { ...lost, path: socketPath, tls: false as const }
      : tls
        ? {
            ...lost,
            host: host ?? '127.0.0.1',
            port: port ?? 6379,
            ...tls,
            ...(servername === undefined ? {} : { servername }),
            tls: true as const,
          }
        : { ...lost, host: host ?? '127.0.0.1', port: port ?? 6379, tls: false as const };
  return {
    socket,
    ...(name === undefined ? {} : { name }),
    RESP: 2,
    disableOfflineQueue: true,
    // node-redis would give up on a command after 5 s, and pays for a timer with each.
    commandOptions: { timeout: undefined },
    disableClientInfo: true,
    maintNotifications: 'disabled',
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.db ? { database: target.db } : {}),
  } as const satisfies RedisClientOptions<RedisModules, RedisFunctions, RedisScripts, 2>;
}
