import type { Reply } from './reply.ts';
import { pubSubKind } from './session.ts';

/** What a server sends without being asked: a message, a confirmation of SUBSCRIBE and its kin, another push. */
export interface Message {
  /** `message`, `pmessage`, `smessage`; `subscribe` and its kin; in RESP 3 any other push, as `invalidate`. */
  kind: string;
  /** Neither of the two for other pushes, and where UNSUBSCRIBE had nothing to leave. */
  channel?: Buffer;
  /** Of `pmessage`, `psubscribe` and `punsubscribe`. */
  pattern?: Buffer;
  /** What was published; of a confirmation, how many subscriptions there are now; of other pushes, an array. */
  payload: Reply;
}

/** Undefined for what is no message, as a line of MONITOR. */
export function messageOf(reply: Reply): Message | undefined {
  const pubSub = pubSubKind(reply);
  if (pubSub === undefined && reply.type !== 'push') return undefined;
  const [first, ...items] = 'items' in reply ? reply.items : [];
  const payload = items.at(-1);
  if (pubSub === undefined || payload === undefined)
    return { kind: textOf(first), payload: { type: 'array', items } };
  const [pattern, channel] = pubSub.startsWith('p') ? [items[0], items[1]] : [undefined, items[0]];
  return {
    kind: pubSub,
    ...(pattern?.type === 'bulk' && { pattern: pattern.bytes }),
    ...(channel?.type === 'bulk' && { channel: channel.bytes }),
    payload,
  };
}

function textOf(reply: Reply | undefined): string {
  return reply !== undefined && 'bytes' in reply ? reply.bytes.toString('latin1') : '';
}
