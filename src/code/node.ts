import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Host, type Result } from './host.ts';

/** Node snippets: requests and results are IPC messages. */
export function startNode(): Host {
  const file = fileURLToPath(new URL('./node-driver.js', import.meta.url));
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    detached: true,
  });
  return new Host(child, {
    send: (request) => child.send(request, () => {}),
    next: async () => (await once(child, 'message'))[0] as Result,
  });
}
