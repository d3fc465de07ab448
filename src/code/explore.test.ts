import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleStage } from '../../test/setup/module-stage.ts';
import { explore, type Step } from './explore.ts';
import type { Case, Explore, Stage } from './scenario.ts';
import type { Row } from './schedule.ts';

describe('the search', () => {
  /** Actors that do so many steps each, all of which have to do with each other; fails where `wrong` says so of the order. */
  const model = (lengths: Record<string, number>, wrong: (order: string) => boolean = () => false) => {
    const orders: string[] = [];
    const run = async (choices: readonly string[]) => {
      const left = { ...lengths };
      const steps: Step[] = [];
      let order = '';
      for (;;) {
        const able = Object.keys(left).filter((name) => left[name]! > 0);
        if (able.length === 0) break;
        const standard = able.includes(order.at(-1)!) ? order.at(-1)! : able[0]!;
        const chosen = choices[steps.length] ?? standard;
        steps.push({ chosen, standard, others: able.filter((name) => name !== chosen) });
        left[chosen]!--;
        order += chosen;
      }
      orders.push(order);
      return { steps, failed: wrong(order), order };
    };
    return { orders, run };
  };

  test('tries each order once, those with fewer departures first', async () => {
    const { orders, run } = model({ A: 2, B: 2 });
    expect(await explore(run, { bound: 3, most: 100 })).toEqual({ tried: 6 });
    expect(orders).toEqual(['AABB', 'BBAA', 'ABBA', 'BAAB', 'ABAB', 'BABA']);
  });

  test('goes no further than its bound', async () => {
    const { orders, run } = model({ A: 2, B: 2 });
    expect(await explore(run, { bound: 1, most: 100 })).toEqual({ tried: 3 });
    expect(orders).toEqual(['AABB', 'BBAA', 'ABBA']);
  });

  test('ends at the first that fails', async () => {
    const { run } = model({ A: 2, B: 2 }, (order) => order.startsWith('AB'));
    const found = await explore(run, { bound: 2, most: 100 });
    expect(found).toMatchObject({ tried: 3, failing: { order: 'ABBA' } });
  });

  test('tries the one that failed before all others, and all of them where that holds now', async () => {
    const { run } = model({ A: 2, B: 2 }, (order) => order === 'ABAB');
    const first = [...'ABAB'];
    expect(await explore(run, { bound: 2, most: 100, first })).toMatchObject({ tried: 1 });
    const mended = model({ A: 2, B: 2 });
    expect(await explore(mended.run, { bound: 2, most: 100, first })).toMatchObject({ tried: 6 });
  });

  test('says that there were more', async () => {
    expect(await explore(model({ A: 9, B: 9 }).run, { bound: 2, most: 10 })).toEqual({
      tried: 10,
      cut: true,
    });
  });
});

const lock = (acquire: string, release: string) => `
  import { randomUUID } from 'node:crypto';
  export function createLock(client, name, ttlMs) {
    const key = 'lock:' + name;
    const token = randomUUID();
    return {
      async acquire({ waitMs }) {
        const end = performance.now() + waitMs;
        for (;;) {
          ${acquire}
          if (performance.now() >= end) return false;
          await new Promise((done) => setTimeout(done, 100));
        }
      },
      async release() {
        ${release}
      },
    };
  }`;
const inOne = 'if (await client.set(key, token, { NX: true, PX: ttlMs })) return true;';
const checked =
  'if (!(await client.exists(key))) { await client.set(key, token, { PX: ttlMs }); return true; }';
const script = `await client.eval("if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0", { keys: [key], arguments: [token] });`;
const blind = 'await client.del(key);';
const looks = 'if ((await client.get(key)) === token) await client.del(key);';

