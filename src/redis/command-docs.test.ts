import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { bundled, type CommandDocs, fromServer } from './command-docs.ts';
import { LearnerClient } from './learner-client.ts';
import type { Reply } from './reply.ts';
import { splitArgs } from './split.ts';

let server: PlainServer;
let client: LearnerClient;
let docs: CommandDocs;
let live: CommandDocs;

beforeAll(async () => {
  server = await startPlainServer();
  client = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:test');
  [docs, live] = await Promise.all([bundled(), fromServer(client)]);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
});

const words = (keys: Buffer[]) => keys.map((key) => key.toString());

describe('the bundled documentation', () => {
  test('tells since when a command or subcommand is there, in any case', () => {
    expect(docs.since('set')).toBe('1.0.0');
    expect(docs.since('Client No-Evict')).toBe('7.0.0');
    expect(docs.since('WAITAOF')).toBe('7.2.0');
    expect(docs.since('HEXPIRE')).toBe('7.4.0');
    expect(docs.since('NOSUCH')).toBeUndefined();
    expect(docs.has('client kill')).toBe(true);
    expect(docs.has('client nosuch')).toBe(false);
  });

  test.each(['COMMANDLOG', 'SCRIPT SHOW', 'CLIENT CAPA', 'CLUSTER SLOT-STATS'])(
    'leaves out %s, which Valkey alone has',
    (name) => expect(docs.has(name)).toBe(false),
  );

  test('tells what a command takes, does, and is replaced by', () => {
    expect(docs.get('ZRANGEBYSCORE')).toMatchObject({
      name: 'ZRANGEBYSCORE',
      group: 'sorted-set',
      arity: -4,
      deprecated: { since: '6.2.0', instead: '`ZRANGE` with the `BYSCORE` argument' },
    });
    expect(docs.get('BLPOP')!.flags).toEqual(expect.arrayContaining(['write', 'blocking']));
    expect(docs.get('GET')!.flags).toContain('readonly');
    expect(docs.get('CLIENT')!.subcommands).toContain('KILL');
    expect(docs.get('GET')!.arguments).toMatchObject([{ name: 'key', type: 'key', optional: false }]);
  });

  test('finds the command a line begins with, a subcommand before its command', () => {
    expect(docs.find(['client', 'kill', 'ID'])!.name).toBe('CLIENT KILL');
    expect(docs.find(['client', 'nosuch'])!.name).toBe('CLIENT');
    expect(docs.find([Buffer.from('get'), Buffer.from('kill')])!.name).toBe('GET');
    expect(docs.find(['client kill'])).toBeUndefined();
    expect(docs.find([])).toBeUndefined();
  });

  test('is small', () => {
    expect(statSync(new URL('./commands.json', import.meta.url)).size).toBeLessThan(300_000);
  });

  test('up to a version has neither newer commands nor newer arguments', () => {
    const old = docs.upTo('6.2.9');
    expect([old.has('COPY'), old.has('LMPOP')]).toEqual([true, false]);
    expect(old.get('EXPIRE')!.arguments!.map((arg) => arg.name)).toEqual(['key', 'seconds']);
    expect(docs.upTo('7.0.0').get('EXPIRE')!.arguments).toHaveLength(3);
    expect(docs.upTo('2.6.9').get('SET')!.arguments).toHaveLength(2);
  });
});

const LINES = [
  'GET a',
  'mset a 1 b 2',
  'DEL a b c',
  'BLPOP a b 0',
  'EVAL "return 1" 2 a b c',
  'FCALL f 1 a b',
  'ZUNIONSTORE d 2 a b WEIGHTS 1 2',
  'ZUNION 2 a b',
  'LMPOP 2 a b LEFT',
  'XREAD COUNT 2 STREAMS a b 0 0',
  'XREADGROUP GROUP g STREAMS STREAMS a 0',
  'GEORADIUS a 1 2 3 m STORE d',
  'SORT a LIMIT 0 1 STORE d',
  'SORT a BY w_* ALPHA',
  'MIGRATE h 1 "" 0 9 KEYS a b',
  'OBJECT ENCODING a',
  'XGROUP CREATE a g $',
  'BITOP AND d a b',
  'SINTERCARD 2 a b LIMIT 3',
  'RENAME a b',
  'MEMORY USAGE a',
];

describe('the keys that a line names', () => {
  test.each(LINES)('are those that the server finds in %s', async (line) => {
    const args = splitArgs(line)!;
    const reply = await client.send([...splitArgs('COMMAND GETKEYS')!, ...args]);
    const told = (reply as Extract<Reply, { type: 'array' }>).items.map(
      (item) => item.type === 'bulk' && item.bytes,
    );
    const expected = told.map(String);
    expect(words(docs.keysOf(args)).filter((key) => key !== '')).toEqual(expect.arrayContaining(expected));
    expect(words(docs.keysOf(args)).filter((key) => key !== '')).toHaveLength(expected.length);
    expect(words(live.keysOf(args))).toEqual(words(docs.keysOf(args)));
  });

  test.each([
    'PING',
    'SPUBLISH ch m',
    'NOSUCH a',
    'KEYS *',
    'EVAL "return 1" many a',
    'ZUNION 99999999 a',
    'GET',
    '',
  ])('of %j are none, or those that are there', (line) =>
    expect(words(docs.keysOf(splitArgs(line)!))).toEqual(line.startsWith('ZUNION') ? ['a'] : []),
  );
});

describe('the documentation of a server', () => {
  test('agrees with what is bundled on the commands that both have', () => {
    const shared = docs.names.filter((name) => live.has(name));
    expect(shared.length).toBeGreaterThan(200);
    const writes = (from: CommandDocs) => shared.filter((name) => from.get(name)!.flags.includes('write'));
    expect(writes(live)).toEqual(writes(docs));
    // Later servers date CLIENT PAUSE and few others anew.
    expect(shared.filter((name) => live.since(name) !== docs.since(name)).length).toBeLessThan(10);
  });

  test('is the same in RESP 3', async () => {
    await client.send(splitArgs('HELLO 3')!);
    const other = await fromServer(client);
    await client.send(splitArgs('HELLO 2')!);
    expect(other.names.map((name) => other.get(name))).toEqual(live.names.map((name) => live.get(name)));
  });

  test('without COMMAND DOCS is what is bundled, up to its version, with the commands of its own', async () => {
    const bulk = (text: string): Reply => ({ type: 'bulk', bytes: Buffer.from(text) });
    const status = (text: string): Reply => ({ type: 'status', bytes: Buffer.from(text) });
    const integer = (n: number): Reply => ({ type: 'integer', text: String(n) });
    const array = (...items: Reply[]): Reply => ({ type: 'array', items });
    // As 6.2 answers: six fields and the categories, and an error to COMMAND DOCS.
    const old = await fromServer({
      async send([command, second]) {
        if (String(command) === 'INFO') return bulk('# Server\r\nredis_version:6.2.14\r\n');
        if (second) return { type: 'error', bytes: Buffer.from("ERR Unknown subcommand 'DOCS'") };
        return array(
          array(bulk('get'), integer(2), array(status('readonly')), integer(1), integer(1), integer(1)),
          array(bulk('my.mset'), integer(-3), array(status('write')), integer(1), integer(-1), integer(2)),
        );
      },
    });
    expect([old.has('GETEX'), old.has('LMPOP')]).toEqual([true, false]);
    expect(old.get('my.mset')).toMatchObject({ arity: -3, flags: ['write'], since: '' });
    expect(words(old.keysOf(splitArgs('MY.MSET a 1 b 2')!))).toEqual(['a', 'b']);
  });
});
