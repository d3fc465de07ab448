import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { Target } from './target.ts';

/**
 * A bare connection to where a Redis is said to be, before a word is spoken. Rejects with the socket's error,
 * or after `timeout` milliseconds with one of code ETIMEDOUT.
 */
export async function dial(target: Target, timeout: number): Promise<Socket> {
  const { socketPath: path, host = '127.0.0.1', port = 6379, tls } = target;
  // Late: it takes longer to load than a local server to answer.
  const secure = tls && (await import('node:tls'));
  return new Promise((resolve, reject) => {
    const socket = secure
      ? secure.connect({
          ...(path === undefined ? { host, port } : { path }),
          ...(isIP(host) === 0 && { servername: host }),
          ...tls,
        })
      : connectPlain(path === undefined ? { host, port } : { path });
    const timer = setTimeout(() => socket.destroy(fault('ETIMEDOUT', 'no answer')), timeout);
    let error = fault('ECLOSED', 'the connection was closed');
    socket.on('error', (cause) => {
      error = cause;
    });
    socket.once('close', () => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** An error of a connection, told by its code as those of sockets are. */
export function fault(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
