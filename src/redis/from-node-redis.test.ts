import { RESP_TYPES } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { type Connection, connect } from './connection.ts';
import { fromNodeRedis } from './from-node-redis.ts';
import { printReply } from './print.ts';
import { splitArgs } from './split.ts';

let server: PlainServer;
let connection: Connection;
beforeAll(async () => {
  server = await startPlainServer();
  connection = await connect({ socketPath: server.socketPath }, 'rediscover:test');
});
afterAll(async () => {
  connection?.client.destroy();
  await server?.stop();
});

test.each([
  ['SET k "\\xff"', 'OK\n'],
  ['GET k', '"\\xff"\n'],
  ['GET nothing', '(nil)\n'],
  ['INCRBY n 9223372036854775807', '(integer) 9223372036854775807\n'],
  [
    'EVAL "return {1, {}, false, redis.error_reply(\'ERR no\')}" 0',
    '1) (integer) 1\n2) (empty array)\n3) (nil)\n4) (error) ERR no\n',
  ],
])('what node-redis makes of the reply to %s is a Reply again', async (line, shown) => {
  const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String };
  const value = await connection.client.sendCommand(splitArgs(line)!, { typeMapping });
  expect(printReply(fromNodeRedis(value)).toString()).toBe(shown);
});
