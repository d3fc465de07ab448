import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exerciseOf } from '../../test/setup/lesson.ts';
import { messagesOf } from '../checks/verdict.ts';
import type { Answer } from '../course/course.ts';
import { NoRedis } from '../failure.ts';
import { openSandbox } from '../sandbox/open.ts';
import { Runner } from './runner.ts';

let runner: Runner;
beforeAll(async () => {
  runner = new Runner(await openSandbox(), { reopen: () => openSandbox(), aside: () => openSandbox() });
});
afterAll(() => runner?.close());

const AT = { file: 'a.md', line: 1, column: 1 };
const lines = (...texts: string[]): Answer => ({
  kind: 'lines',
  lines: texts.map((text) => ({ text, at: AT })),
  at: AT,
});

async function said(block: string, answer: Answer): Promise<string> {
  const { verdict } = await runner.run(await exerciseOf(block), answer);
  if (verdict.error) throw verdict.error;
  return verdict.status === 'passed' ? 'passed' : messagesOf(verdict).join('\n');
}

const STOCK = `id: stock
given: [SET stock:12 18]
checks: [{ key: stock:12, number: 17 }]
worlds:
  - where: 50 pieces are in stock
    given: [SET stock:12 50]
    checks: { key: stock:12, number: 49 }
  - meanwhile: DECR stock:12
    checks: { key: stock:12, number: 16 }
solution: DECR stock:12`;

