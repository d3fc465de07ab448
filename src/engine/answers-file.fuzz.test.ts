import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitArgs } from '../redis/split.ts';
import { ANSWERS_HEADER, parseAnswers } from './answers-file.ts';

// A small part of what scripts/fuzz-answers.js does, the same each time.
const SEED = 20_260_101;

const folder = join('fixtures', 'answers');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.answers'))
  .sort()
  .map((name) => readFileSync(join(folder, name)))
  .filter((bytes) => bytes.length < 10_000);

/** What makes a difference to whoever reads a file; those of one line before those that end it. */
const WORDS = [
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    '\\x4',
    ' ',
    '\t',
    '\v',
    '\u00a0',
    '#',
    '\x1b[2J',
    '\uFEFF',
    '\u202e',
    '🦄',
    'SET a b',
  ],
  ...[
    '==',
    '== a/b',
    '== strings/session-ttl',
    '@',
    '@file',
    '@file a.mjs',
    '@file "a b',
    '.',
    '.answer',
    '.answer "x',
  ],
  ...['.connect redis://x', '.hint', ANSWERS_HEADER],
];
const words = fc.array(fc.constantFrom(...WORDS, '\n', '\n', '\n== a/b\n', '\r\n', '\r', '\0'), {
  maxLength: 40,
});
const file = fc.constantFrom(...files);
/** A place in a file, from its beginning to its end. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const cut = (bytes: Buffer, at: number) => Math.round(at * bytes.length);

const mutated = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  words.map((made) => Buffer.from(made.join(''))),
  words.map((made) => Buffer.from(`${ANSWERS_HEADER}\n== a/b\n${made.join('')}`)),
  fc
    .tuple(file, fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }))
    .map(([bytes, flips]) => {
      const made = Buffer.from(bytes);
      for (const [at, byte] of flips) if (made.length > 0) made[cut(made.subarray(1), at)] = byte;
      return made;
    }),
  fc
    .tuple(file, place, file, place)
    .map(([one, end, two, from]) =>
      Buffer.concat([one.subarray(0, cut(one, end)), two.subarray(cut(two, from))]),
    ),
  fc.tuple(file, place, words).map(([bytes, at, made]) => {
    const split = cut(bytes, at);
    return Buffer.concat([bytes.subarray(0, split), Buffer.from(made.join('')), bytes.subarray(split)]);
  }),
);

test('whatever bytes there are, they are read, and each line that is taken can be split', () => {
  fc.assert(
    fc.property(mutated, (bytes) => {
      const { sections, mistakes } = parseAnswers(bytes, 'a');
      const last = Math.max(1, bytes.toString('latin1').split('\n').length);
      for (const { at, message } of [
        ...mistakes,
        ...sections,
        ...sections.flatMap((one) => one.mistakes),
      ].map((one) => ({ message: 'a section', ...one }))) {
        expect(message).not.toBe('');
        expect(at.line).toBeGreaterThan(0);
        expect(at.line).toBeLessThanOrEqual(last);
        expect(at.column).toBeGreaterThan(0);
      }
      for (const { answer, include } of sections) {
        if (include) expect(answer.lines).toEqual([]);
        for (const { text } of answer.lines)
          if (!/^\.(answer|connect)\s/.test(text)) expect(splitArgs(text), text).not.toBeNull();
      }
    }),
    { numRuns: 1500, seed: SEED },
  );
});

/** Lines that can be told from one another, however they end. */
const oneLine = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((made) => made.join(''));

test('what a file says does not depend on how its lines end, nor on a mark in front of it', () => {
  fc.assert(
    fc.property(fc.array(oneLine, { minLength: 1, maxLength: 20 }), fc.boolean(), (lines, headed) => {
      const all = headed ? [ANSWERS_HEADER, '== a/b', ...lines] : ['#', ...lines];
      const plain = parseAnswers(Buffer.from(`${all.join('\n')}\n`), 'a');
      expect(parseAnswers(Buffer.from(all.join('\r\n')), 'a')).toEqual(plain);
      expect(parseAnswers(Buffer.from(`\uFEFF${all.join('\n')}`), 'a')).toEqual(plain);
    }),
    { numRuns: 250, seed: SEED },
  );
});

test('remarks between lines change nothing but the places', () => {
  fc.assert(
    fc.property(fc.array(oneLine, { maxLength: 20 }), (lines) => {
      const placed = (_: string, value: unknown) =>
        value !== null && typeof value === 'object' && 'column' in value ? value.column : value;
      const read = (between: string) => {
        const text = [ANSWERS_HEADER, '== a/b', ...lines].join(`\n${between}`);
        return JSON.parse(JSON.stringify(parseAnswers(Buffer.from(text), 'a'), placed));
      };
      expect(read('# remark "\n\n')).toEqual(read(''));
    }),
    { numRuns: 250, seed: SEED },
  );
});
