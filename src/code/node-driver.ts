import { setImmediate } from 'node:timers/promises';
import { createClient, createClientPool } from 'redis';
import type { Place } from '../redis/place.ts';
import { clientOptions, type Target } from '../redis/target.ts';
import type { Request } from './host.ts';
import { leadTo } from './named-place.ts';
import { compile, errorOf, type Run } from './node-snippet.ts';

// The process that runs Node snippets: one request at a time, as IPC messages.

interface Client {
  isOpen: boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  destroy(): void;
}

/** A script of its own would not end before its commands are answered, awaited or not. */
async function runToItsEnd(run: Run, values: unknown[], clients: Client[]): Promise<void> {
  await run(...values);
  for (const client of clients) if (client.isOpen) await client.close();
  // A rejection is found unhandled a little later than the reply that caused it.
  await setImmediate();
}

/** The names that a snippet has, and the clients that are to be closed for it. */
async function prepare({ target, place }: Request, clients: Client[]): Promise<Record<string, unknown>> {
  return target ? { client: await connected(target, clients) } : connecting(place, clients);
}

async function connected(target: Target, clients: Client[]) {
  // How it gets there is ours; all else is as node-redis has it for everybody.
  const { socket, username, password, database } = clientOptions(target, '');
  const client = createClient({ socket, username, password, database });
  client.on('error', () => {});
  clients.push(client);
  return client.connect();
}

/** For a snippet that connects by itself: as node-redis has them, but that an error does not end the process. */
function connecting(place: Place | undefined, clients: Client[]) {
  const kept = <C extends Client>(client: C): C => {
    client.on('error', () => {});
    clients.push(client);
    return client;
  };
  return {
    createClient: (...args: Parameters<typeof createClient>) => kept(createClient(...args)),
    createClientPool: (...args: Parameters<typeof createClientPool>) => kept(createClientPool(...args)),
    ca: place?.ca?.text,
  };
}

process.on('message', async (request: Request) => {
  const { source, place } = request;
  const clients: Client[] = [];
  const unawaited = new Promise<never>((_, reject) => {
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', reject);
  });
  try {
    leadTo(place);
    const names = request.target ? ['client'] : Object.keys(connecting(place, []));
    const run = compile(source, names);
    const values = await prepare(request, clients);
    await Promise.race([
      runToItsEnd(
        run,
        names.map((name) => values[name]),
        clients,
      ),
      unawaited,
    ]);
    process.send!({});
  } catch (error) {
    process.send!({ error: errorOf(error, source) });
  } finally {
    for (const client of clients) if (client.isOpen) client.destroy();
  }
});
process.on('disconnect', () => process.exit());
