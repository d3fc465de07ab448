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

/** From before single subcommands could be denied: all that 6.2 has of a command. */
const PARTS_OF_6_2: Record<string, string[]> = {
  client: [
    'caching',
    'getname',
    'getredir',
    'help',
    'id',
    'info',
    'kill',
    'list',
    'pause',
    'reply',
    'setname',
    'tracking',
    'trackinginfo',
    'unblock',
    'unpause',
  ],
  script: ['debug', 'exists', 'flush', 'help', 'kill', 'load'],
  memory: ['doctor', 'help', 'malloc-stats', 'purge', 'stats', 'usage'],
};

const EVERYTHING = ['~*', '&*', '+@all'];

/**
 * The rules of the user that the learner logs in to a private server as: everything on every key and channel,
 * except what could break the server or reach out of it.
 */
export function learnerRules(version: string): string {
  const rules = [...EVERYTHING, ...minus(DENIED), ...plus(LOOKING), ...without(DENIED_PARTS, version)];
  return rules.join(' ');
}

/** The category that gives a command as a whole, before 7.0. */
const CATEGORY_IN_6_2: Record<string, string> = { client: '@connection', script: '@scripting' };

/**
 * The rules of a user that a course makes on a private server: the course's own, and behind them the denial of all that
 * no learner may. Of what a learner is given back they get no more than the course gives: where it takes a category
 * away, what it names after that.
 */
export function guestRules(version: string, rules: string[]): string[] {
  const denied = [...minus(DENIED), ...without(DENIED_PARTS, version)];
  const back = [...plus(LOOKING), ...denied.filter((rule) => rule.startsWith('+'))];
  return [
    ...rules,
    ...denied.filter((rule) => rule.startsWith('-')),
    ...back.filter((rule) => gives(rules, rule.slice(1))),
  ];
}

/** Whether rules in this order give a subcommand, as far as they name it, its command, all, or the category of 6.2. */
function gives(rules: string[], part: string): boolean {
  const [command = ''] = part.split('|');
  const names = ['@all', command, part, CATEGORY_IN_6_2[command]];
  let given = false;
  for (const rule of rules.map((rule) => rule.toLowerCase())) {
    if (rule === 'allcommands' || (rule.startsWith('+') && names.includes(rule.slice(1)))) given = true;
    if (rule === 'nocommands' || rule.startsWith('-@')) given = false;
    if (rule.startsWith('-') && names.includes(rule.slice(1))) given = false;
  }
  return given;
}

/**
 * Beyond what the server itself calls administration or dangerous: they reach another database, or change
 * what all databases share.
 */
const LEAVING = ['select', 'move', 'copy', 'cluster'];
const SHARED = ['script|flush', 'script|kill', 'script|debug', 'memory|purge'];
const SHARED_SINCE_7 = [
  'function|load',
  'function|delete',
  'function|flush',
  'function|restore',
  'function|kill',
];

/** Called dangerous, and yet they look, or stay within the database. */
const HARMLESS = [
  'keys',
  'sort',
  'restore',
  'info',
  'role',
  'lastsave',
  'config|get',
  'acl|whoami',
  'acl|cat',
  'acl|genpass',
  'acl|help',
  'client|list',
  ...['doctor', 'graph', 'help', 'history', 'latest'].map((part) => `latency|${part}`),
  ...['get', 'help', 'len'].map((part) => `slowlog|${part}`),
];
const CLIENT_IN_6_2 = [
  'caching',
  'getname',
  'getredir',
  'help',
  'id',
  'info',
  'reply',
  'setname',
  'tracking',
  'trackinginfo',
];

/** Modules whose commands keep to the keys that they name. Others, as those of search, have an index for all. */
const KEYED_MODULES = /^(json|bf|cf|cms|topk|tdigest|ts)\.|^v[a-z]+$/;

/**
 * The rules of the user that acts on a server not ours: everything within database `db`, and nothing that
 * leaves it or acts on the server, by a script neither. `ofModules` are the commands that modules have added.
 */
export function boundedRules(version: string, db: number, ofModules: string[] = []): string[] {
  const since7 = atLeast(version, '7.0');
  return [
    ...EVERYTHING,
    ...minus(['@admin', '@dangerous']),
    ...plus(HARMLESS),
    ...(since7 ? ['+sort_ro'] : plus(CLIENT_IN_6_2.map((part) => `client|${part}`))),
    ...minus(LEAVING),
    `+select|${db}`,
    ...without(since7 ? [...SHARED, ...SHARED_SINCE_7] : SHARED, version),
    ...minus(ofModules.filter((name) => !KEYED_MODULES.test(name.toLowerCase()))),
  ];
}

/** Denies subcommands. Before 7.0 that is: the whole command, and what else it has given back. */
function without(parts: string[], version: string): string[] {
  if (atLeast(version, '7.0')) return minus(parts);
  const commands = [...new Set(parts.map((part) => part.split('|')[0]!))];
  const rest = commands.flatMap((name) => PARTS_OF_6_2[name]!.map((part) => `${name}|${part}`));
  return [...minus(commands), ...plus(rest.filter((part) => !parts.includes(part)))];
}

function minus(names: string[]): string[] {
  return names.map((name) => `-${name}`);
}

function plus(names: string[]): string[] {
  return names.map((name) => `+${name}`);
}
