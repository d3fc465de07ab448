import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './setup/run.ts';
import { folder } from './setup/sandbox-stage.ts';
import { freshHome } from './setup/terminal.ts';

/** A course whose scenario and snippet each leave a file behind where they run. */
function evil(): { dir: string; traces: () => string[] } {
  const dir = folder();
  const own = join(dir, 'code', 'locks', 'take');
  const trace = (name: string) => join(dir, name);
  mkdirSync(join(own, 'wrong'), { recursive: true });
  writeFileSync(
    join(dir, 'course.yaml'),
    'id: evil\ntitle: Evil\nfloor: "6.2"\nlessons: [locks]\nexercises: [locks/take, locks/ping]\n',
  );
  writeFileSync(
    join(dir, 'locks.md'),
    `---
title: Locks
minutes: 5
commands: []
---

## Take it

**Your turn.** Write it.

\`\`\`yaml exercise
id: take
code: {module: code/locks/take}
hints: [a, b, c]
reject: [{try: {module: wrong/a.js}, because: no}]
\`\`\`

## Ping it

**Your turn.** Ping.

\`\`\`yaml exercise
id: ping
checks: [{reply: PONG}]
hints: [a, b, c]
solution: PING
code: {node: "process.getBuiltinModule?.('fs').writeFileSync('${trace('snippet')}', ''); await client.ping()"}
\`\`\`
`,
  );
  writeFileSync(
    join(own, 'scenario.ts'),
    `(process as any).getBuiltinModule?.('fs').writeFileSync('${trace('scenario')}', '');
(process as any).emit('scenario');
export default { exports: ['take'], cases: [{ title: 'it takes', async play(stage: any) { stage.equal(await stage.actor('A').exports.take(), 1, 'no'); } }] };
`,
  );
  for (const name of ['starter', 'wrong/a'])
    writeFileSync(join(own, `${name}.js`), 'export const take = () => 0;\n');
  writeFileSync(join(own, 'solution.js'), 'export const take = () => 1;\n');
  cpSync(join(own, 'solution.js'), join(dir, 'mine.js'));
  return { dir, traces: () => ['scenario', 'snippet'].filter((name) => existsSync(trace(name))) };
}

test('a course from elsewhere runs no code of its own unless it is trusted', async () => {
  const { dir, traces } = evil();
  const home = freshHome();
  const answers = join(dir, 'my.answers');
  writeFileSync(answers, '#! rediscover answers v1\n== locks/take\n@file mine.js\n== locks/ping\nPING\n');

  const linted = await run(['course', 'lint', dir], { home });
  expect(linted.stdout).not.toContain('error:');
  const tested = await run(['course', 'test', dir], { home });
  expect(tested.stdout).toContain(
    '3 pieces of code skipped: this course is not trusted; --trust-course runs its code.',
  );
  const checked = JSON.parse(
    (await run(['check', '--course', dir, '-a', answers, '-f', 'json'], { home })).stdout,
  );
  expect(checked.exercises).toMatchObject([
    { id: 'locks/take', status: 'error', next: 'Where you trust whoever wrote it: --trust-course' },
    { id: 'locks/ping', status: 'passed' },
  ]);
  expect(traces()).toEqual([]);

  const trusted = await run(['check', '--course', dir, '-a', answers, '--trust-course'], { home });
  expect(trusted.stdout).toContain('2 of 2 passed');
  expect(trusted.code).toBe(0);
});
