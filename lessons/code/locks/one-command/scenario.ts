import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 10_000;

const take = async (stage: Stage, name: string, lock = 'report') => {
  const { exports, client } = stage.actor(name);
  const taken = await exports.acquire(client, lock, `token-${name}`, TTL);
  stage.that(taken === true || taken === false, `acquire() answers true or false; it returned ${JSON.stringify(taken)}.`);
  return taken;
};

export default {
  exports: ['acquire'],
  cases: [
    {
      title: 'A free lock is taken, and ends by itself',
      async play(stage) {
        stage.equal(await take(stage, 'A'), true, 'Nobody had lock:report, and acquire() did not answer true.');
        stage.equal(await stage.redis('GET', 'lock:report'), 'token-A', 'The token lies under lock:report.');
        const left = await stage.redis('PTTL', 'lock:report');
        stage.that(left > 0, 'lock:report has no expiry: a holder that dies would lock it for ever.');
        stage.that(left <= TTL, `ttlMs is ${TTL}, and lock:report ends in ${Math.round(left / 1000)} s. Are those seconds, or milliseconds?`);
        stage.that(left > TTL - 2000, `ttlMs is ${TTL}, and lock:report ends in ${Math.ceil(left)} ms already.`);
      },
    },
    {
      title: 'A lock that is taken stays as it is',
      async play(stage) {
        await stage.redis('SET', 'lock:report', 'token-B', 'PX', TTL / 2);
        stage.equal(await take(stage, 'A'), false, 'B has lock:report, and acquire() did not answer false.');
        stage.equal(await stage.redis('GET', 'lock:report'), 'token-B', 'B has lock:report, and A put its own token there.');
        stage.that(
          (await stage.redis('PTTL', 'lock:report')) <= TTL / 2,
          'B has lock:report for 5 s more, and as A asked for it, that became 10 s: if B is dead and others keep asking, it never ends.',
        );
        stage.equal(await take(stage, 'A', 'stock'), true, 'lock:stock is another lock, and free.');
      },
    },
    {
      title: 'Two never have it at once',
      explore: { bound: 2 },
      async play(stage) {
        let holders = 0;
        const report = (name: string) => async () => {
          if (!(await take(stage, name))) return;
          holders++;
          stage.that(holders === 1, 'both inside');
          await stage.actor(name).works('writes the report');
        };
        stage.actor('A');
        await stage.together(report('A'), report('B'));
      },
    },
    {
      title: 'Whoever dies locks nobody out for ever',
      explore: { bound: 1, dies: ['A'] },
      async play(stage) {
        await stage.together(() => take(stage, 'A'));
        if ((await stage.redis('EXISTS', 'lock:report')) === 0) return;
        const left = await stage.redis('PTTL', 'lock:report');
        stage.that(left > 0, 'A died before it gave lock:report an expiry: nobody else ever gets it');
        await stage.expire('lock:report');
        stage.equal(await take(stage, 'B'), true, 'The lock of A is over, and B does not get it.');
      },
    },
  ],
} satisfies Scenario;
