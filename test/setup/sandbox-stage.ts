import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';
import { commandFacts } from '../../scripts/command-facts.js';
import { findServerProgram } from '../../src/sandbox/find-program.ts';
import { which } from '../../src/sandbox/path.ts';

/** A new empty folder, removed after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/**
 * A PATH of one folder that holds the stand-ins, each the text of a shell script, and the system's own
 * programs of the names in `real`.
 */
export function pathOf(standIns: Record<string, string>, real: string[] = []): string {
  const bin = join(folder(), 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(standIns)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  for (const name of ['sh', 'mkdir', 'cp', 'cat', 'chmod', ...real]) {
    const program = which(name, process);
    if (program) symlinkSync(program, join(bin, name));
  }
  return bin;
}

/**
 * Bundles a program of several lines that imports from `src`, for a process of its own; its file. It is removed after
 * the test, or where there is none yet when `finished` says so.
 */
export async function program(
  source: string,
  name = 'main',
  finished: (undo: () => void) => void = onTestFinished,
): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  finished(() => rmSync(out, { recursive: true, force: true }));
  const entry = join(import.meta.dirname, '..', `.${name}-${process.pid}.ts`);
  writeFileSync(entry, source);
  try {
    const bundle = await rolldown({
      input: entry,
      platform: 'node',
      plugins: [commandFacts()],
      logLevel: 'silent',
    });
    await bundle.write({
      dir: out,
      format: 'esm',
      entryFileNames: 'main.mjs',
      chunkFileNames: '[name]-[hash].mjs',
    });
    await bundle.close();
  } finally {
    rmSync(entry);
  }
  return join(out, 'main.mjs');
}

/**
 * A server of the user's own, as they might name it: on a TCP port of 127.0.0.1, ended after the test.
 * REDISCOVER_TEST_SERVER names another program than the one that is found, to test other versions.
 */
export async function serve(
  config: string[] = [],
  options: { tls?: boolean } = {},
): Promise<{ port: number; socket: string; pid: number; cli: (...args: string[]) => string }> {
  const found = await findServerProgram();
  const command = process.env.REDISCOVER_TEST_SERVER ?? found.command;
  const home = folder();
  const socket = join(home, 'redis.sock');
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const listen = options.tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
    const child = spawn(
      command,
      [...listen, '--bind', '127.0.0.1', '--unixsocket', socket, '--dir', home, '--save', '', ...config],
      {
        env: { ...process.env, ...found.env },
        stdio: 'ignore',
      },
    );
    let ended = false;
    const end = once(child, 'exit').then(() => {
      ended = true;
    });
    while (!ended && !(await accepts({ path: socket }))) await sleep(2);
    if (ended) {
      if (!(await accepts({ host: '127.0.0.1', port })))
        throw new Error(`${command} does not start with ${config.join(' ')}`);
      continue;
    }
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await end;
    });
    return {
      port,
      socket,
      pid: child.pid!,
      cli: (...args) =>
        execFileSync(found.cli!, ['-s', socket, ...args], { env: { ...process.env, ...found.env } })
          .toString()
          .trim(),
    };
  }
}

/** Whether something accepts connections there. */
export function accepts(place: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
