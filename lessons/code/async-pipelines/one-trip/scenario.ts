import type { Scenario } from 'rediscover/scenario';

const ids = Array.from({ length: 100 }, (_, at) => `sku-${at}`);

export default {
  exports: ['prices'],
  cases: [
    {
      title: 'Each id gets its price, in the same order',
      given: ['MSET price:tea 320 price:milk 90 price:free 0'],
      async play(stage) {
        const { exports, client } = stage.actor('A');
        stage.equal(await exports.prices(client, ['milk', 'tea', 'milk']), [90, 320, 90], 'milk, tea and milk were asked for.');
        stage.equal(await exports.prices(client, ['free']), [0], 'What is free costs 0, which is a price.');
        stage.equal(await exports.prices(client, ['tea', 'gold', 'milk']), [320, null, 90], 'There is no price of gold: null (None) stands in its place.');
      },
    },
    {
      title: 'A hundred prices cost one round trip',
      async play(stage) {
        for (const [at, id] of ids.entries()) await stage.redis('SET', `price:${id}`, at);
        const actor = stage.actor('A');
        const found = await actor.exports.prices(actor.client, ids);
        stage.equal(found, ids.map((_, at) => at), 'A hundred prices were asked for.');
        const trips = stage.roundTrips(actor);
        stage.that(trips === 1, `A hundred prices took ${trips} round trips. With a server 20 ms away, that is ${(trips * 20) / 1000} s; one is enough.`);
      },
    },
    {
      title: 'Nothing is asked where nothing is wanted',
      async play(stage) {
        const { exports, client } = stage.actor('A');
        stage.equal(await exports.prices(client, []), [], 'No price was asked for.');
      },
    },
  ],
} satisfies Scenario;
