import { expect, it } from 'vitest';
import { run } from './run.ts';

it('does not wait for what a program that was stopped has left running', async () => {
  const told = await run('/bin/sh', ['-c', 'sleep 600 & echo $!; wait'], { timeout: 200 });
  process.kill(Number(told.stdout));
  expect(told).toMatchObject({ code: null, error: { message: 'it did not end within 0.2 s' } });
});

it('tells the code and the output of a program that ends by itself', async () => {
  const told = await run('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3'], { timeout: 60_000 });
  expect(told).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
});