describe('an answer in other worlds', () => {
  test.each([
    [['DECR stock:12']],
    [['INCRBY stock:12 -1']],
    [['GET stock:12', 'GET stock:12', 'DECR stock:12']],
    [['MULTI', 'DECR stock:12', 'EXEC']],
    [['WATCH stock:12', 'MULTI', 'DECR stock:12', 'EXEC']],
    [['EVAL "return redis.call(\'DECR\', KEYS[1])" 1 stock:12']],
    // Tried and undone, which counts against nobody.
    [['SET stock:12 17', 'SET stock:12 18', 'DECR stock:12']],
  ])('holds where it works on what is there: %j', async (answer) => {
    expect(await said(STOCK, lines(...answer))).toBe('passed');
  });

  test.each([
    [['SET stock:12 17']],
    [['GET stock:12', 'SET stock:12 17']],
    [['DEL stock:12', 'INCRBY stock:12 17']],
    [['GETDEL stock:12', 'INCRBY stock:12 17']],
    [['SET stock:new 17', 'RENAME stock:new stock:12']],
    [['SET stock:new 17', 'COPY stock:new stock:12 REPLACE', 'DEL stock:new']],
    [['EVAL "redis.call(\'SET\', KEYS[1], 17)" 1 stock:12']],
    [['MULTI', 'SET stock:12 17', 'EXEC']],
  ])('fails where the result was written by hand: %j', async (answer) => {
    expect(await said(STOCK, lines(...answer))).toBe(
      'Where 50 pieces are in stock: stock:12 should be 49; it is 17. Did you write the result yourself?',
    );
  });

  test('does not charge with a result written by hand who was to leave alone what is there', async () => {
    const seat = `id: seat
checks: [{ key: seat, string: ada, ttl: 600 }]
worlds:
  - where: linus has bought it
    given: [SET seat linus]
    checks: { key: seat, string: linus, ttl: none }
solution: SET seat ada NX EX 600`;
    expect(await said(seat, lines('SET seat ada EX 600'))).toBe(
      'Where linus has bought it: seat should be "linus"; it is "ada".\nWhere linus has bought it: seat expires in 10 minutes (600 s); it should have no expiry.',
    );
    expect(await said(seat, lines('SETNX seat ada', 'EXPIRE seat 600'))).toBe(
      'Where linus has bought it: seat expires in 10 minutes (600 s); it should have no expiry. SETNX sets only a key that is not there yet.',
    );
  });

  test('is for code alone where a person may read and type', async () => {
    const carts = `id: carts
given: [MSET cart:1 a cart:2 b]
checks: [{ key: carts, number: 2 }]
worlds:
  - where: there is one
    only: code
    given: [SET cart:2 b]
    checks: { key: carts, number: 1 }
solution: [EXISTS cart:1 cart:2, SET carts 2]`;
    expect(await said(carts, lines('EXISTS cart:1 cart:2', 'SET carts 2'))).toBe('passed');
  });

  test('tells the story where somebody got in between', async () => {
    const only = STOCK.replace(/ {2}- where.*\n.*\n.*\n/, '');
    const exercise = await exerciseOf(only);
    const { verdict } = await runner.run(exercise, lines('GET stock:12', 'SET stock:12 17'));
    expect(messagesOf(verdict)).toEqual([
      'Where another client runs DECR stock:12 between your GET and your SET: stock:12 should be 16; it is 17.',
    ]);
    expect(verdict.world).toMatchObject({
      number: 1,
      kind: 'meanwhile',
      events: [
        { by: 'you', command: 'GET stock:12', reply: '18' },
        { by: 'other', command: 'DECR stock:12', reply: '17' },
        { by: 'you', command: 'SET stock:12 17', reply: 'OK' },
      ],
    });
  });

  test('ends in every gap as a program does that dies', async () => {
    const seat = `id: seat
checks: [{ key: seat:1, string: ada, ttl: 600 }]
worlds:
  - dies: true
    checks: { key: seat:1, ttl: 600, or: missing }
solution: SET seat:1 ada NX EX 600`;
    expect(await said(seat, lines('SET seat:1 ada NX EX 600'))).toBe('passed');
    expect(await said(seat, lines('SETNX seat:1 ada', 'EXPIRE seat:1 600'))).toBe(
      'Where the program dies after its SETNX: seat:1 has no expiry; it should expire in 10 minutes (600 s).',
    );
  });

  test('tells a list that is the same whatever it was made from', async () => {
    const page = `id: page
given: [ZADD board 2 ann 1 bo]
checks: [{ reply: [bo, ann] }]
worlds:
  - where: others play
    given: [ZADD board 2 cy 1 di]
    checks: { reply: [di, cy] }
solution: ZRANGE board 0 -1`;
    expect(await said(page, lines("EVAL \"return {'bo', 'ann'}\" 0"))).toBe(
      `Where others play: EVAL "return {'bo', 'ann'}" 0 answered "bo" and "ann"; "di" and "cy" were expected. Did you write the result yourself?`,
    );
  });

  test('an answer that never ends there fails, and the next is judged', async () => {
    const queue = `id: queue
given: [RPUSH jobs a]
checks: [{ key: jobs, exists: false }]
worlds:
  - given: [SET other 1]
    checks: { key: jobs, exists: false }
solution: LPOP jobs`;
    expect(await said(queue, lines('BLPOP jobs 0'))).toContain('waits for ever');
    expect(await said(queue, lines('LPOP jobs'))).toBe('passed');
  });

  test('what another client does there without end is the course’s fault, and told with its line', async () => {
    const endless = STOCK.replace('meanwhile: DECR stock:12', 'meanwhile: EVAL "while true do end" 0');
    const hasty = new Runner(await openSandbox(), {
      limit: 1000,
      reopen: () => openSandbox(),
      aside: () => openSandbox(),
    });
    try {
      const { verdict } = await hasty.run(await exerciseOf(endless), lines('DECR stock:12'));
      expect(verdict.error).toMatchObject({
        name: 'CourseFault',
        reason: expect.stringContaining('the command of another client "EVAL'),
      });
    } finally {
      await hasty.close();
    }
  });

  test('tries a very long answer where that tells most', async () => {
    const hasty = new Runner(await openSandbox(), {
      limit: 5000,
      reopen: () => openSandbox(),
      aside: () => openSandbox(),
    });
    try {
      const exercise = await exerciseOf(STOCK);
      const gets = Array.from({ length: 1500 }, () => 'GET stock:12');
      expect((await hasty.run(exercise, lines(...gets, 'DECR stock:12'))).verdict.status).toBe('passed');
      const counted = `EVAL "return redis.call('SET', KEYS[1], ARGV[1])" 1 stock:12 17`;
      const wrong = await hasty.run(exercise, lines(...gets, counted, ...gets));
      expect(wrong.verdict.status).toBe('failed');
    } finally {
      await hasty.close();
    }
  });

  test('where no other server can be had, the verdict says that it is on this one alone', async () => {
    const aside = () => Promise.reject(new NoRedis('There is no other Redis.', { next: 'Try again.' }));
    const alone = new Runner(await openSandbox(), { reopen: () => openSandbox(), aside });
    try {
      const { verdict } = await alone.run(await exerciseOf(STOCK), lines('SET stock:12 17'));
      expect(verdict).toMatchObject({ status: 'passed', alone: 'There is no other Redis.' });
      const wrong = await alone.run(await exerciseOf(STOCK), lines('SET stock:12 16'));
      expect(wrong.verdict).not.toHaveProperty('alone');
    } finally {
      await alone.close();
    }
  });

  test.each([
    ['given: [BLPOP q 0]', 'given command "BLPOP q 0"'],
    ['also: [SET a]', 'given command "SET a"'],
    ['meanwhile: [BLPOP q 0]', 'command of another client "BLPOP q 0"'],
    ['meanwhile: [MULTI]', 'command of another client "MULTI"'],
  ])("what cannot be built there is nobody's failure but the course's: %s", async (world, named) => {
    const block = `id: stock
given: [SET stock:12 18]
checks: [{ key: stock:12, number: 17 }]
worlds:
  - ${world}
    checks: { key: stock:12, number: 17 }
solution: DECR stock:12`;
    const { verdict } = await runner.run(await exerciseOf(block), lines('DECR stock:12'));
    expect(verdict.status).toBe('error');
    expect(verdict.error?.message).toContain(named);
    expect(await said(STOCK, lines('DECR stock:12'))).toBe('passed');
  });

  test('leaves the sandbox as it was', async () => {
    const { attempt } = await runner.run(await exerciseOf(STOCK), lines('DECR stock:12'));
    expect((await attempt!.judge()).status).toBe('passed');
    expect(await runner.sandbox.engine.send(['GET', 'stock:12'])).toMatchObject({ bytes: Buffer.from('17') });
  });
});

describe('another client that does one thing after the other', () => {
  const copied = (how: string) => `id: copied
given: [SET price 10, SET stamp 10]
checks: [{ key: p, number: 10 }, { key: s, number: 10 }, { key: price, exists: true }, { key: stamp, exists: true }]
worlds:
  - ${how}: [SET price 20, SET stamp 20]
    checks: {any: [[{ key: p, number: 10 }, { key: s, number: 10 }], [{ key: p, number: 20 }, { key: s, number: 20 }]]}
solution: [COPY price p, COPY stamp s]`;
  const inOne = `EVAL "redis.call('COPY', KEYS[1], 'p') redis.call('COPY', KEYS[2], 's')" 2 price stamp`;

  test('lets the answer in between two of its commands, which it does not where it acts as a whole', async () => {
    expect(await said(copied('meanwhile'), lines(inOne))).toBe('passed');
    expect(await said(copied('beside'), lines(inOne))).toContain(
      'before your EVAL: p should be 10; it is 20',
    );
  });

  test('gets in between those of the answer all the same', async () => {
    expect(await said(copied('beside'), lines('COPY price p', 'COPY stamp s'))).toContain('between your');
  });
});
