import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterEach, describe, expect, test } from 'vitest';
import { EngineClient } from '../src/redis/engine-client.ts';
import { startPlainServer } from './setup/plain-server.ts';
import { freshHome, hasTerminal, Terminal, urlOf } from './setup/terminal.ts';

const tiny = 'fixtures/courses/tiny';
const open: Terminal[] = [];

function learn(home: string, options: { columns?: number; rows?: number; env?: NodeJS.ProcessEnv } = {}) {
  const terminal = new Terminal(['learn', '--course', tiny], { home, ...options });
  open.push(terminal);
  return terminal;
}

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

describe.skipIf(!hasTerminal)('a newcomer at a terminal', () => {
  test('reads, watches a demo, answers wrong, is told why, answers right and goes on', async () => {
    const terminal = learn(freshHome());
    await terminal.until('GET visitor:7');
    await terminal.until('"Ana Lima"');
    await terminal.until('Your turn.');
    await terminal.until('redis>');
    terminal.line('SET visitor:8 bo');
    await terminal.until('OK\n+ visitor:8  string "bo"');
    await terminal.until('Not yet: visitor:8 should be "Bo"; it is "bo"');
    await terminal.until('redis>');
    terminal.line('SET visitor:8 Bo');
    await terminal.until('~ visitor:8');
    await terminal.until('Solved: A value under a name');
    await terminal.until('SET answers OK whether or not');
    await terminal.until('redis>');
    terminal.line('');
    await terminal.until('A code that goes away');
    terminal.line('.quit');
    await terminal.until('Your progress is kept');
    expect(await terminal.exit).toBe(0);
  });

  test('comes back to where they left', async () => {
    const home = freshHome();
    const first = learn(home);
    await first.until('redis>');
    first.line('SET visitor:8 Bo');
    await first.until('Solved');
    first.type('\x04');
    expect(await first.exit).toBe(0);
    const second = learn(home);
    await second.until('A code that goes away');
    expect(second.text).not.toContain('A value under a name');
  });

  test('keeps what was solved when the program is killed right after', async () => {
    const home = freshHome();
    const terminal = learn(home);
    await terminal.until('redis>');
    terminal.line('SET visitor:8 Bo');
    await terminal.until('Solved');
    process.kill(terminal.pid, 'SIGKILL');
    await terminal.exit;
    const kept = JSON.parse(readFileSync(join(home, 'rediscover', 'progress.json'), 'utf8'));
    expect(kept.courses.tiny.exercises['first/visit'].status).toBe('solved');
  });

  test('clears the line with Ctrl-C, stops what blocks with it, and stays', async () => {
    // Without colours there are no hints between the typed letters.
    const terminal = learn(freshHome(), { env: { NO_COLOR: '1' } });
    await terminal.until('redis>');
    terminal.type('SET visitor:8 half');
    await terminal.until('half');
    terminal.type('\x03');
    await terminal.until('^C\nredis>');
    terminal.line('BLPOP nothing 0');
    await terminal.until('BLPOP nothing 0\n');
    terminal.type('\x03');
    await terminal.until('UNBLOCKED');
    await terminal.until('redis>');
    terminal.line('EXISTS visitor:8');
    await terminal.until('(integer) 0');
  });

  test('leaves a server of theirs clean, and quietly, when the window is closed', async () => {
    const server = await startPlainServer();
    const engine = await EngineClient.connect({ socketPath: server.socketPath }, 'test');
    const home = freshHome();
    const said = join(home, 'said');
    const flags = ['--redis', `unix://${server.socketPath}`];
    // The file descriptor outlives the terminal.
    const terminal = new Terminal(['learn', '--course', tiny, ...flags], { home, errors: said });
    await terminal.until('redis>');
    terminal.line('SET visitor:8 Bo');
    await terminal.until('Solved');
    terminal.close();
    await expect
      .poll(() => engine.send(['DBSIZE']), { timeout: 5000 })
      .toEqual({ type: 'integer', text: '0' });
    const names = async () => (await engine.send(['CLIENT', 'LIST'])) as { bytes: Buffer };
    await expect.poll(async () => (await names()).bytes.toString()).not.toContain('name=rediscover:');
    expect(readFileSync(said, 'utf8')).toMatch(/^(Redis|Valkey) .*, database 0\n$/);
    await engine.close();
    await server.stop();
  });

  test('may answer from another client', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    const client = createClient({ url: await urlOf(terminal) });
    client.on('error', () => {});
    await client.connect();
    await client.set('visitor:8', 'bo');
    await terminal.until('Not yet: visitor:8 should be "Bo"; it is "bo"');
    await client.set('visitor:8', 'Bo');
    await terminal.until('Solved');
    client.destroy();
  });

  test('leaves the menu of lessons with Ctrl-D', async () => {
    const terminal = new Terminal(['learn', 'choose', '--course', tiny], { home: freshHome() });
    open.push(terminal);
    await terminal.until('Which lesson?');
    terminal.type('\x04');
    await terminal.until('Nothing chosen.');
    expect(await terminal.exit).toBe(130);
  });

  test('has no colours and no drawing where the terminal is dumb or NO_COLOR is set', async () => {
    const dumb = learn(freshHome(), { env: { TERM: 'dumb' } });
    await dumb.until('redis>');
    expect(dumb.raw).not.toContain('\x1b');
    const plain = learn(freshHome(), { env: { NO_COLOR: '1' } });
    await plain.until('redis>');
    expect(plain.raw).not.toMatch(/\x1b\[[\d;]*m/);
  });

  test('clears the line with Ctrl-C and stays, on a dumb terminal too', async () => {
    const terminal = learn(freshHome(), { env: { TERM: 'dumb' } });
    await terminal.until('redis>');
    terminal.type('SET visitor:8 half\x03');
    await terminal.until('Ctrl-D leaves');
    await terminal.until('redis>');
    terminal.line('EXISTS visitor:8');
    await terminal.until('(integer) 0');
    expect(terminal.raw).not.toContain('\x1b');
  });
});
