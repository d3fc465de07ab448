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

  test.each(['COMMANDLOG', 'SCRIPT SHOW', 'CLIENT CAPA', 'CLUSTER SLOT-STATS', 'DELIFEQ'])(
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

describe('the documentation of a server', () => {
  test('agrees with what is bundled on the commands that both have', () => {
    const shared = docs.names.filter((name) => live.has(name));
    expect(shared.length).toBeGreaterThan(200);
    const grouped = shared.filter((name) => live.get(name)!.group !== 'module');
    const groups = (from: CommandDocs) => grouped.map((name) => [name, from.get(name)!.group]);
    expect(groups(live)).toEqual(groups(docs));
    // Later servers date CLIENT PAUSE and few others anew; Valkey dates what it took over from Redis.
    const old = shared.filter((name) => docs.since(name)! < '7.3');
    expect(old.filter((name) => live.since(name) !== docs.since(name)).length).toBeLessThan(10);
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
    expect(old.get('my.mset')).toMatchObject({ arity: -3, since: '' });
  });
});
