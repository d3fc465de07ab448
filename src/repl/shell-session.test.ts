import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ShellOptions, ShellUser } from '../../test/setup/at-prompt.ts';
import { type PlainServer as Server, startPlainServer } from '../../test/setup/plain-server.ts';
import { NoRedis } from '../failure.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { PlainServer } from '../sandbox/plain.ts';

let server: Server;
let engine: EngineClient;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startPlainServer();
  engine = await EngineClient.connect({ socketPath: server.socketPath });
});
beforeEach(() => engine.send(['FLUSHALL']));
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});

/** Somebody at the server of these tests. */
async function here(options: ShellOptions & { user?: string; at?: Server } = {}): Promise<ShellUser> {
  const { user = '', at = server } = options;
  const served = await PlainServer.open({ redis: `unix://${user}${at.socketPath}` });
  const shell = await ShellUser.at({ served, ...options });
  open.push(shell, served);
  return shell;
}

/** Somebody at a private server of their own. */
async function alone(): Promise<ShellUser> {
  const shell = await ShellUser.at();
  open.push(shell);
  return shell;
}

describe('the prompt', () => {
  test('shows replies as redis-cli does, the database and a transaction, and leaves with quit', async () => {
    const shell = await here();
    await shell.ask('SET user:1 "Ana Lima"', 'OK');
    await shell.ask('GET user:1', '"Ana Lima"');
    await shell.ask('FOO', "(error) ERR unknown command 'FOO'");
    await shell.ask('"abc', 'Invalid argument(s)');
    await shell.ask('2 INCR n', '(integer) 1\n(integer) 2');
    await shell.ask('-1 PING', 'Invalid redis-cli repeat command option value.');
    await shell.ask('SELECT 3', 'OK\nredis[3]> ');
    await shell.ask('MULTI', 'redis[3](TX)> ');
    await shell.ask('DISCARD', 'redis[3]> ');
    shell.line('quit');
    await shell.left;
  });

  test('leaves with exit, at the end of the input, and while a command blocks', async () => {
    const [one, other, blocked] = await Promise.all([here(), here(), here()]);
    one.line('exit');
    other.type('BLPOP nothing 0.1\rECHO typed\r\x04');
    await other.until('"typed"');
    await blocked.ask('BLPOP nothing 0', '\n');
    blocked.type('\x04');
    await Promise.all([one.left, other.left, blocked.left]);
  });

  test('says what a command takes, what a group holds, and what else there is', async () => {
    const shell = await here();
    await shell.ask('help getex', /GETEX key \[EX seconds.*\n(.*\n)*.*since 6\.2\.0/);
    await shell.ask('help @hyperloglog', /PFADD key(.*\n)*.*PFMERGE/);
    await shell.ask('help nosuch', 'There is no help on nosuch.');
    await shell.ask('help', 'help @string');
    await shell.ask(':set foo', "unknown redis-cli preference 'foo'");
  });

  test('clears the screen, and stays at its server', async () => {
    const shell = await here();
    shell.line('clear');
    await shell.until('redis> ');
    expect(shell.raw).toContain('\x1b[H\x1b[2J');
    await shell.ask('connect localhost 1', 'This prompt stays at its server');
  });

  test('draws what is typed or pasted while a command runs once, at its own prompt', async () => {
    const shell = await here();
    shell.type('BLPOP nothing 0.2\rECHO one\rECHO two\rECHO th');
    await shell.until('redis> ECHO th');
    shell.line('ree');
    await shell.until('"three"');
    expect(shell.text.slice(shell.text.indexOf('(nil)'))).toContain(
      'redis> ECHO one\n"one"\nredis> ECHO two\n"two"\nredis> ECHO three\n"three"',
    );
    expect(shell.text.split('ECHO')).toHaveLength(4);
  });

  test('says how long a slow command took, and of others nothing', async () => {
    const shell = await here();
    await shell.ask('BLPOP nothing 0.55', /\(nil\)\n\(0\.\d\ds\)\nredis> /);
    expect(await shell.ask('BLPOP nothing 0.1', '(nil)\nredis> ')).not.toContain('s)');
  });

  test('makes escape codes visible in every kind of reply, also raw', async () => {
    const script = (body: string) => `EVAL "${body}" 0 "a\\x1b]0;bad\\x07b"`;
    for (const raw of [false, true]) {
      const shell = await here({ raw });
      await shell.ask(script('return redis.status_reply(ARGV[1])'), 'a\\x1b]0;bad\\ab');
      await shell.ask(script('return redis.error_reply(ARGV[1])'), 'a\\x1b]0;bad\\ab');
      await shell.ask('HELLO 3', 'proto');
      const verbatim = "redis.setresp(3) return {verbatim_string={format='txt',string=ARGV[1]}}";
      await shell.ask(script(verbatim), 'a\\x1b]0;bad\\ab');
      await shell.ask('ECHO "\\x1b]0;bad\\x07"', '\\x1b]0;bad\\a');
      expect(shell.raw).not.toContain('\x1b]0;bad');
    }
  });

  test('shows text as it is where it is raw, and INFO in lines of its own', async () => {
    const shell = await here({ raw: true });
    await shell.ask('ECHO héllo', '\nhéllo\n');
    await shell.ask('INFO server', /\nredis_version:[\d.]+\n/);
    expect(shell.text).not.toContain('\\r');
  });

  test('keeps no secret in the history', async () => {
    const shell = await here();
    await shell.ask('AUTH someone hunter2', '(error)');
    await shell.ask('ECHO kept', '"kept"');
    await shell.ask('AUTH someone hunter3', '(error)');
    await shell.until('redis> ');
    shell.type('\x1b[A');
    await shell.until('ECHO kept');
    await expect.poll(() => shell.history).toBe('ECHO kept\n');
  });
});

describe('Tab', () => {
  test('completes keys of the database in use', async () => {
    const shell = await here();
    await shell.ask('SELECT 2', 'redis[2]> ');
    await shell.ask('MSET cart:9 apples "a b" words a*c star', 'OK\nredis[2]> ');
    for (const [typed, rest, answer] of [
      ['GET car', 't:9', '"apples"'],
      ['GET a*', 'c', '"star"'],
      ['GET "', 'a b"', '"words"'],
    ] as const) {
      shell.type(typed);
      await shell.until(typed);
      shell.type('\t');
      await shell.until(rest);
      shell.line('');
      await shell.until(`${answer}\nredis[2]> `);
    }
  });

  test('asks the server for keys that begin as what is typed, whatever signs are in it', async () => {
    const shell = await here();
    const names = ['a*c', 'a?c', 'a[b]c', 'a\\c'];
    for (const name of [...names, 'abc', 'axc', 'ab']) await engine.send(['SET', name, 'x']);
    for (const name of names)
      expect((await shell.session.keys(name.slice(0, -1))).map(String)).toEqual([name]);
  });
});

describe('Ctrl-C', () => {
  test('ends what blocks and what never ends, and the state stays', async () => {
    const shell = await alone();
    await shell.ask('SELECT 2', 'redis[2]> ');
    await shell.ask('BLPOP nothing 0', '\n');
    shell.type('\x03');
    await shell.until('UNBLOCKED');
    await shell.until('redis[2]> ');
    await shell.ask('EVAL "while true do end" 0', '\n');
    shell.type('\x03');
    await shell.until('(error)');
    await shell.until('redis[2]> ');
    await shell.ask('100000000 PING', 'PONG\nPONG');
    shell.type('\x03');
    await shell.until('redis[2]> ');
  });

  test('works for a user who may not unblock: by a new connection', async () => {
    await engine.send(['ACL', 'SETUSER', 'few', 'on', '>pw', '~*', '-@all', '+blpop', '+echo', '+select']);
    const shell = await here({ user: 'few:pw@' });
    await shell.ask('SELECT 2', 'redis[2]> ');
    await shell.ask('BLPOP nothing 0', '\n');
    shell.type('\x03');
    await shell.until('Stopped. This is a new connection.');
    await shell.ask('ECHO still', '"still"');
    await shell.until('redis[2]> ');
  });
});

describe('what comes in unasked', () => {
  test('appears above what is being typed, until Ctrl-C', async () => {
    const shell = await here();
    await shell.ask('SUBSCRIBE news', 'Ctrl-C leaves the channels.');
    await shell.until('redis> ');
    shell.type('PIN');
    await shell.until('PIN');
    await engine.send(['PUBLISH', 'news', 'a\x1b[31mb']);
    await shell.until('1) "message"\n2) "news"\n3) "a\\x1b[31mb"\nredis> PIN');
    shell.type('\x03');
    await shell.until('Left all channels.');
    await shell.ask('GET nokey', '(nil)');
  });

  test('leaves a line of several rows as it is', async () => {
    const shell = await here();
    await shell.ask('SUBSCRIBE news', 'Ctrl-C leaves the channels.');
    await shell.until('redis> ');
    const long = `ECHO ${'x'.repeat(100)}`;
    shell.type(long);
    await shell.until(long);
    const shown = shell.raw.length;
    await engine.send(['PUBLISH', 'news', 'hello']);
    await shell.until(`3) "hello"\nredis> ${long}`);
    // Up to the beginning of the line once, and not again over the message.
    expect(shell.raw.slice(shown).match(/\x1b\[\d*A/g)).toEqual(['\x1b[1A']);
  });

  test('of MONITOR is what others run and none of our own, until Ctrl-C', async () => {
    const shell = await here();
    await shell.ask('MONITOR', 'Ctrl-C ends it.');
    await engine.send(['SET', 'seen', 'x']);
    const lines = await shell.until('"SET" "seen" "x"');
    expect(lines.match(/\[0 /g)).toHaveLength(1);
    shell.type('\x03');
    await shell.until('MONITOR has ended.');
    await shell.ask('GET seen', '"x"');
    expect(shell.text).not.toMatch(/COMMAND|"CLIENT"/);
  });
});

describe('a server that is lost', () => {
  test('was private: its data is gone, and another is there', async () => {
    const shell = await alone();
    await shell.ask('SET a b', 'OK');
    await shell.ask('INFO server', /process_id:\d+/);
    const [, pid] = /process_id:(\d+)/.exec(shell.text)!;
    await shell.until('redis> ');
    await shell.ask('SELECT 2', 'redis[2]> ');
    process.kill(Number(pid), 'SIGKILL');
    await shell.until(/Redis is gone, and with it all that it held:\s+\w[\s\S]*?\.\n/);
    await shell.until('another one, empty.');
    await shell.until('redis> ');
    await shell.ask('EXISTS a', '(integer) 0');
  });

  test('may be lost at the very moment of Ctrl-C: what is said of it is whole', async () => {
    for (const killedFirst of [true, false]) {
      const shell = await alone();
      await shell.ask('INFO server', /process_id:\d+/);
      const [, pid] = /process_id:(\d+)/.exec(shell.text)!;
      await shell.until('redis> ');
      await shell.ask('BLPOP nothing 0', '\n');
      if (killedFirst) process.kill(Number(pid), 'SIGKILL');
      shell.type('\x03');
      if (!killedFirst) process.kill(Number(pid), 'SIGKILL');
      await shell.until(/Redis is gone, and with it all that it held:\s+\w[\s\S]*?\.\n/);
      await shell.until('another one, empty.');
      await shell.ask('ECHO on', '"on"');
    }
  });

  test('was the user’s: the session ends, and says what was lost and why', async () => {
    const mortal = await startPlainServer();
    const shell = await here({ at: mortal });
    await shell.ask('BLPOP nothing 0', '\n');
    await mortal.stop();
    const failed = await shell.left.catch((error) => error);
    expect(failed).toBeInstanceOf(NoRedis);
    expect(failed.message).toMatch(/^The connection to unix:\S+, database 0 is lost: \w.*\.$/);
    expect(failed.next).toMatch(/\w/);
  });

  test('only closed the connection: a new one is there, in the same database', async () => {
    const shell = await here();
    await shell.ask('SELECT 2', 'redis[2]> ');
    await shell.ask('CLIENT ID', /\(integer\) \d+/);
    const [, id] = /\(integer\) (\d+)/.exec(shell.text)!;
    await engine.send(['CLIENT', 'KILL', 'ID', id!]);
    await shell.until('this is a new one.');
    await shell.ask('CLIENT INFO', ' db=2 ');
    await shell.ask('MULTI', 'redis[2](TX)> ');
    await engine.send(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await shell.until('Your transaction did not run');
    await shell.until('redis[2]> ');
    // Our own connection went along, and Ctrl-C has another.
    await shell.ask('BLPOP nothing 0', '\n');
    shell.type('\x03');
    await shell.until('UNBLOCKED');
  });
});
