import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EngineClient } from '../src/redis/engine-client.ts';
import { type PlainServer, startPlainServer } from './setup/plain-server.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

let server: PlainServer;
let engine: EngineClient;
const open: Terminal[] = [];
/** Grey hints come and go within a line; without them what is shown is what was typed and answered. */
const withoutHints = join(freshHome(), 'redisclirc');
writeFileSync(withoutHints, ':set nohints\n');

beforeAll(async () => {
  server = await startPlainServer();
  engine = await EngineClient.connect({ socketPath: server.socketPath });
});
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});
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

const here = () => ['--redis', `unix://${server.socketPath}`];

/** Types a line and waits for what comes behind it. */
async function ask(terminal: Terminal, line: string, answer: string | RegExp): Promise<string> {
  terminal.line(line);
  await terminal.until(line);
  return terminal.until(answer);
}

describe.skipIf(!hasTerminal)('the prompt at a terminal', () => {
  test('shows replies as redis-cli does, the database and a transaction, and leaves with quit', async () => {
    const terminal = await shell();
    await ask(terminal, 'SET user:1 "Ana Lima"', 'OK');
    await ask(terminal, 'GET user:1', '"Ana Lima"');
    await ask(terminal, 'FOO', "(error) ERR unknown command 'FOO'");
    await ask(terminal, '"abc', 'Invalid argument(s)');
    await ask(terminal, '2 INCR n', '(integer) 1\n(integer) 2');
    await ask(terminal, '-1 PING', 'Invalid redis-cli repeat command option value.');
    await ask(terminal, 'SELECT 3', 'OK\nredis[3]> ');
    await ask(terminal, 'MULTI', 'redis[3](TX)> ');
    await ask(terminal, 'DISCARD', 'redis[3]> ');
    terminal.line('quit');
    expect(await terminal.exit).toBe(0);
  });

  test('leaves with exit, and with Ctrl-D', async () => {
    const [one, other] = await Promise.all([shell(), shell()]);
    one.line('exit');
    other.type('\x04');
    expect([await one.exit, await other.exit]).toEqual([0, 0]);
  });

  test('says what a command takes, what a group holds, and what else there is', async () => {
    const terminal = await shell();
    await ask(terminal, 'help getex', /GETEX key \[EX seconds.*\n(.*\n)*.*since 6\.2\.0/);
    await ask(terminal, 'help @hyperloglog', /PFADD key(.*\n)*.*PFMERGE/);
    await ask(terminal, 'help nosuch', 'There is no help on nosuch.');
    await ask(terminal, 'help', 'help @string');
  });

  test('clears the screen, and stays at its server', async () => {
    const terminal = await shell();
    terminal.line('clear');
    await terminal.until('redis> ');
    expect(terminal.raw).toContain('\x1b[H\x1b[2J');
    await ask(terminal, 'connect localhost 1', 'This prompt stays at its server');
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

  test('Ctrl-C works for a user who may not unblock: by a new connection', async () => {
    await engine.send(['ACL', 'SETUSER', 'few', 'on', '>pw', '~*', '-@all', '+blpop', '+echo', '+select']);
    const terminal = await shell(['--redis', `unix://few:pw@${server.socketPath}`]);
    await ask(terminal, 'SELECT 2', 'redis[2]> ');
    await ask(terminal, 'BLPOP nothing 0', '\n');
    terminal.type('\x03');
    await terminal.until('Stopped. This is a new connection.');
    await ask(terminal, 'ECHO still', '"still"');
    await terminal.until('redis[2]> ');
  });

  test('what is typed or pasted while a command runs is drawn once, at its own prompt', async () => {
    const terminal = await shell();
    terminal.type('BLPOP nothing 0.2\rECHO one\rECHO two\rECHO th');
    await terminal.until('redis> ECHO th');
    terminal.line('ree');
    await terminal.until('"three"');
    expect(terminal.text.slice(terminal.text.indexOf('(nil)'))).toContain(
      'redis> ECHO one\n"one"\nredis> ECHO two\n"two"\nredis> ECHO three\n"three"',
    );
    expect(terminal.text.split('ECHO')).toHaveLength(4);
  });

  test('Ctrl-D leaves while a command blocks, and after what was typed before it', async () => {
    const [one, other] = await Promise.all([shell(), shell()]);
    await ask(one, 'BLPOP nothing 0', '\n');
    one.type('\x04');
    other.type('BLPOP nothing 0.2\rECHO typed\r\x04');
    await other.until('"typed"');
    expect([await one.exit, await other.exit]).toEqual([0, 0]);
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

  test('Tab completes keys of the database in use', async () => {
    const terminal = await shell();
    await ask(terminal, 'SELECT 2', 'redis[2]> ');
    await ask(terminal, 'MSET cart:9 apples "a b" words a*c star', 'OK');
    await terminal.until('redis[2]> ');
    terminal.type('GET car');
    await terminal.until('GET car');
    terminal.type('\t');
    await terminal.until('t:9');
    terminal.line('');
    await terminal.until('"apples"');
    await terminal.until('redis[2]> ');
    terminal.type('GET a*');
    await terminal.until('GET a*');
    terminal.type('\t');
    await terminal.until('c');
    terminal.line('');
    await terminal.until('"star"');
    await terminal.until('redis[2]> ');
    terminal.type('GET "');
    await terminal.until('GET "');
    terminal.type('\t');
    await terminal.until('a b"');
    terminal.line('');
    await terminal.until('"words"');
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

  test('a slow command says how long it took', async () => {
    const terminal = await shell();
    await ask(terminal, 'BLPOP nothing 0.55', /\(nil\)\n\(0\.\d\ds\)/);
  });

  test('messages appear above what is being typed, until Ctrl-C', async () => {
    const terminal = await shell(here());
    await ask(terminal, 'SUBSCRIBE news', 'Ctrl-C leaves the channels.');
    await terminal.until('redis> ');
    terminal.type('PIN');
    await terminal.until('PIN');
    await engine.send(['PUBLISH', 'news', 'a\x1b[31mb']);
    await terminal.until('1) "message"\n2) "news"\n3) "a\\x1b[31mb"\nredis> PIN');
    terminal.type('\x03');
    await terminal.until('Left all channels.');
    await ask(terminal, 'GET nokey', '(nil)');
  });

  test('messages leave a line of several rows as it is', async () => {
    const terminal = await shell(here());
    await ask(terminal, 'SUBSCRIBE news', 'Ctrl-C leaves the channels.');
    await terminal.until('redis> ');
    const long = `ECHO ${'x'.repeat(100)}`;
    terminal.type(long);
    await terminal.until(long);
    const shown = terminal.raw.length;
    await engine.send(['PUBLISH', 'news', 'hello']);
    await terminal.until(`3) "hello"\nredis> ${long}`);
    // Up to the beginning of the line once, and not again over the message.
    expect(terminal.raw.slice(shown).split('\x1b[1A')).toHaveLength(2);
  });

  test('MONITOR shows what others run and none of our own, until Ctrl-C', async () => {
    const terminal = await shell(here());
    terminal.line('MONITOR');
    await terminal.until('Ctrl-C ends it.');
    await engine.send(['SET', 'seen', 'x']);
    const lines = await terminal.until('"SET" "seen" "x"');
    expect(lines.match(/\[0 /g)).toHaveLength(1);
    terminal.type('\x03');
    await terminal.until('MONITOR has ended.');
    await ask(terminal, 'GET seen', '"x"');
    expect(terminal.text).not.toMatch(/COMMAND|"CLIENT"/);
  });

  test('escape codes are made visible in every kind of reply, also raw', async () => {
    const script = (body: string) => `EVAL "${body}" 0 "a\\x1b]0;bad\\x07b"`;
    for (const args of [[], ['--raw']]) {
      const terminal = await shell(args);
      await ask(terminal, script('return redis.status_reply(ARGV[1])'), 'a\\x1b]0;bad\\ab');
      await ask(terminal, script('return redis.error_reply(ARGV[1])'), 'a\\x1b]0;bad\\ab');
      await ask(terminal, 'HELLO 3', 'proto');
      const verbatim = "redis.setresp(3) return {verbatim_string={format='txt',string=ARGV[1]}}";
      await ask(terminal, script(verbatim), 'a\\x1b]0;bad\\ab');
      await ask(terminal, 'ECHO "\\x1b]0;bad\\x07"', '\\x1b]0;bad\\a');
      expect(terminal.raw).not.toContain('\x1b]0;bad');
    }
  });

  test('--raw shows text as it is, and INFO in lines of its own', async () => {
    const terminal = await shell(['--raw']);
    await ask(terminal, 'ECHO héllo', '\nhéllo\n');
    await ask(terminal, 'INFO server', /\nredis_version:[\d.]+\n/);
    expect(terminal.text).not.toContain('\\r');
  });

  test('no secret gets into the history', async () => {
    const home = freshHome();
    const terminal = await shell([], { home });
    await ask(terminal, 'AUTH someone hunter2', '(error)');
    await ask(terminal, 'ECHO kept', '"kept"');
    await ask(terminal, 'AUTH someone hunter3', '(error)');
    await terminal.until('redis> ');
    terminal.type('\x1b[A');
    await terminal.until('ECHO kept');
    terminal.type('\x03');
    terminal.line('quit');
    await terminal.exit;
    const history = readFileSync(join(home, 'rediscover', 'history'), 'utf8');
    expect(history).toContain('ECHO kept');
    expect(history).not.toContain('hunter2');
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

  test('only closed the connection: a new one is there, in the same database', async () => {
    const terminal = await shell(here());
    await ask(terminal, 'SELECT 2', 'redis[2]> ');
    await ask(terminal, 'CLIENT ID', /\(integer\) \d+/);
    const [, id] = /\(integer\) (\d+)/.exec(terminal.text)!;
    await engine.send(['CLIENT', 'KILL', 'ID', id!]);
    await terminal.until('this is a new one.');
    await ask(terminal, 'CLIENT INFO', ' db=2 ');
    await ask(terminal, 'MULTI', 'redis[2](TX)> ');
    await engine.send(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await terminal.until('Your transaction did not run');
    await terminal.until('redis[2]> ');
  });
});
