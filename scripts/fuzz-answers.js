import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

// `node scripts/fuzz-answers.js [--seed N] [--files N]`: parses answers files that nobody would write, made of random bytes
// and of those in fixtures/. Ends with 1 where one is not parsed, takes too long, or leads to lines that can't be split.

const { values: flags } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, files: { type: 'string', default: '100000' } },
});
const SEED = Number(flags.seed);
const FILES = Number(flags.files);
if (!Number.isSafeInteger(SEED) || !Number.isSafeInteger(FILES) || FILES < 1)
  throw new Error('--seed and --files are whole numbers.');
/** Ms that a file may take. */
const LIMIT = 200;
/** How often one that took longer gets another go: the machine may have been busy. */
const GOES = 3;
/** Bytes of the largest that are made now and then. */
const LARGE = 300_000;
const BOM = Buffer.from('\uFEFF');

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { parseAnswers, splitArgs, ANSWERS_HEADER } = await sources();
const corpus = fixtures();

/** The sources, as one module of JavaScript. */
async function sources() {
  const [answers, split] = ['src/engine/answers-file.ts', 'src/redis/split.ts'].map((file) =>
    JSON.stringify(path(file)),
  );
  const bundle = await rolldown({
    input: 'fuzzed',
    platform: 'node',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'fuzzed' ? '\0fuzzed' : null),
        load: (id) => (id === '\0fuzzed' ? `export * from ${answers}; export * from ${split};` : null),
      },
    ],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

function fixtures() {
  const folder = path('fixtures/answers');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = names.filter((name) => name.endsWith('.answers')).sort();
  return found.map((name) => readFileSync(`${folder}/${name}`));
}

/** Numbers from 0 to below 1, the same for a seed everywhere: mulberry32. */
function chanceOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What makes a difference to whoever reads a file. */
const WORDS = [
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    '\\x4',
    '\\xff',
    '"a"b',
    "it's",
    ' ',
    '\t',
    '\v',
    '\f',
    '\u00a0',
    '\u3000',
    '#',
    '#!',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\n\r',
    '\0',
    '\x1b[2J',
    '\uFEFF',
    '\u2028',
    '\u202e',
    '\uFFFD',
    '🦄',
    '\ud800',
    'é',
    'e\u0301',
  ],
  ...[
    '==',
    '== ',
    '===',
    '==strings/first-value',
    '== strings/session-ttl',
    '@',
    '@file',
    '@file a.mjs',
    '@file "a b',
  ],
  ...[
    '@file ../x',
    '.',
    '.answer',
    '.answer ',
    '.answer "x',
    '.connect',
    '.hint',
    'SET a b',
    'MULTI',
    ANSWERS_HEADER,
  ],
].map((word) => Buffer.from(word));

const kinds = {
  'random bytes'({ bytes, below }) {
    return bytes(below(400));
  },
  'random words'({ pick, below }) {
    return Buffer.concat(Array.from({ length: below(60) }, () => pick(WORDS)));
  },
  'words behind a header'(random) {
    return Buffer.concat([Buffer.from(`${ANSWERS_HEADER}\n== a/b\n`), kinds['random words'](random)]);
  },
  'flipped bytes'({ file, below, bytes }) {
    const made = Buffer.from(file());
    for (let left = 1 + below(8); left > 0 && made.length > 0; left--) made[below(made.length)] = bytes(1)[0];
    return made;
  },
  'cut short': ({ file, below }) => cutAt(file(), below)[0],
  'a part missing'({ file, below }) {
    const [head, rest] = cutAt(file(), below);
    return Buffer.concat([head, cutAt(rest, below)[1]]);
  },
  spliced({ file, below }) {
    return Buffer.concat([cutAt(file(), below)[0], cutAt(file(), below)[1]]);
  },
  'repeated lines'({ file, below, pick }) {
    const lines = linesOf(file());
    return joined(
      lines.flatMap((line) => Array.from({ length: pick([0, 1, 1, 1, 2, 1 + below(40)]) }, () => line)),
    );
  },
  'lines in another order'({ file, chance }) {
    const lines = linesOf(file()).map((line) => [chance(), line]);
    return joined(lines.sort(([a], [b]) => a - b).map(([, line]) => line));
  },
  'odd ends of lines'({ file, pick }) {
    const ends = ['\n', '\r\n', '\r', '\n\r', '\n\n', ' \n', '\0\n', '\u2028', ''].map((end) =>
      Buffer.from(end),
    );
    return Buffer.concat(linesOf(file()).flatMap((line) => [line, pick(ends)]));
  },
  'words put in'({ file, below, pick }) {
    let made = file();
    for (let left = 1 + below(6); left > 0; left--) {
      const [head, tail] = cutAt(made, below);
      made = Buffer.concat([head, pick(WORDS), tail]);
    }
    return made;
  },
  'another encoding'({ file, pick, below }) {
    const text = file().toString();
    return pick([
      () => Buffer.concat([BOM, BOM, file()]),
      () => Buffer.from(text, 'utf16le'),
      () => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
      () => Buffer.from(text, 'latin1'),
      () => Buffer.concat([cutAt(Buffer.from(text), below)[0], Buffer.from('\xe9\xff\xc3', 'latin1')]),
    ])();
  },
};

