import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { patch } from '../scripts/patch.js';
import { patches } from '../scripts/patches.js';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-patches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is built of a program that loads a package of two files. */
async function built(plugin: ReturnType<typeof patch>): Promise<string> {
  const home = join(folder, 'node_modules', 'paint');
  mkdirSync(join(home, 'lib'), { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"name": "paint", "type": "module", "main": "index.js"}');
  writeFileSync(join(home, 'index.js'), "export { colours } from './lib/colours.js';");
  writeFileSync(join(home, 'lib', 'colours.js'), 'export const colours = ask();');
  writeFileSync(join(folder, 'main.js'), "import { colours } from 'paint'; console.log(colours);");
  const { output } = await build({
    input: join(folder, 'main.js'),
    plugins: [plugin],
    write: false,
    logLevel: 'silent',
  });
  return output[0].code;
}

const change = (code: string) => code.replace('ask()', '16');

test('a patch changes the file that it was written for', async () => {
  const code = await built(patch('paint', { 'lib/colours.js': { seeks: ['ask()'], change } }));
  expect(code).toContain('console.log(16)');
});

test('the build fails where a file of the package reads otherwise, with both named', async () => {
  const plugin = patch('paint', { 'lib/colours.js': { seeks: ['askTerminal()'], change } });
  await expect(built(plugin)).rejects.toThrow(
    'The patch of paint no longer matches: lib/colours.js does not hold "askTerminal()".',
  );
});

test('the build fails where the package does not load such a file any more', async () => {
  const plugin = patch('paint', { 'lib/colors.js': { seeks: ['ask()'], change } });
  await expect(built(plugin)).rejects.toThrow(
    'The patch of paint no longer matches: lib/colors.js is not loaded.',
  );
});

test('patched packages are pinned exactly', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const patched = patches.flatMap(({ name }) => (name.startsWith('patch ') ? name.slice(6) : []));
  expect(patched).toEqual(['@redis/client', 'chalk', 'commander']);
  for (const name of [...patched, 'redis']) expect(devDependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
});
