import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { firstWithRedis, pythonMissing } from './python.ts';
import { CodeRunner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that ends as a Python with or without redis-py would. */
function python(name: string, code: number): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return file;
}

test('the first Python that has redis-py is taken', async () => {
  const [without, having, also] = [python('without', 1), python('having', 0), python('also', 0)];
  const nowhere = join(folder, 'nowhere');
  expect(await firstWithRedis([nowhere, without, having, also])).toEqual({ command: having });
  expect(await firstWithRedis([without, nowhere])).toEqual({ missing: 'python3 has no redis-py' });
  expect(await firstWithRedis([nowhere])).toEqual({ missing: 'there is no python3' });
});

describe.skipIf((await pythonMissing()) !== undefined)('a Python snippet', () => {
  let server: PlainServer;
  let runner: CodeRunner;
  beforeAll(async () => {
    server = await startPlainServer();
    runner = new CodeRunner({ target: { socketPath: server.socketPath } });
  });
  afterAll(async () => {
    runner?.close();
    await server?.stop();
  });

  const run = (source: string) =>
    runner.run({ kind: 'code', language: 'python', source, at: { file: 'a.md', line: 1, column: 1 } });

  test.each([
    ['raise ValueError("no luck")', { name: 'ValueError', message: 'no luck', line: 1 }],
    ['a = 1\n\nr.get(nobody)', { name: 'NameError', message: expect.stringContaining('nobody'), line: 3 }],
    ['def f():\n    raise KeyError("k")\nf()', { name: 'KeyError', line: 2 }],
    ['a = 1\nif a\n', { name: 'SyntaxError', message: expect.not.stringContaining('snippet'), line: 2 }],
    ['import json\njson.loads("{")', { name: 'JSONDecodeError', line: 2 }],
    ['import sys\nsys.exit(3)', { name: 'SystemExit', message: '3', line: 2 }],
    ['r.set("a", 1)\nr.lpush("a", 2)', { name: 'ResponseError', line: 2, reply: true }],
    ['r.evalsha("0" * 40, 0)', { name: 'NoScriptError', line: 1, reply: true }],
  ])('%j fails with what it threw', async (source, error) => {
    const ran = await run(source);
    expect(ran).toMatchObject({ kind: 'failed', error });
    expect(ran.kind === 'failed' && ran.message).toMatch(`line ${error.line}: ${error.name}: `);
    expect(ran.kind === 'failed' && 'reply' in ran.error!).toBe('reply' in error);
  });

  test('goes on in the same process after one that failed, and ends as a script may', async () => {
    expect(await run('import os\nr.set("pid", os.getpid())')).toEqual({ kind: 'done' });
    expect(await run('raise ValueError()')).toMatchObject({ message: 'line 1: ValueError' });
    const same = 'import os, sys\nassert r.get("pid") == str(os.getpid())\nsys.exit()';
    expect(await run(same)).toEqual({ kind: 'done' });
  });

  test('is killed when it takes too long, and what crashed is started anew', async () => {
    const hasty = new CodeRunner({ target: { socketPath: server.socketPath } }, 3000);
    const at = { file: 'a.md', line: 1, column: 1 };
    const outcomes: unknown[] = [];
    for (const source of ['while True: pass', 'import os\nos._exit(4)', 'r.ping()'])
      outcomes.push(await hasty.run({ kind: 'code', language: 'python', source, at }));
    hasty.close();
    expect(outcomes).toEqual([
      { kind: 'late', message: 'did not end within 3 s' },
      { kind: 'failed', message: 'its process ended (4)' },
      { kind: 'done' },
    ]);
  });
});
