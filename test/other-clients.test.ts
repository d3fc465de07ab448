import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createClient } from 'redis';
import { afterEach, describe, expect, test } from 'vitest';
import { findServerProgram } from '../src/sandbox/find-program.ts';
import { freshHome, hasTerminal, Terminal, urlOf } from './setup/terminal.ts';

const open: Terminal[] = [];
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

/** A learner at the first exercise of the tiny course, or where `at` says. */
async function learner(at = ['--course', 'fixtures/courses/tiny']): Promise<Terminal> {
  // Without colours there are no hints, and what is typed is shown as it is.
  const env = { NO_COLOR: '1' };
  const terminal = new Terminal(['learn', ...at], { home: freshHome(), env });
  open.push(terminal);
  await terminal.until('redis>');
  return terminal;
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

describe.skipIf(!hasTerminal)('an answer from another client, while the prompt waits', () => {
  test.skipIf(!program.cli)('counts from redis-cli, whose typing goes on undisturbed', async () => {
    const terminal = await learner();
    const url = await urlOf(terminal);
    terminal.type('GET visi');
    await terminal.until('GET visi');
    expect(await redisCli(url, 'SET', 'visitor:8', 'Bo')).toBe('OK');
    await terminal.until('Solved: A value under a name');
    await terminal.until('redis> GET visi');
    terminal.line('tor:8');
    await terminal.until('"Bo"');
  });

  test('counts from a node-redis script, wrong tries first', async () => {
    const terminal = await learner();
    const url = await urlOf(terminal);
    await script(url, async (client) => {
      await client.set('visitor:9', 'Bo');
      await client.set('visitor:8', 'bo');
      await client.set('visitor:8', 'Bo');
    });
    await terminal.until('Solved: A value under a name');
  });

  test('counts by what the server answered there', async () => {
    const terminal = await learner(['sorted-sets/second-page']);
    const url = await urlOf(terminal);
    await script(url, async (client) => {
      await client.zRange('arcade:week', 3, 5);
      terminal.line('.check');
      await terminal.until('ZRANGE arcade:week 3 5 answered');
      await client.zRangeWithScores('arcade:week', 3, 5, { REV: true });
    });
    await terminal.until('Solved: From the top');
  });

  test.skipIf(!program.cli)('counts after a command that blocked and was stopped', async () => {
    const terminal = await learner();
    terminal.line('BLPOP nothing 0');
    await terminal.until('BLPOP nothing 0\n');
    terminal.type('\x03');
    await terminal.until('UNBLOCKED');
    await terminal.until('redis>');
    const url = await urlOf(terminal);
    await redisCli(url, 'SET', 'visitor:8', 'Bo');
    await terminal.until('Solved: A value under a name');
  });

  test.skipIf(!program.cli)('counts while a command blocks here, once that has ended', async () => {
    const terminal = await learner();
    const url = await urlOf(terminal);
    terminal.line('BLPOP queue 0');
    await terminal.until('BLPOP queue 0\n');
    await redisCli(url, 'SET', 'visitor:8', 'Bo');
    await redisCli(url, 'RPUSH', 'queue', 'go');
    await terminal.until('2) "go"');
    await terminal.until('Solved: A value under a name');
    terminal.line('ECHO once');
    expect(await terminal.until('"once"')).not.toContain('Solved');
  });

  test('counts when it comes in the midst of a thousand others', async () => {
    const terminal = await learner();
    const url = await urlOf(terminal);
    await script(url, (client) =>
      Promise.all([
        ...Array.from({ length: 500 }, (_, index) => client.set('noise', index)),
        client.set('visitor:8', 'Bo'),
        ...Array.from({ length: 500 }, (_, index) => client.get(`noise:${index}`)),
      ]),
    );
    await terminal.until('Solved: A value under a name');
  });

  test('counts for the next exercise too, and as evidence of how it was done', async () => {
    const terminal = await learner();
    const url = await urlOf(terminal);
    await script(url, async (client) => {
      await client.set('visitor:8', 'Bo');
      await terminal.until('Solved');
      await terminal.until('redis>');
      terminal.line('');
      await terminal.until('Your turn.');
      await terminal.until('redis>');
      await client.set('code:bo', '0815', { EX: 300 });
      await terminal.until('Solved: A code that goes away');
    });
  });

  test('may not be given as a user who could break the server', async () => {
    const terminal = await learner();
    const url = await urlOf(terminal);
    await script(url, async (client) => {
      for (const command of [
        ['SHUTDOWN', 'NOSAVE'],
        ['CONFIG', 'SET', 'maxmemory', '1'],
        ['CLIENT', 'KILL', 'TYPE', 'normal'],
      ])
        await expect(client.sendCommand(command)).rejects.toThrow('NOPERM');
      await client.set('visitor:8', 'Bo');
    });
    await terminal.until('Solved');
  });
});
