import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

/** A node-redis script's client, logged in by what `.url` shows. */
async function otherClient(terminal: Terminal) {
  const client = createClient({ url: await urlOf(terminal) });
  client.on('error', () => {});
  await client.connect();
  return client;
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

  test('stops what blocks, also where Ctrl-C comes together with Enter', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.type('BLPOP nothing 0\r\x03');
    await terminal.until('UNBLOCKED');
  });

  test('hears messages above the prompt, and leaves the channel with Ctrl-C', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('SUBSCRIBE news');
    await terminal.until('Ctrl-C ends it.');
    await terminal.until('redis>');
    const client = await otherClient(terminal);
    await client.publish('news', 'hello');
    await terminal.until('3) "hello"');
    client.destroy();
    await terminal.until('redis>');
    terminal.type('\x03');
    await terminal.until('Left all channels.');
    await terminal.until('redis>');
    terminal.line('SET visitor:8 Bo');
    await terminal.until('Solved');
  });

  test('hears them also once SELECT or HELLO has led to a new connection', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('SELECT 3');
    await terminal.until('redis[3]>');
    terminal.line('.reset');
    await terminal.until('redis>');
    terminal.line('SUBSCRIBE news weather');
    await terminal.until('"weather"');
  });

  test('sees with MONITOR what others run, and nothing of how we look', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    const client = await otherClient(terminal);
    await client.scriptFlush();
    terminal.line('MONITOR');
    await terminal.until('Ctrl-C ends it.');
    await client.eval("return redis.call('SET', 'theirs', '1')");
    await client.set('last', '1');
    const shown = await terminal.until('"SET" "last" "1"');
    expect(shown).toContain('lua] "SET" "theirs" "1"');
    expect(shown).not.toMatch(/KEYS|TIME|EVALSHA|local out/);
    client.destroy();
  });

  test('types ahead while a command waits, and nothing of it is lost', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('BLPOP nothing 0.3');
    terminal.line('SET visitor:8 Bo');
    await terminal.until('(nil)');
    await terminal.until('Solved');
  });

  test('gets another Redis, with the same keys, when theirs is killed', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('SET note "still here" EX 500');
    await terminal.until('+ note');
    await terminal.until('redis>');
    execFileSync('pkill', ['-KILL', '-P', String(terminal.pid)]);
    await terminal.until('Redis is gone');
    await terminal.until(/keys\s+as\s+they\s+were/);
    await terminal.until('redis>');
    terminal.line('MGET visitor:7 note');
    await terminal.until('"Ana Lima"\n2) "still here"');
    terminal.line('TTL note');
    await terminal.until(/\(integer\) (49\d|500)/);
    terminal.line('SET visitor:8 Bo');
    await terminal.until('Solved');
  });

  test('hears what of their connection went with a killed Redis', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('SELECT 3');
    await terminal.until('redis[3]>');
    terminal.line('MULTI');
    await terminal.until('redis[3](TX)>');
    // No command: it has no hint between its letters.
    terminal.type('HA');
    await terminal.until('HA');
    execFileSync('pkill', ['-KILL', '-P', String(terminal.pid)]);
    await terminal.until('Your transaction did not run');
    await terminal.until('Database 3 is lost');
    await terminal.until('redis> HA');
    terminal.line('LF');
    await terminal.until(/unknown command .HALF/);
    await terminal.until('redis>');
    terminal.line('SUBSCRIBE news');
    await terminal.until('Ctrl-C ends it.');
    execFileSync('pkill', ['-KILL', '-P', String(terminal.pid)]);
    await terminal.until('Your subscription has ended.');
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

  test('is told how to answer a question, who types the bare answer', async () => {
    const terminal = new Terminal(['learn', 'sorted-sets/own-place'], { home: freshHome() });
    open.push(terminal);
    await terminal.until('redis>');
    terminal.line('24');
    await terminal.until('Is that your answer? Then type .answer 24');
  });

  test('may answer from another client', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    const client = await otherClient(terminal);
    await client.set('visitor:8', 'Bo');
    await terminal.until('Solved');
    client.destroy();
  });

  test('gets hints one by one, the checks, the solution, the code, and can go back', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('.hint');
    await terminal.until('Hint 1 of 3');
    terminal.line('  .HINT');
    await terminal.until('Hint 2 of 3');
    terminal.line('.check');
    await terminal.until('visitor:8 is not there');
    terminal.line('.code python');
    await terminal.until("r.set('visitor:8', 'Bo')");
    terminal.line('.solution');
    await terminal.until('SET visitor:8 Bo');
    terminal.line('.skip');
    await terminal.until('A code that goes away');
    terminal.line('.list');
    await terminal.until('first/visit');
    terminal.line('.back');
    await terminal.until('A value under a name');
    terminal.line('.hnt');
    await terminal.until('did you mean ".hint"?');
    terminal.line('.go nowhere');
    await terminal.until('There is no lesson or exercise "nowhere"');
    terminal.line('.go');
    await terminal.until('Where to?');
    terminal.line('.go podium');
    await terminal.until('Three on a podium');
  });

  test('leaves the menu of lessons with Ctrl-D', async () => {
    const terminal = new Terminal(['learn', 'choose', '--course', tiny], { home: freshHome() });
    open.push(terminal);
    await terminal.until('Which lesson?');
    terminal.type('\x04');
    await terminal.until('Nothing chosen.');
    expect(await terminal.exit).toBe(130);
  });

  test('never has a password in their history', async () => {
    const home = freshHome();
    const terminal = learn(home);
    await terminal.until('redis>');
    terminal.line('AUTH hunter2');
    await terminal.until('WRONGPASS');
    terminal.line('GET visitor:7');
    await terminal.until('"Ana Lima"');
    const file = join(home, 'rediscover', 'history');
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe('GET visitor:7\n');
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

  test('reads whole lines in a narrow window', async () => {
    const terminal = learn(freshHome(), { columns: 40 });
    await terminal.until('redis>');
    terminal.line('.help');
    await terminal.until(/Ctrl-D\s+leaves/);
    terminal.line('.list');
    await terminal.until('first/podium');
    await terminal.until('redis>');
    const lesson = terminal.text.slice(terminal.text.indexOf('A value under a name'));
    for (const line of lesson.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  test('never has escape codes from a value on their screen', async () => {
    const terminal = learn(freshHome());
    await terminal.until('redis>');
    terminal.line('SET evil "\\x1b]0;gotcha\\x07"');
    await terminal.until('+ evil');
    terminal.line('EVAL "return redis.status_reply(ARGV[1])" 0 "\\x1b[31mred"');
    await terminal.until('[31mred');
    expect(terminal.raw).not.toContain('\x1b]0;gotcha');
    expect(terminal.raw).not.toContain('\x1b[31mred');
  });
});
