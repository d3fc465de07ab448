import { ErrorReply } from 'redis';
import type { NodeRedisClient } from './connection.ts';
import { ReplyDecoder } from './decode.ts';
import type { Reply } from './reply.ts';

/**
 * A value that node-redis decoded in RESP 2 with bulk strings as Buffers and numbers as strings, as a Reply.
 * One thing is lost there: a status made of digits, which only a script can return, becomes an integer.
 */
export function fromNodeRedis(value: unknown): Reply {
  if (value === null || value === undefined) return { type: 'nil' };
  if (Buffer.isBuffer(value)) return { type: 'bulk', bytes: value };
  if (Array.isArray(value)) return { type: 'array', items: value.map(fromNodeRedis) };
  if (value instanceof ErrorReply) return { type: 'error', bytes: Buffer.from(value.message) };
  if (typeof value === 'number') return { type: 'integer', text: String(value) };
  if (typeof value === 'string')
    return /^-?\d+$/.test(value)
      ? { type: 'integer', text: value }
      : { type: 'status', bytes: Buffer.from(value) };
  throw new TypeError(`node-redis gave a ${typeof value}, which RESP 2 does not have`);
}

/**
 * Puts our decoder in the place of node-redis's own, which forgets types and the bytes of errors; all else
 * (socket, login, queue) stays node-redis's. Every reply and push of a connected client then goes to
 * `onReply`, which passes on what answers the oldest waiting command: that resolves its `sendCommand`.
 */
export function readReplies(
  client: NodeRedisClient,
  onReply: (reply: Reply) => void,
): (reply: Reply) => void {
  const queue = client._getQueue();
  const decoder = new ReplyDecoder(onReply);
  const own = {
    onReply: queue.decoder.onReply as (reply: unknown) => void,
    reset: () => decoder.reset(),
    write(chunk: Buffer) {
      try {
        decoder.write(chunk);
      } catch (error) {
        // After node-redis has told its listeners why.
        queueMicrotask(() => client.destroy());
        throw error;
      }
    },
  };
  (queue as { decoder: unknown }).decoder = own;
  return (reply) => own.onReply(reply);
}
