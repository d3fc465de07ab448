// Writes src/redis/commands.json: what commands there are since when, what they take, and what they do.
//
//   node scripts/command-docs.js REDIS_7_0_URL VALKEY_8_URL VALKEY_9_URL REDIS_8_URL
//
// The servers must be plain ones without modules of others. Of documentation, Redis 7.0's own is taken for all it
// has; of Valkey 8 only what it shares with Redis 7.2 and 7.0 lacks. Newer commands of Redis are named below.
// What Valkey alone has is not documented: there is no telling what such a name will mean elsewhere.
// Facts (flags, keys, tips, words of options) are taken of every command that any of them has, from the newest: Redis 8, Valkey 9.
import { writeFileSync } from 'node:fs';
import { createClient } from 'redis';
import { tokensOf } from './command-facts.js';

const READS = { command_flags: ['readonly'], key_specifications: [firstArgument('RO', 'access')] };
const DELETES = { command_flags: ['write'], key_specifications: [firstArgument('RW', 'delete')] };

/** Name, version, group and arity. The facts stand here too where none of the servers has the command. */
const NEWER = [
  ...['HEXPIRE', 'HPEXPIRE', 'HEXPIREAT', 'HPEXPIREAT'].map((name) => [name, '7.4.0', 'hash', -6]),
  ...['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME', 'HPERSIST'].map((name) => [name, '7.4.0', 'hash', -5]),
  ['HGETEX', '8.0.0', 'hash', -5],
  ['HGETDEL', '8.0.0', 'hash', -5],
  ['HSETEX', '8.0.0', 'hash', -6],
  ['VADD', '8.0.0', 'vector_set', -5],
  ['VCARD', '8.0.0', 'vector_set', 2],
  ['VDIM', '8.0.0', 'vector_set', 2],
  ['VEMB', '8.0.0', 'vector_set', -3],
  ['VGETATTR', '8.0.0', 'vector_set', 3],
  ['VINFO', '8.0.0', 'vector_set', 2],
  ['VISMEMBER', '8.0.0', 'vector_set', 3],
  ['VLINKS', '8.0.0', 'vector_set', -3],
  ['VRANDMEMBER', '8.0.0', 'vector_set', -2],
  ['VREM', '8.0.0', 'vector_set', 3],
  ['VSETATTR', '8.0.0', 'vector_set', 4],
  ['VSIM', '8.0.0', 'vector_set', -4],
  ['XACKDEL', '8.2.0', 'stream', -6, DELETES],
  ['XDELEX', '8.2.0', 'stream', -5, DELETES],
  ['DELEX', '8.4.0', 'string', -2, DELETES],
  ['DIGEST', '8.4.0', 'string', 2, READS],
  ['MSETEX', '8.4.0', 'string', -4],
  ['VRANGE', '8.4.0', 'vector_set', -4, READS],
];
const DROPPED = new Set(['complexity', 'history', 'key_spec_index', 'doc_flags', 'notes']);

const [redis, valkey, newestValkey, newestRedis] = await Promise.all(process.argv.slice(2).map(read));
if (!newestRedis)
  throw new Error('Usage: node scripts/command-docs.js REDIS_7_0_URL VALKEY_8_URL VALKEY_9_URL REDIS_8_URL');
const all = { ...redis };
for (const [name, doc] of Object.entries(valkey)) {
  if (!all[name] && isShared(doc)) all[name] = doc;
  for (const [sub, part] of Object.entries(doc.subcommands ?? {}))
    if (all[name]?.subcommands && !all[name].subcommands[sub] && isShared(part))
      all[name].subcommands[sub] = part;
}
for (const [upper, since, group, arity, facts] of NEWER) {
  const name = upper.toLowerCase();
  // Since when Valkey has an option says nothing of Redis.
  const args = newestValkey[name]?.arguments?.map(({ since: _, ...arg }) => arg);
  const summary = `New in Redis ${since.slice(0, 3)}.`;
  all[name] = { summary, since, group, arity, ...(args && { arguments: args }), ...facts };
}
for (const newest of [newestValkey, newestRedis]) takeFacts(newest);

const lines = Object.keys(all)
  .sort()
  .map((name) => `${JSON.stringify(name)}:${JSON.stringify(trimmed(all[name]))}`);
writeFileSync(new URL('../src/redis/commands.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);

function isShared(doc) {
  return Number.parseInt(doc.since, 10) < 8;
}

function firstArgument(...flags) {
  return {
    flags,
    begin_search: { type: 'index', spec: { index: 1 } },
    find_keys: { type: 'range', spec: { lastkey: 0, keystep: 1, limit: 0 } },
  };
}

/** Puts a server's facts in place of older ones. What is not documented gets an entry without `since`. */
function takeFacts(docs, into = all) {
  for (const [name, doc] of Object.entries(docs)) {
    const { group, arity, command_flags, command_tips, key_specifications, subcommands } = doc;
    into[name] ??= { group, arity, ...(subcommands && { subcommands: {} }) };
    const more_tokens = moreTokens(into[name], doc);
    Object.assign(into[name], { command_flags, command_tips, key_specifications, more_tokens });
    if (subcommands) takeFacts(subcommands, into[name].subcommands);
  }
}

/** The words of options that are not documented: those that came later, and those of Valkey alone. */
function moreTokens({ arguments: documented = [], more_tokens: more = [] }, { arguments: args = [] }) {
  const known = new Set([...tokensOf(documented), ...more].map(([token]) => token));
  return [...more, ...tokensOf(args).filter(([token]) => !known.has(token))];
}

/** COMMAND DOCS, with what COMMAND says of each command added: arity, flags, tips and key specifications. */
async function read(url) {
  const client = await createClient({ url, RESP: 3 }).connect();
  const docs = await client.sendCommand(['COMMAND', 'DOCS']);
  for (const command of await client.sendCommand(['COMMAND'])) {
    const [name, , , , , , , , , subcommands] = command;
    const doc = add(docs[name], command);
    for (const subcommand of subcommands) add(doc.subcommands[subcommand[0]], subcommand);
  }
  await client.close();
  return Object.fromEntries(Object.entries(docs).map(([name, doc]) => [name.toLowerCase(), doc]));
}

function add(doc, [, arity, flags, , , , , tips, specs]) {
  return Object.assign(doc, {
    arity,
    command_flags: [...flags],
    // How a cluster is asked is nothing to us.
    command_tips: [...tips].filter((tip) => tip.startsWith('nondeterministic')),
    key_specifications: [...specs],
  });
}

function trimmed(value) {
  if (Array.isArray(value)) return value.map(trimmed);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(
    ([field, part]) =>
      !DROPPED.has(field) && !(Array.isArray(part) && part.length === 0 && field !== 'arguments'),
  );
  return Object.fromEntries(
    kept
      .filter(([field, part]) => field !== 'display_text' || part !== value.name)
      .map(([field, part]) => [field, field === 'subcommands' ? sorted(trimmed(part)) : trimmed(part)]),
  );
}

/** The server's own order differs from start to start. */
function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
