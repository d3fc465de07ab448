import type { Scenario, Stage } from 'rediscover/scenario';

const LOCK = 10_000;
/** Whoever waits for it looks often, and each look is a step. */
const SHORT = 2_000;
const FEW = Array.from({ length: 12 });

type Answer = (city: string) => unknown;

const open = async (stage: Stage, name: string, answer: Answer = (city) => ({ city, temp: 7 }), lockMs = LOCK) => {
  const actor = stage.actor(name);
  const compute = actor.fn(answer);
  const options = stage.options({ prefix: 'weather', ttlMs: 600_000, lockMs });
  return { compute, weather: await actor.exports.cached(actor.client, compute, options) };
};

/** A process whose compute takes a while, in which others get their turn. */
const openSlow = (stage: Stage, name: string, lockMs?: number) => {
  const compute = async (city: string) => {
    await stage.actor(name).works('computes');
    return { city, temp: 7 };
  };
  return open(stage, name, compute, lockMs);
};

/** Whoever waits for `ms` and longer waits for nothing. */
const within = async (stage: Stage, ms: number, said: string, work: () => Promise<unknown>) => {
  let waits = true;
  const late = stage.pass(ms).then(() => {
    if (waits) stage.fail(said);
  });
  await Promise.race([stage.together(work), late]);
  waits = false;
};

