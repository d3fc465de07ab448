import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonMissing } from '../src/code/python.ts';
import { exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { Runner } from '../src/engine/runner.ts';
import { NoTls } from '../src/failure.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { COURSE, courseFolder } from './setup/course-folder.ts';
import { run } from './setup/run.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

const LESSON = `---
title: First
minutes: 3
commands: [GET]
servers:
  vault:
    address: vault.shop.example:6390
    password: "p@ss:w/d"
    users: [{ name: reader, password: "r?ad#1", rules: "~catalog:* +@read +@connection" }]
  wire: { address: wire.shop.example:6391, certificate: wire.shop.example }
  fake: { address: fake.shop.example:6392, certificate: other.shop.example }
---

## In the vault

**Your turn.** Read \`catalog:7\` as reader.

\`\`\`yaml exercise
id: visit
server: vault
given: [SET catalog:7 tea]
checks:
  - connected: reader
  - reply: tea
worlds:
  - where: it is coffee
    given: [SET catalog:7 coffee]
    checks: { reply: coffee }
hints: [one, two, three]
solution: [".connect redis://reader:r%3Fad%231@vault.shop.example:6390", GET catalog:7]
\`\`\`

## By wire

**Your turn.** Send it.

\`\`\`yaml exercise
id: wire
server: wire
checks: [{ key: parcel:1, string: sent }]
hints: [one, two, three]
solution: [".connect --cacert ca.pem rediss://wire.shop.example:6391", SET parcel:1 sent]
\`\`\`

## By a false wire

**Your turn.** Try it.

\`\`\`yaml exercise
id: fake
server: fake
checks: [{ key: parcel:1, string: sent }]
hints: [one, two, three]
solution: [".connect --cacert ca.pem rediss://fake.shop.example:6392", SET parcel:1 sent]
\`\`\`

## Of another time

**Your turn.** Say it.

\`\`\`yaml exercise
id: later
needs: [NOSUCHCOMMAND]
checks: [{ key: parcel:1, string: sent }]
hints: [one, two, three]
solution: SET parcel:1 sent
\`\`\`
`;
const IN = '.connect redis://reader:r%3Fad%231@vault.shop.example:6390';

let dir: string;
const home = freshHome();
const withoutPython = (await pythonMissing()) !== undefined;

async function folder(): Promise<string> {
  return courseFolder({
    'course.yaml': COURSE.replace('[first/visit]', '[first/visit, first/wire, first/fake, first/later]'),
    'first.md': LESSON,
  });
}

async function checked(sections: string, files: Record<string, string> = {}) {
  dir = await folder();
  writeFileSync(join(dir, 'my.answers'), `#! rediscover answers v1\n${sections}\n`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const args = [
    'check',
    '--course',
    dir,
    '--answers',
    join(dir, 'my.answers'),
    '--answered',
    '--format',
    'json',
  ];
  const { code, stdout } = await run(args, { home });
  const exercises = JSON.parse(stdout).exercises as {
    status: string;
    message?: string;
    checks: { message: string }[];
  }[];
  return {
    code,
    exercises,
    said: exercises.flatMap(({ checks }) => checks.map(({ message }) => message)).join(' '),
  };
}

describe("an answer on a lesson's own server", () => {
  test('comes in by a URL, as the user that it names', async () => {
    expect(await checked(`== first/visit\n${IN}\nGET catalog:7`)).toMatchObject({ code: 0 });
  });

  test('may log in later, and begin anew', async () => {
    const lines = [
      '.connect redis://vault.shop.example:6390',
      'GET catalog:7',
      'AUTH reader r?ad#1',
      IN,
      'GET catalog:7',
    ];
    expect(await checked(`== first/visit\n${lines.join('\n')}`)).toMatchObject({ code: 0 });
  });

  test.each([
    ['GET catalog:7', 'Nothing was sent to its server: .connect URL leads there.'],
    ['.connect redis://reader:r?ad#1@vault.shop.example:6390\nGET catalog:7', '? is written %3F'],
    ['.connect redis://reader:wrong@vault.shop.example:6390\nGET catalog:7', 'WRONGPASS'],
    ['.connect redis://reader:r%3Fad%231@localhost:6379\nGET catalog:7', 'There is no such host here'],
    ['.connect redis://:p%40ss%3Aw%2Fd@vault.shop.example:6390\nGET catalog:7', 'it led to default'],
    [`${IN}\nECHO tea`, 'it is coffee'],
  ])('fails by %j, and is told why', async (lines, words) => {
    const { code, said } = await checked(`== first/visit\n${lines}`);
    expect(said).toContain(words);
    expect(code).toBe(1);
  });

  test('is encrypted where the server speaks nothing else', async () => {
    const by = (line: string, id = 'wire') => checked(`== first/${id}\n${line}\nSET parcel:1 sent`);
    expect(await by('.connect --cacert ca.pem rediss://wire.shop.example:6391')).toMatchObject({ code: 0 });
    expect((await by('.connect redis://wire.shop.example:6391')).said).toContain('speaks TLS alone');
    expect((await by('.connect rediss://wire.shop.example:6391')).said).toContain('you do not trust');
    expect((await by('.connect --cacert ca.pem rediss://fake.shop.example:6392', 'fake')).said).toContain(
      "The server's certificate is not for fake.shop.example",
    );
  });

  test('may be code that connects by itself, in Node', async () => {
    const source = (
      url: string,
    ) => `const client = createClient({ url: '${url}', socket: { tls: ${url.startsWith('rediss')}, ca } })
await client.connect()
await client.${url.includes('vault') ? "get('catalog:7')" : "set('parcel:1', 'sent')"}`;
    const { code } = await checked('== first/visit\n@file a.mjs\n== first/wire\n@file b.mjs', {
      'a.mjs': source('redis://reader:r%3Fad%231@vault.shop.example:6390'),
      'b.mjs': source('rediss://wire.shop.example:6391'),
    });
    expect(code).toBe(0);
  });

  const URL = 'redis://reader:r%3Fad%231@vault.shop.example:6390';
  test.each([
    [
      'begins as a module does',
      `import { createClient as make } from 'redis'
const client = make({ url: '${URL}' })
await client.connect()
await client.get('catalog:7')
process.exit(0)`,
    ],
    [
      'waits for nothing',
      `async function main() {
  const client = createClient({ url: '${URL.replace('vault.shop', 'VAULT.shop')}' })
  await client.connect()
  await client.get('catalog:8')
  await client.get('catalog:7')
  await client.close()
}
main()`,
    ],
    [
      'leaves its client open',
      `const { createClient } = require('redis')
const client = await createClient({ url: '${URL}' }).connect()
await client.get('catalog:7')`,
    ],
  ])('may be code that %s', async (_, source) => {
    const { code, said } = await checked('== first/visit\n@file a.mjs', { 'a.mjs': source });
    expect(said.trim()).toBe('');
    expect(code).toBe(0);
  });

  test.each([
    [
      'await createClient().connect()',
      'connects to localhost:6379; the server of this exercise is vault.shop.example:6390',
    ],
    [
      "await createClient({ url: 'redis://vault.shop.example:6379' }).connect()",
      'connects to vault.shop.example:6379',
    ],
    ["await createClient({ url: 'redis://vault.shop.example:6390' }).connect()", 'NOAUTH'],
    ["await createClientPool({ url: 'redis://reader:x@vault.shop.example:6390' }).connect()", 'WRONGPASS'],
  ])('that is the code %s fails at once, and says why', async (source, words) => {
    const { code, said } = await checked('== first/visit\n@file a.mjs', { 'a.mjs': source });
    expect(said).toContain(words);
    expect(code).toBe(1);
  });

  test.skipIf(withoutPython)('may be code that connects by itself, in Python', async () => {
    const { code } = await checked('== first/visit\n@file a.py\n== first/wire\n@file b.py', {
      'a.py': "redis.from_url('redis://reader:r%3Fad%231@vault.shop.example:6390').get('catalog:7')",
      'b.py':
        "redis.Redis(host='wire.shop.example', port=6391, ssl=True, ssl_ca_certs=ca).set('parcel:1', 'sent')",
    });
    expect(code).toBe(0);
  });
});

test('what this server cannot have solved counts for nothing, answered or not', async () => {
  const answered = await checked('== first/later\nSET parcel:1 sent');
  // By itself it is no pass either: nothing was judged.
  expect(answered.code).toBe(2);
  expect(answered.exercises[0]).toMatchObject({
    status: 'skipped',
    message: expect.stringContaining('has no NOSUCHCOMMAND'),
  });
  writeFileSync(join(dir, 'my.answers'), `#! rediscover answers v1\n== first/visit\n${IN}\nGET catalog:7\n`);
  const args = ['check', '--course', dir, '--answers', join(dir, 'my.answers'), 'first/visit', 'first/later'];
  expect(await run(args, { home })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 of 1 passed, 1 skipped'),
  });
});

describe('a server program without TLS', () => {
  let runner: Runner;
  beforeAll(async () => {
    const reopen = async (server?: unknown) => {
      if (server) throw new NoTls('This Redis server does not speak TLS.', { next: '' });
      return openSandbox();
    };
    runner = new Runner(await openSandbox(), { reopen, aside: reopen });
  });
  afterAll(() => runner?.close());

  test('fails no answer, and hinders no other', async () => {
    const [visit, wire, , later] = exercisesOf((await loadCourse(await folder())).course!);
    const answer = { ...wire!.solution };
    expect(await runner.run(wire!, answer)).toMatchObject({
      unsolvable: 'this Redis server does not speak TLS',
    });
    expect(await runner.run(visit!, visit!.solution)).toHaveProperty('unsolvable');
    expect(await runner.run({ ...later!, needs: [] }, later!.solution)).toMatchObject({
      verdict: { status: 'passed' },
    });
  });
});

describe.skipIf(!hasTerminal)('at the prompt', () => {
  test('the learner is nowhere until a URL leads there, and the prompt says where', async () => {
    const terminal = new Terminal(['learn', '--course', await folder()], { home: freshHome() });
    try {
      await terminal.until('not connected> ');
      terminal.line('GET catalog:7');
      await terminal.until('.connect URL leads there');
      terminal.line('.connect redis://vault.shop.example:6390');
      await terminal.until('nobody has logged in yet');
      await terminal.until('vault.shop.example:6390> ');
      terminal.line('GET catalog:7');
      await terminal.until('NOAUTH');
      terminal.line(IN);
      await terminal.until('as reader');
      terminal.line('GET catalog:7');
      await terminal.until('Solved: In the vault');
      terminal.line('');
      await terminal.until('not connected> ');
      terminal.line('.quit');
      expect(await terminal.exit).toBe(0);
    } finally {
      terminal.close();
    }
  });

  test('another client comes in by .url as whom it says, and no more', async () => {
    const terminal = new Terminal(['learn', '--course', await folder()], { home: freshHome() });
    const clients: { destroy(): void }[] = [];
    try {
      await terminal.until('not connected> ');
      terminal.line('.url');
      const shown = await terminal.until('log in as you do');
      const [, port] = /redis:\/\/127\.0\.0\.1:(\d+)/.exec(shown)!;
      const nobody = createClient({ socket: { port: Number(port), reconnectStrategy: false } });
      const reader = createClient({ socket: { port: Number(port) }, username: 'reader', password: 'r?ad#1' });
      for (const client of [nobody, reader]) {
        client.on('error', () => {});
        clients.push(client);
      }
      await expect(nobody.connect().then(() => nobody.get('catalog:7'))).rejects.toThrow('NOAUTH');
      await reader.connect();
      expect(await reader.get('catalog:7')).toBe('tea');
      await expect(reader.set('catalog:7', 'x')).rejects.toThrow('NOPERM');
      await terminal.until('Solved: In the vault');
    } finally {
      for (const client of clients) client.destroy();
      terminal.close();
    }
  });
});
