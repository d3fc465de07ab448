import type { Scenario, Stage } from 'rediscover/scenario';

const MINUTE = 60_000;

const open = (stage: Stage) => {
  const { exports, client } = stage.actor('A');
  return exports.createCache(client, stage.options({ prefix: 'cache' }));
};

export default {
  exports: ['createCache'],
  cases: [
    {
      title: 'Set again under another tag, it goes with that one alone',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:8', 'a jug', stage.options({ ttlMs: 10 * MINUTE, tags: ['mugs'] }));
        await cache.set('page:9', 'a mug', stage.options({ ttlMs: 10 * MINUTE, tags: ['mugs', 'offers'] }));
        await cache.set('page:9', 'a cup', stage.options({ ttlMs: 10 * MINUTE, tags: ['cups', 'offers'] }));
        await cache.invalidateTag('mugs');
        stage.equal(
          await cache.get('page:9'),
          'a cup',
          'page:9 was set with the tag mugs, then with cups instead. The tag mugs was invalidated, and took it.',
        );
        stage.equal(
          (await cache.get('page:8')) ?? null,
          null,
          'page:8 has the tag mugs, which was invalidated.',
        );
        await cache.invalidateTag('cups');
        stage.equal(
          (await cache.get('page:9')) ?? null,
          null,
          'page:9 has the tag cups, which was invalidated.',
        );
        await cache.set('page:9', 'a mug', stage.options({ ttlMs: 10 * MINUTE, tags: ['mugs'] }));
        await cache.invalidateTag('offers');
        stage.equal(
          await cache.get('page:9'),
          'a mug',
          'page:9 had the tag offers before it was set with mugs alone. The tag offers was invalidated, and took it.',
        );
        await cache.invalidateTag('mugs');
        stage.equal(
          (await cache.get('page:9')) ?? null,
          null,
          'page:9 has the tag mugs again, which was invalidated.',
        );
      },
    },
    {
      title: 'Invalidated and set again, it has its new tags alone',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:9', 'a mug', stage.options({ ttlMs: 10 * MINUTE, tags: ['mugs'] }));
        await cache.invalidate('page:9');
        await cache.set('page:9', 'sold out', stage.options({ ttlMs: 10 * MINUTE, tags: [] }));
        await cache.invalidateTag('mugs');
        stage.equal(
          await cache.get('page:9'),
          'sold out',
          'page:9 was invalidated, then set without a tag. Its name was still in the tag mugs, which took it.',
        );
      },
    },
    {
      title: 'Expired and set again, too',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:8', 'a jug', stage.options({ ttlMs: 60 * MINUTE, tags: ['mugs'] }));
        await cache.set('page:9', 'a mug', stage.options({ ttlMs: MINUTE, tags: ['mugs'] }));
        await stage.pass(2 * MINUTE);
        await cache.set('page:9', 'sold out', stage.options({ ttlMs: 10 * MINUTE, tags: [] }));
        await cache.invalidateTag('mugs');
        stage.equal(
          await cache.get('page:9'),
          'sold out',
          'page:9 expired, then was set without a tag. Its name was still in the tag mugs, which took it.',
        );
        stage.equal(
          (await cache.get('page:8')) ?? null,
          null,
          'page:8 has the tag mugs, which was invalidated.',
        );
      },
    },
    {
      title: 'A tag outlives its entries still',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:8', 'a jug', stage.options({ ttlMs: 60 * MINUTE, tags: ['mugs'] }));
        await cache.set('page:9', 'a mug', stage.options({ ttlMs: MINUTE, tags: ['mugs'] }));
        await stage.pass(2 * MINUTE);
        stage.equal(
          (await cache.get('page:9')) ?? null,
          null,
          'page:9 was set for a minute, two minutes ago.',
        );
        stage.equal(await cache.get('page:8'), 'a jug', 'page:8 was set for an hour, two minutes ago.');
        await cache.invalidateTag('mugs');
        stage.that(
          (await cache.get('page:8')) == null,
          'The tag mugs was invalidated, and page:8 is still there: page:9, set for a minute, has ended the tag.',
        );
      },
    },
  ],
} satisfies Scenario;
