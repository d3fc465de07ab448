import type { Scenario, Stage } from 'rediscover/scenario';

const listen = async (stage: Stage) => {
  const actor = stage.actor('A');
  const heard: string[] = [];
  const handle = actor.fn((text: string) => {
    heard.push(text);
  });
  const before = stage.commands.length;
  const stop = await actor.exports.listen(actor.client, 'orders', handle);
  const subscribed = stage.commands.slice(before).some(({ name }) => name.endsWith('SUBSCRIBE'));
  return { actor, heard, stop, subscribed };
};

export default {
  exports: ['listen'],
  cases: [
    {
      title: 'From when listen() returns, every message is heard',
      async play(stage) {
        const { heard, stop, subscribed } = await listen(stage);
        for (const text of ['tea', 'milk', 'tea']) await stage.redis('PUBLISH', 'orders', text);
        await stage.pass(1000);
        stage.equal(heard, ['tea', 'milk', 'tea'], `Three orders were published after listen() had returned${subscribed ? '' : ', and before Redis had answered its SUBSCRIBE'}.`);
        await stop();
      },
    },
    {
      title: 'Two listeners do not get in each other\'s way',
      async play(stage) {
        const { heard, stop } = await listen(stage);
        await stage.redis('PUBLISH', 'orders', 'tea');
        await stage.pass(1000);
        stage.equal(heard, ['tea'], 'An order was published.');
        const again = await listen(stage);
        await stage.redis('PUBLISH', 'orders', 'milk');
        await stage.pass(1000);
        stage.equal([heard.at(-1), again.heard.at(-1)], ['milk', 'milk'], 'Two listen to one channel, and both hear what is published.');
        await again.stop();
        await stage.redis('PUBLISH', 'orders', 'salt');
        await stage.pass(1000);
        stage.equal(heard.at(-1), 'salt', 'One of two has stopped, and the other hears nothing any more.');
        stage.equal(again.heard.at(-1), 'milk', 'Whoever has stopped hears nothing any more.');
        await stop();
      },
    },
    {
      title: 'After stop() nothing is left open, and nothing is heard',
      async play(stage) {
        const { actor, heard, stop } = await listen(stage);
        await stage.redis('PUBLISH', 'orders', 'tea');
        await stage.pass(1000);
        await stop();
        await stage.redis('PUBLISH', 'orders', 'milk');
        await stage.pass(1000);
        stage.equal(heard, ['tea'], 'tea was published, then stop() was called, then milk was published.');
        const left = await actor.openConnections();
        stage.that(left === 0, 'stop() was called, and the connection that listened is still open.');
      },
    },
  ],
} satisfies Scenario;
