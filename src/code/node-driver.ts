import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import {
  ClientClosedError,
  createClient,
  createClientPool,
  defineScript,
  ErrorReply,
  RESP_TYPES,
  WatchError,
} from 'redis';
import type { Place } from '../redis/place.ts';
import { clientOptions, type Target } from '../redis/target.ts';
import type { Request } from './host.ts';
import { leadTo, traffic } from './named-place.ts';
import { compile, errorOf, type Run } from './node-snippet.ts';

// The process that runs Node snippets: one request at a time, as IPC messages.

/** Milliseconds of silence after which a snippet that connects by itself, and awaited nothing, has come to its end. */
const SILENCE = 40;

interface Client {
  isOpen: boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'ready', listener: () => void): unknown;
  close(): Promise<void>;
  destroy(): void;
}

/** A script of its own would not end before its commands are answered, awaited or not. */
async function runToItsEnd(run: Run, values: unknown[], clients: Client[]): Promise<void> {
  await run(...values);
  await answered(clients);
}

/** The same for one that connects by itself, maybe in a function that it does not wait for. */
async function runUntilSilent(run: Run, values: unknown[], clients: Client[]): Promise<void> {
  await run(...values);
  for (let before = -1; before !== traffic(); ) {
    before = traffic();
    await setImmediate();
    if (clients.length > 0 && clients.every(({ isOpen }) => !isOpen)) break;
    await sleep(SILENCE);
  }
  await answered(clients);
}

async function answered(clients: Client[]): Promise<void> {
  for (const client of clients) if (client.isOpen) await client.close();
  // A rejection is found unhandled a little later than the reply that caused it.
  await setImmediate();
}

async function connected(target: Target, clients: Client[]) {
  // How it gets there is ours; all else is as node-redis has it for everybody.
  const { socket, username, password, database } = clientOptions(target, '');
  const client = createClient({ socket, username, password, database });
  client.on('error', () => {});
  clients.push(client);
  return client.connect();
}

/** For a snippet that connects by itself: as node-redis has them, but that a connection that is lost later is no crash. */
function connecting(place: Place | undefined, clients: Client[]) {
  const kept = <C extends Client>(client: C): C => {
    // Before, an error is what connect() rejects with; with somebody to hear it, it would try again for ever.
    client.once('ready', () => client.on('error', () => {}));
    clients.push(client);
    return client;
  };
  const made = {
    createClient: (...args: Parameters<typeof createClient>) => kept(createClient(...args)),
    createClientPool: (...args: Parameters<typeof createClientPool>) =>
      kept(createClientPool(...args) as unknown as Client),
  };
  return {
    ...made,
    ca: place?.ca?.text,
    // What is imported of it: as much as a small program may want.
    redis: { ...made, ClientClosedError, defineScript, ErrorReply, RESP_TYPES, WatchError },
  };
}

process.on('message', async (request: Request) => {
  const { source, place, target } = request;
  const clients: Client[] = [];
  const unawaited = new Promise<never>((_, reject) => {
    for (const event of ['unhandledRejection', 'uncaughtException'])
      process.removeAllListeners(event).on(event, reject);
  });
  unawaited.catch(() => {});
  try {
    leadTo(place);
    const tools = connecting(place, clients);
    const run = compile(source, target ? ['client'] : Object.keys(tools));
    const values = target ? [await connected(target, clients)] : Object.values(tools);
    const ending = target ? runToItsEnd : runUntilSilent;
    await Promise.race([ending(run, values, clients), unawaited]);
    process.send!({});
  } catch (error) {
    process.send!({ error: errorOf(error, source) });
  } finally {
    for (const client of clients) if (client.isOpen) client.destroy();
  }
});
process.on('disconnect', () => process.exit());
