// Runs a command with REDISCOVER_REDIS naming a server of its own: `node scripts/on-named-server.js COMMAND ARGS...`
// Ends as the command does. For what has to be tried on a server that the user names, on a machine without any.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const folder = mkdtempSync(join(tmpdir(), 'named-'));
const socket = join(folder, 'redis.sock');
let server;
try {
  const { command, env } = await findServerProgram();
  server = spawn(command, ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  while (!existsSync(socket)) {
    if (server.exitCode !== null) throw new Error(`${command} ended with ${server.exitCode}`);
    await sleep(5);
  }
  const [program, ...args] = process.argv.slice(2);
  const child = spawn(program, args, {
    env: { ...process.env, REDISCOVER_REDIS: `unix://${socket}` },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** As the program finds it, from its source. */
async function findServerProgram() {
  const bundle = await rolldown({
    input: join(import.meta.dirname, '../src/sandbox/find-program.ts'),
    platform: 'node',
    logLevel: 'silent',
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'find.mjs' });
  await bundle.close();
  return (await import(pathToFileURL(join(folder, 'find.mjs')))).findServerProgram();
}
