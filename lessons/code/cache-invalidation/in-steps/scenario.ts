import type { Actor, Ran, Scenario, Stage } from 'rediscover/scenario';

const HOUR = 3_600_000;
const ENTRIES = 450;
/** The task says 100 entries: what is kept of each may be three things, and SSCAN goes a little over its COUNT. */
const MOST = 400;

const open = (stage: Stage, { exports, client }: Actor) =>
  exports.createCache(client, stage.options({ prefix: 'cache' }));

/** How many things a command names, or reads. */
const reach = ({ args, reply }: Ran) => Math.max(args.length, count(reply));
const count = (reply: any): number =>
  reply !== null && typeof reply === 'object'
    ? Object.values(reply).reduce((sum: number, one) => sum + count(one), 0)
    : 1;

export default {
  exports: ['createCache'],
  cases: [
    {
      title: 'A few entries go, and others stay',
      async play(stage) {
        const cache = await open(stage, stage.actor('A'));
        await cache.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas', 'offers'] }));
        await cache.set('page:2', 'mug', stage.options({ ttlMs: HOUR, tags: ['mugs'] }));
        await cache.set('page:3', 'jug', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await cache.set('page:3', 'jug', stage.options({ ttlMs: 60_000, tags: ['mugs'] }));
        await cache.invalidateTag('teas');
        stage.equal(
          (await cache.get('page:1')) ?? null,
          null,
          'page:1 has the tag teas, which was invalidated.',
        );
        stage.equal(
          await cache.get('page:2'),
          'mug',
          'The tag teas was invalidated; page:2 has the tag mugs alone.',
        );
        stage.equal(
          await cache.get('page:3'),
          'jug',
          'page:3 had the tag teas before it was set with mugs alone. The tag teas was invalidated, and took it.',
        );
        await stage.pass(120_000);
        await cache.invalidateTag('mugs');
        stage.equal(
          (await cache.get('page:2')) ?? null,
          null,
          'page:2 has the tag mugs, which was invalidated.',
        );
      },
    },
    {
      title: `${ENTRIES} entries go in steps of 100 at most`,
      async play(stage) {
        const cache = await open(stage, stage.actor('A'));
        const keys = Array.from({ length: ENTRIES }, (_, i) => `page:${i}`);
        for (const key of keys) await cache.set(key, 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        const before = await stage.redis('DBSIZE');
        const began = stage.commands.length;
        await cache.invalidateTag('teas');
        const ran = stage.commands.slice(began);
        for (const one of ran)
          stage.that(
            reach(one) <= MOST,
            `One ${one.name} reached ${reach(one)} names: all others wait for as long as it takes.`,
          );
        // What scripts do is not seen: so many keys went, and these were named.
        const named = ran
          .filter(({ name }) => ['DEL', 'UNLINK'].includes(name))
          .reduce((sum, { args }) => sum + args.length - 1, 0);
        const scripts = ran.filter(({ name }) => /^(EVAL|FCALL)/.test(name)).length;
        const gone = before - (await stage.redis('DBSIZE')) - named;
        stage.that(
          gone <= scripts * MOST + ran.length,
          `${gone} keys went in ${scripts === 1 ? 'one run' : `${scripts} runs`} of a script: all others wait for as long as it takes.`,
        );
        for (const key of keys.filter((_, i) => i % 50 === 0))
          stage.equal(
            (await cache.get(key)) ?? null,
            null,
            `${key} has the tag teas, which was invalidated.`,
          );
      },
    },
    {
      title: 'What others set meanwhile stays listed',
      explore: {},
      async play(stage) {
        const [a, b] = [await open(stage, stage.actor('A')), await open(stage, stage.actor('B'))];
        await a.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await stage.together(
          () => a.invalidateTag('teas'),
          async () => {
            await b.set('page:1', 'chai', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
            await b.set('page:2', 'mint', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
          },
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
      title: 'Where it dies, it can be called again',
      explore: { dies: ['A'] },
      async play(stage) {
        const [a, b] = [await open(stage, stage.actor('A')), await open(stage, stage.actor('B'))];
        await b.set('page:1', 'tea', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await b.set('page:2', 'mint', stage.options({ ttlMs: HOUR, tags: ['teas'] }));
        await stage.together(() => a.invalidateTag('teas'));
        await b.invalidateTag('teas');
        for (const key of ['page:1', 'page:2'])
          stage.that(
            (await b.get(key)) == null,
            `A died as it invalidated the tag teas. B did it again, and ${key} is still there: the tag had forgotten it already.`,
          );
      },
    },
  ],
} satisfies Scenario;
