import type { Scenario, Stage } from 'rediscover/scenario';

const MINUTE = 60_000;

/** The caches of two servers. */
const open = async (stage: Stage) =>
  Promise.all(
    [stage.actor('A'), stage.actor('B')].map(({ exports, client }) =>
      exports.createCache(client, stage.options({ prefix: 'cache' })),
    ),
  );

export default {
  exports: ['createCache'],
  cases: [
    {
      title: 'One server alone is served as before',
      async play(stage) {
        const [cache] = await open(stage);
        await cache.set('page:1', 'tea', stage.options({ ttlMs: 60 * MINUTE, tags: ['teas', 'offers'] }));
        await cache.set('page:2', 'mint', stage.options({ ttlMs: MINUTE, tags: ['offers'] }));
        await cache.set('page:3', 'us', stage.options({ ttlMs: 60 * MINUTE, tags: [] }));
        stage.equal(await cache.get('page:1'), 'tea', 'page:1 was set to "tea", for an hour.');
        await cache.invalidateTag('teas');
        stage.equal(
          (await cache.get('page:1')) ?? null,
          null,
          'page:1 has the tag teas, which was invalidated.',
        );
        stage.equal(
          await cache.get('page:2'),
          'mint',
          'The tag teas was invalidated; page:2 has the tag offers alone.',
        );
        stage.equal(await cache.get('page:3'), 'us', 'The tag teas was invalidated; page:3 has no tag.');
      },
    },
    {
      title: 'What is set as its tag is invalidated stays listed',
      explore: {},
      async play(stage) {
        const [a, b] = await open(stage);
        await a.set('page:1', 'tea', stage.options({ ttlMs: MINUTE, tags: ['teas'] }));
        await stage.together(
          () => a.invalidateTag('teas'),
          () => b.set('page:2', 'mint', stage.options({ ttlMs: MINUTE, tags: ['teas'] })),
        );
        await a.invalidateTag('teas');
        for (const key of ['page:1', 'page:2'])
          stage.that(
            (await a.get(key)) == null,
            `The tag teas was invalidated once more, and ${key} is still there: the tag does not list it.`,
          );
      },
    },
    {
      title: 'The same entry too',
      explore: {},
      async play(stage) {
        const [a, b] = await open(stage);
        await a.set('page:1', 'tea', stage.options({ ttlMs: MINUTE, tags: ['teas'] }));
        await stage.together(
          () => a.invalidateTag('teas'),
          () => b.set('page:1', 'chai', stage.options({ ttlMs: MINUTE, tags: ['teas'] })),
        );
        await a.invalidateTag('teas');
        stage.that(
          (await a.get('page:1')) == null,
          'The tag teas was invalidated once more, and page:1 is still there: the tag does not list it.',
        );
      },
    },
    {
      title: 'Set and invalidated by its key, it stays listed',
      explore: {},
      async play(stage) {
        const [a, b] = await open(stage);
        await a.set('page:1', 'tea', stage.options({ ttlMs: MINUTE, tags: ['teas'] }));
        await stage.together(
          () => a.invalidate('page:1'),
          () => b.set('page:1', 'chai', stage.options({ ttlMs: MINUTE, tags: ['teas'] })),
        );
        await a.invalidateTag('teas');
        stage.that(
          (await a.get('page:1')) == null,
          'The tag teas was invalidated, and page:1 is still there: the tag does not list it.',
        );
      },
    },
    {
      title: 'Set twice at once, it has the tags of what is there',
      explore: {},
      async play(stage) {
        const [a, b] = await open(stage);
        await stage.together(
          () => a.set('page:1', 'tea', stage.options({ ttlMs: MINUTE, tags: ['teas'] })),
          () => b.set('page:1', 'mug', stage.options({ ttlMs: MINUTE, tags: ['mugs'] })),
        );
        const value = await a.get('page:1');
        const [own, others] = value === 'tea' ? ['teas', 'mugs'] : ['mugs', 'teas'];
        await a.invalidateTag(others);
        stage.equal(
          await a.get('page:1'),
          value,
          `page:1 is ${value}, with the tag ${own}. The tag ${others} was invalidated, and took it.`,
        );
        await a.invalidateTag(own);
        stage.that(
          (await a.get('page:1')) == null,
          `page:1 is ${value}, with the tag ${own}, which was invalidated; it is still there.`,
        );
      },
    },
    {
      title: 'Of two at once, the longer one keeps the tag',
      explore: {},
      async play(stage) {
        const [a, b] = await open(stage);
        await stage.together(
          () => a.set('page:1', 'tea', stage.options({ ttlMs: 60 * MINUTE, tags: ['teas'] })),
          () => b.set('page:2', 'mint', stage.options({ ttlMs: MINUTE, tags: ['teas'] })),
        );
        await stage.pass(2 * MINUTE);
        await a.invalidateTag('teas');
        stage.that(
          (await a.get('page:1')) == null,
          'The tag teas was invalidated, and page:1, set for an hour, is still there: page:2, set for a minute, has ended the tag.',
        );
      },
    },
  ],
} satisfies Scenario;
