import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 60_000;

const take = (stage: Stage, name: string, waitMs: number) => {
  const { exports, client } = stage.actor(name);
  return exports.acquire(client, 'report', stage.options({ ttlMs: TTL, waitMs }));
};

/** When an actor asked for the lock, in ms. */
const tries = (stage: Stage, name: string) =>
  stage.commands.filter((ran) => ran.actor === name && ran.args.includes('lock:report')).map(({ at }) => at);

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

export default {
  exports: ['acquire'],
  cases: [
    {
      title: 'A free lock is had at once',
      async play(stage) {
        stage.that(await take(stage, 'A', 5000), 'Nobody had lock:report, and acquire() gave no lease.');
        stage.that(stage.now < 100, `Nobody had lock:report, and it took ${seconds(stage.now)} to get it.`);
      },
    },
    {
      title: 'Whoever waits gets it once it is free',
      async play(stage) {
        const lease = await take(stage, 'A', 1000);
        const waiting = take(stage, 'B', 5000);
        await stage.pass(1500);
        await lease.release();
        const letGo = stage.now;
        stage.that(await waiting, 'A let go after 1.5 s, and B, which waits for 5 s, did not get lock:report.');
        stage.that(stage.now - letGo <= 1000, `A let go, and B noticed ${seconds(stage.now - letGo)} later: look every 100 ms or so.`);
      },
    },
    {
      title: 'Whoever has waited long enough gives up',
      async play(stage) {
        await take(stage, 'A', 1000);
        const began = stage.now;
        stage.that(!(await take(stage, 'B', 2000)), 'A has lock:report all the time, and B got a lease too.');
        const waited = stage.now - began;
        stage.that(waited >= 1500, `waitMs is 2000, and B gave up after ${seconds(waited)}.`);
        stage.that(waited <= 2500, `waitMs is 2000, and B gave up after ${seconds(waited)}: the last pause ends with the time.`);
        stage.that(tries(stage, 'B').length <= 80, `B asked ${tries(stage, 'B').length} times in 2 s: a pause spares the server.`);
      },
    },
    {
      title: 'With no time to wait it asks once',
      async play(stage) {
        stage.that(await take(stage, 'A', 0), 'waitMs is 0 and lock:report was free, and acquire() gave no lease.');
        const began = stage.now;
        stage.that(!(await take(stage, 'B', 0)), 'A has lock:report, and B got a lease too.');
        stage.that(stage.now - began < 50, `waitMs is 0, and B gave up after ${seconds(stage.now - began)}.`);
      },
    },
    {
      title: 'A wall clock that is set back makes nobody wait longer',
      async play(stage) {
        await take(stage, 'A', 1000);
        const waiting = take(stage, 'B', 2000);
        await stage.pass(500);
        await stage.actor('B').clockJumps(-3_600_000);
        let over = false;
        const done = waiting.then(() => {
          over = true;
        });
        await stage.pass(10_000);
        stage.that(over, 'The wall clock was set back by an hour, and B, which waits for 2 s, waits for an hour. A monotonic clock never jumps.');
        await done;
      },
    },
    {
      title: 'A wall clock that is set on makes nobody give up',
      async play(stage) {
        const lease = await take(stage, 'A', 1000);
        const waiting = take(stage, 'B', 5000);
        await stage.pass(500);
        await stage.actor('B').clockJumps(3_600_000);
        await stage.pass(1000);
        await lease.release();
        stage.that(await waiting, 'The wall clock was set on by an hour, and B, which waits for 5 s, gave up after one. A monotonic clock never jumps.');
      },
    },
    {
      title: 'Those who wait do not ask in step',
      async play(stage) {
        await take(stage, 'A', 1000);
        await stage.together(
          () => take(stage, 'B', 4000),
          () => take(stage, 'C', 4000),
        );
        const [atB, atC] = [tries(stage, 'B'), tries(stage, 'C')];
        const together = atB.filter((at) => atC.includes(at));
        stage.that(
          together.length <= atB.length / 2,
          `B and C begin to wait together, and ${together.length} of ${atB.length} times they ask together, to the millisecond: pauses are to differ by chance.`,
        );
      },
    },
    {
      title: 'Two never have it at once, however they wait',
      explore: { bound: 2 },
      async play(stage) {
        let inside = 0;
        const report = (name: string) => async () => {
          const lease = await take(stage, name, 100);
          if (!lease) return;
          inside++;
          stage.that(inside === 1, 'both inside');
          await stage.actor(name).works('writes the report');
          inside--;
          await lease.release();
        };
        stage.actor('A');
        await stage.together(report('A'), report('B'));
      },
    },
  ],
} satisfies Scenario;
