import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineClient } from '../src/redis/engine-client.ts';
import { findServerProgram } from '../src/sandbox/find-program.ts';
import { applies, comparable, rows, type ServerFacts } from './setup/corpus.ts';
import { Pipe, type Piped, program } from './setup/pipe.ts';
import { type PlainServer, startPlainServer } from './setup/plain-server.ts';
import { freshHome } from './setup/terminal.ts';

const home = freshHome();
let server: PlainServer;
let engine: EngineClient;
let facts: ServerFacts;
/** The redis-cli that came with the server, to compare with; some servers come without. */
let cli: { command: string; env: NodeJS.ProcessEnv } | undefined;

beforeAll(async () => {
  server = await startPlainServer(['--enable-debug-command', 'yes']).catch(() => startPlainServer());
  engine = await EngineClient.connect({ socketPath: server.socketPath });
  const found = await findServerProgram();
  if (found.cli) cli = { command: found.cli, env: { ...process.env, ...found.env } };
  const text = async (...command: string[]) => {
    const reply = await engine.send(command);
    return reply.type === 'bulk' || reply.type === 'error' ? reply.bytes.toString() : '';
  };
  const info = await text('INFO', 'server');
  facts = {
    version: /redis_version:(\S+)/.exec(info)![1]!,
    valkey: info.includes('valkey_version'),
    debug: !(await text('DEBUG', 'PROTOCOL', 'string')).startsWith('ERR'),
  };
});
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});

function shell(...args: string[]): Pipe {
  return program(['shell', '--redis', `unix://${server.socketPath}`, ...args], home);
}

function pipe(input: string | Buffer, ...args: string[]): Promise<Piped> {
  return shell(...args).end(input);
}

/** What redis-cli makes of the same input. */
function redisCli(input: string | Buffer, ...args: string[]): Promise<Piped> {
  return new Pipe(cli!.command, ['-s', server.socketPath, ...args], cli!.env).end(input);
}

const EMPTY = ['RESET', 'FLUSHALL', 'SCRIPT FLUSH', 'FUNCTION FLUSH'];
/** A line that the prompt itself answers, in any state of the connection, to tell many parts of one run apart. */
const mark = (id: string, what: string) => `:set ${what}-${id}`;
const shown = (id: string, what: string) => `unknown redis-cli preference '${what}-${id}'\n`;

/** What was written between the marks of one part. */
function part(output: string, id: string): string {
  const begin = output.indexOf(shown(id, 'begin')) + shown(id, 'begin').length;
  const end = output.indexOf(shown(id, 'end'), begin);
  expect(end).toBeGreaterThanOrEqual(begin);
  return output.slice(begin, end);
}

describe('piped rows of the corpus', () => {
  /** Those that end the connection or the program are left to a run of their own. */
  const together = rows.filter((row) => row.stderr === undefined);
  let formatted: string;
  let raw: string;

  beforeAll(async () => {
    const input = together
      .filter((row) => applies(row, facts))
      .map((row) =>
        [...EMPTY, ...row.setup, mark(row.id, 'begin'), row.command, mark(row.id, 'end')].join('\n'),
      );
    formatted = (await pipe(`${input.join('\n')}\n`, '--no-raw')).stdout;
    raw = (await pipe(`${input.join('\n')}\n`, '--raw')).stdout;
  });

  test.for(together.map((row) => [`${row.id} ${row.command}`, row] as const))('%s', ([, row], { skip }) => {
    if (!applies(row, facts)) skip('recorded on Redis 7.0.15, and known to differ here');
    const expected = Buffer.from(row.redis_cli_no_raw).toString('latin1');
    expect(comparable(row, part(formatted, row.id))).toBe(comparable(row, expected));
    if (row.redis_cli_raw_b64 === undefined) return;
    const expectedRaw = Buffer.from(row.redis_cli_raw_b64, 'base64').toString('latin1');
    expect(comparable(row, part(raw, row.id))).toBe(comparable(row, expectedRaw));
  });

  test.for(rows.filter((row) => row.stderr).map((row) => [`${row.id} ${row.command}`, row] as const))(
    '%s ends the program',
    async ([, row], { skip }) => {
      if (!applies(row, facts)) skip('recorded on Redis 7.0.15, and known to differ here');
      const lines = [':set ready', row.command, 'PING'];
      const { stdout, stderr, code } = await pipe([...row.setup, ...lines].join('\n'), '--no-raw');
      expect(stdout.split("unknown redis-cli preference 'ready'\n")[1]).toBe(row.redis_cli_no_raw);
      expect(stderr).toBe(row.stderr);
      expect(code).toBe(row.exit_code ?? 0);
    },
  );
});

