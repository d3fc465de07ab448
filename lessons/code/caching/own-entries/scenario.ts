import type { Scenario, Stage } from 'rediscover/scenario';

/** A function of this name and prefix, and the one that it was made of. */
const open = async (stage: Stage, prefix: string, name: string, actor = stage.actor('A')) => {
  const compute = actor.fn((...args: unknown[]) => `${prefix} of ${JSON.stringify(args)}`, name);
  const options = stage.options({ prefix, ttlMs: 600_000 });
  return { compute, f: await actor.exports.cached(actor.client, compute, options) };
};

const call = (args: unknown[]) => `f(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;

/** Lists of arguments that ask for different things. */
const DIFFERENT: [unknown[], unknown[]][] = [
  [[1], [2]],
  [[1], ['1']],
  [[1, 2], [12]],
  [[null], ['null']],
  [[true], ['true']],
  [['a', 'b'], ['b', 'a']],
  [['a:b', 'c'], ['a', 'b:c']],
  [['a,b'], ['a', 'b']],
  [[['a', 'b']], ['a', 'b']],
  [['a', ''], ['a']],
  [['oslo'], ['Oslo']],
  [[{ size: 'L' }], [{ size: 'M' }]],
  [[{ tea: { size: 'L' } }], [{ tea: { size: 'M' } }]],
  [[[{ size: 'L' }]], [[{ size: 'M' }]]],
  [[['a', 'b']], [['b', 'a']]],
];

/** That ask for the same: the fields of an object stand in another order. */
const SAME: [unknown[], unknown[]][] = [
  [[{ size: 'L', colour: 'red' }], [{ colour: 'red', size: 'L' }]],
  [['tea', { a: { b: 1, c: [2, 3] }, d: 4 }], ['tea', { d: 4, a: { c: [2, 3], b: 1 } }]],
  [[[{ size: 'L', colour: 'red' }]], [[{ colour: 'red', size: 'L' }]]],
];

export default {
  exports: ['cached'],
  cases: [
    {
      title: 'Other arguments have another entry',
      async play(stage) {
        for (const [index, [first, second]] of DIFFERENT.entries()) {
          const { f } = await open(stage, `price${index}`, 'load');
          const one = await f(...first);
          const other = await f(...second);
          stage.that(one !== other, `${call(first)} and ${call(second)} share an entry: the second was answered as the first.`);
        }
      },
    },
    {
      title: 'Two functions of one name share nothing',
      async play(stage) {
        const user = await open(stage, 'user', 'load');
        const shop = await open(stage, 'shop', 'load');
        stage.equal(await user.f(7), 'user of [7]', 'Both functions are called load; their prefixes are user and shop.');
        stage.equal(
          await shop.f(7),
          'shop of [7]',
          'Two functions are called load, with the prefixes user and shop, and share an entry: the name of a function is not its own.',
        );
        const nested = await open(stage, 'shop:eu', 'load');
        await shop.f('eu', 5);
        stage.equal(await nested.f(5), 'shop:eu of [5]', 'The function with the prefix shop:eu got the entry of shop, called with "eu" and 5.');
      },
    },
    {
      title: 'The order of fields makes no other entry',
      async play(stage) {
        for (const [index, [first, second]] of SAME.entries()) {
          const { f, compute } = await open(stage, `price${index}`, 'load');
          await f(...first);
          await f(...second);
          stage.equal(
            compute.calls.length,
            1,
            `${call(first)} and ${call(second)} ask for the same, and it was computed twice: the fields stand in another order, which means nothing.`,
          );
        }
      },
    },
    {
      title: 'Every process finds the same entry',
      async play(stage) {
        for (const args of [['oslo', 3], [{ size: 'L', colour: 'red' }, [1, null]]]) {
          const a = await open(stage, 'price', 'load');
          const b = await open(stage, 'price', 'load', stage.actor('B'));
          await a.f(...args);
          await b.f(...args);
          stage.equal(b.compute.calls.length, 0, `A has computed ${call(args)}, and B looked under another key.`);
        }
        for (const key of await stage.redis('KEYS', '*'))
          stage.that(key.startsWith('price'), `The key ${key} is to begin with the prefix, price.`);
      },
    },
  ],
} satisfies Scenario;
