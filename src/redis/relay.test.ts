import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import type { HeldCommand, Passage } from './gate.ts';
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

async function client(options: { database?: number; RESP?: 2 | 3; name?: string } = {}) {
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

/** All that is said to a socket from now on. */
function heard(socket: Socket): { text: string; until(text: string): Promise<void> } {
  const all = {
    text: '',
    async until(text: string) {
      while (!all.text.includes(text)) await once(socket, 'data');
    },
  };
  socket.on('data', (chunk) => {
    all.text += chunk.toString('latin1');
  });
  return all;
}

/** One that does not come through the relay: what it does is nobody's evidence. */
async function other() {
  const one = createClient({ socket: { path: server.socketPath, tls: false } });
  one.on('error', () => {});
  await one.connect();
  await one.flushAll();
  return one;
}

/** Asks a gate for what the test decides: each command that is held, as it comes. */
class Held {
  readonly #waiting: { held: HeldCommand; decide: (passage: Passage) => void }[] = [];
  #wake = () => {};

  constructor() {
    relay.gate = (held) =>
      new Promise((decide) => {
        this.#waiting.push({ held, decide });
        this.#wake();
      });
  }

  get lines(): string[] {
    return this.#waiting.map(({ held }) => held.args.join(' '));
  }

  async next(): Promise<{ held: HeldCommand; decide: (passage: Passage) => void }> {
    while (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift()!;
  }

  /** Decides on the next command; as it is shown. */
  async let(passage: Passage): Promise<string> {
    const { held, decide } = await this.next();
    decide(passage);
    return held.args.join(' ');
  }
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
  // One by one: Redis 8.0 leaves out the error reply to a login that fails behind another command.
  for (const line of ['AUTH nobody secret', 'HELLO 3 AUTH nobody secret']) {
    socket.write(`${line}\r\n`);
    await once(socket, 'data');
  }
  socket.write('PING\r\n');
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

test('messages and confirmations are told as data, in order with the commands', async () => {
  const order: string[] = [];
  relay.onCommand = ({ args }) => order.push(args.join(' '));
  relay.onMessage = ({ kind, channel, pattern, payload, client }) =>
    order.push(
      [client, kind, pattern ?? '-', channel ?? '-', printReply(payload).toString().trim()].join(' '),
    );
  const publisher = await other();
  for (const [index, hello] of ['HELLO 2', 'HELLO 3'].entries()) {
    const socket = await raw();
    const said = heard(socket);
    socket.write(`${hello}\r\nSUBSCRIBE news sport\r\nPSUBSCRIBE w*\r\n`);
    await said.until('psubscribe');
    await publisher.publish('news', 'extra');
    await publisher.publish('weather', Buffer.from([0xff]));
    await said.until('\xff');
    socket.write('UNSUBSCRIBE news\r\nPING\r\n');
    await said.until(index === 0 ? 'pong' : 'PONG');
    socket.destroy();
    const name = `relay:${index + 1}`;
    expect(order.splice(0)).toEqual([
      'SUBSCRIBE news sport',
      `${name} subscribe - news (integer) 1`,
      `${name} subscribe - sport (integer) 2`,
      'PSUBSCRIBE w*',
      `${name} psubscribe w* - (integer) 3`,
      `${name} message - news "extra"`,
      `${name} pmessage w* weather "\\xff"`,
      'UNSUBSCRIBE news',
      `${name} unsubscribe - news (integer) 2`,
      'PING',
    ]);
  }
  publisher.destroy();
});

test('other pushes are told, and lines of MONITOR are not', async () => {
  const kinds: unknown[] = [];
  relay.onMessage = ({ kind, payload }) => kinds.push([kind, printReply(payload).toString()]);
  const [watcher, monitor, writer] = [await raw(), await raw(), await other()];
  const [pushed, lines] = [heard(watcher), heard(monitor)];
  monitor.write('MONITOR\r\n');
  await lines.until('OK');
  watcher.write('HELLO 3\r\nCLIENT TRACKING ON\r\nGET a\r\n');
  await pushed.until('_\r\n');
  await writer.set('a', '1');
  await pushed.until('invalidate');
  await lines.until('"a"');
  expect(kinds).toEqual([['invalidate', '1) 1) "a"\n']]);
  writer.destroy();
});

describe('at a gate', () => {
  test('what a client library sends to connect is not asked about', async () => {
    const asked: unknown[] = [];
    relay.gate = async ({ number, db, args }) => {
      asked.push([number, db, args.join(' ')]);
      return 'forward';
    };
    const one = createClient({
      RESP: 3,
      name: 'code',
      database: 2,
      socket: { host: '127.0.0.1', port: relay.port },
    });
    one.on('error', () => {});
    await one.connect();
    await one.set('a', '1');
    await one.select(3);
    await one.get('a');
    expect(asked).toEqual([
      [0, 2, 'SET a 1'],
      [1, 2, 'SELECT 3'],
      [2, 3, 'GET a'],
    ]);
    one.destroy();
  });

  test('a login is not shown, whenever it comes', async () => {
    const held = new Held();
    const socket = await raw();
    const said = heard(socket);
    socket.write('PING\r\nAUTH nobody secret\r\nECHO a\r\n');
    expect(await held.let('forward')).toBe('PING');
    const { held: echo, decide } = await held.next();
    expect([echo.number, String(echo.args[1])]).toEqual([1, 'a']);
    decide('forward');
    await said.until('$1\r\na');
    expect(said.text).toMatch(/^\+PONG\r\n-WRONGPASS.*\r\n\$1\r\na\r\n$/);
  });

  test('commands sent at once are passed on one by one: all before is answered, nothing after is sent', async () => {
    const [held, meanwhile] = [new Held(), await other()];
    await meanwhile.set('stock', '5');
    const socket = await raw();
    const said = heard(socket);
    socket.write('GET stock\r\nDECR stock\r\nDECR stock\r\n');
    expect(await held.let('forward')).toBe('GET stock');
    const first = await held.next();
    expect(lines()).toEqual(['GET stock -> "5"']);
    expect(await meanwhile.get('stock')).toBe('5');
    await meanwhile.set('stock', '50');
    first.decide('forward');
    const second = await held.next();
    expect(lines()).toEqual(['GET stock -> "5"', 'DECR stock -> (integer) 49']);
    expect(await meanwhile.get('stock')).toBe('49');
    second.decide('forward');
    await said.until(':48');
    expect(said.text).toBe('$1\r\n5\r\n:49\r\n:48\r\n');
    meanwhile.destroy();
  });

  test('one client waits, and the others go on', async () => {
    const [first, second] = [await client(), await client()];
    let letGo = (_: Passage) => {};
    relay.gate = async ({ args }) => {
      if (args[0]!.toString() !== 'ECHO') return 'forward';
      return new Promise((resolve) => {
        letGo = resolve;
      });
    };
    const waits = first.echo('late');
    expect(await second.set('a', '1')).toBe('OK');
    letGo('forward');
    expect(await waits).toBe('late');
    expect(lines().slice(-2)).toEqual(['SET a 1 -> OK', 'ECHO late -> "late"']);
    first.destroy();
    second.destroy();
  });

  test('one that is dropped never comes to the server, nor does anything after it', async () => {
    const [held, witness, socket] = [new Held(), await other(), await raw()];
    const said = heard(socket);
    socket.write('SET a 1\r\nSET b 1\r\nSET c 1\r\n');
    await held.let('forward');
    await held.let('drop');
    // Another connection is none the worse for it.
    const next = await client();
    const set = next.set('d', '1');
    expect(await held.let('forward')).toBe('SET d 1');
    expect(await set).toBe('OK');
    expect(await witness.keys('*')).toEqual(expect.arrayContaining(['a', 'd']));
    expect(await witness.dbSize()).toBe(2);
    expect([said.text, held.lines]).toEqual(['+OK\r\n', []]);
    witness.destroy();
    next.destroy();
  });

  test('one whose reply is dropped has run, and its client hears nothing more', async () => {
    const [held, witness, socket] = [new Held(), await other(), await raw()];
    const said = heard(socket);
    socket.write('PING\r\nSET a 1\r\nGET a\r\n');
    await held.let('forward');
    await held.let('drop-reply');
    expect(await until(2)).toEqual(['PING -> PONG', 'SET a 1 -> OK']);
    expect(await witness.get('a')).toBe('1');
    socket.end();
    await once(socket, 'close');
    expect([said.text, held.lines]).toEqual(['+PONG\r\n', []]);
    witness.destroy();
  });

  test('one that is answered does not run, and its reply comes in its place', async () => {
    const [held, witness, socket] = [new Held(), await other(), await raw()];
    const said = heard(socket);
    socket.write('ECHO first\r\nSET a 1\r\nECHO last\r\n');
    await held.let('forward');
    await held.let({ answer: Buffer.from('-LOADING not yet\r\n') });
    await held.let('forward');
    await said.until('last\r\n');
    expect(said.text).toBe('$5\r\nfirst\r\n-LOADING not yet\r\n$4\r\nlast\r\n');
    expect(await witness.exists('a')).toBe(0);
    expect(lines()).toEqual(['ECHO first -> "first"', 'ECHO last -> "last"']);
    witness.destroy();
  });

  test('a transaction is one to the others, and fails where what it watches was written in a gap', async () => {
    const [held, meanwhile, one] = [new Held(), await other(), await client()];
    await meanwhile.set('stock', '1');
    const bought = (async () => {
      await one.watch('stock');
      const left = Number(await one.get('stock'));
      return one
        .multi()
        .set('stock', left - 1)
        .exec();
    })();
    bought.catch(() => {});
    const seen: unknown[] = [];
    for (const line of ['WATCH stock', 'GET stock', 'MULTI', 'SET stock 0', 'EXEC']) {
      const { held: command, decide } = await held.next();
      expect(command.args.join(' ')).toBe(line);
      seen.push(command.inTransaction);
      if (line === 'EXEC') await meanwhile.set('stock', '7');
      decide('forward');
    }
    expect(seen).toEqual([false, false, false, true, true]);
    await expect(bought).rejects.toThrow('watched keys has been changed');
    expect(await meanwhile.get('stock')).toBe('7');
    meanwhile.destroy();
    one.destroy();
  });

  test('what comes behind a command that blocks waits for its end', async () => {
    const [held, meanwhile, socket] = [new Held(), await other(), await raw()];
    const said = heard(socket);
    socket.write('BLPOP queue 0\r\nECHO after\r\n');
    await held.let('forward');
    await expect.poll(() => meanwhile.info('clients')).toContain('blocked_clients:1');
    expect(held.lines).toEqual([]);
    await meanwhile.rPush('queue', 'go');
    await held.let('forward');
    await said.until('after');
    expect(lines()).toEqual(['BLPOP queue 0 -> 1) "queue" 2) "go"', 'ECHO after -> "after"']);
    meanwhile.destroy();
  });

  test('messages come through while a command is held', async () => {
    const [held, publisher, socket] = [new Held(), await other(), await raw()];
    const said = heard(socket);
    socket.write('SUBSCRIBE news\r\nUNSUBSCRIBE news\r\n');
    await held.let('forward');
    const { decide } = await held.next();
    await publisher.publish('news', 'extra');
    await said.until('extra');
    decide('forward');
    await said.until('unsubscribe');
    publisher.destroy();
  });

  test('what wants no reply is not waited for, and no answer to it is given', async () => {
    const [held, socket] = [new Held(), await raw()];
    const said = heard(socket);
    socket.write('CLIENT REPLY OFF\r\nSET a 1\r\nGET a\r\nCLIENT REPLY ON\r\nGET a\r\n');
    for (let n = 0; n < 2; n++) await held.let('forward');
    await held.let({ answer: Buffer.from('+never seen\r\n') });
    for (let n = 0; n < 2; n++) await held.let('forward');
    await said.until('$1\r\n1');
    expect(said.text).toBe('+OK\r\n$1\r\n1\r\n');
  });

  test('what is no RESP is passed on behind what is held', async () => {
    const [held, socket] = [new Held(), await raw()];
    const said = heard(socket);
    socket.write('PING\r\n*1\r\n:oops\r\nPING\r\n');
    await held.let('forward');
    await said.until('Protocol error');
    expect(said.text).toMatch(/^\+PONG\r\n-ERR Protocol error/);
    expect([lines(), held.lines]).toEqual([['PING -> PONG'], []]);
  });

  test('a gate that is set in the midst of a command holds the one after it', async () => {
    const [socket, witness] = [await raw(), await other()];
    const said = heard(socket);
    const value = 'x'.repeat(1_000_000);
    const half = `ECHO at\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000\r\n${value.slice(0, 400_000)}`;
    socket.write(half);
    await said.until('at\r\n');
    const held = new Held();
    socket.write(`${value.slice(400_000)}\r\nSTRLEN a\r\nPING\r\n`);
    const strlen = await held.next();
    expect(await witness.strLen('a')).toBe(1_000_000);
    // And where it is taken away, what waits goes on.
    relay.gate = undefined;
    strlen.decide('forward');
    await said.until('PONG');
    expect(lines().slice(-2)).toEqual(['STRLEN a -> (integer) 1000000', 'PING -> PONG']);
    witness.destroy();
  });

  test('a gate that fails ends the connection of its client, and says why', async () => {
    const errors: unknown[] = [];
    relay.onGateError = (error) => errors.push(error);
    relay.gate = async ({ args }) => {
      if (args[0]!.toString() === 'GET') throw new Error('no such schedule');
      return 'forward';
    };
    const [one, two] = [await client(), await client()];
    await expect(one.get('a')).rejects.toThrow();
    expect(errors).toEqual([new Error('no such schedule')]);
    expect(await two.set('a', '1')).toBe('OK');
    one.destroy();
    two.destroy();
  });

  test('what a client sent before it left still runs, and then it is gone for the server', async () => {
    const [held, witness, socket] = [new Held(), await other(), await raw()];
    socket.resume();
    socket.write('ECHO a\r\nCLIENT ID\r\nBLPOP queue 0\r\nSET a 1\r\n');
    await held.let('forward');
    await held.let('forward');
    await held.let('forward');
    await expect.poll(() => witness.info('clients')).toContain('blocked_clients:1');
    socket.end();
    // It may be gone for good: what blocks is not waited for any more.
    expect(await held.let('forward')).toBe('SET a 1');
    await once(socket, 'close');
    const id = /CLIENT ID -> \(integer\) (\d+)/.exec(lines().join('\n'))![1]!;
    await expect.poll(() => witness.sendCommand(['CLIENT', 'LIST', 'ID', id])).toBe('');
    witness.destroy();
  });

  test.each(['the client', 'the server', 'the relay'])(
    'nothing happens any more once %s is gone, whatever is decided',
    async (who) => {
      const [held, witness, socket] = [new Held(), await other(), await raw()];
      socket.resume();
      socket.write('PING\r\nSET a 1\r\nSET b 1\r\n');
      await held.let('forward');
      const { held: command, decide } = await held.next();
      const gone = once(command.signal, 'abort');
      const closed = once(socket, 'close');
      if (who === 'the client') socket.resetAndDestroy();
      else if (who === 'the relay') relay.close();
      else await witness.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      await gone;
      decide('forward');
      await closed;
      expect(await witness.dbSize()).toBe(0);
      expect(held.lines).toEqual([]);
      witness.destroy();
    },
  );

  test('a gate that fails once its client is gone disturbs nobody', async () => {
    const errors: unknown[] = [];
    relay.onGateError = (error) => errors.push(error);
    const asked = new Promise<void>((resolve) => {
      relay.gate = async ({ signal }) => {
        resolve();
        await once(signal, 'abort');
        throw new Error('gone');
      };
    });
    const socket = await raw();
    socket.write('PING\r\n');
    await asked;
    relay.close();
    await expect.poll(() => errors).toEqual([new Error('gone')]);
  });

  test('three thousand commands at once come through one by one', async () => {
    const one = await client();
    let most = 0;
    relay.gate = async ({ number }) => {
      most = Math.max(most, number);
      return 'forward';
    };
    const replies = await Promise.all(Array.from({ length: 3_000 }, (_, n) => one.echo(String(n))));
    expect(replies).toEqual(Array.from({ length: 3_000 }, (_, n) => String(n)));
    expect(most).toBe(2_999);
    one.destroy();
  });
});
