import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 600_000;
/** Ms that a caller may wait for a Redis that is not there; redis-py tries again for some seconds. */
const PATIENCE = 30_000;

const open = async (stage: Stage, answer: (id: number) => unknown = (id) => ({ id, name: 'Ada' })) => {
  const actor = stage.actor('A');
  const compute = actor.fn(answer);
  const options = stage.options({ prefix: 'user', ttlMs: TTL });
  return { compute, user: await actor.exports.cached(actor.client, compute, options) };
};

/** What a call answers, though Redis does not. */
const inTime = async (stage: Stage, call: Promise<unknown>) => {
  let waits = true;
  const late = stage.pass(PATIENCE).then(() => {
    if (waits)
      stage.fail('Redis is away, and user(7) still waits for it after 30 s: clients keep commands until they are connected again. Wait for so long and no longer.');
  });
  const value = await Promise.race([call, late]);
  waits = false;
  return value;
};

/** What was thrown, where it has words. */
const words = ({ message }: Error) => (message ? `"${message}"` : 'an error');

const DAMAGED: [string, (key: string) => (string | number)[]][] = [
  ['half of its JSON', (key) => ['SET', key, '{"id":7,"na', 'PX', TTL]],
  ['no text at all', (key) => ['SET', key, '', 'PX', TTL]],
  ['text that is no JSON', (key) => ['SET', key, 'Ada', 'PX', TTL]],
  ['a list', (key) => ['RPUSH', key, 'Ada']],
  ['a hash', (key) => ['HSET', key, 'name', 'Ada']],
];

export default {
  exports: ['cached'],
  cases: [
    {
      title: 'What works still works',
      async play(stage) {
        const { compute, user } = await open(stage);
        stage.equal(await user(7), { id: 7, name: 'Ada' }, 'compute returned user 7, Ada.');
        stage.equal(await user(7), { id: 7, name: 'Ada' }, 'User 7 is in Redis, and the second call answered something else.');
        stage.equal(compute.calls.length, 1, 'User 7 is in Redis, and the second call computed it again.');
        const { compute: none, user: other } = await open(stage, () => null);
        await other(8);
        await other(8);
        stage.equal(none.calls.length, 1, 'The result of user(8) is null, which is an answer; the second call computed it again.');
      },
    },
    {
      title: 'A damaged entry is a miss, and is put right',
      async play(stage) {
        for (const [what, damage] of DAMAGED) {
          const { compute, user } = await open(stage);
          await user(7);
          await stage.pass(10);
          const [key] = await stage.redis('KEYS', 'user*');
          await stage.redis('DEL', key);
          const [command, ...args] = damage(key);
          await stage.redis(String(command), ...args);
          const value = await user(7).catch((error: Error) => stage.fail(`${key} holds ${what}, and user(7) threw ${words(error)}: whoever calls can't help it. Take it as a miss.`));
          stage.equal(value, { id: 7, name: 'Ada' }, `${key} holds ${what}: that is a miss.`);
          stage.equal(compute.calls.length, 2, `${key} holds ${what}: compute is to be called, once.`);
          await stage.pass(10);
          await user(7);
          stage.equal(compute.calls.length, 2, `${key} held ${what}, and still does: every call computes. Put it right.`);
          stage.that((await stage.redis('PTTL', key)) > 0, `${key} was put right, and has no expiry.`);
          await stage.redis('DEL', key);
        }
      },
    },
    {
      title: 'Without Redis it is slow, and not broken',
      async play(stage) {
        const { compute, user } = await open(stage);
        await user(7);
        await stage.down();
        for (const calls of [2, 3]) {
          const value = await inTime(stage, user(7).catch((error: Error) => stage.fail(`Redis is down, and user(7) threw ${words(error)}: compute could have answered.`)));
          stage.equal(value, { id: 7, name: 'Ada' }, 'Redis is down: user(7) answers what compute returns.');
          stage.equal(compute.calls.length, calls, 'Redis is down: each call of user(7) calls compute, once.');
        }
        await stage.up();
        await stage.pass(60_000);
        await user(7);
        const before = compute.calls.length;
        await user(7);
        stage.equal(compute.calls.length, before, 'Redis is back for a minute, and user(7) still computes each time.');
      },
    },
    {
      title: 'It may go away at any moment',
      explore: { loses: ['reply', 'command'], bound: 2 },
      async play(stage) {
        const { compute, user } = await open(stage);
        const value = await inTime(stage, user(7).catch((error: Error) => stage.fail(`The connection broke, and user(7) threw ${words(error)}.`)));
        stage.equal(value, { id: 7, name: 'Ada' }, 'The connection broke: user(7) answers what compute returned.');
        stage.equal(compute.calls.length, 1, 'The connection broke, and compute was called a second time for one question.');
      },
    },
    {
      title: 'What JSON cannot say is still answered',
      async play(stage) {
        const { user } = await open(stage, () => undefined);
        const value = await user(7).catch((error: Error) => stage.fail(`compute returned undefined, which JSON has no word for, and user(7) threw ${words(error)}.`));
        stage.equal(value ?? null, null, 'compute returned undefined, and user(7) answered something else.');
      },
    },
    {
      title: 'An error of compute is still passed on',
      async play(stage) {
        const { compute, user } = await open(stage, (id) => {
          throw new RangeError(`no answer for ${id}`);
        });
        const { message } = await stage.throws(user(7), 'compute threw an error, and user(7) threw none: only what Redis throws is not to be heard.');
        stage.that(message.includes('no answer for 7'), `compute threw "no answer for 7", and user(7) threw "${message}".`);
        stage.equal(compute.calls.length, 1, 'compute threw an error, and was called again: it stands in a try that is meant for Redis.');
      },
    },
  ],
} satisfies Scenario;
