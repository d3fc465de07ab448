import { createClient } from 'redis';
import { clientOptions, type Target } from '../redis/target.ts';

// The process that CodeRunner forks for Node snippets: one request at a time, as IPC messages.
type Run = (client: unknown) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (name: string, body: string) => Run;

process.on('message', async ({ target, source }: { target: Target; source: string }) => {
  // How it gets there is ours; all else is as node-redis has it for everybody.
  const { socket, username, password, database } = clientOptions(target, '');
  const client = createClient({ socket, username, password, database });
  client.on('error', () => {});
  try {
    const run = new AsyncFunction('client', source);
    await client.connect();
    await run(client);
    process.send!({});
  } catch (error) {
    process.send!({ error: String(error) });
  } finally {
    client.destroy();
  }
});
process.on('disconnect', () => process.exit());
