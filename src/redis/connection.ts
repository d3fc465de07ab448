import { createClient } from 'redis';
import { CONNECT_TIMEOUT, clientOptions, showTarget, type Target } from './target.ts';

export type NodeRedisClient = ReturnType<typeof open>;

/** The server went away, or closed this connection, while something was asked of it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export interface Connection {
  client: NodeRedisClient;
  /** Settles when the connection has ended, with the reason; never rejects. */
  closed: Promise<string>;
}

/**
 * Connects and logs in. Rejects with what node-redis says within CONNECT_TIMEOUT, also where the server
 * accepts and then says nothing: node-redis itself would wait for ever.
 */
export async function connect(target: Target, name: string | undefined): Promise<Connection> {
  const client = open(target, name);
  let reason = 'the server closed the connection';
  const closed = new Promise<string>((resolve) => {
    client.on('error', (error: Error) => {
      reason = error.message || reason;
      if (!client.isReady) resolve(reason);
    });
    client.on('end', () => resolve(reason));
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `${showTarget(target)} did not answer within ${CONNECT_TIMEOUT / 1000} s`;
    timer = setTimeout(() => reject(new ConnectionLost(message)), CONNECT_TIMEOUT);
  });
  try {
    await Promise.race([client.connect(), late]);
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return { client, closed };
}

function open(target: Target, name: string | undefined) {
  return createClient(clientOptions(target, name));
}
