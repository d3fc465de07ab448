import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { ConnectionLost } from './connection.ts';
import { LearnerClient } from './learner-client.ts';
import { printReply } from './print.ts';
import { splitArgs } from './split.ts';
import type { Target } from './target.ts';

let server: PlainServer;
const open: LearnerClient[] = [];

beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server?.stop());
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

async function connect(target: Target = {}): Promise<LearnerClient> {
  const client = await LearnerClient.connect({ socketPath: server.socketPath, ...target }, 'rediscover:test');
  open.push(client);
  return client;
}

/** What redis-cli would show on a terminal for a line. */
async function shown(client: LearnerClient, line: string): Promise<string> {
  return printReply(await client.send(splitArgs(line)!)).toString();
}

/** Collects what comes unasked; `until` waits for as much as is wanted. */
function messages(client: LearnerClient): { until(count: number): Promise<string[]> } {
  const got: string[] = [];
  let arrived = () => {};
  client.onMessage = (reply) => {
    got.push(printReply(reply).toString());
    arrived();
  };
  return {
    async until(count) {
      while (got.length < count)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      return got;
    },
  };
}

describe('state of the connection', () => {
  test('the database follows SELECT', async () => {
    const client = await connect({ db: 2 });
    expect(client.db).toBe(2);
    await shown(client, 'select 5');
    expect(client.db).toBe(5);
    await shown(client, 'SELECT 9999');
    expect(client.db).toBe(5);
  });

  test('a SELECT in a transaction counts when it is executed, and not where it is discarded', async () => {
    const client = await connect();
    for (const line of ['MULTI', 'SELECT 3', 'SELECT nowhere']) await shown(client, line);
    expect([client.inTransaction, client.db]).toEqual([true, 0]);
    await shown(client, 'EXEC');
    expect([client.inTransaction, client.db]).toEqual([false, 3]);
    for (const line of ['MULTI', 'SELECT 4', 'DISCARD']) await shown(client, line);
    expect([client.inTransaction, client.db]).toEqual([false, 3]);
  });

  test('a transaction that is aborted is over', async () => {
    const client = await connect();
    for (const line of ['MULTI', 'SET too few']) await shown(client, line);
    await shown(client, 'NOSUCH');
    expect(client.inTransaction).toBe(true);
    expect(await shown(client, 'EXEC')).toMatch(/EXECABORT/);
    expect(client.inTransaction).toBe(false);
  });

  test('HELLO switches the protocol, and RESET takes everything back', async () => {
    const client = await connect({ db: 1 });
    expect(await shown(client, 'HELLO 3')).toMatch(/# "proto" => \(integer\) 3\n/);
    await shown(client, 'MULTI');
    expect([client.protocol, client.inTransaction]).toEqual([3, true]);
    expect(await shown(client, 'RESET')).toBe('RESET\n');
    expect([client.protocol, client.inTransaction, client.db]).toEqual([2, false, 0]);
    expect(await shown(client, 'HELLO 9')).toMatch(/NOPROTO/);
    expect(client.protocol).toBe(2);
  });

  test('after RESET the learner is still logged in', async () => {
    const admin = await connect();
    await shown(admin, 'ACL SETUSER pupil on >secret ~* &* +@all');
    const client = await connect({ username: 'pupil', password: 'secret' });
    const [reset, whoami] = await Promise.all([shown(client, 'RESET'), shown(client, 'ACL WHOAMI')]);
    expect([reset, whoami]).toEqual(['RESET\n', '"pupil"\n']);
  });

  test('HELLO with a login works, and tells of a wrong one', async () => {
    await shown(await connect(), 'ACL SETUSER other on >right ~* &* +@all');
    const client = await connect();
    expect(await shown(client, 'HELLO 2 AUTH other wrong')).toMatch(/^\(error\) WRONGPASS/);
    expect(await shown(client, 'HELLO 2 AUTH other right')).toMatch(/"proto"/);
    expect(await shown(client, 'ACL WHOAMI')).toBe('"other"\n');
  });

  test('its number is what the server calls it', async () => {
    const client = await connect();
    expect(await shown(client, 'CLIENT ID')).toBe(`(integer) ${client.id}\n`);
  });
});

describe('replies', () => {
  test('commands sent without waiting are answered in order, also the refused ones', async () => {
    const client = await connect();
    const order: string[] = [];
    const lines = ['SET order:1 a', 'GET order:1', 'SYNC', 'INCR order:2', 'CLIENT REPLY OFF', 'PING'];
    await Promise.all(lines.map((line) => shown(client, line).then((text) => order.push(text))));
    expect(order.map((text) => text.split(' ').slice(0, 2).join(' ').trim())).toEqual([
      'OK',
      '"a"',
      '(error) ERR',
      '(integer) 1',
      '(error) ERR',
      'PONG',
    ]);
  });

  test('bytes that are no text come back as they are, in errors and keys of maps too', async () => {
    const client = await connect();
    const odd = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    await client.send([Buffer.from('HSET'), Buffer.from('bytes'), odd, odd]);
    await shown(client, 'HELLO 3');
    expect(await client.send([Buffer.from('HGETALL'), Buffer.from('bytes')])).toEqual({
      type: 'map',
      entries: [
        [
          { type: 'bulk', bytes: odd },
          { type: 'bulk', bytes: odd },
        ],
      ],
    });
    const error = await client.send([Buffer.from([0xff, 0x41])]);
    expect(error.type === 'error' && error.bytes.includes(0xff)).toBe(true);
  });

  test('a status of digits, which a script can return, is no integer', async () => {
    const client = await connect();
    expect(await shown(client, `EVAL "return {redis.status_reply('42'), 42, '42'}" 0`)).toBe(
      '1) 42\n2) (integer) 42\n3) "42"\n',
    );
  });

  test('a reply of many megabytes arrives whole', async () => {
    const client = await connect();
    await shown(client, 'SETRANGE big 30000000 x');
    const reply = await client.send(splitArgs('GET big')!);
    expect(reply.type === 'bulk' && reply.bytes.length).toBe(30000001);
    await shown(client, 'DEL big');
  });

  test.each(['SYNC', 'PSYNC ? -1', 'REPLCONF ack 0', 'client reply skip', 'SCRIPT DEBUG yes'])(
    '%s is refused with the reason, and the connection lives on',
    async (line) => {
      const client = await connect();
      expect(await shown(client, line)).toMatch(/^\(error\) ERR .* it cannot be run here\n$/);
      expect(await shown(client, 'PING')).toBe('PONG\n');
    },
  );
});

describe.each([2, 3])('publish and subscribe in RESP %i', (protocol) => {
  const words = (kind: string, ...rest: string[]) =>
    [kind, ...rest].map((w, i) => `${i + 1}) ${w}\n`).join('');

  async function subscriber(): Promise<LearnerClient> {
    const client = await connect();
    if (protocol === 3) await shown(client, 'HELLO 3');
    return client;
  }

  test('confirmations are the reply, messages come unasked, and PING is answered in between', async () => {
    const [client, other] = [await subscriber(), await connect()];
    const seen = messages(client);
    expect(await shown(client, 'SUBSCRIBE news sport')).toBe(words('"subscribe"', '"news"', '(integer) 1'));
    expect(await shown(client, 'PSUBSCRIBE n*')).toBe(words('"psubscribe"', '"n*"', '(integer) 3'));
    expect(client.subscribed).toBe(true);
    await shown(other, 'PUBLISH news "one\\n"');
    expect(await seen.until(3)).toEqual([
      words('"subscribe"', '"sport"', '(integer) 2'),
      words('"message"', '"news"', '"one\\n"'),
      words('"pmessage"', '"n*"', '"news"', '"one\\n"'),
    ]);
    expect(await shown(client, 'PING')).toBe(protocol === 3 ? 'PONG\n' : '1) "pong"\n2) ""\n');
    expect(await shown(client, 'GET k')).toMatch(
      protocol === 3 ? /\(nil\)/ : /^\(error\) ERR Can't execute 'get'/,
    );
  });

  test('leaving everything gives the connection back', async () => {
    const client = await subscriber();
    await Promise.all(['SUBSCRIBE a b', 'PSUBSCRIBE p*', 'SUBSCRIBE c'].map((line) => shown(client, line)));
    await client.unsubscribeAll();
    expect(client.subscribed).toBe(false);
    expect(await shown(client, 'ECHO again')).toBe('"again"\n');
  });

  test('UNSUBSCRIBE without a name leaves each channel, and may come where nothing is subscribed to', async () => {
    const client = await subscriber();
    const seen = messages(client);
    expect(await shown(client, 'UNSUBSCRIBE')).toBe(words('"unsubscribe"', '(nil)', '(integer) 0'));
    await shown(client, 'SUBSCRIBE a b');
    const [first, pong] = await Promise.all([shown(client, 'UNSUBSCRIBE'), shown(client, 'PING')]);
    expect(first).toMatch(/^1\) "unsubscribe"\n/);
    expect(pong).toBe('PONG\n');
    expect((await seen.until(2))[1]).toMatch(/"unsubscribe".*\(integer\) 0/s);
    expect(client.subscribed).toBe(false);
  });

  test('too few arguments are an error, and a queued SUBSCRIBE is queued', async () => {
    const client = await subscriber();
    expect(await shown(client, 'SUBSCRIBE')).toMatch(/^\(error\) ERR wrong number/);
    expect(await shown(client, 'PING')).toBe('PONG\n');
  });

  test('RESET leaves the subscriptions', async () => {
    const client = await subscriber();
    await shown(client, 'SUBSCRIBE a');
    expect(await shown(client, 'RESET')).toBe('RESET\n');
    expect(client.subscribed).toBe(false);
    expect(await shown(client, 'ECHO again')).toBe('"again"\n');
  });
});

