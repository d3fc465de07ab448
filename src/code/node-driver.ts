import { setImmediate } from 'node:timers/promises';
import { createClient } from 'redis';
import { clientOptions } from '../redis/target.ts';
import type { Request } from './host.ts';
import { compile, errorOf, type Run } from './node-snippet.ts';

// The process that runs Node snippets: one request at a time, as IPC messages.

/** A script of its own would not end before its commands are answered, awaited or not. */
async function runToItsEnd(run: Run, client: { isOpen: boolean; close(): Promise<void> }): Promise<void> {
  await run(client);
  if (client.isOpen) await client.close();
  // A rejection is found unhandled a little later than the reply that caused it.
  await setImmediate();
}

process.on('message', async ({ target, source }: Request) => {
  // How it gets there is ours; all else is as node-redis has it for everybody.
  const { socket, username, password, database } = clientOptions(target, '');
  const client = createClient({ socket, username, password, database });
  client.on('error', () => {});
  const unawaited = new Promise<never>((_, reject) => {
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', reject);
  });
  try {
    const run = compile(source);
    await client.connect();
    await Promise.race([runToItsEnd(run, client), unawaited]);
    process.send!({});
  } catch (error) {
    process.send!({ error: errorOf(error, source) });
  } finally {
    if (client.isOpen) client.destroy();
  }
});
process.on('disconnect', () => process.exit());
