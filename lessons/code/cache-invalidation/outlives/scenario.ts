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
      title: 'A short entry does not end the tag for a long one',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:terms', 'of 2024', stage.options({ ttlMs: 60 * MINUTE, tags: ['law'] }));
        await cache.set('page:banner', 'soon', stage.options({ ttlMs: MINUTE, tags: ['law'] }));
        await stage.pass(2 * MINUTE);
        stage.equal(
          await cache.get('page:terms'),
          'of 2024',
          'page:terms was set for an hour, two minutes ago.',
        );
        await cache.invalidateTag('law');
        stage.that(
          (await cache.get('page:terms')) == null,
          'The tag law was invalidated, and page:terms is still there: page:banner, set for a minute, has ended the tag.',
        );
      },
    },
    {
      title: 'A long entry keeps the tag that a short one began',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:banner', 'soon', stage.options({ ttlMs: MINUTE, tags: ['law'] }));
        await cache.set(
          'page:terms',
          'of 2024',
          stage.options({ ttlMs: 60 * MINUTE, tags: ['press', 'law'] }),
        );
        await stage.pass(30 * MINUTE);
        await cache.invalidateTag('law');
        stage.that(
          (await cache.get('page:terms')) == null,
          'The tag law was invalidated, and page:terms is still there: the tag began with page:banner, for a minute, and ended with it.',
        );
      },
    },
    {
      title: 'What counts is the time that is left',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:terms', 'of 2024', stage.options({ ttlMs: 60 * MINUTE, tags: ['law'] }));
        await stage.pass(50 * MINUTE);
        await cache.set('page:news', 'a ruling', stage.options({ ttlMs: 20 * MINUTE, tags: ['law'] }));
        await stage.pass(15 * MINUTE);
        stage.equal(await cache.get('page:news'), 'a ruling', 'page:news was set for 20 minutes, 15 ago.');
        await cache.invalidateTag('law');
        stage.that(
          (await cache.get('page:news')) == null,
          'The tag law was invalidated, and page:news is still there: set for 20 minutes, when the tag had 10 left.',
        );
      },
    },
    {
      title: 'It is not there for ever',
      async play(stage) {
        const cache = await open(stage);
        await cache.set(
          'page:terms',
          'of 2024',
          stage.options({ ttlMs: 60 * MINUTE, tags: ['law', 'press'] }),
        );
        await cache.set('page:banner', 'soon', stage.options({ ttlMs: MINUTE, tags: ['law'] }));
        await stage.pass(61 * MINUTE);
        stage.equal(
          await stage.redis('KEYS', '*'),
          [],
          'All entries have expired after an hour, and something is left.',
        );
      },
    },
    {
      title: 'What has not the tag stays',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:terms', 'of 2024', stage.options({ ttlMs: 60 * MINUTE, tags: ['law'] }));
        await cache.set('page:jobs', 'none', stage.options({ ttlMs: 60 * MINUTE, tags: ['press'] }));
        await cache.invalidateTag('law');
        stage.equal(
          await cache.get('page:jobs'),
          'none',
          'The tag law was invalidated; page:jobs has the tag press alone.',
        );
      },
    },
  ],
} satisfies Scenario;
