import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleStage } from '../../test/setup/module-stage.ts';
import type { CaseFailure } from './failure.ts';
import type { Case, Stage } from './scenario.ts';
import { failureText } from './words.ts';

let at: ModuleStage;

beforeAll(async () => {
  at = await ModuleStage.open(1500);
});
afterAll(() => at?.close());

/** Calls `work(client)` once. */
const once: Case = {
  title: 'it works',
  async play(stage) {
    const a = stage.actor('A');
    await a.exports.work!(a.client);
  },
};

async function failureOf(source: string, one: Case = once): Promise<CaseFailure | undefined> {
  return (await at.play(one, at.module(source, ['work']))).failure;
}

describe('what is wrong with a module is told, with the line of its own', () => {
  test.each([
    ['a syntax error', 'const a = 1;\nexport function work() {\n  let b = ;\n}', 'unreadable', 3],
    ['what is not closed', 'export function work() {\n  if (true) {\n}\n', 'unreadable', 3],
    ['an error as it is read', 'export function work() {}\nnobody();', 'unreadable', 2],
    [
      'no such name in redis',
      "\nimport { createClint } from 'redis';\nexport function work() {}",
      'unreadable',
      2,
    ],
    [
      'an import that is not there',
      "import x from 'left-pad';\nexport function work() {}",
      'unreadable',
      undefined,
    ],
    [
      'a child process',
      "import x from 'node:child_process';\nexport function work() {}",
      'unreadable',
      undefined,
    ],
    ['another error', 'export async function work() {\n  await null;\n  null.x;\n}', 'thrown', 3],
    [
      'an error reply',
      "export async function work(client) {\n  await client.set('a', 'x');\n  await client.incr('a');\n}",
      'thrown',
      3,
    ],
    [
      'what nobody catches',
      "export async function work(client) {\n  setTimeout(() => {\n    throw new Error('late');\n  }, 10);\n  await client.get('a');\n  await new Promise((done) => setTimeout(done, 50));\n}",
      'unhandled',
      3,
    ],
    [
      'a rejection that nobody handles',
      "async function other() {\n  throw new Error('alone');\n}\nexport async function work(client) {\n  other();\n  await client.get('a');\n}",
      'unhandled',
      2,
    ],
    ['the end of the process', 'export function work() {\n  process.exit(0);\n}', 'exit', 2],
    [
      'a forgotten await',
      "export async function work(client) {\n  client.set('a', '1');\n  await client.get('a');\n}",
      'unawaited',
      2,
    ],
    ['a loop without end', 'export function work() {\n  for (;;) {}\n}', 'hung', undefined],
    ['what never comes', 'export function work() {\n  return new Promise(() => {});\n}', 'stuck', undefined],
    [
      'what goes on and on',
      "export async function work(client) {\n  for (;;) {\n    await client.get('a');\n    await new Promise((done) => setTimeout(done, 1000));\n  }\n}",
      'long',
      undefined,
    ],
    [
      'what goes on without a pause',
      "export async function work(client) {\n  for (;;) await client.get('a');\n}",
      'long',
      undefined,
    ],
  ])('%s', async (_, source, kind, line) => {
    const failure = (await failureOf(source)) as CaseFailure & { error?: { line?: number; file?: string } };
    expect(failure).toMatchObject({ kind });
    expect(failure.error?.line).toBe(line);
    if (line) expect(failure.error?.file).toBe('/home/ada/rediscover/answer.js');
    expect(failureText(failure)).toMatch(/\.$/);
  });

  test('a missing export, by its name', async () => {
    expect(await failureOf('export const work = 7;')).toEqual({ kind: 'missing', exports: ['work'] });
  });

  test('what was returned and is not what it should be', async () => {
    const one: Case = {
      title: 'it returns an object',
      async play(stage) {
        const made = await stage.actor('A').exports.work!();
        await made.run();
      },
    };
    expect(await failureOf('export const work = () => ({ other: 1 });', one)).toMatchObject({
      kind: 'returned',
      call: 'work',
      value: '{"other":1}',
    });
  });

  test('memory without end', async () => {
    const source =
      'const all = [];\nexport function work() {\n  for (;;) all.push(new Array(1e6).fill(all));\n}';
    expect(await failureOf(source)).toMatchObject({ kind: 'ended', outOfMemory: true });
  });

  test('and the next module is judged as if nothing had been', async () => {
    expect(await failureOf("export const work = (client) => client.set('a', '1');")).toBeUndefined();
  });
});

