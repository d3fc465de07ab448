import { readFileSync } from 'node:fs';

const SOURCE = new URL('../src/redis/commands.json', import.meta.url);
const FACTS = new Set(['command_flags', 'command_tips', 'key_specifications', 'more_tokens']);
const MADE = { 'virtual:command-docs': documented, 'virtual:command-facts': tableOf };

/**
 * Of rolldown and Vite alike: makes what the program loads of src/redis/commands.json. `virtual:command-docs` is the
 * documentation as JSON, `virtual:command-facts` the table of src/redis/command-facts.ts; each is text.
 */
export function commandFacts() {
  return {
    name: 'command-facts',
    resolveId: (id) => (Object.hasOwn(MADE, id) ? `\0${id}` : null),
    load(id) {
      const make = MADE[id.slice(1)];
      if (!id.startsWith('\0') || !make) return null;
      // Text costs next to nothing until it is read, when somebody first asks.
      return `export default ${JSON.stringify(make(JSON.parse(readFileSync(SOURCE, 'utf8'))))};`;
    },
  };
}

/** Without the facts, and without what Valkey alone has: of that nobody knows since when Redis has it. */
function documented(docs) {
  return JSON.stringify(docs, (key, value) => (FACTS.has(key) || isUndated(value) ? undefined : value));
}

function isUndated(value) {
  return value?.group !== undefined && value.since === undefined;
}

/** What the documentation has wrong or leaves out. */
const CORRECTIONS = {
  // It changes what its group knows of the stream, as XACK does, which is said to write.
  XREADGROUP: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, access: 'RW', effect: 'update' })) }),
  // Whatever it does elsewhere, here the key is gone.
  MOVE: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, effect: 'delete' })) }),
  // The place of STORE is called unknown, as it may stand anywhere; the last one counts.
  SORT: ({ keys }) => ({
    keys: [
      keys[0],
      {
        access: 'OW',
        effect: 'update',
        begin: { by: 'keyword', keyword: 'STORE', from: -2 },
        find: { by: 'range', last: 0, step: 1, limit: 0 },
      },
    ],
  }),
  CLUSTERSCAN: ({ is }) => ({ is: [...is, 'cursor'] }),
  // Channels are kept in a hash table, and come as they stand there.
  'PUBSUB CHANNELS': ({ is }) => ({ is: [...is, 'unordered'] }),
  'PUBSUB SHARDCHANNELS': ({ is }) => ({ is: [...is, 'unordered'] }),
  VRANDMEMBER: ({ is }) => ({ is: [...is, 'random'] }),
};

/**
 * A line for each command: its name in capitals, subcommands as `CLIENT KILL`; a tab; its facts. Before them, in the
 * first line, all key specifications: they are few, and each command has the index of its own.
 */
function tableOf(docs) {
  const specs = [];
  const lines = [];
  for (const [name, doc] of flat(docs)) {
    const facts = factsOf(doc);
    const { keys, ...rest } = { ...facts, ...CORRECTIONS[name]?.(facts) };
    const text = JSON.stringify(keys);
    if (!specs.includes(text)) specs.push(text);
    lines.push(`${name}\t${JSON.stringify(compact({ ...rest, keys: specs.indexOf(text) }))}`);
  }
  return [`[${specs.join(',')}]`, ...lines, ''].join('\n');
}

function flat(docs) {
  return Object.entries(docs).flatMap(([name, doc]) => [
    [name.toUpperCase().replace('|', ' '), doc],
    ...flat(doc.subcommands ?? {}),
  ]);
}

function factsOf(doc) {
  const { command_flags: flags = [], command_tips: tips = [], arguments: args = [], summary = '' } = doc;
  const keys = (doc.key_specifications ?? []).filter(isOfKeys).map(keySpec);
  const nondeterministic = tips.includes('nondeterministic_output');
  const is = [
    ...['write', 'readonly', 'blocking', 'denyoom'].filter((flag) => flags.includes(flag)),
    ...(doc.subcommands || summary.startsWith('A container for') ? ['container'] : []),
    ...(doc.group === 'scripting' && keys.length > 0 ? ['script'] : []),
    ...(nondeterministic && /\brandom\b/.test(summary) ? ['random'] : []),
    ...(tips.includes('nondeterministic_output_order') ? ['unordered'] : []),
    ...(args.some(({ name }) => name === 'cursor') ? ['cursor'] : []),
  ];
  const tokens = [...tokensOf(args), ...(doc.more_tokens ?? [])];
  return {
    group: doc.group,
    is,
    keys,
    channels: channelsOf(doc),
    options: Object.fromEntries(tokens.filter(([, , optional]) => optional)),
    words: Object.fromEntries(tokens.filter(([, , optional]) => !optional)),
    repeats: repeatsOf(args.at(-1)),
  };
}

/** Shard channels are described like keys, and are none. A place that is called unknown is of no help. */
function isOfKeys({ flags = [], begin_search, find_keys }) {
  return !flags.includes('not_key') && begin_search.type !== 'unknown' && find_keys.type !== 'unknown';
}

function keySpec({ flags, begin_search: { type, spec }, find_keys: { type: find, spec: on } }) {
  return {
    access: flags.find((flag) => /^(RO|RW|OW|RM)$/.test(flag)),
    effect: ['delete', 'insert', 'update'].find((flag) => flags.includes(flag)),
    begin:
      type === 'index'
        ? { by: 'index', index: spec.index }
        : { by: 'keyword', keyword: spec.keyword, from: spec.startfrom },
    find:
      find === 'range'
        ? { by: 'range', last: on.lastkey, step: on.keystep, limit: on.limit }
        : { by: 'keynum', index: on.keynumidx, first: on.firstkey, step: on.keystep },
  };
}

/** Of PUBLISH, SUBSCRIBE and their kin: 'one', or 'all' arguments are channels, or patterns of them. */
function channelsOf({ group, arguments: args = [], subcommands }) {
  const [first] = args;
  if (group !== 'pubsub' || subcommands || !/^(shard)?channel$|pattern/.test(first?.name)) return undefined;
  return first.flags?.includes('multiple') ? 'all' : 'one';
}

/** The words that an option is begun by or is: [word, values that follow it, whether it may be left out]. */
export function tokensOf(args, optional = false) {
  return args.flatMap(({ token, type, flags = [], arguments: parts = [] }) => {
    const free = optional || flags.includes('optional');
    if (!token) return tokensOf(parts, free);
    if (!/^\w+$/.test(token)) return [];
    const values = type === 'pure-token' ? 0 : type === 'block' ? parts.filter(isRequired).length : 1;
    return [[token.toUpperCase(), values, free], ...(type === 'block' ? tokensOf(parts, free) : [])];
  });
}

function isRequired({ flags = [] }) {
  return !flags.includes('optional');
}

/** How many words there are to each repetition of what ends the command: 1 of MGET, 2 of MSET; none of GET. */
function repeatsOf({ token, type, flags = [], arguments: parts } = {}) {
  if (token || !flags.includes('multiple')) return undefined;
  return type === 'block' ? parts.length : 1;
}

function compact(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value) {
  return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}
