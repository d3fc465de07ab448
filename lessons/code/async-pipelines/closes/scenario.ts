import type { Scenario } from 'rediscover/scenario';

export default {
  exports: ['visit'],
  cases: [
    {
      title: 'A visit is counted, and its number comes back',
      given: ['SET visits:home 41'],
      async play(stage) {
        const { exports } = stage.actor('A');
        stage.equal(await exports.visit('home'), 42, 'home had 41 visits.');
        stage.equal(await exports.visit('about'), 1, 'Nobody had visited about.');
      },
    },
    {
      title: 'Nothing is left open',
      async play(stage) {
        const actor = stage.actor('A');
        for (const page of ['home', 'about', 'home']) {
          await actor.exports.visit(page);
          const left = await actor.openConnections();
          stage.that(left === 0, `After visit("${page}") ${left === 1 ? 'one connection is' : `${left} connections are`} open: the process does not end by itself as long as one is.`);
        }
      },
    },
    {
      title: 'Nothing is left open after an error either',
      given: ['HSET visits:broken a 1'],
      async play(stage) {
        const actor = stage.actor('A');
        const error = await stage.throws(actor.exports.visit('broken'), 'visits:broken is a hash: visit("broken") fails, and is to say so.');
        stage.that(/wrong kind|WRONGTYPE/.test(error.message), `visits:broken is a hash, and visit("broken") failed with "${error.message}".`);
        const left = await actor.openConnections();
        stage.that(left === 0, 'visit("broken") threw an error, and its connection is still open.');
      },
    },
  ],
} satisfies Scenario;
