import { createServer, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PlainServer as Server, startPlainServer } from '../../test/setup/plain-server.ts';
import { ReplyDecoder } from '../redis/decode.ts';
import { dial } from '../redis/dial.ts';
import type { Form } from '../redis/print.ts';
import { RequestDecoder } from '../redis/request.ts';
import { PlainServer } from '../sandbox/plain.ts';
import { PipeSession } from './pipe-session.ts';

let server: Server;
let wire: NetServer;
/** Commands in the order in which they were sent, each with how many were unanswered by then. */
let sent: [command: string, unanswered: number][];
const path = join(tmpdir(), `rediscover-wire-${process.pid}.sock`);

beforeAll(async () => {
  server = await startPlainServer();
  wire = createServer(async (client) => {
    let unanswered = 0;
    const requests = new RequestDecoder();
    const replies = new ReplyDecoder(() => unanswered--);
    const there = await dial({ socketPath: server.socketPath }, 5000);
    client.on('data', (chunk) => {
      for (const { args } of requests.read(chunk)) sent.push([String(args[0]).toUpperCase(), unanswered++]);
    });
    client.pipe(there);
    there.on('data', (chunk) => replies.write(chunk)).pipe(client);
    for (const socket of [client, there]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => wire.listen(path, resolve));
});
beforeEach(() => {
  sent = [];
});
afterAll(async () => {
  wire?.close();
  await server?.stop();
});

const open: PlainServer[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

/** What a run of these lines writes; what it sent goes over the wire. */
async function run(lines: string[], form: Form = 'raw'): Promise<string> {
  const served = await PlainServer.open({ redis: `unix://${path}` });
  open.push(served);
  sent = [];
  const input = new PassThrough();
  const output = new PassThrough();
  const written = text(output);
  input.end(lines.map((line) => `${line}\n`).join(''));
  await new PipeSession({ served, form, input, output }).run();
  output.end();
  return written;
}

describe('a pipe', () => {
  test('sends ahead of the replies', async () => {
    expect(await run(['SET a 1', 'INCR a', 'INCR a'])).toBe('OK\n2\n3\n');
    expect(sent).toEqual([
      ['SET', 0],
      ['INCR', 1],
      ['INCR', 2],
    ]);
  });

  test('sends what logs in alone: some servers drop its answer behind others', async () => {
    await run(['SET a 1', 'INCR a', 'AUTH nobody wrong', 'INCR a', 'HELLO 3', 'INCR a']);
    const logins = sent.filter(([command]) => ['AUTH', 'HELLO'].includes(command));
    expect(logins).toEqual([
      ['AUTH', 0],
      ['HELLO', 0],
    ]);
  });

  test('says how long a slow command took, of others nothing', async () => {
    const lines = ['BLPOP nothing 0.1', 'BLPOP nothing 0.55', 'PING'];
    expect(await run(lines, 'formatted')).toMatch(/^\(nil\)\n\(nil\)\n\(0\.\d\ds\)\nPONG\n$/);
    expect(await run(lines)).not.toContain('s)');
  });
});
