import type { Scenario, Stage } from 'rediscover/scenario';

const given = ['MSET stock:tea 20 stock:milk 8', 'HSET stock:old tea 3'];
const SALES = [
  { item: 'tea', pieces: 2 },
  { item: 'old', pieces: 1 },
  { item: 'milk', pieces: 3 },
];

const sell = (stage: Stage, name: string, sales: object[]) => {
  const { exports, client } = stage.actor(name);
  return exports.sell(client, sales);
};

export default {
  exports: ['sell'],
  cases: [
    {
      title: 'What is left of each stands in the order of the sales',
      given,
      async play(stage) {
        const sold = await sell(stage, 'A', [SALES[2], SALES[0], SALES[0]] as object[]);
        stage.equal(sold, [5, 18, 16], 'Milk was sold once, and tea twice.');
      },
    },
    {
      title: 'One that fails is told, and the others are carried out',
      given,
      async play(stage) {
        const sold = await sell(stage, 'A', SALES);
        stage.that(Array.isArray(sold) && sold.length === 3, `Three sales have three results; they are ${JSON.stringify(sold)}.`);
        stage.equal([sold[0], sold[2]], [18, 5], 'stock:old is a hash, so one sale failed. The two others were carried out all the same, and their results are what is left.');
        stage.that(/WRONGTYPE|wrong kind/.test(String(sold[1]?.error)), `The second sale failed: its result is { error: "WRONGTYPE ..." }, and not ${JSON.stringify(sold[1])}.`);
        stage.equal(await stage.redis('MGET', 'stock:tea', 'stock:milk'), ['18', '5'], 'Each sale is carried out once, whatever becomes of the others.');
      },
    },
    {
      title: 'Sales that belong together are in the books together',
      given,
      explore: { bound: 1, dies: ['A'] },
      async play(stage) {
        await stage.together(() => sell(stage, 'A', [SALES[0], SALES[2]] as object[]));
        const [tea, milk] = await stage.redis('MGET', 'stock:tea', 'stock:milk');
        stage.that((tea === '18') === (milk === '5'), `A died on the way: tea is ${tea} and milk ${milk}, so one sale is in the books without the other`);
      },
    },
  ],
} satisfies Scenario;
