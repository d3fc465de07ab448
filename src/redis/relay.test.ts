import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { printReply } from './print.ts';
import { Relay, type RelayedCommand } from './relay.ts';

let server: PlainServer;
let relay: Relay;
let told: RelayedCommand[];
let wake = () => {};
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  relay = await Relay.listen({ socketPath: server.socketPath }, { host: '127.0.0.1', port: 0 });
  told = [];
  relay.onCommand = (command) => {
    told.push(command);
    wake();
  };
});
afterEach(() => {
  relay.close();
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Each command that was told, as `COMMAND -> reply`. */
function lines(): string[] {
  return told.map(({ args, reply }) => {
    const shown = printReply(reply).toString().trim().replaceAll('\n', ' ');
    return `${args.map((arg) => arg.toString('latin1')).join(' ')} -> ${shown}`;
  });
}

async function until(count: number): Promise<string[]> {
  while (told.length < count) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return lines();
}

async function client(options: { database?: number } = {}) {
  const one = createClient({
    ...options,
    disableClientInfo: true,
    socket: { host: '127.0.0.1', port: relay.port },
  });
  one.on('error', () => {});
  await one.connect();
  return one;
}

/** A connection on which bytes are written by hand. */
async function raw(): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

test('commands are told with their replies, errors too, before their client has them', async () => {
  const one = await client();
  await one.set('stock:12', '40');
  expect(lines().at(-1)).toBe('SET stock:12 40 -> OK');
  await one.incrBy('stock:12', 2);
  expect(lines().at(-1)).toBe('INCRBY stock:12 2 -> (integer) 42');
  await expect(one.lPush('stock:12', 'a')).rejects.toThrow('WRONGTYPE');
  expect(lines().at(-1)).toMatch(/^LPUSH stock:12 a -> \(error\) WRONGTYPE/);
  one.destroy();
});

test('a transaction is told as it goes: queued, then carried out by EXEC', async () => {
  const one = await client();
  await one.multi().set('a', '1').incr('a').exec();
  expect(lines().slice(-4)).toEqual([
    'MULTI -> OK',
    'SET a 1 -> QUEUED',
    'INCR a -> QUEUED',
    'EXEC -> 1) OK 2) (integer) 2',
  ]);
  expect(new Set(told.slice(-4).map(({ client }) => client)).size).toBe(1);
  one.destroy();
});

test('clients are told apart, and the database of each is known', async () => {
  const [one, two] = [await client({ database: 3 }), await client()];
  await one.set('here', '1');
  await two.set('there', '1');
  const [first, second] = told.slice(-2);
  expect([first!.db, second!.db]).toEqual([3, 0]);
  expect(first!.client).not.toBe(second!.client);
  one.destroy();
  two.destroy();
});

test('many commands in one piece keep their replies', async () => {
  const one = await client();
  await Promise.all(Array.from({ length: 500 }, (_, n) => one.echo(String(n))));
  expect(lines().slice(-500)).toEqual(Array.from({ length: 500 }, (_, n) => `ECHO ${n} -> "${n}"`));
  one.destroy();
});

test('nothing of a login is told', async () => {
  const socket = await raw();
  socket.write('AUTH nobody secret\r\nHELLO 3 AUTH nobody secret\r\nPING\r\n');
  expect(await until(1)).toEqual(['PING -> PONG']);
});

test('messages and confirmations are no replies to the commands after them', async () => {
  const [listener, other] = [await raw(), await client()];
  listener.write('SUBSCRIBE news weather\r\n');
  const [, confirmed] = [await until(1), once(listener, 'data')];
  await confirmed;
  await other.publish('news', 'extra');
  listener.write('PING\r\nUNSUBSCRIBE\r\nECHO after\r\n');
  while (!lines().includes('ECHO after -> "after"')) await until(told.length + 1);
  expect(lines().filter((line) => /^(SUB|PING|ECHO)/.test(line))).toEqual([
    expect.stringMatching(/^SUBSCRIBE news weather -> 1\) "subscribe"/),
    expect.stringMatching(/^PING -> 1\) "pong"/),
    'ECHO after -> "after"',
  ]);
  other.destroy();
});

test('commands that a client wants no reply to leave those of the others in place', async () => {
  const socket = await raw();
  socket.write('CLIENT REPLY SKIP\r\nSET a skipped\r\nECHO one\r\n');
  socket.write('CLIENT REPLY OFF\r\nSET a muted\r\nCLIENT REPLY ON\r\nGET a\r\n');
  expect(await until(3)).toEqual(['ECHO one -> "one"', 'CLIENT REPLY ON -> OK', 'GET a -> "muted"']);
});

test('what is no RESP is passed on, and its connection not understood any more', async () => {
  const socket = await raw();
  socket.write('PING\r\n*1\r\n:oops\r\n');
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  await once(socket, 'close');
  expect(Buffer.concat(received).toString()).toMatch(/^\+PONG\r\n-ERR Protocol error/);
  expect(lines()).toEqual([]);
});

test('a client that leaves is gone for the server too, and one whose server is not there is let go', async () => {
  const socket = await raw();
  socket.write('CLIENT ID\r\n');
  const [line] = await until(1);
  const id = /\d+/.exec(line!)![0];
  socket.destroy();
  const one = await client();
  await expect.poll(() => one.sendCommand(['CLIENT', 'LIST', 'ID', id])).toBe('');
  one.destroy();

  const nowhere = await Relay.listen({ socketPath: '/nowhere.sock' }, { host: '127.0.0.1', port: 0 });
  const lost = connect(nowhere.port, '127.0.0.1');
  sockets.push(lost);
  await once(lost, 'close');
  nowhere.close();
});
