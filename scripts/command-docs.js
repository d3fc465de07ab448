// Writes src/redis/commands.json: what commands are there since when, and what they take.
//
//   node scripts/command-docs.js REDIS_7_0_URL VALKEY_8_URL
//
// Both servers must be plain ones without modules. Redis 7.0's own documentation is taken for all it has;
// of Valkey 8 only what it shares with Redis 7.2 and 7.0 lacks. What Valkey alone has is left out: there is
// no telling what such a name will mean elsewhere. Newer commands of Redis are added by name below.
import { writeFileSync } from 'node:fs';
import { createClient } from 'redis';

const NEWER = [
  ...['HEXPIRE', 'HPEXPIRE', 'HEXPIREAT', 'HPEXPIREAT'].map((name) => [name, '7.4.0', -6, 'write']),
  ...['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME'].map((name) => [name, '7.4.0', -5, 'readonly']),
  ['HPERSIST', '7.4.0', -5, 'write'],
  ['HGETEX', '8.0.0', -5, 'write'],
  ['HGETDEL', '8.0.0', -5, 'write'],
  ['HSETEX', '8.0.0', -6, 'write'],
];
const FIRST_ARGUMENT = {
  begin_search: { type: 'index', spec: { index: 1 } },
  find_keys: { type: 'range', spec: { lastkey: 0, keystep: 1, limit: 0 } },
};
const DROPPED = new Set(['complexity', 'history', 'key_spec_index', 'doc_flags', 'notes']);

const [redis, valkey] = await Promise.all(process.argv.slice(2).map(read));
if (!redis || !valkey) throw new Error('Usage: node scripts/command-docs.js REDIS_7_0_URL VALKEY_8_URL');
const all = { ...redis };
for (const [name, doc] of Object.entries(valkey)) {
  if (!all[name] && isShared(doc)) all[name] = doc;
  for (const [sub, part] of Object.entries(doc.subcommands ?? {}))
    if (all[name]?.subcommands && !all[name].subcommands[sub] && isShared(part))
      all[name].subcommands[sub] = part;
}
for (const [name, since, arity, flag] of NEWER) {
  const summary = `New in Redis ${since.slice(0, 3)}.`;
  const command_flags = [flag];
  all[name.toLowerCase()] = {
    summary,
    since,
    group: 'hash',
    arity,
    command_flags,
    key_specifications: [FIRST_ARGUMENT],
  };
}
const lines = Object.keys(all)
  .sort()
  .map((name) => `${JSON.stringify(name)}:${JSON.stringify(trimmed(all[name]))}`);
writeFileSync(new URL('../src/redis/commands.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);

function isShared(doc) {
  return Number.parseInt(doc.since, 10) < 8;
}

/** COMMAND DOCS, with arity, flags and key specifications of COMMAND added to each command. */
async function read(url) {
  const client = await createClient({ url, RESP: 3 }).connect();
  const docs = await client.sendCommand(['COMMAND', 'DOCS']);
  for (const command of await client.sendCommand(['COMMAND'])) {
    const [name, , , , , , , , , subcommands] = command;
    const doc = add(docs[name], command);
    for (const subcommand of subcommands) add(doc.subcommands[subcommand[0]], subcommand);
  }
  await client.close();
  return docs;
}

function add(doc, [, arity, flags, , , , , , specs]) {
  return Object.assign(doc, { arity, command_flags: [...flags], key_specifications: [...specs] });
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
