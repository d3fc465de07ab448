import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 600_000;
const SPREAD = 60_000;
const PRODUCTS = Array.from({ length: 40 }, (_, index) => index + 1);
/** Ms of the server's own clock that may go by until it is looked. */
const SLACK = 5_000;

const open = async (stage: Stage) => {
  const actor = stage.actor('A');
  const compute = actor.fn((id: number) => ({ id, price: id * 10 }));
  const options = stage.options({ prefix: 'price', ttlMs: TTL, spreadMs: SPREAD });
  return { compute, price: await actor.exports.cached(actor.client, compute, options) };
};

/** What is left of the expiry of every entry, in ms, the shortest first. */
const lefts = async (stage: Stage) => {
  await stage.pass(1);
  const keys: string[] = await stage.redis('KEYS', 'price*');
  const all: number[] = await Promise.all(keys.map((key) => stage.redis('PTTL', key)));
  return all.sort((a, b) => a - b);
};

export default {
  exports: ['cached'],
  cases: [
    {
      title: 'Each entry ends in time',
      async play(stage) {
        const { compute, price } = await open(stage);
        for (const id of PRODUCTS) stage.equal(await price(id), { id, price: id * 10 }, `compute returned the price of product ${id}.`);
        for (const id of PRODUCTS) await price(id);
        stage.equal(compute.calls.length, 40, '40 products were asked for twice: that is 40 to compute, and 40 hits.');
        const all = await lefts(stage);
        stage.equal(all.length, 40, '40 products were asked for: each is to have its entry.');
        stage.that(all[0]! >= 0, 'An entry has no expiry: it would be served for ever.');
        stage.that(
          all.at(-1)! <= TTL,
          `ttlMs is 600,000: an entry that lives for ${all.at(-1)} ms is older than what was promised. Take the spread off, and add nothing.`,
        );
        stage.that(
          all[0]! > TTL - SPREAD - SLACK,
          `ttlMs is 600,000 and spreadMs is 60,000: an entry lives for 540,000 ms at least, and one has ${all[0]} ms.`,
        );
      },
    },
    {
      title: 'What was written together ends apart',
      async play(stage) {
        const { price } = await open(stage);
        for (const id of PRODUCTS) await price(id);
        const all = await lefts(stage);
        const span = all.at(-1)! - all[0]!;
        stage.that(
          span > SLACK,
          '40 entries were written together, and end together: 40 queries will come in one moment. Chance is to be asked for each entry.',
        );
        stage.that(
          span > SPREAD / 2,
          `40 entries were written together, and end within ${span} ms: spread them over all of the 60,000 ms.`,
        );
        const slots = new Set(all.map((left) => Math.floor((TTL - left) / (SPREAD / 10))));
        stage.that(slots.size >= 6, `40 entries end in ${slots.size} heaps: spread them evenly over the 60,000 ms.`);
      },
    },
  ],
} satisfies Scenario;
