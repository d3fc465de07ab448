import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Assistant } from './assistant.ts';

let sandbox: Sandbox;
let assistant: Assistant;
beforeAll(async () => {
  sandbox = await openSandbox();
  const keys = ['session:1', 'session:2', 'cart 9', 'evil\x1b[2J'];
  assistant = new Assistant({ keys: () => keys, dots: true });
  await assistant.learnFrom(sandbox.learner);
});
afterAll(() => sandbox?.close());

describe('the assistant', () => {
  test('completes commands, in the case that is typed', () => {
    expect(assistant.complete('expireat')[0]).toEqual([]);
    expect(assistant.complete('EXPIREA')).toEqual([['EXPIREAT'], 'EXPIREA']);
    expect(assistant.complete('expirea')).toEqual([['expireat'], 'expirea']);
  });

  test('completes subcommands', () => {
    expect(assistant.complete('object enc')).toEqual([['object encoding'], 'object enc']);
  });

  test('completes keys that exist, but none that would have to be quoted or would act on the terminal', () => {
    expect(assistant.complete('GET s')).toEqual([['session:1', 'session:2'], 's']);
    expect(assistant.complete('GET c')[0]).toEqual([]);
    expect(assistant.complete('GET e')[0]).toEqual([]);
  });

  test('completes options of the command', () => {
    expect(assistant.complete('SET session:1 x KEEP')).toEqual([['KEEPTTL'], 'KEEP']);
    expect(assistant.complete('zrange board 0 -1 withs')).toEqual([['withscores'], 'withs']);
  });

  test('completes dot-commands', () => {
    expect(assistant.complete('.so')).toEqual([['.solution'], '.so']);
  });

  test('hints at what may follow, and stays silent at dot-commands', () => {
    expect(assistant.hint('GET ')).toBe('key');
    expect(assistant.hint('GET')).toBe('');
    expect(assistant.hint('.hint ')).toBe('');
  });

  test('knows nothing before it has learnt, and says so by silence', () => {
    const fresh = new Assistant({ keys: () => [], dots: false });
    expect(fresh.complete('GE')).toEqual([[], 'GE']);
    expect(fresh.hint('GET ')).toBe('');
  });
});
