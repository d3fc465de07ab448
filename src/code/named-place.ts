import { promises } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import type { Place } from '../redis/place.ts';

type Options = { host?: string; port?: number | string };

/** Leads every connection of this process that names a lesson's server to where it is; undefined for none. */
let place: Place | undefined;
const { connect } = Socket.prototype;
const { lookup } = promises;

export function leadTo(next: Place | undefined): void {
  place = next;
}

Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  // Node itself passes its arguments on as a list in a list.
  const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const options = list[0] as Options | null;
  if (
    place &&
    typeof options === 'object' &&
    options?.host === place.host &&
    Number(options.port) === place.port
  )
    list[0] = { ...options, ...place.at };
  return connect.apply(this, args as Parameters<typeof connect>);
} as typeof connect;

// node-redis looks up the name besides, to tell a private network from a public one.
promises.lookup = ((host: string, ...args: [never]) =>
  lookup(host === place?.host ? place.at.host : host, ...args)) as typeof lookup;
syncBuiltinESMExports();
