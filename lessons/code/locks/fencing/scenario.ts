import type { Scenario, Stage } from 'rediscover/scenario';

const TTL = 10_000;

/** The number of a lease; null where there is none. */
const take = async (stage: Stage, name: string): Promise<number | null> => {
  const { exports, client } = stage.actor(name);
  const fence = await exports.acquire(client, 'report', stage.options({ ttlMs: TTL }));
  if (fence === null || fence === undefined || fence === false) return null;
  stage.that(Number.isInteger(fence), `acquire() answers the number of the lease; it returned ${JSON.stringify(fence) ?? 'an object'}.`);
  stage.that(fence > 0, `The first number is 1, or greater; it was ${fence}.`);
  return fence;
};

const save = (stage: Stage, name: string, fence: number, text: string) => {
  const { exports, client } = stage.actor(name);
  return exports.save(client, 'report', fence, text);
};

/** Which of all commands gave an actor its lease: the last of its own to name the lock, or the EXEC that ran it. */
const beginningOf = (stage: Stage, actor: string) =>
  stage.commands.findLastIndex((ran) => ran.actor === actor && (ran.name === 'EXEC' || ran.args.includes('lock:report')));

export default {
  exports: ['acquire', 'save'],
  cases: [
    {
      title: 'Each lease has a greater number than all before it',
      async play(stage) {
        const fences: number[] = [];
        for (const name of ['A', 'B', 'A']) {
          const fence = await take(stage, name);
          if (fence === null) stage.fail('lock:report was free, and acquire() gave no lease.');
          stage.that((await take(stage, 'B')) === null, 'lock:report is taken, and there was a lease for it all the same.');
          fences.push(fence);
          await stage.expire('lock:report');
          await stage.pass(86_400_000);
        }
        const grow = fences.every((fence, at) => at === 0 || fence > fences[at - 1]!);
        stage.that(grow, `Three leases, one after the other, have the numbers ${fences.join(', ')}: each is to be greater than all before it.`);
      },
    },
    {
      title: 'What is saved is there, and an older number saves nothing any more',
      async play(stage) {
        stage.equal(await save(stage, 'A', 7, 'by seven'), true, 'Nobody had saved yet, and save() with 7 did not answer true.');
        stage.equal(await stage.redis('GET', 'report'), 'by seven', 'The text is kept under report.');
        stage.equal(await save(stage, 'A', 7, 'seven again'), true, 'Whoever has 7 may save as often as they like.');
        stage.equal(await save(stage, 'B', 12, 'by twelve'), true, '12 is greater than 7, and save() did not answer true.');
        stage.equal(await save(stage, 'A', 9, 'by nine'), false, '12 has saved, and save() with 9 is to answer false. As text, "9" is greater than "12".');
        stage.equal(await save(stage, 'A', 7, 'by seven'), false, '12 has saved, and save() with 7 is to answer false.');
        stage.equal(await stage.redis('GET', 'report'), 'by twelve', '12 has saved, and an older one wrote over it.');
        await stage.pass(86_400_000);
        stage.equal(await save(stage, 'A', 7, 'by seven'), false, 'A day later, 7 is still older than 12.');
      },
    },
    {
      title: 'Whoever comes late saves nothing over a newer report',
      explore: { bound: 3, expires: ['lock:report'] },
      async play(stage) {
        const leases: { name: string; began: number; fence: number }[] = [];
        let newest = 0;
        let text = null as string | null;
        const report = (name: string) => async () => {
          const fence = await take(stage, name);
          if (fence === null) return;
          const own = { name, began: beginningOf(stage, name), fence };
          for (const other of leases) {
            const [older, newer] = own.began < other.began ? [own, other] : [other, own];
            stage.that(
              older.fence < newer.fence,
              `${newer.name} got the lock after ${older.name} did, and has the number ${newer.fence}, ${older.name} has ${older.fence}`,
            );
          }
          leases.push(own);
          if (!(await save(stage, name, fence, `by ${name}`))) return;
          stage.that(fence >= newest, `${name} saved with ${fence}, after ${newest} had saved`);
          newest = fence;
          text = `by ${name}`;
        };
        stage.actor('A');
        await stage.together(report('A'), report('B'));
        stage.equal(await stage.redis('GET', 'report'), text, 'The report is not that of the newest who saved.');
      },
    },
  ],
} satisfies Scenario;
