import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exerciseOf } from '../../test/setup/lesson.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { interrupt } from '../redis/interrupt.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Attempt, answerIn } from './attempt.ts';
import { CourseFault } from './course-fault.ts';

const login = `id: login
given:
  - SET cart:9 "2 apples"
checks:
  - key: session:xyz
    string: user_data
    ttl: 1800
  - avoided: FLUSHDB
hints: [a, b, c]
solution: SET session:xyz user_data EX 1800`;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox?.close());

describe('an attempt', () => {
  test('begins from the given state, whatever was there before', async () => {
    await sandbox.engine.send(['SET', 'left', 'over']);
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login));
    expect([...attempt.given.keys.keys()]).toEqual(['cart:9']);
  });

  test('is failed before anything is done, and passed after the answer', async () => {
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login));
    expect((await attempt.judge()).status).toBe('failed');
    const outcome = await attempt.run('SET session:xyz user_data EX 1800');
    expect(outcome).toMatchObject({ kind: 'reply', reply: { type: 'status' } });
    expect((await attempt.judge()).status).toBe('passed');
  });

  test('takes back what an earlier one left on the connection', async () => {
    const exercise = await exerciseOf(login);
    for (const leftovers of [
      ['MULTI', 'SET a 1'],
      ['SELECT 3'],
      ['WATCH cart:9'],
      ['SUBSCRIBE news'],
      ['HELLO 3'],
    ]) {
      const before = await Attempt.begin(sandbox, exercise);
      for (const line of leftovers) await before.run(line);
      const attempt = await Attempt.begin(sandbox, exercise);
      await attempt.run('MULTI');
      await attempt.run('SET session:xyz user_data EX 1800');
      const { reply } = (await attempt.run('EXEC')) as { reply: { type: string } };
      expect(reply.type, leftovers.join()).toBe('array');
      expect((await attempt.judge()).status).toBe('passed');
    }
  });

  test('sends nothing for a line whose quotes do not balance, or that is empty', async () => {
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login));
    expect(await attempt.run('SET "a b')).toEqual({ kind: 'invalid' });
    expect(await attempt.run('   ')).toEqual({ kind: 'empty' });
    expect((await attempt.judge()).status).toBe('failed');
  });

  test('keeps the last answer to a question', async () => {
    const question = await exerciseOf(
      'id: q\nchecks:\n  - answer: "7"\nhints: [a, b, c]\nsolution: .answer 7',
    );
    const attempt = await Attempt.begin(sandbox, question);
    await attempt.run('.answer 8');
    expect((await attempt.judge()).status).toBe('failed');
    expect(await attempt.run('  .answer  7 ')).toEqual({ kind: 'answer', text: '7' });
    expect((await attempt.judge()).status).toBe('passed');
    expect(answerIn('.answers 7')).toBeUndefined();
  });

  test('blames the course where a given command fails, and names the place', async () => {
    const broken = await exerciseOf(
      'id: b\ngiven:\n  - SET a b\n  - INCR a\nchecks:\n  - key: a\n    number: 1\nhints: [a, b, c]\nsolution: SET a 1',
    );
    const begun = Attempt.begin(sandbox, broken);
    await expect(begun).rejects.toThrow(CourseFault);
    await expect(begun).rejects.toThrow(/one\.md:\d+:\d+: the given command "INCR a" fails/);
  });

  test('is judged in one round trip, and judging leaves no trace in the data', async () => {
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login), { restorable: true });
    await attempt.judge();
    const calls = async () => {
      const info = await sandbox.engine.send(['INFO', 'commandstats']);
      const text = info.type === 'bulk' ? info.bytes.toString() : '';
      return [...text.matchAll(/cmdstat_(evalsha|eval|set|get|restore):calls=(\d+)/g)].map(
        (match) => match[0],
      );
    };
    const before = await calls();
    const dump = await sandbox.engine.send(['DUMP', 'cart:9']);
    const verdicts = [await attempt.judge(), await attempt.judge()];
    expect(verdicts[0]).toEqual(verdicts[1]);
    expect(await sandbox.engine.send(['DUMP', 'cart:9'])).toEqual(dump);
    const count = (lines: string[]) => Number(/evalsha:calls=(\d+)/.exec(lines.join())?.[1]);
    expect(count(await calls()) - count(before)).toBe(2);
  });

  test('counts what other clients do, once they have a way in', async () => {
    let woken = 0;
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login));
    const [, user, password, port] = /redis:\/\/(\w+):(\w+)@127\.0\.0\.1:(\d+)/.exec(await sandbox.url())!;
    const target = { host: '127.0.0.1', port: Number(port), username: user!, password: password! };
    attempt.follow(sandbox.relay!, () => woken++);
    const other = await EngineClient.connect(target, 'other');
    await other.send(['SET', 'session:xyz', 'user_data', 'EX', '1800']);
    expect((await attempt.judge()).status).toBe('passed');
    await other.send(['FLUSHDB']);
    await other.send(['SET', 'cart:9', '2 apples']);
    await other.send(['SET', 'session:xyz', 'user_data', 'EX', '1800']);
    const verdict = await attempt.judge();
    expect(verdict.checks.find(({ id }) => id.startsWith('avoided'))?.status).toBe('failed');
    expect(woken).toBeGreaterThan(2);
    await other.close();
  });

  test('goes on in another sandbox with the same keys and expiries', async () => {
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login), { restorable: true });
    await attempt.run('SET session:xyz user_data EX 1800');
    await attempt.judge();
    const next = await openSandbox();
    await attempt.moveTo(next);
    expect((await attempt.judge()).status).toBe('passed');
    await next.close();
  });

  test('says that it cannot judge when the server is gone, and neither passes nor fails', async () => {
    const doomed = await openSandbox();
    const attempt = await Attempt.begin(doomed, await exerciseOf(login));
    await attempt.run('SET session:xyz user_data EX 1800');
    await doomed.close();
    const verdict = await attempt.judge();
    expect(verdict.status).toBe('error');
    expect(verdict.error?.name).toBe('ConnectionLost');
  });

  test('can be freed from a command that blocks and a script that never ends', async () => {
    const attempt = await Attempt.begin(sandbox, await exerciseOf(login));
    for (const line of ['BLPOP nothing 0', 'EVAL "while true do end" 0']) {
      const running = attempt.run(line);
      let ended = false;
      void running.then(() => {
        ended = true;
      });
      while (!ended) await interrupt(sandbox.engine, sandbox.learner);
      expect(await running).toMatchObject({ kind: 'reply', reply: { type: 'error' } });
    }
  });
});