describe('MONITOR', () => {
  test('its lines come unasked, and leaving it keeps database and protocol', async () => {
    const [client, other] = [await connect({ db: 3 }), await connect()];
    await shown(client, 'HELLO 3');
    const seen = messages(client);
    expect(await shown(client, 'MONITOR')).toBe('OK\n');
    await shown(other, 'SET watched 1');
    expect((await seen.until(1))[0]).toMatch(/^\d+\.\d+ \[0 .*\] "SET" "watched" "1"\n$/);
    await client.unsubscribeAll();
    expect([client.monitoring, client.db, client.protocol]).toEqual([false, 3, 3]);
    expect(await shown(client, 'PING')).toBe('PONG\n');
  });
});

describe('a connection that ends', () => {
  test('rejects what blocks, and all that comes after, with ConnectionLost', async () => {
    const [client, other] = [await connect(), await connect()];
    // Awaited from the start: the end may be seen here before the reply to CLIENT KILL.
    const blocked = expect(shown(client, 'BLPOP nothing 0')).rejects.toBeInstanceOf(ConnectionLost);
    await shown(other, `CLIENT KILL ID ${client.id}`);
    await blocked;
    await client.closed;
    await expect(shown(client, 'PING')).rejects.toBeInstanceOf(ConnectionLost);
  });

  test('is closed at once while a command blocks', async () => {
    const client = await connect();
    const blocked = shown(client, 'BLPOP nothing 0');
    client.close();
    await expect(blocked).rejects.toBeInstanceOf(ConnectionLost);
    expect(await client.closed).toBe('the connection was closed here');
    client.close();
  });

  test('a blocked command ends with CLIENT UNBLOCK, and the connection goes on', async () => {
    const [client, other] = [await connect(), await connect()];
    const blocked = shown(client, 'BLPOP nothing 0');
    await expect.poll(() => shown(other, `CLIENT UNBLOCK ${client.id}`)).toBe('(integer) 1\n');
    expect(await blocked).toBe('(nil)\n');
    expect(await shown(client, 'PING')).toBe('PONG\n');
  });

  test('QUIT is answered before it ends', async () => {
    const client = await connect();
    expect(await shown(client, 'QUIT')).toBe('OK\n');
    expect(await client.closed).not.toBe('');
  });
});