describe('the same bytes as redis-cli', () => {
  const alone: Record<string, string> = {
    'no newline at the end': 'SET a b\nGET a',
    'nothing at all': '',
    'quit in the middle': 'PING\nquit\nPING\n',
    'exit in the middle': 'PING\nEXIT\nPING\n',
    // redis-cli clears the screen at once, and what it has still to write comes behind.
    'clear, restart and preferences':
      'clear\nCLEAR x\nrestart\n:set hints\n:set\n:SET foo bar\n:other\nPING\n',
  };
  /** Those that leave the program as it was: all of them are one run. */
  const together: Record<string, string | Buffer> = {
    'lines that end as on Windows, and blank ones': 'SET a "b c"\r\n\r\n  \t \r\nGET a\r\n',
    'repeat counts': '0 PING\n+2 PING\n" 3" PING\n"" PING\n-1 PING\n5\n2 ECHO x\n99999999999999999999 PING\n',
    'arguments that do not close': '"abc\nSET a "b"c\nGET a\n\'x\n',
    'bytes that are no text': Buffer.concat([
      Buffer.from('SET bin "\\xff\\x00\\x1b[31m"\nSET raw '),
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from('\nGET bin\nGET raw\n'),
    ]),
    'a NUL byte in a line': 'GET a\0 b c\n\0GET a\nECHO x\n',
    'escape codes in statuses and errors': [
      'EVAL "return redis.status_reply(ARGV[1])" 0 "a\\x1b[31mb"',
      'EVAL "return redis.error_reply(ARGV[1])" 0 "a\\x1b]0;x\\x07b"',
      'EVAL "return {ARGV[1]}" 0 "a\\x1b[31mb"',
    ].join('\n'),
    'a transaction with errors': 'MULTI\nSET a 1\nINCR a\nLPUSH a x\nEXEC\nMULTI\nFOO\nEXEC\nDISCARD\n',
    databases: 'SELECT 3\nSET here 1\nSELECT 0\nEXISTS here\nSELECT 99\nSELECT 3\nDEL here\n',
    'RESP 3': 'HELLO 3 SETNAME me\nHSET h f v\nHGETALL h\nZADD z 1.5 m\nZSCORE z m\nRESET\nHGETALL h\n',
    'a wrong password': 'AUTH nobody secret\n2 AUTH nobody secret\nHELLO 3 AUTH nobody secret\nPING\n',
    help: 'help\n?\nhelp nosuch\nhelp @nosuch\nhelp @\nhelp SET\n? xgroup CREATE\nHELP @hyperloglog\n3 help get\n',
    'a command that takes half a second': 'BLPOP nothing 0.55\nPING\n',
    'thousands of commands': Array.from(
      { length: 3000 },
      (_, i) => `SET n${i} "v\\n${i}"\nGET n${i >> 1}`,
    ).join('\n'),
  };

  /** What the server counts and times differs from run to run. */
  const steady = (output: string) =>
    output
      .replace(/^( *\d+[)#] )("id" => )?\(integer\) \d+$/gm, '$1$2N')
      .replace(/^\(0\.\d\ds\)$/gm, '(0.5s)')
      .replace(/^id \d+$/m, 'id N');

  const forms = ['--no-raw', '--raw'];

  test.for(Object.keys(alone))('%s', async (name, { skip }) => {
    if (!cli) skip('this server came without a redis-cli');
    for (const form of forms) {
      await engine.send(['FLUSHALL']);
      const ours = await pipe(alone[name]!, form);
      await engine.send(['FLUSHALL']);
      const theirs = await redisCli(alone[name]!, form);
      expect(ours.stdout).toBe(theirs.stdout);
    }
  });

  describe('in one run', () => {
    const ids = new Map(Object.keys(together).map((name, index) => [name, String(index)]));
    const outputs: { ours: string; theirs: string }[] = [];

    beforeAll(async () => {
      if (!cli) return;
      const lines = [...ids].flatMap(([name, id]) => [
        ...[...EMPTY, mark(id, 'begin')].map((line) => `${line}\n`),
        together[name]!,
        `\n${mark(id, 'end')}\n`,
      ]);
      const input = Buffer.concat(lines.map((line) => Buffer.from(line)));
      for (const form of forms) {
        const ours = (await pipe(input, form)).stdout;
        outputs.push({ ours, theirs: (await redisCli(input, form)).stdout });
      }
    });

    test.for(Object.keys(together))('%s', (name, { skip }) => {
      if (!cli) skip('this server came without a redis-cli');
      for (const { ours, theirs } of outputs)
        expect(steady(part(ours, ids.get(name)!))).toBe(steady(part(theirs, ids.get(name)!)));
      expect(outputs).toHaveLength(2);
    });
  });

  test('raw is the form for a pipe where none is asked for', async () => {
    expect((await pipe('ECHO "a\\x1bb"\nGET nokey\n')).stdout).toBe('a\x1bb\n\n');
  });

  test('a value and a line of many megabytes, with short lines around', async () => {
    const big = 'x'.repeat(20_000_000);
    const { stdout } = await pipe(`PING\nSET big ${big}\nSTRLEN big\nGET big\nDEL big\n`);
    expect(stdout === `PONG\nOK\n20000000\n${big}\n1\n`).toBe(true);
  });
});

describe('channels in a pipe', () => {
  test('show confirmations and messages in order, and other lines go on', async () => {
    const lines = 'SUBSCRIBE a b\nPING\nGET a\nUNSUBSCRIBE\nECHO back\n';
    const { stdout } = await pipe(lines, '--no-raw');
    const confirmed = (kind: string, channel: string, left: number) =>
      `1) "${kind}"\n2) "${channel}"\n3) (integer) ${left}\n`;
    expect(stdout).toMatch(
      new RegExp(
        `^${[
          confirmed('subscribe', 'a', 1),
          confirmed('subscribe', 'b', 2),
          '1) "pong"\n2) ""\n',
          "(error) ERR Can't execute 'get': only ",
        ]
          .join('')
          .replace(/[()'|]/g, '\\$&')}`,
      ),
    );
    expect(stdout.endsWith('3) (integer) 0\n"back"\n')).toBe(true);
  });

  test('of RESP 3 deliver between replies', async () => {
    const { stdout } = await pipe('HELLO 3\nSUBSCRIBE a\nPUBLISH a hello\nECHO back\n', '--no-raw');
    expect(stdout).toContain('1) "message"\n2) "a"\n3) "hello"\n(integer) 1\n"back"\n');
  });

  test('deliver as long as the input stays open', async () => {
    const listening = shell('--raw');
    listening.child.stdin.write('SUBSCRIBE news\n');
    await listening.until('subscribe\nnews\n1\n');
    await engine.send(['PUBLISH', 'news', 'now']);
    await listening.until('message\nnews\nnow\n');
    expect((await listening.end()).code).toBe(0);
  });
});

test('MONITOR in a pipe shows what others run, and nothing of ours, until the program is stopped', async () => {
  const watching = shell();
  watching.child.stdin.end('MONITOR\nPING\n');
  await watching.until('OK\n');
  await engine.send(['SET', 'seen', 'x']);
  await watching.until('"SET" "seen" "x"\n');
  watching.child.kill('SIGTERM');
  const { stdout } = await watching.ended();
  expect(stdout.split('\n').filter((line) => line.includes(' [0 '))).toHaveLength(1);
});

describe('the exit code', () => {
  test.for([
    ['0 where all went well', 'PING\nGET nokey\n', 0],
    ['1 after an error, though others went well', 'FOO\nPING\n', 1],
    ['1 after a line that does not close', '"abc\nPING\n', 1],
    ['1 after a bad repeat count', '-1 PING\nPING\n', 1],
    ['1 after an error before quit', 'FOO\nquit\n', 1],
    ['0 where an error is part of a reply', 'MULTI\nSET a x\nLPUSH a y\nEXEC\n', 0],
  ] as const)('is %s', async ([, input, code]) => {
    expect((await pipe(input)).code).toBe(code);
  });

  test('is 0, and nothing is said, where the reader has read enough', async () => {
    const reader = shell();
    reader.child.stdin.write('100000000 PING\n');
    await reader.until('PONG\n');
    reader.child.stdout.destroy();
    const { code, stderr } = await reader.ended();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('is 0 after quit, though the input stays open', async () => {
    const open = shell();
    open.child.stdin.write('PING\nquit\n');
    expect((await open.ended()).code).toBe(0);
  });
});

test('connect is refused with words: the prompt stays at its server', async () => {
  const { stdout, code } = await pipe('connect localhost 6379\nECHO here\n');
  expect(stdout).toBe(
    "'connect' is not known here: rediscover shell --redis redis://host:port names a server.\nhere\n",
  );
  expect(code).toBe(1);
});

test('commands that would leave the connection without replies are refused in their turn', async () => {
  const { stdout } = await pipe('ECHO 1\nCLIENT REPLY OFF\nECHO 2\nSYNC\nECHO 3\n');
  expect(stdout.split('\n').filter((line) => /^\d$/.test(line))).toEqual(['1', '2', '3']);
  expect(stdout.indexOf('ERR CLIENT REPLY OFF')).toBeLessThan(stdout.indexOf('2\n'));
});

test('a small server is not flooded with replies', async () => {
  const limited = await startPlainServer(['--maxmemory', '20mb']);
  const inside = program(['shell', '--redis', `unix://${limited.socketPath}`], home);
  const big = 'x'.repeat(1_000_000);
  const { stdout, code } = await inside.end(`SET big ${big}\n${'GET big\nSET n 1\n'.repeat(50)}`);
  await limited.stop();
  expect(stdout.includes('OOM')).toBe(false);
  expect({ code, size: stdout.length }).toEqual({ code: 0, size: 3 + 50 * (1_000_001 + 3) });
});

describe('a server that goes away', () => {
  const lost = /^The connection to unix:\/\/\S+, database 0 is lost.*\n.+\n$/;

  test('while a command waits ends the program with 3 and says so', async () => {
    const mortal = await startPlainServer();
    const inside = program(['shell', '--redis', `unix://${mortal.socketPath}`], home);
    inside.child.stdin.write('ECHO ready\nBLPOP nothing 0\n');
    await inside.until('ready\n');
    await mortal.stop();
    const { code, stderr } = await inside.ended();
    expect(stderr).toMatch(lost);
    expect(stderr).toContain('1 command unanswered');
    expect(code).toBe(3);
  });

  test('between commands is noticed at the next', async () => {
    const mortal = await startPlainServer();
    const inside = program(['shell', '--redis', `unix://${mortal.socketPath}`], home);
    inside.child.stdin.write('ECHO ready\n');
    await inside.until('ready\n');
    await mortal.stop();
    const { code, stdout, stderr } = await inside.end('PING\nPING\n');
    expect(stderr).toMatch(lost);
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'ready\n' });
  });

  test('by SHUTDOWN went as it was asked to', async () => {
    const mortal = await startPlainServer();
    const inside = program(['shell', '--redis', `unix://${mortal.socketPath}`], home);
    const { code, stdout, stderr } = await inside.end('PING\nSHUTDOWN NOSAVE\n');
    await mortal.stop();
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'PONG\n', stderr: '' });
  });

  test('only closed the connection is reached anew, in the same database', async () => {
    const inside = shell();
    inside.child.stdin.write('SELECT 2\nCLIENT ID\n');
    await inside.until(/^OK\n\d+\n/);
    await engine.send(['CLIENT', 'KILL', 'ID', inside.stdout.split('\n')[1]!]);
    // Lines that need no server: meanwhile it is noticed that the connection is closed.
    for (const line of [':set once', ':set twice']) {
      inside.child.stdin.write(`${line}\n`);
      await inside.until(`unknown redis-cli preference '${line.slice(5)}'`);
    }
    const { stdout, code } = await inside.end('CLIENT INFO\n');
    expect(stdout).toMatch(/ db=2 /);
    // For the lines about preferences.
    expect(code).toBe(1);
  });
});

