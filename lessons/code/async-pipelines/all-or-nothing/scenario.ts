import type { Scenario } from 'rediscover/scenario';

const given = ['MSET points:ada 70 points:bob 30'];

export default {
  exports: ['transfer', 'total'],
  cases: [
    {
      title: 'What one loses the other gets',
      given,
      async play(stage) {
        const { exports, client } = stage.actor('A');
        await exports.transfer(client, 'ada', 'bob', 25);
        stage.equal(await stage.redis('MGET', 'points:ada', 'points:bob'), ['45', '55'], 'Ada had 70 points and Bob 30; 25 went from her to him.');
        stage.equal(await exports.total(client, ['ada', 'bob']), 100, 'Ada has 45 points and Bob 55.');
        stage.equal(await exports.total(client, ['ada', 'eve']), 45, 'Eve has no points.');
      },
    },
    {
      title: 'Whoever dies has done all of it, or nothing',
      given,
      explore: { bound: 1, dies: ['A'] },
      async play(stage) {
        const { exports, client } = stage.actor('A');
        await stage.together(() => exports.transfer(client, 'ada', 'bob', 25));
        const [ada, bob] = (await stage.redis('MGET', 'points:ada', 'points:bob')).map(Number);
        stage.that(ada + bob === 100, `A died on the way: Ada has ${ada} points and Bob ${bob}, and ${Math.abs(100 - ada - bob)} are ${ada + bob < 100 ? 'lost' : 'made of nothing'}`);
      },
    },
    {
      title: 'Nobody sees half of it',
      given,
      explore: { bound: 2 },
      async play(stage) {
        const [a, b] = [stage.actor('A'), stage.actor('B')];
        await stage.together(
          () => a.exports.transfer(a.client, 'ada', 'bob', 25),
          async () => {
            const total = await b.exports.total(b.client, ['ada', 'bob']);
            stage.that(total === 100, `There are 100 points, and B counted ${total}`);
          },
        );
      },
    },
  ],
} satisfies Scenario;
