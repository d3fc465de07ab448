import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { bundled, type CommandDocs, fromServer } from './command-docs.ts';
import { hint } from './hint.ts';
import { LearnerClient } from './learner-client.ts';

interface Row {
  input: string;
  docs_7_0_15: string;
  docs_8x: string;
}
const rows = readFileSync(new URL('../../fixtures/conformance/hints.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

let server: PlainServer;
let docs: CommandDocs;
let live: CommandDocs;
let version = '';

beforeAll(async () => {
  docs = await bundled();
  server = await startPlainServer();
  const client = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:test');
  live = await fromServer(client);
  const info = await client.send(['INFO', 'server'].map((word) => Buffer.from(word)));
  version = /redis_version:(\S+)/.exec(info.type === 'bulk' ? info.bytes.toString() : '')![1]!;
  client.close();
});
afterAll(() => server?.stop());

describe('the hint behind a line', () => {
  test.for(rows.map((row) => [row.input, row] as const))('%j, with the bundled docs of 7.0', ([, row]) => {
    expect(hint(row.input, docs)).toBe(row.docs_7_0_15);
  });

  test.for(rows.map((row) => [row.input, row] as const))(
    '%j, with the docs of a server',
    ([, row], { skip }) => {
      const expected = { '7.0': row.docs_7_0_15, '8.0': row.docs_8x }[version.slice(0, 3)];
      if (expected === undefined) return skip('recorded for 7.0 and 8.0');
      expect(hint(row.input, live)).toBe(expected);
    },
  );

  test.each([
    ['set k v ', 'SET K V '],
    ['client KILL ', 'CLIENT kill '],
  ])('%j is as good as %j', (a, b) => {
    expect(hint(a, docs)).not.toBe('');
    expect(hint(a, docs)).toBe(hint(b, docs));
  });

  test.each(['NOSUCH ', '"client kill" ', 'SET "k', ' ', 'set'])('there is none for %j', (line) => {
    expect(hint(line, docs)).toBe('');
  });

  test('what was hinted before does not stay in the docs', () => {
    const before = hint('ZADD ', docs);
    hint('ZADD z NX CH 1 a 2 ', docs);
    expect(hint('ZADD ', docs)).toBe(before);
  });

  test('any line has one, and soon', () => {
    const word = fc.constantFrom(
      ...'k 1 2.5 EX NX GET COUNT LIMIT MATCH STREAMS * $ KEYS ID BY STORE "" x'.split(' '),
    );
    fc.assert(
      fc.property(fc.constantFrom(...docs.names), fc.array(word, { maxLength: 8 }), (name, words) => {
        expect(typeof hint(`${[name, ...words].join(' ')} `, docs)).toBe('string');
      }),
      { numRuns: 3000 },
    );
  });
});
