import type { Scenario, Stage } from 'rediscover/scenario';

const open = async (stage: Stage, answer: (id: number) => unknown) => {
  const actor = stage.actor('A');
  const compute = actor.fn(answer);
  const options = stage.options({ prefix: 'user', ttlMs: 600_000 });
  return { compute, user: await actor.exports.cached(actor.client, compute, options) };
};

/** By user. */
const NOTHING: [number, unknown][] = [
  [11, null],
  [12, 0],
  [13, ''],
  [14, false],
  [15, []],
];

export default {
  exports: ['cached'],
  cases: [
    {
      title: 'Nothing is an answer too',
      async play(stage) {
        const { compute, user } = await open(stage, (id) => new Map(NOTHING).get(id));
        for (const [id, value] of NOTHING) {
          const what = JSON.stringify(value);
          stage.equal(await user(id), value, `compute returned ${what} for user(${id}).`);
          stage.equal(await user(id), value, `The result of user(${id}) is ${what}, and the second call answered something else.`);
          stage.equal(
            compute.calls.filter(([asked]) => asked === id).length,
            1,
            `The result of user(${id}) is ${what}, and each call computes it again: ${what} is an answer, and a hit.`,
          );
        }
      },
    },
    {
      title: 'So is what is there',
      async play(stage) {
        const { compute, user } = await open(stage, (id) => ({ id, name: 'Ada', tags: ['null', '0'] }));
        await user(7);
        stage.equal(await user(7), { id: 7, name: 'Ada', tags: ['null', '0'] }, 'User 7 is Ada, and the second call answered something else.');
        stage.equal(compute.calls.length, 1, 'user(7) was called twice, and computed each time.');
      },
    },
    {
      title: 'What ends after ttlMs is also nothing',
      async play(stage) {
        const { compute, user } = await open(stage, () => null);
        await user(404);
        await stage.pass(601_000);
        await user(404);
        stage.equal(compute.calls.length, 2, 'Nobody was user 404 ten minutes ago. That entry is to end after ttlMs as any other.');
      },
    },
    {
      title: 'An error is passed on, and not kept',
      async play(stage) {
        let broken = true;
        const { compute, user } = await open(stage, (id) => {
          if (broken) throw new RangeError(`no answer for ${id}`);
          return { id };
        });
        const { message } = await stage.throws(user(7), 'compute threw an error, and user(7) threw none: who calls has to hear of it.');
        stage.that(message.includes('no answer for 7'), `compute threw "no answer for 7", and user(7) threw "${message}": pass on what was thrown.`);
        stage.equal(compute.calls.length, 1, 'compute threw an error, and was called again.');
        stage.equal(await stage.redis('DBSIZE'), 0, 'compute threw an error, and something was kept: an error is no answer.');
        broken = false;
        stage.equal(await user(7), { id: 7 }, 'compute works again, and user(7) still answers as if it did not.');
      },
    },
  ],
} satisfies Scenario;
