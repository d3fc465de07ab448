import { promises } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import type { Place } from '../redis/place.ts';

type Options = { host?: string; port?: number | string; path?: string };

/**
 * Leads every connection of this process that names a lesson's server to where it is, and no other anywhere: whoever
 * forgets the address means no server of their own. Undefined for none.
 */
let place: Place | undefined;
/** Bytes that went to and fro on the connections that were led there. */
let sockets: Socket[] = [];
const { connect } = Socket.prototype;
const { lookup } = promises;

export function leadTo(next: Place | undefined): void {
  place = next;
  sockets = [];
}

/** Tells whether anything was said since it was asked last. */
export function traffic(): number {
  return sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, sockets.length);
}

Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  // Node itself passes its arguments on as a list in a list.
  const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const options = list[0] as Options | null;
  if (place && typeof options === 'object' && options?.port !== undefined) {
    const { host = 'localhost', port } = options;
    if (host.toLowerCase() !== place.host || Number(port) !== place.port) {
      const message = `this code connects to ${host}:${port}; the server of this exercise is ${place.host}:${place.port}`;
      process.nextTick(() => this.destroy(new Error(message)));
      return this;
    }
    sockets.push(this);
    list[0] = { ...options, ...place.at };
  }
  return connect.apply(this, args as Parameters<typeof connect>);
} as typeof connect;

// node-redis looks up the name besides, to tell a private network from a public one.
promises.lookup = ((host: string, ...args: [never]) =>
  lookup(host.toLowerCase() === place?.host ? place.at.host : host, ...args)) as typeof lookup;
syncBuiltinESMExports();
