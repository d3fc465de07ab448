import type { Scenario, Stage } from 'rediscover/scenario';

const OPTIONS = { ttlMs: 60_000, waitMs: 1000 };

const within = (stage: Stage, name: string, work: unknown, options = OPTIONS) => {
  const { exports, client } = stage.actor(name);
  return exports.withLock(client, 'report', stage.options(options), work);
};

const free = async (stage: Stage, said: string) =>
  stage.equal(await stage.redis('EXISTS', 'lock:report'), 0, said);

export default {
  exports: ['withLock'],
  cases: [
    {
      title: 'The work runs once, with the lock, and its result comes back',
      async play(stage) {
        const work = stage.actor('A').fn(async () => {
          stage.that((await stage.redis('PTTL', 'lock:report')) > 0, 'As the work begins, lock:report is to be there, and to end by itself.');
          await stage.pass(5000);
          stage.equal(await stage.redis('EXISTS', 'lock:report'), 1, 'The work is not done, and lock:report is gone: withLock() does not wait for it.');
          return { pages: 7 };
        });
        stage.equal(await within(stage, 'A', work), { pages: 7 }, 'The work returns its result, and so does withLock().');
        stage.equal(work.calls.length, 1, 'The work runs once.');
        await free(stage, 'The work is done, and lock:report is still there.');
      },
    },
    {
      title: 'An error goes on, and the lock is let go',
      async play(stage) {
        const work = stage.actor('A').fn(() => {
          throw new RangeError('no paper');
        });
        const error = await stage.throws(within(stage, 'A', work), 'The work threw an error, and withLock() did not pass it on.');
        stage.that(error.message.includes('no paper'), `The work threw "no paper", and withLock() threw "${error.message}".`);
        await free(stage, 'The work threw an error, and lock:report is still there: whoever asks next waits until it ends.');
      },
    },
    {
      title: 'Without the lock nothing runs',
      async play(stage) {
        await stage.redis('SET', 'lock:report', 'somebody', 'PX', 600_000);
        const work = stage.actor('A').fn(() => 'done');
        let said: unknown;
        const value = await within(stage, 'A', work).catch((error: unknown) => {
          said = error;
        });
        stage.equal(work.calls.length, 0, 'Somebody else has lock:report, and the work ran all the same.');
        stage.that(said !== undefined, `Somebody else has lock:report, and withLock() returned ${JSON.stringify(value) ?? 'nothing'} as if all were done: throw an error.`);
        stage.equal(await stage.redis('GET', 'lock:report'), 'somebody', 'Somebody else has lock:report, and A let it go.');
        stage.that(stage.now >= 900 && stage.now <= 1500, `waitMs is 1000, and withLock() gave up after ${stage.now} ms.`);
      },
    },
    {
      title: 'It waits for its turn',
      async play(stage) {
        await stage.redis('SET', 'lock:report', 'somebody', 'PX', 10_000);
        const work = stage.actor('A').fn(() => 'done');
        const waiting = within(stage, 'A', work, { ttlMs: 60_000, waitMs: 20_000 });
        stage.equal(await waiting, 'done', 'Whoever had lock:report was gone after 10 s, and A, which waits for 20 s, did not get to work.');
      },
    },
    {
      title: 'Two never work at once, and nobody lets go of the lock of another',
      explore: { bound: 2, owned: ['lock:*'] },
      async play(stage) {
        let inside = 0;
        const report = (name: string) => () => {
          const actor = stage.actor(name);
          const work = actor.fn(async () => {
            inside++;
            stage.that(inside === 1, 'both inside');
            await actor.works('writes the report');
            inside--;
          });
          return within(stage, name, work, { ttlMs: 60_000, waitMs: 300 }).catch(() => {});
        };
        stage.actor('A');
        await stage.together(report('A'), report('B'));
      },
    },
    {
      title: 'What is over by the end of the work is not let go',
      explore: { bound: 3, expires: ['lock:report'], owned: ['lock:*'] },
      async play(stage) {
        const report = (name: string) => () => {
          const actor = stage.actor(name);
          const work = actor.fn(() => actor.works('writes the report'));
          return within(stage, name, work, { ttlMs: 60_000, waitMs: 0 }).catch(() => {});
        };
        stage.actor('A');
        await stage.together(report('A'), report('B'));
      },
    },
  ],
} satisfies Scenario;
