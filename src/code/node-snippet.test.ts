import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { type CodeError, textOf } from './code-error.ts';
import { compile, errorOf } from './node-snippet.ts';

let server: PlainServer;

beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server?.stop());

/** What the snippet throws, on a client that is connected. */
async function thrown(source: string): Promise<CodeError | undefined> {
  const client = createClient({ socket: { path: server.socketPath, tls: false } });
  await client.connect();
  try {
    await compile(source)(client);
    return undefined;
  } catch (error) {
    return errorOf(error, source);
  } finally {
    client.destroy();
  }
}

test.each([
  ['throw new Error("no luck")', { name: 'Error', message: 'no luck', line: 1 }],
  ['const a = 1;\n\nawait nobody.get(a);', { name: 'ReferenceError', message: /nobody/, line: 3 }],
  ['function f() {\n  throw new RangeError("far");\n}\nf();', { name: 'RangeError', line: 2 }],
  ['await null;\nconst f = async () => {\n  await null;\n  null.x;\n};\nawait f();', { line: 4 }],
  ['const a = 1;\nawait client.', { name: 'SyntaxError' }],
  ['const a = 1;\nconst a = 2;\n', { name: 'SyntaxError', message: /declared/, line: 2 }],
  [
    "import { WatchError } from 'redis';",
    { name: 'SyntaxError', message: /: write await import\(\.\.\.\)/, line: 1 },
  ],
  ['class Odd extends Error {}\nthrow new Odd("snippet:9:9")', { message: 'snippet:9:9', line: 2 }],
  ['throw "words"', { name: '', message: 'words' }],
  ['throw Object.create(null)', { name: '', message: 'object' }],
  ['throw Object.assign(new Error("x"), { stack: undefined })', { name: 'Error', message: 'x' }],
])('%j fails with what it threw', async (source, expected) => {
  const error = await thrown(source);
  for (const [field, value] of Object.entries(expected))
    expect(error).toHaveProperty(field, value instanceof RegExp ? expect.stringMatching(value) : value);
  if (!('line' in expected)) expect(error).not.toHaveProperty('line');
  expect(error).not.toHaveProperty('reply');
});

test.each([
  "await client.sendCommand(['SET'])",
  "await client.set('a', '1'); await client.lPush('a', 'b')",
  "await client.set('a', '1'); await client.multi().lPush('a', 'b').exec()",
])('the error reply of a command is told as such: %s', async (source) => {
  expect(await thrown(source)).toMatchObject({ name: 'Error', reply: true });
});

test('a snippet may await and return, and end in a comment', async () => {
  expect(await thrown("if ((await client.ping()) === 'PONG') return;\nnull.x // no")).toBeUndefined();
});

test('an error is said with its line, and as its language says it', () => {
  expect(textOf({ name: 'TypeError', message: 'no such method', line: 2 })).toBe(
    'line 2: TypeError: no such method',
  );
  expect(textOf({ name: '', message: 'words' })).toBe('words');
  expect(textOf({ name: 'KeyError', message: '', line: 1 })).toBe('line 1: KeyError');
});
