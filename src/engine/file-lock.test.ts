import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './file-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(folder, 'one-')), 'lock');
});

/** A lock that somebody alive holds, taken so many milliseconds ago. */
function locked(age = 0): void {
  writeFileSync(path, `${process.pid} ${hostname()} somebody`);
  const then = new Date(Date.now() - age);
  utimesSync(path, then, then);
}

describe('a file lock', () => {
  it('that is free is had at once, and given back', async () => {
    let seen = false;
    const done = withLock(path, () => {
      seen = existsSync(path);
    });
    expect(seen).toBe(true);
    await done;
    expect(existsSync(path)).toBe(false);
  });

  it('that is held is waited for, and the event loop turns meanwhile', async () => {
    locked();
    let done = false;
    const work = withLock(path, () => {
      done = true;
    });
    for (let turn = 0; turn < 5; turn++) await immediate();
    expect(done).toBe(false);
    rmSync(path);
    await work;
    expect(done).toBe(true);
  });

  it.each([
    ['its owner was stopped long ago', 60_000],
    ['it is from the future, as a clock was set back', -3_600_000],
  ])('is taken over where %s', async (_, age) => {
    locked(age);
    let held = false;
    await withLock(path, (ours) => {
      held = ours();
    });
    expect(held).toBe(true);
  });

  it('is given back where the work fails, with its error', async () => {
    const failing = withLock(path, () => {
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(existsSync(path)).toBe(false);
  });
});
