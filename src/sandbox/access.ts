import { isIP } from 'node:net';
import { ExitCode, Failure } from '../failure.ts';

/** What a private server asks of whoever comes in, and the name by which lessons know it. */
export interface Access {
  /** E.g. `vault.shop.example` and 6390. No name server knows it, and nobody listens there: the server is reached by `connect` alone. */
  host: string;
  port: number;
  /** Of the user `default`; absent: anyone may come in as `default`. */
  password?: string;
  /** Further users. */
  users?: AccessUser[];
  /** Served by TLS alone, with a certificate for these DNS names: others than `host` are a wrong certificate. */
  tls?: { names: string[] };
}

export interface AccessUser {
  name: string;
  password: string;
  /** As in ACL SETUSER, one each: `['~catalog:*', '+@read', '+@connection']`. What no learner may is denied behind them. */
  rules: string[];
}

/** A course asks for a way in that there cannot be. Exit code 4. */
export class BadAccess extends Failure {
  override readonly name = 'BadAccess';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, {
      exitCode: ExitCode.course,
      next: 'Tell the author of the course; `rediscover course test` shows it.',
      ...options,
    });
  }
}

/** Users that every private server has. */
const OURS = ['default', 'engine', 'learner'];
const USER = /^[a-z0-9][a-z0-9_.-]{0,63}$/i;
/** What a rule's pattern and a password are made of: nothing that ends a word or a line, and nothing invisible. */
const WORD = String.raw`[^\s"'\\\p{C}]`;
const PASSWORD = new RegExp(`^${WORD}{1,512}$`, 'u');
/**
 * Rules about keys, channels and commands. Not about who the user is, and no selectors: what is denied behind
 * the rules would not hold in them.
 */
const RULE = new RegExp(
  [
    '^(?:all(?:keys|channels|commands)|nocommands|reset(?:keys|channels))$',
    `^(?:(?:%(?:R|W|RW|WR))?~|&)${WORD}{1,200}$`,
    String.raw`^[-+](?:@[a-z]+|[a-z][\w.-]*(?:\|[\w-]+)?)$`,
  ].join('|'),
  'iu',
);
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(String.raw`^(?=.{1,253}$)${LABEL}(?:\.${LABEL})*$`, 'i');
const CERTIFIED = new RegExp(String.raw`^(?=.{1,253}$)(?:\*\.)?${LABEL}(?:\.${LABEL})*$`, 'i');

/** Throws BadAccess, which never repeats a password, for what cannot be asked of a server. */
export function checkAccess({ host, port, password, users = [], tls }: Access): void {
  if (!HOST.test(host)) fail(`${JSON.stringify(host)} is not a host name`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) fail(`${port} is not a port`);
  if (password !== undefined) checkPassword('default', password);
  const names = new Set<string>();
  for (const { name, password, rules } of users) {
    if (!USER.test(name)) fail(`${JSON.stringify(name)} is not the name of a user`);
    if (OURS.includes(name.toLowerCase())) fail(`the user ${name} is there already`);
    if (names.has(name)) fail(`there are two users ${name}`);
    names.add(name);
    checkPassword(name, password);
    const wrong = rules.find((rule) => !RULE.test(rule));
    if (wrong !== undefined)
      fail(
        `${JSON.stringify(wrong)} is not a rule about keys, channels or commands that the user ${name} may have`,
      );
  }
  if (!tls) return;
  if (isIP(host) !== 0) fail(`${host} is an address, and certificates are for names`);
  if (tls.names.length === 0) fail('a certificate is for at least one name');
  const wrong = tls.names.find((name) => !CERTIFIED.test(name));
  if (wrong !== undefined) fail(`${JSON.stringify(wrong)} is not a name that a certificate can be for`);
}

function checkPassword(user: string, password: string): void {
  if (!PASSWORD.test(password))
    fail(
      `the password of ${user} is empty or too long, or has a space, a quote, a backslash or a line break in it`,
    );
}

function fail(reason: string): never {
  throw new BadAccess(`A server cannot be set up so: ${reason}.`);
}
