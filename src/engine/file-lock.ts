import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../alive.ts';

/** Longest that a lock is believed to be held, in milliseconds; the work under it takes a few. */
const LEASE = 2_000;
const PATIENCE = 15_000;

/**
 * Runs `work` while nobody else does so under the lock file `path`: at once where it is free, else as soon as it is.
 * `held` tells whether the lock is still ours: one that was held too long, by a process that was stopped, is taken
 * away. Rejects with what the file system or `work` throws.
 */
export async function withLock<T>(path: string, work: (held: () => boolean) => T): Promise<T> {
  const token = `${process.pid} ${hostname()} ${Math.random()}`;
  const until = performance.now() + PATIENCE;
  while (!create(path, token)) {
    if (isStale(path)) rmSync(path, { force: true });
    else if (performance.now() > until) throw new Error(`${path} stays locked`);
    else await sleep(2 + Math.random() * 8);
  }
  const held = () => contentOf(path) === token;
  try {
    return work(held);
  } finally {
    if (held()) rmSync(path, { force: true });
  }
}

function create(path: string, token: string): boolean {
  try {
    writeFileSync(path, token, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Its owner was killed, or took so long that it must be stopped. A clock that was set back makes it stale as well: a lock from the future would hold for ever. */
function isStale(path: string): boolean {
  const content = contentOf(path);
  if (content === undefined) return false;
  const [pid, host] = content.split(' ');
  if (host === hostname() && !isAlive(Number(pid))) return true;
  try {
    return Math.abs(Date.now() - statSync(path).mtimeMs) > LEASE;
  } catch {
    return false;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
