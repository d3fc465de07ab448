import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitArgs } from './split.ts';

interface Row {
  line: string | null;
  line_b64: string;
  args: string[] | null;
}
const rows = readFileSync(new URL('../../fixtures/conformance/splitargs.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

describe('splitting a command line as redis-cli does', () => {
  test.each(rows.map((row) => [row.line ?? `base64 ${row.line_b64}`, row] as const))('%j', (_, row) => {
    expect(
      splitArgs(Buffer.from(row.line_b64, 'base64'))?.map((arg) => arg.toString('base64')) ?? null,
    ).toEqual(row.args);
    if (row.line !== null)
      expect(splitArgs(row.line)).toEqual(splitArgs(Buffer.from(row.line_b64, 'base64')));
  });

  test('a NUL byte ends the line, also within a word', () => {
    expect(splitArgs('GET a\0b c')).toEqual([Buffer.from('GET'), Buffer.from('a')]);
  });

  test('whatever bytes are quoted as redis-cli quotes them come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 }), (words) => {
        const line = words.map(
          (word) => `"${[...word].map((b) => `\\x${b.toString(16).padStart(2, '0')}`).join('')}"`,
        );
        expect(splitArgs(line.join(' '))).toEqual(words.map((word) => Buffer.from(word)));
      }),
    );
  });

  test('any line gives arguments or null, never an exception', () => {
    const bytes = fc.array(fc.constantFrom(...Buffer.from('ab x0f\\"\' \t\n\r\v\f\0n')), { maxLength: 12 });
    fc.assert(
      fc.property(bytes, (line) => {
        const args = splitArgs(Buffer.from(line));
        expect(args === null || args.every((arg) => Buffer.isBuffer(arg))).toBe(true);
      }),
    );
  });
});
