import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 10_000;

const take = async (stage: Stage, name: string) => {
  const { exports, client } = stage.actor(name);
  return exports.acquire(client, 'report', stage.options({ ttlMs: TTL }));
};

/** Takes it, works, and lets go. */
const report = (stage: Stage, name: string) => async () => {
  const lease = await take(stage, name);
  if (!lease) return;
  await stage.actor(name).works('writes the report');
  await lease.release();
};

export default {
  exports: ['acquire'],
  cases: [
    {
      title: 'A lock is taken, let go, and to be had again',
      async play(stage) {
        const lease = await take(stage, 'A');
        stage.that(lease, 'Nobody had lock:report, and acquire() gave no lease.');
        stage.that((await stage.redis('PTTL', 'lock:report')) > 0, 'lock:report has no expiry.');
        stage.that(!(await take(stage, 'B')), 'A has lock:report, and B got a lease too: null says that there is none.');
        stage.equal(await lease.release(), true, 'A let its own lock go, which release() answers with true.');
        stage.equal(await stage.redis('EXISTS', 'lock:report'), 0, 'A let go, and lock:report is still there.');
        stage.that(await take(stage, 'B'), 'A let go, and B did not get lock:report.');
      },
    },
    {
      title: 'What is over is not let go a second time',
      async play(stage) {
        const lease = await take(stage, 'A');
        await stage.expire('lock:report');
        const other = await take(stage, 'B');
        stage.that(other, 'The lock of A is over, and B did not get it.');
        const before = await stage.redis('GET', 'lock:report');
        stage.equal(await lease.release(), false, 'The lock of A is over, so release() has nothing to let go, and answers false.');
        stage.equal(await stage.redis('GET', 'lock:report'), before, 'A came late, and let go of the lock of B.');
        stage.equal(await other.release(), true, 'B let its own lock go, which release() answers with true.');
      },
    },
    {
      title: 'Two in one process have two tokens',
      async play(stage) {
        const first = await take(stage, 'A');
        await stage.expire('lock:report');
        const second = await take(stage, 'A');
        stage.that(second, 'The first lock is over, and the same process did not get another.');
        await first.release();
        stage.equal(
          await stage.redis('EXISTS', 'lock:report'),
          1,
          'Two threads of one process: the lock of the first was over, and as it let go, the lock of the second was gone. A token of its own for each lease.',
        );
      },
    },
    {
      title: 'Nobody lets go of the lock of another, whenever it ends',
      explore: { bound: 3, expires: ['lock:report'], owned: ['lock:*'] },
      async play(stage) {
        stage.actor('A');
        await stage.together(report(stage, 'A'), report(stage, 'B'));
      },
    },
  ],
} satisfies Scenario;
