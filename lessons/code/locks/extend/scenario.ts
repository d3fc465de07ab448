import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 10_000;

const take = (stage: Stage, name: string) => {
  const { exports, client } = stage.actor(name);
  return exports.acquire(client, 'report', stage.options({ ttlMs: TTL }));
};

export default {
  exports: ['acquire'],
  cases: [
    {
      title: 'A lock of its own lives on, from now',
      async play(stage) {
        const lease = await take(stage, 'A');
        await stage.pass(6000);
        stage.equal(await lease.extend(TTL), true, 'lock:report is still that of A, which extend() answers with true.');
        const left = await stage.redis('PTTL', 'lock:report');
        stage.that(left !== -1, `extend(${TTL}): lock:report has no expiry any more.`);
        stage.that(left > TTL - 1500, `extend(${TTL}) after 6 s: lock:report ends in ${Math.round(left / 1000)} s, and not in 10.`);
        stage.that(left <= TTL, `extend(${TTL}): lock:report ends in ${Math.round(left / 1000)} s. It is to end 10 s from now.`);
        await stage.pass(6000);
        stage.that(!(await take(stage, 'B')), 'A extended its lock after 6 s, and after 12 s B got it.');
        stage.equal(await lease.release(), true, 'A let its own lock go, which release() answers with true.');
      },
    },
    {
      title: 'What is over can not be extended',
      async play(stage) {
        const lease = await take(stage, 'A');
        await stage.expire('lock:report');
        stage.equal(await lease.extend(TTL), false, 'The lock of A is over: extend() answers false, so that A stops its work.');
        stage.equal(await stage.redis('EXISTS', 'lock:report'), 0, 'The lock of A is over, and extend() took it anew, without knowing who had it in between.');
      },
    },
    {
      title: 'The lock of another stays as it is',
      async play(stage) {
        const lease = await take(stage, 'A');
        await stage.expire('lock:report');
        await take(stage, 'B');
        await stage.pass(5000);
        const token = await stage.redis('GET', 'lock:report');
        stage.equal(await lease.extend(TTL), false, 'B has lock:report by now, and extend() of A did not answer false.');
        stage.equal(await stage.redis('GET', 'lock:report'), token, 'A extended late, and has taken lock:report from B.');
        stage.that((await stage.redis('PTTL', 'lock:report')) < 6000, 'A extended late, and it is the lock of B that lives longer now.');
      },
    },
    {
      title: 'Nobody extends the lock of another, whenever it ends',
      explore: { bound: 3, expires: ['lock:report'], owned: ['lock:*'] },
      async play(stage) {
        const report = (name: string) => async () => {
          const lease = await take(stage, name);
          if (!lease) return;
          await stage.actor(name).works('writes half of the report');
          if (await lease.extend(2 * TTL)) await lease.release();
        };
        stage.actor('A');
        await stage.together(report('A'), report('B'));
      },
    },
  ],
} satisfies Scenario;
