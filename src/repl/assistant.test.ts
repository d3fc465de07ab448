import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallCourse } from '../../test/setup/small-course.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Assistant } from './assistant.ts';

let sandbox: Sandbox;
let assistant: Assistant;
beforeAll(async () => {
  sandbox = await openSandbox();
  const keys = ['session:1', 'session:2', 'cart 9', 'evil\x1b[2J', '日本'].map((name) => Buffer.from(name));
  const course = smallCourse({ strings: ['first', 'last'], keys: ['gone'] });
  assistant = new Assistant({ keys: () => [...keys, Buffer.from([0xff, 0xfe])], course });
  await assistant.learnFrom(sandbox.learner);
});
afterAll(() => sandbox?.close());

describe('the assistant', () => {
  test('completes commands, in the case that is typed, also where a shorter one is there', async () => {
    expect(await assistant.complete('expireat')).toEqual([['expireat'], 'expireat']);
    expect(await assistant.complete('EXPIREA')).toEqual([['EXPIREAT'], 'EXPIREA']);
    expect(await assistant.complete('expirea')).toEqual([['expireat'], 'expirea']);
    expect(await assistant.complete('getr')).toEqual([['getrange'], 'getr']);
    expect((await assistant.complete('GET'))[0]).toEqual(
      expect.arrayContaining(['GET', 'GETEX', 'GETRANGE']),
    );
  });

  test('completes subcommands', async () => {
    expect(await assistant.complete('object enc')).toEqual([['object encoding'], 'object enc']);
    expect((await assistant.complete('object'))[0]).toContain('object encoding');
  });

  test('completes keys that exist, with quotes where a line needs them', async () => {
    expect(await assistant.complete('GET s')).toEqual([['session:1', 'session:2'], 's']);
    expect(await assistant.complete('GET 日')).toEqual([['日本'], '日']);
    expect(await assistant.complete('GET c')).toEqual([['"cart 9"'], 'c']);
    expect(await assistant.complete('MGET "cart 9" "cart ')).toEqual([['"cart 9"'], '"cart ']);
    expect(await assistant.complete('GET "\\xf')).toEqual([['"\\xff\\xfe"'], '"\\xf']);
    expect(await assistant.complete('GET e')).toEqual([['"evil\\x1b[2J"'], 'e']);
  });

  test('completes options of the command', async () => {
    expect(await assistant.complete('SET session:1 x KEEP')).toEqual([['KEEPTTL'], 'KEEP']);
    expect(await assistant.complete('zrange board 0 -1 withs')).toEqual([['withscores'], 'withs']);
  });

  test('completes dot-commands and what may follow them', async () => {
    expect(await assistant.complete('.so')).toEqual([['.solution'], '.so']);
    expect(await assistant.complete(' .SO')).toEqual([['.solution'], '.SO']);
    expect(await assistant.complete('.code p')).toEqual([['python'], 'p']);
    expect(await assistant.complete('.go ')).toEqual([['strings', 'keys'], '']);
    expect(await assistant.complete('.go strings/f')).toEqual([['strings/first'], 'strings/f']);
    expect(await assistant.complete('.hint x')).toEqual([[], 'x']);
  });

  test('hints at what may follow, and stays silent at dot-commands', () => {
    expect(assistant.hint('GET ')).toBe('key');
    expect(assistant.hint('GET')).toBe('');
    expect(assistant.hint('.hint ')).toBe('');
  });

  test('knows nothing before it has learnt, and says so by silence', async () => {
    const fresh = new Assistant({ keys: () => [] });
    expect(await fresh.complete('GE')).toEqual([[], 'GE']);
    expect(fresh.hint('GET ')).toBe('');
  });
});