/** A few of these among all: they are what takes time. */
const largeKinds = {
  'a large word many times'({ pick }) {
    const word = pick(WORDS);
    const head = Buffer.from(pick(['', `${ANSWERS_HEADER}\n== a/b\n`, `${ANSWERS_HEADER}\n== a/b\nSET a `]));
    return Buffer.concat([head, Buffer.alloc(LARGE, word.length > 0 ? word : ' ')]);
  },
  'a large word, and a stray byte'(random) {
    return Buffer.concat([
      largeKinds['a large word many times'](random),
      Buffer.from([random.pick([0, 0xe9, 0xff])]),
    ]);
  },
  'replacement characters, and a stray byte'({ pick }) {
    const head = Buffer.from(pick(['', `${ANSWERS_HEADER}\n== a/b\n`]));
    return Buffer.concat([head, Buffer.alloc(LARGE, '\uFFFD'), Buffer.from([pick([0xc3, 0xff])])]);
  },
  'a file many times'({ file }) {
    const made = file();
    return Buffer.alloc(LARGE, made.length > 0 ? made : ' ');
  },
  'many random bytes': ({ bytes }) => bytes(LARGE),
};

function randomOf(chance) {
  const below = (end) => Math.floor(chance() * end);
  const pick = (from) => from[below(from.length)];
  return {
    chance,
    below,
    pick,
    file: () => pick(corpus),
    bytes: (length) => Buffer.from({ length }, () => 0).map(() => below(256)),
  };
}

function cutAt(bytes, below) {
  const at = below(bytes.length + 1);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function linesOf(bytes) {
  const lines = [];
  for (let from = 0; from <= bytes.length; ) {
    const feed = bytes.indexOf(0x0a, from);
    const end = feed < 0 ? bytes.length : feed;
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

function joined(lines) {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
}

/** What is wrong with what came of a file; undefined where nothing is. */
function faultIn({ sections, mistakes }, bytes) {
  const last = bytes.length === 0 ? 1 : linesOf(bytes).length;
  const amiss = ({ line, column }) =>
    !(line >= 1 && line <= last && column >= 1 && column <= bytes.length + 1);
  for (const { at, message } of [...mistakes, ...sections.flatMap((section) => section.mistakes)]) {
    if (amiss(at)) return `a mistake at ${at.line}:${at.column}, where nothing is`;
    if (typeof message !== 'string' || message === '') return 'a mistake without a word';
  }
  for (const { id, at, answer, include } of sections) {
    if (amiss(at)) return `a section at ${at.line}:${at.column}, where nothing is`;
    if (/[\n\0]/.test(id)) return `a section of several lines: ${JSON.stringify(id)}`;
    if (include && answer.lines.length > 0) return 'code among lines';
    for (const { text } of answer.lines)
      if (!/^\.(answer|connect)\s/.test(text) && splitArgs(text) === null)
        return `a line that can't be split: ${JSON.stringify(text)}`;
  }
  return undefined;
}

function timed(bytes) {
  const begun = performance.now();
  const parsed = parseAnswers(bytes, 'fuzzed.answers');
  return { parsed, ms: performance.now() - begun };
}

const chance = chanceOf(SEED);
const random = randomOf(chance);
const counts = {};
const found = { sections: 0, lines: 0, mistakes: 0 };
let slowest = { ms: 0 };
let faults = 0;
const begun = performance.now();
for (let index = 0; index < FILES; index++) {
  const [kind, make] = random.pick(Object.entries(index % 1000 === 999 ? largeKinds : kinds));
  const bytes = make(random);
  counts[kind] = (counts[kind] ?? 0) + 1;
  let fault;
  try {
    let { parsed, ms } = timed(bytes);
    for (let goes = 1; ms > LIMIT && goes < GOES; goes++) ms = Math.min(ms, timed(bytes).ms);
    if (ms > slowest.ms) slowest = { ms, kind, index, size: bytes.length };
    fault = ms > LIMIT ? `it took ${Math.round(ms)} ms` : faultIn(parsed, bytes);
    found.sections += parsed.sections.length;
    for (const { answer, mistakes } of parsed.sections) {
      found.lines += answer.lines.length;
      found.mistakes += mistakes.length;
    }
    found.mistakes += parsed.mistakes.length;
  } catch (error) {
    fault = error.stack;
  }
  if (fault === undefined) continue;
  faults++;
  const shown = bytes.length > 2000 ? `${bytes.length} bytes` : JSON.stringify(bytes.toString('latin1'));
  if (faults <= 10) console.error(`seed ${SEED}, file ${index} (${kind}): ${fault}\n  ${shown}`);
}
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
console.log(`${FILES} files by seed ${SEED}, in ${seconds} s; ${faults} with a fault`);
for (const [kind, count] of Object.entries(counts)) console.log(`  ${String(count).padStart(6)} ${kind}`);
console.log(`  in them ${found.sections} sections, ${found.lines} lines and ${found.mistakes} mistakes`);
console.log(
  `  slowest: file ${slowest.index} (${slowest.kind}, ${slowest.size} bytes), ${slowest.ms.toFixed(1)} ms`,
);
process.exitCode = faults > 0 ? 1 : 0;
