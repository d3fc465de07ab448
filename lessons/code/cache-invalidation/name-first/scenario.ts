import type { Case, Scenario, Stage } from 'rediscover/scenario';

const HOUR = 3_600_000;

const open = (stage: Stage, name: string) => {
  const { exports, client } = stage.actor(name);
  return exports.createCache(client, stage.options({ prefix: 'cache' }));
};

/** A dies as it sets an entry, and B invalidates one of its tags. */
const diesAtSet = (tag: string): Case => ({
  title: `Where set dies, the tag ${tag} takes what it left`,
  explore: { dies: ['A'] },
  async play(stage) {
    const [a, b] = [await open(stage, 'A'), await open(stage, 'B')];
    await stage.together(() =>
      a.set('page:4', 'green', stage.options({ ttlMs: HOUR, tags: ['teas', 'offers'] })),
    );
    await b.invalidateTag(tag);
    stage.that(
      (await b.get('page:4')) == null,
      `A died as it set page:4 with the tags teas and offers. The tag ${tag} was invalidated, and page:4 is still there: no tag ${tag} lists it.`,
    );
  },
});

export default {
  exports: ['createCache'],
  cases: [
    {
      title: 'All goes on as before where nobody dies',
      async play(stage) {
        const cache = await open(stage, 'A');
        await cache.set('page:4', 'green', stage.options({ ttlMs: HOUR, tags: ['teas', 'offers'] }));
        await cache.set('page:5', 'mint', stage.options({ ttlMs: HOUR, tags: ['offers'] }));
        stage.equal(await cache.get('page:4'), 'green', 'page:4 was set to "green", for an hour.');
        await cache.invalidateTag('teas');
        stage.equal(
          (await cache.get('page:4')) ?? null,
          null,
          'page:4 has the tag teas, which was invalidated.',
        );
        stage.equal(
          await cache.get('page:5'),
          'mint',
          'The tag teas was invalidated; page:5 has the tag offers alone.',
        );
      },
    },
    diesAtSet('teas'),
    diesAtSet('offers'),
    {
      title: 'Also where it replaces another entry',
      explore: { dies: ['A'] },
      async play(stage) {
        const [a, b] = [await open(stage, 'A'), await open(stage, 'B')];
        await b.set('page:4', 'green', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await stage.together(() => a.set('page:4', 'a cup', stage.options({ ttlMs: HOUR, tags: ['cups'] })));
        const value = await b.get('page:4');
        const tag = value === 'green' ? 'teas' : 'cups';
        if (value === 'a cup') {
          await b.invalidateTag('teas');
          stage.equal(
            await b.get('page:4'),
            'a cup',
            'page:4 had the tag teas before it was set with cups instead. The tag teas was invalidated, and took it.',
          );
        }
        await b.invalidateTag(tag);
        stage.equal(
          (await b.get('page:4')) ?? null,
          null,
          `A died as it set page:4 anew, with the tag cups in place of teas. What is there has the tag ${tag}, and ${tag} does not list it.`,
        );
      },
    },
    {
      title: 'Where invalidateTag dies, it can be called again',
      explore: { dies: ['A'] },
      async play(stage) {
        const [a, b] = [await open(stage, 'A'), await open(stage, 'B')];
        await b.set('page:4', 'green', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await b.set('page:5', 'mint', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await stage.together(() => a.invalidateTag('teas'));
        await b.invalidateTag('teas');
        for (const key of ['page:4', 'page:5'])
          stage.that(
            (await b.get(key)) == null,
            `A died as it invalidated the tag teas. B did it again, and ${key} is still there: the tag had forgotten it already.`,
          );
      },
    },
    {
      title: 'Where invalidate dies, its tags take what it left',
      explore: { dies: ['A'] },
      async play(stage) {
        const [a, b] = [await open(stage, 'A'), await open(stage, 'B')];
        await b.set('page:4', 'green', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await stage.together(() => a.invalidate('page:4'));
        await b.invalidateTag('teas');
        stage.that(
          (await b.get('page:4')) == null,
          'A died as it invalidated page:4. The tag teas was invalidated, and page:4 is still there: the tag had forgotten it already.',
        );
      },
    },
  ],
} satisfies Scenario;
