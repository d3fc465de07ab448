import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from './setup/run.ts';
import { folder } from './setup/sandbox-stage.ts';

const COUNTED = ['GET stock:12', 'SET stock:12 17'];
const COUNTED_BY_CODE = "await client.set('stock:12', Number(await client.get('stock:12')) - 1);";
const WATCHED_ONCE = `
await client.watch('stock:12');
const left = Number(await client.get('stock:12'));
await client.multi().set('stock:12', left - 1).exec();`;
const WATCHED = `
for (;;) {
  await client.watch('stock:12');
  const left = Number(await client.get('stock:12'));
  try {
    await client.multi().set('stock:12', left - 1).exec();
    break;
  } catch (error) {
    if (!/watched keys/.test(error.message)) throw error;
  }
}`;

/** Judges one answer to strings/lost-sale, where a third till sells 8 of 18 pieces meanwhile. */
async function check(answer: string, format: string) {
  const dir = folder();
  const file = join(dir, 'my.answers');
  writeFileSync(join(dir, 'my.mjs'), answer);
  writeFileSync(
    file,
    `#! rediscover answers v1\n== strings/lost-sale\n${answer.includes('await') ? '@file my.mjs' : answer}\n`,
  );
  return run(['check', 'strings/lost-sale', '--answers', file, '--format', format], { home: dir });
}

describe('an answer that fails in another world is told as a story', () => {
  test('in two columns, for people', async () => {
    const { code, stdout } = await check(COUNTED.join('\n'), 'human');
    expect(stdout).toContain('Where the third till sells 8 pieces between your GET and your SET: stock:12');
    expect(stdout).toMatch(
      /you +another client\n +GET stock:12 -> 18\n +DECRBY stock:12 8 -> 10\n +SET stock:12 17 -> OK\n/,
    );
    expect(code).toBe(1);
  });

  test('as data, for machines', async () => {
    const [failed] = JSON.parse((await check(COUNTED.join('\n'), 'json')).stdout).exercises;
    expect(failed).toMatchObject({
      status: 'failed',
      checks: [
        { id: 'key:stock:12:number', status: 'passed' },
        { id: 'key:stock:12:ttl', status: 'passed' },
        { id: 'world:1:key:stock:12:number', status: 'failed', expected: '9', actual: '17', world: 1 },
      ],
      world: {
        kind: 'meanwhile',
        events: [
          { by: 'you', command: 'GET stock:12', reply: '18' },
          { by: 'other', command: 'DECRBY stock:12 8', reply: '10' },
          { by: 'you', command: 'SET stock:12 17', reply: 'OK' },
        ],
      },
    });
  });

  test('of code too, which runs again and may look at what it finds', async () => {
    const counted = await check(COUNTED_BY_CODE, 'human');
    expect(counted.stdout).toContain('between your GET and your SET');
    expect(counted.stdout).not.toContain('CLIENT');
    expect(counted.code).toBe(1);
    const fell = await check(WATCHED_ONCE, 'human');
    expect(fell.stdout.replace(/\s+/g, ' ')).toContain('The code failed: line 4: Error: One (or more)');
    const watched = await check(WATCHED, 'human');
    expect(watched.stdout).toContain('✓ strings/lost-sale');
    expect(watched.code).toBe(0);
  });
});
