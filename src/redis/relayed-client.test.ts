import { once } from 'node:events';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import type { Gate } from './gate.ts';
import { RelayedClient, type RelayHooks } from './relayed-client.ts';

let server: PlainServer;

beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server?.stop());

/** One end of a connection: what is pushed into it is read from it piece by piece, what is written is kept. */
class End extends Duplex {
  written = Buffer.alloc(0);
  onWrite: (bytes: Buffer) => void = () => {};

  override _read(): void {}

  override _write(chunk: Buffer, _: unknown, done: () => void): void {
    this.written = Buffer.concat([this.written, chunk]);
    this.onWrite(chunk);
    this.emit('written');
    done();
  }

  async until(text: string): Promise<Buffer> {
    while (!this.written.includes(text)) await once(this, 'written');
    return this.written;
  }
}

/** Answered whatever came before. */
const LAST = 'DISCARD\r\nECHO last\r\n';

/** What the server itself says to these bytes. */
async function direct(bytes: Buffer): Promise<Buffer> {
  const socket = connect(server.socketPath);
  const replies: Buffer[] = [];
  socket.on('data', (chunk) => replies.push(chunk));
  socket.write(bytes);
  while (!Buffer.concat(replies).includes('$4\r\nlast\r\n')) await once(socket, 'data');
  socket.destroy();
  return Buffer.concat(replies);
}

/** The same, through a relay that reads both directions in pieces of any size. */
async function relayed(
  bytes: Buffer,
  sizes: { asked: number[]; answered: number[] },
  gate: Gate | undefined,
) {
  const socket = connect(server.socketPath);
  const [client, upstream] = [new End(), new End()];
  const told: string[] = [];
  const hooks: RelayHooks = {
    gate,
    onCommand: ({ args, reply }) =>
      told.push([...args.map((arg) => arg.toString('latin1')), JSON.stringify(reply)].join(' ')),
    onMessage: () => {},
    onGateError: () => {},
    traffic: { received: 0, bursts: 0, delivered: 0, clients: 0 },
  };
  new RelayedClient('relay:1', client, upstream, hooks);
  upstream.onWrite = (chunk) => socket.write(chunk);
  socket.on('data', (chunk) => {
    for (const piece of pieces(chunk, sizes.answered)) upstream.push(piece);
  });
  for (const piece of pieces(bytes, sizes.asked)) client.push(piece);
  const replies = await client.until('$4\r\nlast\r\n');
  socket.destroy();
  return { replies, forwarded: upstream.written, told };
}

function pieces(bytes: Buffer, sizes: number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let [at, index] = [0, 0]; at < bytes.length; index++) {
    const size = sizes[index % sizes.length]!;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cut;
}

const word = fc.oneof(
  fc.constantFrom('a', 'b', '*1\r\n$4\r\nPING\r\n', ''),
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1')),
);
const command = fc.oneof(
  fc.tuple(fc.constantFrom('SET', 'APPEND', 'RPUSH'), word, word),
  fc.tuple(fc.constantFrom('GET', 'DEL', 'INCR', 'ECHO', 'WATCH'), word),
  fc.constantFrom(['MULTI'], ['EXEC'], ['DISCARD'], ['SELECT', '1']),
);
const inline = fc.constantFrom('PING\r\n', '\r\n', 'set "a b" 1\n', '*0\r\n');
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 });

function encode(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}

const gates: (Gate | undefined)[] = [undefined, async () => 'forward'];

test('however bytes are torn, with a gate or without, the same is passed on, answered and told', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(command.map(encode), inline), { maxLength: 12 }),
      sizes,
      sizes,
      async (requests, asked, answered) => {
        const bytes = Buffer.from(['FLUSHALL\r\n', ...requests, LAST].join(''), 'latin1');
        const replies = await direct(bytes);
        const whole = { asked: [bytes.length], answered: [2 ** 20] };
        const expected = (await relayed(bytes, whole, undefined)).told;
        expect(expected.length).toBeGreaterThanOrEqual(2);
        for (const gate of gates)
          expect(await relayed(bytes, { asked, answered }, gate)).toEqual({
            replies,
            forwarded: bytes,
            told: expected,
          });
      },
    ),
    { numRuns: 150 },
  );
});

test('a gate that comes and goes changes no byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1 }), sizes, async (set, asked) => {
      const requests = Array.from({ length: 12 }, (_, n) => encode(['ECHO', String(n)]));
      const bytes = Buffer.from([...requests, LAST].join(''));
      const [client, upstream, socket] = [new End(), new End(), connect(server.socketPath)];
      const hooks: RelayHooks = {
        gate: undefined,
        onCommand: () => {},
        onMessage: () => {},
        onGateError: () => {},
        traffic: { received: 0, bursts: 0, delivered: 0, clients: 0 },
      };
      new RelayedClient('relay:1', client, upstream, hooks);
      upstream.onWrite = (chunk) => socket.write(chunk);
      socket.on('data', (chunk) => upstream.push(chunk));
      for (const [index, piece] of pieces(bytes, asked).entries()) {
        hooks.gate = gates[set[index % set.length] ? 1 : 0];
        client.push(piece);
        await Promise.resolve();
      }
      expect(await client.until('$4\r\nlast\r\n')).toEqual(await direct(bytes));
      expect(upstream.written).toEqual(bytes);
      socket.destroy();
    }),
    { numRuns: 100 },
  );
});

test('an answer of the gate does not break into a message that is half there', async () => {
  const [client, upstream] = [new End(), new End()];
  const hooks: RelayHooks = {
    gate: async ({ args }) => {
      if (args[0]!.toString() !== 'GET') return 'forward';
      upstream.push('>3\r\n$7\r\nmessage\r\n$4\r\nne');
      setImmediate(() => upstream.push('ws\r\n$2\r\nhi\r\n'));
      return { answer: Buffer.from('$-1\r\n') };
    },
    onCommand: () => {},
    onMessage: () => {},
    onGateError: () => {},
    traffic: { received: 0, bursts: 0, delivered: 0, clients: 0 },
  };
  new RelayedClient('relay:1', client, upstream, hooks);
  client.push('GET a\r\n');
  expect(String(await client.until('$-1'))).toBe('>3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n$-1\r\n');
});

test('what is held has a bound; the rest waits in the socket, and comes when the gate lets go', async () => {
  const [client, upstream] = [new End(), new End()];
  let decide = () => {};
  const hooks: RelayHooks = {
    gate: () =>
      new Promise((resolve) => {
        decide = () => resolve('forward');
      }),
    onCommand: () => {},
    onMessage: () => {},
    onGateError: () => {},
    traffic: { received: 0, bursts: 0, delivered: 0, clients: 0 },
  };
  new RelayedClient('relay:1', client, upstream, hooks);
  const value = encode(['SET', 'a', 'x'.repeat(2 ** 20)]);
  client.push(`CLIENT REPLY OFF\r\n${value}`);
  for (let n = 0; n < 15; n++) client.push(value);
  await once(client, 'pause');
  hooks.gate = undefined;
  decide();
  await once(client, 'resume');
  client.push('PING\r\n');
  expect((await upstream.until('PING')).length).toBe(
    value.length * 16 + 'CLIENT REPLY OFF\r\nPING\r\n'.length,
  );
});