describe('a named server is used as it is', () => {
  test('its keys need not be few, and none is touched', async () => {
    await engine.send(['SET', 'theirs', 'x']);
    const before = await engine.send(['DBSIZE']);
    expect((await pipe('GET theirs\nMULTI\n')).stdout).toBe('x\nOK\n');
    expect(await engine.send(['DBSIZE'])).toEqual(before);
  });

  test('another database can be chosen', async () => {
    await engine.send(['SET', 'theirs', 'x']);
    expect((await pipe('EXISTS theirs\nCLIENT INFO\n', '--db', '5')).stdout).toMatch(/^0\n.* db=5 /);
  });

  test('a user with few rights runs what they may', async () => {
    await engine.send(['ACL', 'SETUSER', 'few', 'on', '>pw', '~few:*', '-@all', '+get', '+set']);
    const url = `unix://few:pw@${server.socketPath}`;
    const inside = program(['shell', '--redis', url], home);
    const { stdout, stderr, code } = await inside.end(
      'SET few:a 1\nGET few:a\nPING\nhelp @nosuch\nGET few:a\n',
    );
    expect(stdout).toMatch(/^OK\n1\nNOPERM .*'ping' command.*\n\n\r\n1\n$/);
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
  });

  test('a password can be given by AUTH', async () => {
    const closed = await startPlainServer(['--requirepass', 'pw']);
    const inside = program(['shell', '--redis', `unix://${closed.socketPath}`], home);
    const { stdout } = await inside.end('PING\nAUTH pw\nPING\n');
    await closed.stop();
    expect(stdout).toBe('NOAUTH Authentication required.\n\nOK\nPONG\n');
  });

  test.for([
    [
      'a wrong password',
      (path: string) => `unix://few:wrong@${path}`,
      'refuses the password of the user few',
    ],
    ['a socket that is not there', (path: string) => `unix://${path}.not`, 'There is no socket'],
    ['a database that is not there', (path: string) => `unix://${path}?db=99`, 'has no database 99'],
  ] as const)('%s is said, with 3', async ([, url, words]) => {
    await engine.send(['ACL', 'SETUSER', 'few', 'on', '>pw', '~few:*', '-@all', '+get', '+set']);
    const { stdout, stderr, code } = await program(['shell', '--redis', url(server.socketPath)], home).end(
      'PING\n',
    );
    expect(stderr).toContain(words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 3 });
  });

  test('one that accepts and says nothing is given up', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((ready) => silent.listen(join(home, 'silent'), ready));
    const { stderr, code } = await program(['shell', '--redis', `unix://${join(home, 'silent')}`], home).end(
      'PING\n',
    );
    silent.close();
    expect(stderr).toContain('does not answer');
    expect(code).toBe(3);
  });
});

describe('a private server', () => {
  test('serves what is piped, is named on standard error alone, and is gone afterwards', async () => {
    const { stdout, stderr, code } = await program(['shell'], home).end('SET a b\nGET a\nCONFIG GET dir\n');
    expect(stdout).toMatch(/^OK\nb\ndir\n/);
    expect(stderr).toMatch(/^\S+ \S+, private, .*\n$/);
    expect(code).toBe(0);
    expect(() => readFileSync(join(stdout.trim().split('\n').pop()!, 'log'))).toThrow(/ENOENT/);
  });
});
