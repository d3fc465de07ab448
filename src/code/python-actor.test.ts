import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleStage } from '../../test/setup/module-stage.ts';
import type { Module } from './actor-pool.ts';
import { findPython } from './python.ts';
import type { Actor, Case, Stage } from './scenario.ts';
import { failureText } from './words.ts';

const found = await findPython();
const python = 'command' in found ? found.command : '';

describe.skipIf(!python)('a module in Python', () => {
  let at: ModuleStage;
  beforeAll(async () => {
    at = await ModuleStage.open(1500);
  });
  afterAll(() => at?.close());

  const module = (source: string): Module => ({
    language: 'python',
    file: '/home/ada/answer.py',
    source,
    exports: ['work'],
    python,
  });
  type Run = (stage: Stage, actor: Actor) => Promise<void>;
  const call: Run = async (_, actor) => void (await actor.exports.work!(actor.client));
  const play = (source: string, run: Run = call) => {
    const one: Case = { title: 'it works', play: (stage) => run(stage, stage.actor('A')) };
    return at.play(one, module(source));
  };
  const passes = async (source: string, run: Run) => {
    const { failure } = await play(source, run);
    expect(failure && failureText(failure)).toBeUndefined();
  };

  test.each([
    ['a syntax error', 'def work(client):\n    return (\n', 'unreadable', 2],
    ['another error', 'def work(client):\n    x = None\n    x.foo\n', 'thrown', 3],
    ['an error reply', "def work(client):\n    client.set('a', 'x')\n    client.incr('a')\n", 'thrown', 3],
    ['the end of the process', 'import sys\ndef work(client):\n    sys.exit(3)\n', 'exit', 3],
    [
      'a forgotten await',
      "async def work(client):\n    client.set('a', '1')\n    await client.get('a')\n",
      'unawaited',
      2,
    ],
    [
      'what nobody catches in a thread',
      "import threading\ndef work(client):\n    t = threading.Thread(target=lambda: 1 / 0)\n    t.start()\n    t.join()\n    client.get('a')\n",
      'unhandled',
      3,
    ],
    [
      'what never comes',
      'import threading\ndef work(client):\n    threading.Event().wait()\n',
      'stuck',
      undefined,
    ],
    ['a missing export', 'def other(client):\n    pass\n', 'missing', undefined],
  ])('tells %s with the line of its own', async (_, source, kind, line) => {
    const { failure } = await play(source);
    expect(failure).toMatchObject({ kind });
    expect((failure as { error?: { line?: number } }).error?.line).toBe(line);
  });

  test('tells where it computes without end', async () => {
    const { failure } = await play('def work(client):\n    while True:\n        pass\n');
    expect(failure).toMatchObject({
      kind: 'hung',
      at: expect.arrayContaining([expect.stringMatching(/^\/home\/ada\/answer.py:[23]$/)]),
    });
  });

  test('has the clock of the scenario', () =>
    passes(
      `import time
from datetime import datetime

def work(client, ms):
    began = [time.monotonic(), time.time(), datetime.now()]
    time.sleep(ms / 1000)
    client.ping()
    return [time.monotonic() - began[0], round(time.time() - began[1]), (datetime.now() - began[2]).seconds]
`,
      async (stage, actor) => {
        stage.equal(await actor.exports.work!(actor.client, 5000), [5, 5, 5], 'clocks');
        await actor.clockJumps(-3_600_000);
        stage.equal(await actor.exports.work!(actor.client, 5000), [5, 5, 5], 'after a jump');
      },
    ));

  test('may have threads, and pools of them', () =>
    passes(
      `import threading
from concurrent.futures import ThreadPoolExecutor

def work(client):
    threads = [threading.Thread(target=client.incr, args=('n',)) for _ in range(5)]
    for one in threads: one.start()
    for one in threads: one.join()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: client.incr('n'), range(5)))
    lock, ready = threading.Lock(), threading.Event()
    def late():
        with lock:
            ready.wait(2)
            client.incr('n')
    one = threading.Thread(target=late)
    one.start()
    one.join()
    return client.get('n')
`,
      async (stage, actor) => {
        stage.equal(await actor.exports.work!(actor.client), '11', 'n');
        stage.equal(stage.now, 2000, 'the wait');
      },
    ));

  test('hands out objects, and calls what it is given', () =>
    passes(
      `class Box:
    def __init__(self, compute, ttl_ms):
        self.compute, self.ttl_ms = compute, ttl_ms
    def get_value(self, x):
        return (self.compute(x), self.ttl_ms, self.compute.__name__)

def work(compute, *, ttl_ms):
    try:
        compute(0)
    except Exception as error:
        assert type(error).__name__ == 'RangeError', error
    return Box(compute, ttl_ms)
`,
      async (stage, actor) => {
        const compute = actor.fn((x: number) => {
          if (x === 0) throw new RangeError('none');
          return { x };
        }, 'load');
        const box = await actor.exports.work!(compute, stage.options({ ttlMs: 7 }));
        stage.equal(await box.getValue(3), [{ x: 3 }, 7, 'load'], 'values');
      },
    ));

  test('may be one of asyncio', () =>
    passes(
      `import asyncio

async def work(client):
    await client.set('a', '1')
    await asyncio.sleep(3)
    async with client.pipeline(transaction=False) as pipe:
        for _ in range(5): pipe.incr('n')
        return await pipe.execute()
`,
      async (stage, actor) => {
        stage.equal(await actor.exports.work!(actor.client), [1, 2, 3, 4, 5], 'replies');
        stage.equal([stage.now, stage.roundTrips(actor)], [3000, 2], 'time and trips');
        await stage.down();
        const error = await stage.throws(actor.exports.work!(actor.client), 'Redis is away');
        stage.that(/Connection/.test(error.name), error.name);
        await stage.up();
        stage.equal(await actor.exports.work!(actor.client), [6, 7, 8, 9, 10], 'it is back');
      },
    ));

  test('opens connections that lead to the one Redis there is, and no file for writing', () =>
    passes(
      `import redis

kept = []

def work(close):
    r = redis.Redis(host='cache.example', port=7000, decode_responses=True)
    kept.append(r)
    r.set('mine', '1')
    try:
        open('/tmp/mine', 'w')
    except OSError as error:
        said = str(error)
    if close: r.connection_pool.disconnect()
    return said
`,
      async (stage, actor) => {
        stage.equal(await actor.exports.work!(true), 'the code of an exercise writes no files', 'files');
        stage.equal(await actor.openConnections(), 0, 'closed');
        await actor.exports.work!(false);
        stage.equal(await actor.openConnections(), 1, 'open');
        stage.equal(await stage.redis('GET', 'mine'), '1', 'led there');
      },
    ));

  test('gives the same bytes each time', async () => {
    const source = `import random, secrets, uuid

def work(client):
    client.set('token', f'{uuid.uuid4()} {secrets.token_hex(4)} {random.random()} { {"a", "b", "c"} }')
`;
    const rows = async () => (await play(source)).schedule.rows;
    const first = await rows();
    expect(first).toHaveLength(1);
    expect(await rows()).toEqual(first);
  });
});
