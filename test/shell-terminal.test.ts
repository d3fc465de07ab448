import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startPlainServer } from './setup/plain-server.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

const open: Terminal[] = [];
/** Grey hints come and go within a line; without them what is shown is what was typed and answered. */
const withoutHints = join(freshHome(), 'redisclirc');
writeFileSync(withoutHints, ':set nohints\n');

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

/** The prompt at a private server, or at the one of these tests, with its first prompt shown. */
async function shell(args: string[] = [], { home = freshHome(), rc = withoutHints } = {}): Promise<Terminal> {
  const terminal = new Terminal(['shell', ...args], { home, env: { REDISCLI_RCFILE: rc } });
  open.push(terminal);
  await terminal.until('redis> ');
  return terminal;
}

/** Types a line and waits for what comes behind it. */
async function ask(terminal: Terminal, line: string, answer: string | RegExp): Promise<string> {
  terminal.line(line);
  await terminal.until(line);
  return terminal.until(answer);
}

describe.skipIf(!hasTerminal)('the prompt at a terminal', () => {
  test('leaves with exit, and with Ctrl-D', async () => {
    const [one, other] = await Promise.all([shell(), shell()]);
    one.line('exit');
    other.type('\x04');
    expect([await one.exit, await other.exit]).toEqual([0, 0]);
  });

  test('Ctrl-C ends what blocks and what never ends, and the state stays', async () => {
    const terminal = await shell();
    await ask(terminal, 'SELECT 2', 'redis[2]> ');
    await ask(terminal, 'BLPOP nothing 0', '\n');
    terminal.type('\x03');
    await terminal.until('UNBLOCKED');
    await terminal.until('redis[2]> ');
    await ask(terminal, 'EVAL "while true do end" 0', '\n');
    terminal.type('\x03');
    await terminal.until('(error)');
    await terminal.until('redis[2]> ');
    await ask(terminal, '100000000 PING', 'PONG\nPONG');
    terminal.type('\x03');
    await terminal.until('redis[2]> ');
  });

  test('goes on after Ctrl-Z, also where there is no shell to stop for', async () => {
    const terminal = await shell();
    terminal.type('ECHO ha\x1a');
    await terminal.until('redis> ECHO ha');
    process.kill(terminal.pid, 'SIGCONT');
    terminal.line('lf');
    await terminal.until('"half"');
    await terminal.until('redis> ');
    terminal.type('ECHO gone\x03');
    await terminal.until('^C\nredis> ');
  });

  test('draws a line of several rows over itself when the window gets narrower', async () => {
    const terminal = await shell();
    terminal.type('x'.repeat(100));
    await terminal.until('x'.repeat(100));
    const shown = terminal.raw.length;
    terminal.resize(40);
    await terminal.until('x'.repeat(100));
    expect(terminal.raw.slice(shown)).toMatch(/^\x1b\[2A/);
  });

  test('Ctrl-R finds lines of the history', async () => {
    const terminal = await shell();
    for (const word of ['one', 'two', 'three']) await ask(terminal, `ECHO ${word}`, `"${word}"`);
    await terminal.until('redis> ');
    terminal.type('\x12echo t');
    await terminal.until("(reverse-i-search)`echo t': ECHO three");
    terminal.type('\x12');
    await terminal.until("(reverse-i-search)`echo t': ECHO two");
    terminal.line('');
    await terminal.until('redis> ECHO two\n"two"');
    await terminal.until('redis> ');
    terminal.type('half\x12one');
    await terminal.until("(reverse-i-search)`one': ECHO one");
    terminal.type('\x07');
    await terminal.until('redis> half');
    terminal.type('\x12zero');
    await terminal.until("(failed reverse-i-search)`zero': half");
    terminal.type('\x03');
    await terminal.until('^C\nredis> ');
  });

  test('grey hints show, unless ~/.redisclirc or a line turns them off', async () => {
    const terminal = await shell([], { rc: '/dev/null' });
    // By then the server's documentation is there.
    await ask(terminal, 'help GETRANGE', 'since 2.4.0');
    terminal.type('GETRANGE ');
    await terminal.until('key start end');
    terminal.type('\x03');
    await ask(terminal, ':set nohints', 'redis> ');
    await ask(terminal, ':set foo', "unknown redis-cli preference 'foo'");

    const quiet = await shell();
    await ask(quiet, 'help GETRANGE', /key start end(.*\n)*.*since 2.4.0/);
    quiet.type('GETRANGE ');
    await quiet.until('GETRANGE ');
    quiet.type('\x03');
    await ask(quiet, ':set hints', 'redis> ');
    quiet.type('GETRANGE ');
    await quiet.until('key start end');
    // In the help, and in the one hint.
    expect(quiet.text.match(/key start end/g)).toHaveLength(2);
  });
});

describe.skipIf(!hasTerminal)('a server lost at the prompt', () => {
  test('was private: its data is gone, and another is there', async () => {
    const terminal = await shell();
    await ask(terminal, 'SET a b', 'OK');
    await ask(terminal, 'INFO server', /process_id:\d+/);
    const [, pid] = /process_id:(\d+)/.exec(terminal.text)!;
    await terminal.until('redis> ');
    await ask(terminal, 'SELECT 2', 'redis[2]> ');
    process.kill(Number(pid), 'SIGKILL');
    await terminal.until('Redis is gone, and with it all that it held');
    await terminal.until('another one, empty.');
    await terminal.until('redis> ');
    await ask(terminal, 'EXISTS a', '(integer) 0');
    terminal.line('quit');
    expect(await terminal.exit).toBe(0);
  });

  test('was the user’s: the program says so and ends with 3', async () => {
    const mortal = await startPlainServer();
    const terminal = await shell(['--redis', `unix://${mortal.socketPath}`]);
    await ask(terminal, 'BLPOP nothing 0', '\n');
    await mortal.stop();
    await terminal.until(/The connection to unix:\S+, database 0 is lost/);
    expect(await terminal.exit).toBe(3);
  });
});
