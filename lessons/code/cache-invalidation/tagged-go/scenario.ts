import type { Scenario, Stage } from 'rediscover/scenario';

const HOUR = 3_600_000;

const open = (stage: Stage, prefix = 'cache', actor = 'A') => {
  const { exports, client } = stage.actor(actor);
  return exports.createCache(client, stage.options({ prefix }));
};

export default {
  exports: ['createCache'],
  cases: [
    {
      title: 'What was set is there until its time is over',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:1', 'tea', stage.options({ ttlMs: 60_000, tags: ['teas'] }));
        stage.equal(await cache.get('page:1'), 'tea', 'page:1 was set to "tea", for a minute.');
        stage.equal((await cache.get('page:2')) ?? null, null, 'Nobody has set page:2.');
        await stage.pass(61_000);
        stage.equal(
          (await cache.get('page:1')) ?? null,
          null,
          'page:1 was set for 60,000 ms, and a minute is over.',
        );
      },
    },
    {
      title: 'An invalidated tag takes all that has it',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas', 'offers'] }));
        await cache.set('page:2', 'mint', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await cache.invalidateTag('teas');
        stage.equal(
          (await cache.get('page:1')) ?? null,
          null,
          'page:1 has the tag teas, which was invalidated.',
        );
        stage.equal(
          (await cache.get('page:2')) ?? null,
          null,
          'page:2 has the tag teas, which was invalidated.',
        );
        await cache.set('page:3', 'mug', stage.options({ ttlMs: HOUR, tags: ['teas', 'offers'] }));
        await cache.invalidateTag('offers');
        stage.equal(
          (await cache.get('page:3')) ?? null,
          null,
          'page:3 has two tags; the second, offers, was invalidated.',
        );
      },
    },
    {
      title: 'It takes nothing else',
      async play(stage) {
        const cache = await open(stage);
        const other = await open(stage, 'other');
        await cache.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await cache.set('page:2', 'mug', stage.options({ ttlMs: HOUR, tags: ['mugs'] }));
        await cache.set('page:3', 'us', stage.options({ ttlMs: HOUR, tags: [] }));
        await other.set('page:1', 'chai', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await cache.invalidateTag('teas');
        await cache.invalidateTag('nobody');
        stage.equal(
          await cache.get('page:2'),
          'mug',
          'The tag teas was invalidated; page:2 has the tag mugs alone.',
        );
        stage.equal(await cache.get('page:3'), 'us', 'The tag teas was invalidated; page:3 has no tag.');
        stage.equal(
          await other.get('page:1'),
          'chai',
          "The tag teas was invalidated in the cache of another prefix: these don't meet.",
        );
      },
    },
    {
      title: 'What one server sets, another one invalidates',
      async play(stage) {
        const [cache, other] = [await open(stage), await open(stage, 'cache', 'B')];
        await cache.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        stage.equal(
          await other.get('page:1'),
          'tea',
          'A set page:1, and B asks for it: keep it in Redis, where both look.',
        );
        await other.invalidateTag('teas');
        stage.equal(
          (await cache.get('page:1')) ?? null,
          null,
          'A set page:1 with the tag teas, and B invalidated the tag: keep in Redis, where both look, what has it.',
        );
      },
    },
    {
      title: 'One entry can be invalidated alone',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await cache.set('page:2', 'mint', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await cache.invalidate('page:1');
        await cache.invalidate('page:9');
        stage.equal((await cache.get('page:1')) ?? null, null, 'page:1 was invalidated.');
        stage.equal(await cache.get('page:2'), 'mint', 'page:1 was invalidated, and page:2 was not.');
      },
    },
    {
      title: 'A key may look like a tag',
      async play(stage) {
        const cache = await open(stage);
        await cache.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        for (const key of ['teas', 'tag:teas', 'tags:teas']) {
          await cache.set(key, 'about teas', stage.options({ ttlMs: HOUR, tags: [] }));
          stage.equal(await cache.get(key), 'about teas', `An entry is called ${key}.`);
        }
        await cache
          .invalidateTag('teas')
          .catch(() =>
            stage.fail(
              'An entry called tag:teas has taken the place of the tag teas: in Redis, both have the same key.',
            ),
          );
        stage.equal(
          (await cache.get('page:1')) ?? null,
          null,
          'page:1 has the tag teas, which was invalidated.',
        );
        stage.equal(
          await cache.get('tag:teas'),
          'about teas',
          'The entry tag:teas has no tag; the tag teas was invalidated.',
        );
      },
    },
  ],
} satisfies Scenario;