describe('a scenario', () => {
  const play = (source: string, run: (stage: Stage) => Promise<void>, explore?: Case['explore']) =>
    at.play({ title: 'test', play: run, ...(explore && { explore }) }, at.module(source, ['work']));

  test('has the clock of its actors, and what is left of every expiry', async () => {
    const source = `export async function work(client, ms) {
      const began = [Date.now(), performance.now()];
      await client.set('a', '1', { PX: 60_000 });
      await new Promise((done) => setTimeout(done, ms));
      return [Date.now() - began[0], performance.now() - began[1]];
    }`;
    const { failure } = await play(source, async (stage) => {
      const a = stage.actor('A');
      stage.equal(await a.exports.work!(a.client, 20_000), [20_000, 20_000], 'clocks');
      const left = await stage.redis('PTTL', 'a');
      stage.that(left > 39_000 && left <= 40_000, `left ${left}`);
      await stage.pass(30_000);
      stage.that((await stage.redis('PTTL', 'a')) <= 10_000, 'passed');
      await stage.expire('a');
      stage.equal(await stage.redis('EXISTS', 'a'), 0, 'gone');
    });
    expect(failure).toBeUndefined();
  });

  test('counts round trips', async () => {
    const source = `export async function work(client, way) {
      const keys = Array.from({ length: 50 }, (_, i) => 'k' + i);
      if (way === 'loop') for (const key of keys) await client.set(key, '1');
      else if (way === 'all') await Promise.all(keys.map((key) => client.set(key, '1')));
      else await keys.reduce((multi, key) => multi.set(key, '1'), client.multi())[way]();
    }`;
    const { failure } = await play(source, async (stage) => {
      const trips: number[] = [];
      for (const [index, way] of ['loop', 'all', 'execAsPipeline', 'exec'].entries()) {
        const a = stage.actor(`${index}`);
        await a.exports.work!(a.client, way);
        trips.push(stage.roundTrips(a));
      }
      stage.equal(trips, [50, 1, 1, 1], 'trips');
    });
    expect(failure).toBeUndefined();
  });

  test('hands in functions, and hears their calls', async () => {
    const source = `export async function work(compute, options) {
      try { await compute(0); } catch (error) { options.heard(error.name + error.message); }
      return [await compute(1), await compute({ a: [null, undefined] }), options.ttlMs, compute.name];
    }`;
    const { failure } = await play(source, async (stage) => {
      const heard: unknown[] = [];
      const a = stage.actor('A');
      const compute = a.fn((value: unknown) => {
        if (value === 0) throw new RangeError('none');
        return { value };
      }, 'load');
      const options = stage.options({ ttlMs: 5, heard: a.fn((text) => void heard.push(text)) });
      stage.equal(
        await a.exports.work!(compute, options),
        [{ value: 1 }, { value: { a: [null, undefined] } }, 5, 'load'],
        'values',
      );
      stage.equal(compute.calls.length, 3, 'calls');
      stage.equal(heard, ['RangeErrornone'], 'heard');
    });
    expect(failure).toBeUndefined();
  });

  test('has Redis go away, and come back', async () => {
    const source = `export async function work(client) {
      const late = new Promise((done) => setTimeout(done, 500, 'late'));
      return Promise.race([client.get('a'), late]).catch((error) => error.message);
    }`;
    const { failure } = await play(source, async (stage) => {
      const a = stage.actor('A');
      await stage.redis('SET', 'a', '1');
      stage.equal(await a.exports.work!(a.client), '1', 'before');
      await stage.down();
      stage.equal(await a.exports.work!(a.client), 'late', 'while it is down');
      await stage.up();
      await stage.pass(10_000);
      stage.equal(await a.exports.work!(a.client), '1', 'after');
    });
    expect(failure).toBeUndefined();
  });

  test('loses a reply, and the connection with it', async () => {
    const source = `export async function work(client) {
      try { return await client.incr('a'); } catch (error) { return error.name; }
    }`;
    const { failure, schedule } = await play(source, async (stage) => {
      const a = stage.actor('A');
      a.losesReply('incr');
      stage.that(/Closed|Disconnect|Error/.test(await a.exports.work!(a.client)), 'lost');
      stage.equal(await stage.redis('GET', 'a'), '1', 'it ran');
    });
    expect(failure).toBeUndefined();
    expect(schedule.rows).toContainEqual({ kind: 'lost', actor: 'A', what: 'reply', args: ['INCR', 'a'] });
  });

  test('counts connections that are left open, and none elsewhere is made', async () => {
    const source = `import { createClient } from 'redis';
    import net from 'node:net';
    export async function work(close) {
      const client = createClient({ url: 'redis://cache.example:7000' });
      client.on('error', () => {});
      await client.connect();
      const said = await new Promise((done) => net.connect(6379, 'localhost').on('error', (e) => done(e.message)));
      await client.set('mine', '1');
      if (close) await client.close();
      return said;
    }`;
    const { failure } = await play(source, async (stage) => {
      const a = stage.actor('A');
      stage.that(/reaches the exercise's Redis alone/.test(await a.exports.work!(true)), 'elsewhere');
      stage.equal(await a.openConnections(), 0, 'closed');
      await a.exports.work!(false);
      stage.equal(await a.openConnections(), 1, 'open');
      stage.equal(await stage.redis('GET', 'mine'), '1', 'led there');
    });
    expect(failure).toBeUndefined();
  });

  test('begins anew, whatever the module keeps from call to call', async () => {
    const source = `import { randomUUID } from 'node:crypto';
      const token = randomUUID();
      let calls = 0;
      export function work() {
        return [++calls, token];
      }`;
    const said: unknown[] = [];
    const module = at.module(source, ['work']);
    const one: Case = {
      title: 'twice',
      async play(stage) {
        const [a, b] = [stage.actor('A'), stage.actor('B')];
        said.push([await a.exports.work!(), await b.exports.work!()]);
      },
    };
    await at.play(one, module);
    await at.play(one, module);
    expect(said[1]).toEqual(said[0]);
    const [[[calls, a], [, b]]] = said as [[[number, string], [number, string]]];
    expect(calls).toBe(1);
    expect(a).not.toBe(b);
  });

  test('hears messages before it goes on', async () => {
    const source = `export async function work(client) {
      const heard = [];
      const other = client.duplicate();
      await other.connect();
      await other.subscribe('news', (text) => heard.push(text));
      return { heard: () => heard, end: () => other.close() };
    }`;
    const { failure } = await play(source, async (stage) => {
      const a = stage.actor('A');
      const listener = await a.exports.work!(a.client);
      await stage.redis('PUBLISH', 'news', 'one');
      await stage.redis('PUBLISH', 'news', 'two');
      stage.equal(await listener.heard(), ['one', 'two'], 'heard');
      await listener.end();
    });
    expect(failure).toBeUndefined();
  });

  test('hears no call of what an earlier play left behind', async () => {
    const source = `export const work = async (client, handle) => {
      await globalThis.before?.('late');
      globalThis.before = handle;
      await client.get('a');
    };`;
    const heard: unknown[] = [];
    for (const name of ['first', 'second']) {
      const { failure } = await play(source, async (stage) => {
        const a = stage.actor('A');
        await a.exports.work!(
          a.client,
          a.fn((said: string) => heard.push(`${name} ${said}`)),
        );
      });
      expect(failure).toBeUndefined();
    }
    expect(heard).toEqual([]);
  });

  test('lets no time pass while a connection follows another', async () => {
    const source = `import { createClient } from 'redis';
    export const work = async () => {
      const late = new Promise((_, reject) => setTimeout(reject, 5000, new Error('late')));
      const client = await createClient().on('error', () => {}).connect();
      await Promise.race([client.incr('a'), late]);
      await client.close();
    };`;
    const { failure } = await play(source, async (stage) => {
      const a = stage.actor('A');
      for (let times = 0; times < 20; times++) await a.exports.work!();
      stage.equal(await stage.redis('GET', 'a'), '20', 'twenty times');
    });
    expect(failure).toBeUndefined();
  });

  test('is at fault where it throws by itself, or waits for what is not of the stage', async () => {
    const source = 'export const work = () => 1;';
    await expect(
      play(source, async () => {
        throw new RangeError('mine');
      }),
    ).rejects.toThrow(/threw RangeError: mine/);
    await expect(play(source, () => new Promise(() => {}))).rejects.toThrow(/waits for something/);
  });

  test('gives the same bytes each time', async () => {
    const source = `import { randomUUID, randomBytes } from 'node:crypto';
    export const work = async (client) => {
      await client.set('token', randomUUID() + crypto.randomUUID() + randomBytes(4).toString('hex') + Math.random());
    };`;
    const rows = async () => (await at.play(once, at.module(source, ['work']))).schedule.rows;
    const first = await rows();
    expect(first).toHaveLength(1);
    expect(await rows()).toEqual(first);
  });
});
