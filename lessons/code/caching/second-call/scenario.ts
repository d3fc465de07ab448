import type { Scenario, Stage } from 'rediscover/scenario';

const TEN_MINUTES = 600_000;

/** `weather` of one process, and what it asks. */
const open = async (stage: Stage, name: string) => {
  const actor = stage.actor(name);
  const ask = actor.fn((city: string, days: number) => ({ city, days, temp: 7 }));
  const options = stage.options({ prefix: 'weather', ttlMs: TEN_MINUTES });
  return { ask, weather: await actor.exports.cached(actor.client, ask, options) };
};

export default {
  exports: ['cached'],
  cases: [
    {
      title: 'The second call does not compute',
      async play(stage) {
        const { ask, weather } = await open(stage, 'A');
        const first = await weather('oslo', 3);
        stage.equal(ask.calls, [['oslo', 3]], "weather('oslo', 3) has to call compute once, with its own arguments.");
        stage.equal(first, { city: 'oslo', days: 3, temp: 7 }, 'A miss answers what compute returned.');
        const second = await weather('oslo', 3);
        stage.equal(ask.calls.length, 1, "weather('oslo', 3) was called again: it is in Redis, and compute ran once more.");
        stage.equal(second, first, 'A hit answers what the miss before it answered.');
      },
    },
    {
      title: 'Other arguments are another question',
      async play(stage) {
        const { weather } = await open(stage, 'A');
        await weather('oslo', 3);
        stage.equal((await weather('bergen', 3)).city, 'bergen', 'Oslo was asked for first, and then Bergen.');
        stage.equal((await weather('bergen', 5)).days, 5, 'Bergen was asked for with 3 days, and then with 5.');
      },
    },
    {
      title: 'Another process finds it too',
      async play(stage) {
        const a = await open(stage, 'A');
        const b = await open(stage, 'B');
        await a.weather('oslo', 3);
        await b.weather('oslo', 3);
        stage.equal(b.ask.calls.length, 0, 'A has computed Oslo, and B computes it again: keep it in Redis, where both look.');
      },
    },
    {
      title: 'An entry ends after ttlMs',
      async play(stage) {
        const { ask, weather } = await open(stage, 'A');
        await weather('oslo', 3);
        // Whatever it did not wait for is done by then.
        await stage.pass(10);
        const keys = await stage.redis('KEYS', '*');
        stage.equal(keys.length, 1, 'One call of weather is to keep one key, which holds the result.');
        stage.that(keys[0].startsWith('weather'), `The key ${keys[0]} is to begin with the prefix, weather.`);
        const left = await stage.redis('PTTL', keys[0]);
        stage.that(left >= 0, `${keys[0]} has no expiry: it would be served for ever.`);
        stage.that(
          left <= TEN_MINUTES && left > TEN_MINUTES - 10_000,
          `ttlMs is 600,000, and ${keys[0]} ends in ${left} ms. Are those seconds, or milliseconds?`,
        );
        await stage.pass(TEN_MINUTES - 20_000);
        await weather('oslo', 3);
        stage.equal(ask.calls.length, 1, 'It is to live for ttlMs, and compute ran again before that.');
        await stage.pass(30_000);
        await weather('oslo', 3);
        stage.equal(ask.calls.length, 2, 'ttlMs is over since the result was computed, and it is served still. A hit prolongs nothing.');
      },
    },
    {
      title: 'Whoever dies leaves no entry without an end',
      explore: { dies: ['A'], bound: 1 },
      async play(stage) {
        await stage.together(async () => {
          const { weather } = await open(stage, 'A');
          await weather('oslo', 3);
        });
        for (const key of await stage.redis('KEYS', '*'))
          stage.that(
            (await stage.redis('PTTL', key)) >= 0,
            `${key} has no expiry: A died before it set one, and that weather is served for ever.`,
          );
      },
    },
  ],
} satisfies Scenario;
