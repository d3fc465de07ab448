import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundled, type CommandArgument } from '../redis/command-docs.ts';
import { History, hasSecret } from './history.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'rediscover-history-'));

describe('the history', () => {
  test('keeps lines in order, in a file that only the user can read', async () => {
    const file = join(folder(), 'deep', 'history');
    const history = await History.load(file);
    for (const line of ['SET a 1', 'GET a', 'GET a', '', 'DEL a']) await history.add(line);
    expect(readFileSync(file, 'utf8')).toBe('SET a 1\nGET a\nDEL a\n');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect((await History.load(file)).lines).toEqual(['SET a 1', 'GET a', 'DEL a']);
  });

  test('adds to what another copy wrote in the meantime', async () => {
    const file = join(folder(), 'history');
    const [one, two] = [await History.load(file), await History.load(file)];
    await one.add('SET a 1');
    await two.add('SET b 2');
    expect(readFileSync(file, 'utf8')).toBe('SET a 1\nSET b 2\n');
  });

  test('does not grow for ever', async () => {
    const file = join(folder(), 'history');
    writeFileSync(file, Array.from({ length: 3000 }, (_, i) => `GET ${i}\n`).join(''));
    const { lines } = await History.load(file);
    expect(lines).toHaveLength(1000);
    expect(lines.at(-1)).toBe('GET 2999');
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1001);
  });

  test('is kept in memory alone where its file cannot be written', async () => {
    const blocked = join(folder(), 'file');
    writeFileSync(blocked, '');
    const history = await History.load(join(blocked, 'history'));
    await history.add('GET a');
    expect(history.lines).toEqual(['GET a']);
    expect(existsSync(join(blocked, 'history'))).toBe(false);
  });

  test.each([
    'AUTH hunter2',
    'auth user hunter2',
    'HELLO 3 AUTH user hunter2',
    'ACL SETUSER ana on >hunter2',
    'acl setuser ana #5e88',
    'CONFIG SET requirepass hunter2',
    'config set masterauth hunter2',
    'MIGRATE host 6379 key 0 10 AUTH hunter2',
    'MIGRATE host 6379 key 0 10 AUTH2 user hunter2',
    '  "AUTH" hunter2',
    'AUTH "hunter2',
    '3 AUTH hunter2',
    '.connect redis://ana:hunter2@vault.example:6390',
    '.CONNECT --cacert ca.pem rediss://:hunter2@vault.example',
  ])('never holds %s', (line) => {
    expect(hasSecret(line)).toBe(true);
  });

  test('does not hold a line of any command that is documented to take a password', async () => {
    const docs = await bundled();
    const lines = docs.names.flatMap((name) => passwordsOf(docs.get(name)!.arguments, [name]));
    expect(lines).toEqual(
      expect.arrayContaining(['AUTH secret', 'HELLO AUTH secret', 'MIGRATE AUTH2 secret']),
    );
    expect(lines.filter((line) => !hasSecret(line))).toEqual([]);
  });

  function passwordsOf(args: CommandArgument[] = [], before: string[]): string[] {
    return args.flatMap(({ name, token, arguments: parts }) => {
      const words = token ? [...before, token] : before;
      return [...(name === 'password' ? [[...words, 'secret'].join(' ')] : []), ...passwordsOf(parts, words)];
    });
  }

  test.each([
    'SET auth:1 x',
    'HELLO 3',
    'ACL WHOAMI',
    'CONFIG GET maxmemory',
    'GET "a b',
    '.connect redis://h:1',
  ])('holds %s', (line) => {
    expect(hasSecret(line)).toBe(false);
  });
});
