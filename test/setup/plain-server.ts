import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServerProgram } from '../../src/sandbox/find-program.ts';

export interface PlainServer {
  socketPath: string;
  stop(): Promise<void>;
}

/**
 * A real server with nothing configured but what is given, for tests of what speaks to one.
 * REDISCOVER_TEST_SERVER names another program than the one that is found, to test other versions.
 */
export async function startPlainServer(config: string[] = []): Promise<PlainServer> {
  const named = process.env.REDISCOVER_TEST_SERVER;
  const program = named ? { command: named, env: {} } : await findServerProgram();
  const folder = mkdtempSync(join(tmpdir(), 'rediscover-test-'));
  const socketPath = join(folder, 'redis.sock');
  const child = spawn(program.command, ['--port', '0', '--unixsocket', socketPath, '--save', '', ...config], {
    cwd: folder,
    env: { ...process.env, ...program.env },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  while (!(await answers(socketPath))) {
    if (child.exitCode !== null) throw new Error(`${program.command} ended with ${child.exitCode}`);
    await sleep(5);
  }
  return {
    socketPath,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      process.removeListener('exit', killed);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => socket.write('PING\r\n'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}
