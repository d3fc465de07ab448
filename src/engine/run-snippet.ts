import { setImmediate } from 'node:timers/promises';
import { createClient } from 'redis';
import { clientOptions, type Target } from '../redis/target.ts';

// The process that CodeRunner forks for Node snippets: one request at a time, as IPC messages.
type Run = (client: unknown) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (name: string, body: string) => Run;

/** A script of its own would not end before its commands are answered, awaited or not. */
async function runToItsEnd(run: Run, client: { isOpen: boolean; close(): Promise<void> }): Promise<void> {
  await run(client);
  if (client.isOpen) await client.close();
  // A rejection is found unhandled a little later than the reply that caused it.
  await setImmediate();
}

process.on('message', async ({ target, source }: { target: Target; source: string }) => {
  // How it gets there is ours; all else is as node-redis has it for everybody.
  const { socket, username, password, database } = clientOptions(target, '');
  const client = createClient({ socket, username, password, database });
  client.on('error', () => {});
  const unawaited = new Promise<never>((_, reject) => {
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', reject);
  });
  try {
    const run = new AsyncFunction('client', source);
    await client.connect();
    await Promise.race([runToItsEnd(run, client), unawaited]);
    process.send!({});
  } catch (error) {
    process.send!({ error: String(error) });
  } finally {
    if (client.isOpen) client.destroy();
  }
});
process.on('disconnect', () => process.exit());
