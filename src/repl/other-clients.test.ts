import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Learner, type LessonOptions } from '../../test/setup/at-prompt.ts';
import { urlOf } from '../../test/setup/terminal.ts';
import { findServerProgram } from '../sandbox/find-program.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

let sandbox: Sandbox;
const open: Learner[] = [];
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(async () => {
  for (const learner of open.splice(0)) await learner.close();
});
afterAll(() => sandbox?.close());

/** A learner at the first exercise of the tiny course, or where `options` say. */
async function at(options: LessonOptions = {}): Promise<Learner> {
  const learner = await Learner.at({ sandbox, ...options });
  open.push(learner);
  return learner;
}

const program = await findServerProgram();

async function redisCli(url: string, ...args: string[]): Promise<string> {
  const options = { env: { ...process.env, ...program.env } };
  const { stdout } = await promisify(execFile)(
    program.cli!,
    ['--no-auth-warning', '-u', url, ...args],
    options,
  );
  return stdout.trim();
}

const plain = (url: string) => createClient({ url });

/** A plain node-redis script, as one finds them everywhere. */
async function script<T>(url: string, run: (client: ReturnType<typeof plain>) => Promise<T>): Promise<T> {
  const client = plain(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return await run(client);
  } finally {
    client.destroy();
  }
}

describe('an answer from another client, while the prompt waits', () => {
  test.skipIf(!program.cli)('counts from redis-cli, whose typing goes on undisturbed', async () => {
    const learner = await at();
    const url = await urlOf(learner);
    learner.type('GET visi');
    await learner.until('GET visi');
    expect(await redisCli(url, 'SET', 'visitor:8', 'Bo')).toBe('OK');
    await learner.until('Solved: A value under a name');
    await learner.until('redis> GET visi');
    learner.line('tor:8');
    await learner.until('"Bo"');
  });

  test('counts from a node-redis script, wrong tries first', async () => {
    const learner = await at();
    const url = await urlOf(learner);
    await script(url, async (client) => {
      await client.set('visitor:9', 'Bo');
      await client.set('visitor:8', 'bo');
      await client.set('visitor:8', 'Bo');
    });
    await learner.until('Solved: A value under a name');
  });

  test('counts by what the server answered there', async () => {
    const learner = await at({ course: 'lessons', at: 'sorted-sets/second-page' });
    const url = await urlOf(learner);
    await script(url, async (client) => {
      await client.zRange('arcade:week', 3, 5);
      learner.line('.check');
      await learner.until('ZRANGE arcade:week 3 5 answered');
      await client.zRangeWithScores('arcade:week', 3, 5, { REV: true });
    });
    await learner.until('Solved: From the top');
  });

  test.skipIf(!program.cli)('counts after a command that blocked and was stopped', async () => {
    const learner = await at();
    learner.line('BLPOP nothing 0');
    await learner.until('BLPOP nothing 0\n');
    learner.type('\x03');
    await learner.until('UNBLOCKED');
    await learner.until('redis>');
    const url = await urlOf(learner);
    await redisCli(url, 'SET', 'visitor:8', 'Bo');
    await learner.until('Solved: A value under a name');
  });

  test.skipIf(!program.cli)('counts while a command blocks here, once that has ended', async () => {
    const learner = await at();
    const url = await urlOf(learner);
    learner.line('BLPOP queue 0');
    await learner.until('BLPOP queue 0\n');
    await redisCli(url, 'SET', 'visitor:8', 'Bo');
    await redisCli(url, 'RPUSH', 'queue', 'go');
    await learner.until('2) "go"');
    await learner.until('Solved: A value under a name');
    learner.line('ECHO once');
    expect(await learner.until('"once"')).not.toContain('Solved');
  });

  test('counts when it comes in the midst of a thousand others', async () => {
    const learner = await at();
    const url = await urlOf(learner);
    await script(url, (client) =>
      Promise.all([
        ...Array.from({ length: 500 }, (_, index) => client.set('noise', index)),
        client.set('visitor:8', 'Bo'),
        ...Array.from({ length: 500 }, (_, index) => client.get(`noise:${index}`)),
      ]),
    );
    await learner.until('Solved: A value under a name');
  });

  test('counts for the next exercise too, and as evidence of how it was done', async () => {
    const learner = await at();
    const url = await urlOf(learner);
    await script(url, async (client) => {
      await client.set('visitor:8', 'Bo');
      await learner.until('Solved');
      await learner.until('redis>');
      learner.line('');
      await learner.until('Your turn.');
      await learner.until('redis>');
      await client.set('code:bo', '0815', { EX: 300 });
      await learner.until('Solved: A code that goes away');
    });
  });

  test('may not be given as a user who could break the server', async () => {
    const learner = await at();
    const url = await urlOf(learner);
    await script(url, async (client) => {
      for (const command of [
        ['SHUTDOWN', 'NOSAVE'],
        ['CONFIG', 'SET', 'maxmemory', '1'],
        ['CLIENT', 'KILL', 'TYPE', 'normal'],
      ])
        await expect(client.sendCommand(command)).rejects.toThrow('NOPERM');
      await client.set('visitor:8', 'Bo');
    });
    await learner.until('Solved');
  });
});