export default {
  exports: ['cached'],
  cases: [
    {
      title: 'It does what it did before',
      async play(stage) {
        const { compute, weather } = await open(stage, 'A', (city) => (city === 'atlantis' ? null : `in ${JSON.stringify(city)}`));
        stage.equal(await weather('oslo'), 'in "oslo"', 'compute returned the weather in Oslo.');
        stage.equal(await weather('oslo'), 'in "oslo"', 'A hit answers what the miss before it answered.');
        stage.equal(compute.calls.length, 1, 'The weather in Oslo was asked for twice: the second is a hit.');
        await weather('atlantis');
        await weather('atlantis');
        stage.equal(compute.calls.length, 2, 'The weather in Atlantis is null, which is an answer, and a hit.');
        await weather(1);
        stage.equal(await weather('1'), 'in "1"', 'weather(1) and weather("1") share an entry.');
        await weather({ city: 'bergen', days: 3 });
        const before = compute.calls.length;
        await weather({ days: 3, city: 'bergen' });
        stage.equal(compute.calls.length, before, 'The fields of an object stand in another order: that is the same entry.');
        await stage.pass(LOCK);
        for (const key of await stage.redis('KEYS', '*'))
          stage.that((await stage.redis('PTTL', key)) >= 0, `${key} has no expiry: it would stay for ever.`);
      },
    },
    {
      title: 'A cache that breaks is slow, and not broken',
      async play(stage) {
        const { compute, weather } = await open(stage, 'A');
        await weather('oslo');
        await stage.pass(LOCK);
        const [key] = await stage.redis('KEYS', 'weather*');
        await stage.redis('SET', key, '{"city":"os', 'PX', 600_000);
        const damaged = await weather('oslo').catch(() => stage.fail(`${key} holds half of its JSON, and weather("oslo") threw an error.`));
        stage.equal(damaged, { city: 'oslo', temp: 7 }, `${key} holds half of its JSON: that is a miss.`);
        await weather('oslo');
        stage.equal(compute.calls.length, 2, `${key} held half of its JSON: it is to be computed once, and put right.`);
        await stage.down();
        await within(stage, 30_000, 'Redis is away, and weather("oslo") still waits for it after 30 s.', async () => {
          const value = await weather('oslo').catch(() => stage.fail('Redis is away, and weather("oslo") threw an error.'));
          stage.equal(value, { city: 'oslo', temp: 7 }, 'Redis is away: weather("oslo") answers what compute returns.');
        });
      },
    },
    {
      title: 'Callers who miss together compute once',
      async play(stage) {
        const all = [];
        for (const name of ['A', 'B', 'C'])
          all.push(
            await open(stage, name, async (city) => {
              await stage.pass(300);
              return { city, temp: 7 };
            }),
          );
        const answers = await Promise.all(all.flatMap(({ weather }) => FEW.map(() => weather('oslo'))));
        for (const answer of answers) stage.equal(answer, { city: 'oslo', temp: 7 }, 'Each of 36 callers is to get what one of them computes.');
        const computed = all.reduce((sum, { compute }) => sum + compute.calls.length, 0);
        stage.equal(computed, 1, `36 callers in three processes missed together, and compute ran ${computed} times.`);
      },
    },
    {
      title: 'Callers for other things do not wait',
      async play(stage) {
        const a = await open(stage, 'A', async (city) => {
          await stage.pass(9_000);
          return { city, temp: 7 };
        });
        const b = await open(stage, 'B');
        await Promise.all([
          a.weather('oslo'),
          b.weather('bergen').then(() => stage.that(stage.now < 5_000, 'A computes Oslo, and B waits for it, and had asked for Bergen: one lock an entry.')),
        ]);
      },
    },
    {
      title: 'An error does not hold up the next caller',
      async play(stage) {
        const a = await open(stage, 'A', async () => {
          await stage.pass(100);
          throw new RangeError('no answer');
        });
        const b = await open(stage, 'B');
        const { message } = await stage.throws(a.weather('oslo'), 'compute threw an error, and weather("oslo") threw none.');
        stage.that(message.includes('no answer'), `compute threw "no answer", and weather("oslo") threw "${message}".`);
        const before = stage.now;
        stage.equal(await b.weather('oslo'), { city: 'oslo', temp: 7 }, "A's compute threw an error; that of B works.");
        stage.that(stage.now - before < LOCK / 2, "A's compute threw an error, and B waited until A's lock had ended by itself. Let it go whatever happens.");
      },
    },
    {
      title: 'In no order of events is it computed twice',
      explore: { bound: 2 },
      async play(stage) {
        const a = await openSlow(stage, 'A');
        const b = await openSlow(stage, 'B');
        const answers = await Promise.all([a.weather('oslo'), b.weather('oslo')]);
        for (const answer of answers) stage.equal(answer, { city: 'oslo', temp: 7 }, 'A and B are to get what one of them computes.');
        stage.equal(a.compute.calls.length + b.compute.calls.length, 1, 'A and B both computed Oslo. B had looked before A wrote, and got the lock after A let it go. Whoever has the lock looks again; whoever has written lets go.');
      },
    },
    {
      title: 'Whoever dies holds up nobody for ever',
      explore: { dies: ['A'], bound: 1 },
      async play(stage) {
        const a = await openSlow(stage, 'A', SHORT);
        const b = await openSlow(stage, 'B', SHORT);
        await within(stage, 4 * SHORT, 'lockMs is 2,000. A died, and B still waits after 8 s: nothing ends the lock that A had.', () =>
          stage.together(
            () => a.weather('oslo'),
            async () => {
              stage.equal(await b.weather('oslo'), { city: 'oslo', temp: 7 }, 'A died, and B is to answer all the same.');
            },
          ),
        );
        await stage.pass(SHORT);
        for (const key of await stage.redis('KEYS', '*'))
          stage.that((await stage.redis('PTTL', key)) >= 0, `${key} has no expiry, and A is dead: it would stay for ever.`);
      },
    },
    {
      title: 'Whatever ends, everybody is answered',
      explore: { expires: ['*'], time: true, bound: 1 },
      async play(stage) {
        const a = await openSlow(stage, 'A');
        const b = await openSlow(stage, 'B');
        const answers = await Promise.all([a.weather('oslo'), b.weather('oslo')]);
        for (const answer of answers) stage.equal(answer, { city: 'oslo', temp: 7 }, 'A lock or an entry ended early, and somebody got no weather.');
      },
    },
  ],
} satisfies Scenario;
