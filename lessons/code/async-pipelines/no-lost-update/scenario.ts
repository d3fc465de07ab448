import type { Scenario, Stage } from 'rediscover/scenario';

const double = (stage: Stage, name: string) => {
  const actor = stage.actor(name);
  return actor.exports.update(actor.client, 'score:ada', actor.fn((score: number) => score * 2));
};

export default {
  exports: ['update'],
  cases: [
    {
      title: 'The number is changed, and comes back',
      given: ['SET score:ada 100'],
      async play(stage) {
        stage.equal(await double(stage, 'A'), 200, 'Ada had 100, and change() doubles it.');
        stage.equal(await stage.redis('GET', 'score:ada'), '200', 'Ada had 100, and change() doubles it.');
        const actor = stage.actor('A');
        const seven = actor.fn((score: number) => score + 7);
        stage.equal(await actor.exports.update(actor.client, 'score:new', seven), 7, 'score:new is not there, which counts as 0.');
        stage.equal(await actor.openConnections(), 0, 'update() opened a connection of its own, and left it open: after a thousand calls there are a thousand.');
      },
    },
    {
      title: 'An error of change() goes on, and changes nothing',
      given: ['SET score:ada 100'],
      async play(stage) {
        const actor = stage.actor('A');
        const fails = actor.fn(() => {
          throw new RangeError('no such score');
        });
        await stage.throws(actor.exports.update(actor.client, 'score:ada', fails), 'change() threw an error, and update() did not pass it on.');
        stage.equal(await stage.redis('GET', 'score:ada'), '100', 'change() threw an error, and the score was changed.');
        stage.equal(await actor.openConnections(), 0, 'change() threw an error, and a connection of update() is still open.');
        stage.equal(await double(stage, 'A'), 200, 'After an error the next update works as ever.');
      },
    },
    {
      title: 'Ten calls of one process lose nothing',
      given: ['SET score:ada 1'],
      async play(stage) {
        await Promise.all(Array.from({ length: 10 }, () => double(stage, 'A')));
        const score = await stage.redis('GET', 'score:ada');
        stage.equal(score, '1024', 'Ten calls at once in one process, each of which doubles 1: some were lost. WATCH belongs to a connection, and so does MULTI: calls that share one end each other\'s watch.');
      },
    },
    {
      title: 'Two processes lose nothing',
      given: ['SET score:ada 100'],
      explore: { bound: 2 },
      async play(stage) {
        stage.actor('A');
        await stage.together(() => double(stage, 'A'), () => double(stage, 'B'));
        const score = await stage.redis('GET', 'score:ada');
        stage.that(score === '400', `A and B both doubled 100, and it is ${score}: one update was lost`);
      },
    },
  ],
} satisfies Scenario;