describe('a lock', () => {
  let at: ModuleStage;
  beforeAll(async () => {
    at = await ModuleStage.open();
  });
  afterAll(() => at?.close());

  const race = (how: Explore, alone = false): Case => ({
    title: 'a race',
    explore: { owned: ['lock:*'], ...how },
    async play(stage: Stage) {
      let inside = 0;
      const report = (name: string) => async () => {
        const { exports, client, works } = stage.actor(name);
        const one = await exports.createLock!(client, 'report', 10_000);
        if (!(await one.acquire!({ waitMs: 300 }))) return;
        inside++;
        if (alone) stage.that(inside === 1, 'both inside');
        await works('writes the report');
        inside--;
        await one.release!();
      };
      await stage.together(...['A', 'B'].map((name) => report((stage.actor(name), name))));
    },
  });
  const tried = (source: string, one: Case) => at.explore(one, at.module(source, ['createLock']));
  const told = (rows: Row[] = []) =>
    rows.map((row) => {
      const what =
        row.kind === 'command' ? `${row.args.slice(0, 2).join(' ')} -> ${row.reply.slice(0, 4)}` : row.kind;
      return `${'actor' in row ? row.actor : '-'} ${what}${row.broke ? ` ! ${row.broke}` : ''}`;
    });

  test('that is taken in one command, and released by a script, holds in every schedule', async () => {
    const one = race({ bound: 3, expires: ['lock:report'] });
    const found = await tried(lock(inOne, script), one);
    expect(found.failing).toBeUndefined();
    expect(found.tried).toBeGreaterThan(10);
    expect((await tried(lock(inOne, script), race({}, true))).failing).toBeUndefined();
  });

  test('that is looked for and then set lets both in', async () => {
    const { failing } = await tried(lock(checked, script), race({}, true));
    expect(failing?.failure).toEqual({ kind: 'said', said: 'both inside' });
    expect(told(failing?.schedule.rows)).toEqual([
      'A EXISTS lock:report -> 0',
      'B EXISTS lock:report -> 0',
      'B SET lock:report -> OK',
      'A SET lock:report -> OK ! Both inside',
    ]);
  });

  test.each([
    ['blindly', blind, 'DEL'],
    ['after a look', looks, 'GET'],
  ])('that is released %s may be that of another', async (_, release, before) => {
    const one = race({ bound: 3, expires: ['lock:report'] });
    const { failing } = await tried(lock(inOne, release), one);
    expect(failing?.failure).toEqual({
      kind: 'owned',
      actor: 'A',
      owner: 'B',
      key: 'lock:report',
      did: 'removed',
    });
    const rows = told(failing?.schedule.rows);
    expect(rows.at(-1)).toBe("A DEL lock:report -> 1 ! A removed B's lock:report");
    expect(rows.join()).toMatch(new RegExp(`${before}|expires`));
    expect(rows).toContain('- expires');
  });

  test('gives the same schedule, and the same bytes, each time; and again, step by step, with the keys', async () => {
    const one = race({ bound: 3, expires: ['lock:report'] });
    const all = [];
    for (let times = 0; times < 5; times++) all.push(await tried(lock(inOne, blind), one));
    for (const again of all.slice(1)) {
      expect(again.tried).toBe(all[0]!.tried);
      expect(again.failing?.schedule).toEqual(all[0]!.failing?.schedule);
    }
    const { choices, rows } = all[0]!.failing!.schedule;
    const replayed = await at.play(one, at.module(lock(inOne, blind), ['createLock']), choices, true);
    expect(replayed.schedule.rows.map(({ state: _, ...row }) => row)).toEqual(rows);
    expect(replayed.schedule.rows[0]?.state).toEqual([
      { key: 'lock:report', value: expect.stringMatching(/^string "/), pttl: expect.any(Number) },
    ]);
    expect(replayed.schedule.rows.at(-1)?.state).toEqual([]);
  });

  test('lost with its holder is gone for others once it expires', async () => {
    const one: Case = {
      title: 'a holder dies',
      explore: { dies: ['A'], bound: 1 },
      async play(stage) {
        const take = async (name: string) => {
          const { exports, client } = stage.actor(name);
          const held = await exports.createLock!(client, 'report', 10_000);
          if (await held.acquire!({ waitMs: 300 })) await held.release!();
        };
        await stage.together(() => take('A'));
        if (await stage.redis('EXISTS', 'lock:report')) await stage.expire('lock:report');
        const { exports, client } = stage.actor('B');
        const other = await exports.createLock!(client, 'report', 10_000);
        stage.equal(await other.acquire!({ waitMs: 300 }), true, 'it is to be had again');
      },
    };
    expect((await tried(lock(inOne, script), one)).failing).toBeUndefined();
    const noEnd =
      'if (await client.set(key, token, { NX: true })) { await client.pExpire(key, ttlMs); return true; }';
    const { failing } = await tried(lock(noEnd, script), one);
    expect(failing?.failure).toMatchObject({ said: expect.stringContaining('lock:report has no expiry') });
  });

  test('is tried in less schedules where commands have nothing to do with each other', async () => {
    const apart = (own: boolean): Case => ({
      title: 'apart',
      explore: { bound: 2 },
      async play(stage) {
        await stage.together(
          ...['A', 'B'].map((name) => {
            const { exports, client } = stage.actor(name);
            return () => exports.work!(client, own ? name : 'both');
          }),
        );
      },
    });
    const source = `export async function work(client, key) {
      for (let i = 0; i < 4; i++) await client.incr(key);
    }`;
    const count = async (own: boolean) => (await at.explore(apart(own), at.module(source, ['work']))).tried;
    expect(await count(true)).toBe(1);
    expect(await count(false)).toBeGreaterThan(10);
  });
});
