import { atLeast } from './version.ts';

/** Denied whole: they end the server, send its data elsewhere, write files, or load code into it. */
const DENIED = [
  'shutdown',
  'replicaof',
  'slaveof',
  'migrate',
  'module',
  'failover',
  'sync',
  'psync',
  'replconf',
  'save',
  'bgsave',
  'bgrewriteaof',
  'debug',
  'config',
  'acl',
];

/** What is given back of them: looking is allowed. */
const LOOKING = [
  'config|get',
  'acl|whoami',
  'acl|list',
  'acl|users',
  'acl|getuser',
  'acl|cat',
  'acl|genpass',
  'acl|help',
];

/** Would cut off, hold up or debug (and so fork) under the program's own connections. */
const DENIED_PARTS = ['client|kill', 'client|pause', 'client|unpause', 'script|debug'];

/** From before single subcommands could be denied: all that 6.2 has but those. */
const PARTS_OF_6_2 = [
  ...[
    'caching',
    'getname',
    'getredir',
    'help',
    'id',
    'info',
    'list',
    'reply',
    'setname',
    'tracking',
    'trackinginfo',
    'unblock',
  ].map((part) => `client|${part}`),
  ...['exists', 'flush', 'help', 'kill', 'load'].map((part) => `script|${part}`),
];

/**
 * The rules of the user that the learner logs in as: everything on every key and channel, except what
 * could break the private server or reach out of it.
 */
export function learnerRules(version: string): string {
  const parts = atLeast(version, '7.0')
    ? DENIED_PARTS.map((name) => `-${name}`)
    : ['-client', '-script', ...PARTS_OF_6_2.map((name) => `+${name}`)];
  return [
    '~*',
    '&*',
    '+@all',
    ...DENIED.map((name) => `-${name}`),
    ...LOOKING.map((name) => `+${name}`),
    ...parts,
  ].join(' ');
}
