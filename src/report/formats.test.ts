import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseCsv } from 'csv-parse/sync';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { Parser } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import {
  beginning,
  cases,
  error,
  evil,
  fatal,
  inSchedule,
  inWorld,
  missing,
  mixed,
  passed,
  skipped,
  type Told,
  written,
} from '../../test/setup/results.ts';
import type { Result } from '../engine/result.ts';
import { csvReporter } from './csv.ts';
import { githubReporter } from './github.ts';
import { githubClassroomReporter } from './github-classroom.ts';
import { jsonReporter } from './json.ts';
import { markdownReporter } from './markdown.ts';
import type { MakeReporter } from './reporter.ts';
import { tapReporter } from './tap.ts';

const formats: Record<string, MakeReporter> = {
  tap: tapReporter,
  github: githubReporter,
  'github-classroom': githubClassroomReporter,
  markdown: markdownReporter,
  csv: csvReporter,
  json: jsonReporter,
};

/** Whatever the runner of a workflow obeys. */
const commands = (text: string) => text.split('\n').filter((line) => /^\s*::|##\[/.test(line));
const COMMANDS = '::error::x\n   ::set-output name=a::b ##[command]ls\n%0A::warning::y';

const OBEYED = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\ufffe\uffff]|\p{Cs}|\r(?!\n)/u;

describe.for(Object.entries(formats))('%s', ([, make]) => {
  it.for(Object.entries(cases))('has nothing that anybody obeys: %s', ([, told]) => {
    const text = written(make, told);
    expect(text).not.toMatch(OBEYED);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('makes the same bytes of the same results', () => {
    for (const told of Object.values(cases)) expect(written(make, told)).toBe(written(make, told));
  });

  it('comes as the results do, where its format allows that', ({ task }) => {
    const pieces: string[] = [];
    const reporter = make((text) => void pieces.push(text));
    reporter.start({ ...beginning, exercises: mixed });
    reporter.result(inWorld);
    const streams = ['tap', 'github', 'csv'].includes(task.suite!.name);
    expect(pieces.join('').includes(inWorld.id)).toBe(streams);
  });

  it('tells of each what there is to know', () => {
    const text = written(make, { results: mixed });
    for (const words of ['session', 'has no expiry', 'The server went away', 'Both were inside'])
      expect(text).toContain(words);
    expect(written(make, { fatal })).toMatch(/No Redis is to be had\.[\s\S]*Install one\./);
  });
});

describe('TAP', () => {
  /** As its reference reader has it. */
  function read(told: Told) {
    const parser = new Parser({ strict: true });
    const asserts: { ok: boolean; name: string; skip: string | boolean; diag: Record<string, unknown> }[] =
      [];
    parser.on('assert', (assert) => asserts.push(assert as never));
    let results: { ok: boolean; bailout: unknown; failures: unknown[]; plan: unknown } | undefined;
    parser.on('complete', (complete) => {
      results = complete as never;
    });
    parser.end(written(tapReporter, told));
    return { asserts, results: results! };
  }
  const run = (results: Result[]): Told => ({
    begun: { course: { id: 'a', title: 'A' }, redis: 'Redis', exercises: results },
    results,
  });

  it('is read as it is meant', () => {
    const { asserts, results } = read(run(mixed));
    expect(asserts.map(({ ok, skip, name }) => [ok, skip, name.split(':')[0]])).toEqual([
      [true, false, 'strings/set'],
      [false, false, 'strings/session-ttl'],
      [false, false, 'locks/own-release'],
      [false, false, 'strings/incr'],
      [false, false, 'strings/append'],
      [true, expect.stringContaining('it needs XADD'), 'streams/xadd'],
    ]);
    expect(asserts[1]!.diag).toMatchObject({
      severity: 'fail',
      checks: [{ id: 'key:session:xyz:ttl', expected: '30 minutes', actual: 'no expiry' }],
      details: expect.stringMatching(
        /World: {4}somebody else logs in\n\nyou +another client\n[\s\S]*Hint 2: SET takes it too\./,
      ),
    });
    expect(asserts[3]!.diag).toMatchObject({ severity: 'error', next: 'Start it again.' });
    expect(results.ok).toBe(false);
  });

  it('passes where all passed, fails where something is missing, and never by a bail-out', () => {
    expect(read(run([passed, skipped])).results).toMatchObject({ ok: true, failures: [] });
    expect(read(run([passed, missing])).results.ok).toBe(false);
    expect(read({ fatal }).results).toMatchObject({
      ok: false,
      bailout: expect.stringContaining('No Redis is to be had. Install one.'),
    });
    const onTheWay = read({ ...run([passed, inWorld]), fatal });
    expect(onTheWay.results.ok).toBe(false);
  });

  it('is no pass where nothing was judged', () => {
    expect(read(run([skipped])).results).toMatchObject({ ok: false, bailout: 'Nothing was judged.' });
    expect(read(run([])).results.ok).toBe(false);
  });

  it('says where an answer stands', () => {
    const at = { file: 'my.answers', line: 7, column: 3 };
    expect(read(run([{ ...inWorld, at }])).asserts[0]!.diag).toMatchObject({ at });
  });

  it('has no directive and no line that a value put there', () => {
    const tricky = { ...passed, title: 'a # TODO \\# SKIP\nok 7' };
    const { asserts, results } = read(
      run([{ ...tricky, status: 'failed', message: 'x\n...\nok 9\n---' }, evil]),
    );
    expect(asserts).toHaveLength(2);
    expect(asserts.every(({ ok, skip }) => !ok && !skip)).toBe(true);
    expect(results.failures).toHaveLength(2);
  });

  const hasProve = spawnSync('prove', ['--version']).status === 0;
  it.skipIf(!hasProve)('is what prove passes and fails', () => {
    // A prove that knows no version 14 refuses its number, and nothing else of it.
    const version = /v(\d+)\.(\d+)/.exec(spawnSync('prove', ['--version']).stdout.toString());
    const knows14 = Number(version?.[2]) >= 48;
    const prove = (told: Told) => {
      const text = written(tapReporter, told);
      const file = join(mkdtempSync(join(tmpdir(), 'tap-')), 'report.tap');
      writeFileSync(file, knows14 ? text : text.replace('TAP version 14', 'TAP version 13'));
      return spawnSync('prove', ['-e', 'cat', file]);
    };
    const good = prove(run([passed, skipped]));
    expect([good.status, good.stdout.toString()]).toEqual([0, expect.stringContaining('Result: PASS')]);
    expect(prove(run(mixed)).status).not.toBe(0);
    expect(prove(run(mixed)).stdout.toString()).not.toContain('Parse errors');
    expect(prove({ fatal }).status).not.toBe(0);
  });
});

describe('CSV', () => {
  const rows = (told: Told) =>
    parseCsv(written(csvReporter, told), { columns: true }) as Record<string, string>[];

  it('has a row for each exercise', () => {
    expect(rows({ results: mixed }).map(({ id, status, score, max }) => [id, status, score, max])).toEqual(
      mixed.map(({ id, status, score, max }) => [id, status, String(score), String(max)]),
    );
    expect(rows({ results: mixed })[1]!.message).toBe('session:xyz has no expiry.\nIt should have one.');
    expect(rows({ fatal })).toMatchObject([{ id: '', status: 'error' }]);
    expect(rows({ results: [passed], fatal }).map(({ status }) => status)).toEqual(['passed', 'error']);
  });

  it.each(['=HYPERLINK("http://x")', '+1', '-1+2', '@SUM(A1)', '\t=1', '\uff1d1', '\n=1', ' \n\t@x', '\r=1'])(
    'has no cell that a spreadsheet reckons with: %j',
    (title) => {
      const [row] = rows({ results: [{ ...passed, title }] });
      expect(row!.title).not.toMatch(/^\s*[=+\-@\uff1d]/);
      expect(row!.title).toContain(title.trim().slice(1));
    },
  );
});

describe('GitHub', () => {
  it('annotates what did not pass, where it stands', () => {
    const at = { file: 'my.answers', line: 7, column: 3 };
    const text = written(githubReporter, { results: [passed, { ...inWorld, at }, skipped, missing, error] });
    expect(commands(text)).toEqual([
      '::error file=my.answers,line=7,col=3,title=strings/session-ttl%3A A session that ends::session:xyz has no expiry.%0AIt should have one.',
      '::error title=strings/append%3A Add to it::There is no answer.',
      '::error title=strings/incr%3A Count::This could not be judged: The server went away.%0AStart it again.',
    ]);
  });

  it('names the line of the module that is to blame', () => {
    const fact = { code: 'case-failed', said: 'x', place: { file: 'own.js', line: 12, text: 'x' } } as const;
    const check = { id: 'case:x', kind: 'case', status: 'failed', message: 'x', fact } as const;
    const at = { file: 'src/own.js', line: 1, column: 1 };
    const text = written(githubReporter, { results: [{ ...inSchedule, at, checks: [check] }] });
    expect(commands(text)[0]).toContain('file=src/own.js,line=12,col=1');
  });

  it('annotates ten, and says of the rest where they are told', () => {
    const results = Array.from({ length: 13 }, (_, index) => ({ ...inWorld, id: `a/${index}` }));
    const text = written(githubReporter, { results });
    expect(commands(text)).toHaveLength(10);
    expect(commands(text)[9]).toContain('title=a/9%3A');
    expect(text).toContain('3 more have no annotation');
    expect(written(githubReporter, { results: results.slice(0, 10) })).not.toContain('have no annotation');
  });

  it('always has room for what stopped it all', () => {
    const results = Array.from({ length: 13 }, (_, index) => ({ ...inWorld, id: `a/${index}` }));
    const text = written(githubReporter, { results, fatal });
    expect(commands(text)).toHaveLength(10);
    expect(commands(text)[9]).toBe('::error title=rediscover check::No Redis is to be had.%0AInstall one.');
    expect(text).toContain('4 more have no annotation');
  });

  it('has no command that a value put there', () => {
    const message = COMMANDS;
    const tricky = {
      ...evil,
      id: '::debug::x',
      title: '##[group]',
      message,
      at: { file: 'a,b:c', line: 1, column: 1 },
    };
    const found = commands(written(githubReporter, { results: [tricky] }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^::error file=a%2Cb%3Ac,line=1,col=1,title=%3A%3Adebug%3A%3Ax/);
    expect(found[0]).toContain('%250A');
    expect(commands(written(githubReporter, { fatal: { ...fatal, message } }))).toHaveLength(1);
  });
});

describe('GitHub Classroom', () => {
  const report = (told: Told) => JSON.parse(written(githubClassroomReporter, told));

  it('is what its grading reporter sums up', () => {
    const read = report({ results: mixed });
    // As https://github.com/classroom-resources/autograding-grading-reporter reads it.
    const encoded = Buffer.from(JSON.stringify(read)).toString('base64');
    const { tests, max_score, status } = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
    const points = tests.reduce((sum: number, { score }: { score: number }) => sum + score, 0);
    expect([points, max_score, status]).toEqual([1.5, 6, 'error']);
    expect(tests.map((test: { status: string }) => test.status)).toEqual([
      'pass',
      'fail',
      'fail',
      'error',
      'fail',
    ]);
  });

  it('has no command for the log that its grading reporter prints it in', () => {
    const id = '##[group]/x';
    const { tests } = report({ results: [{ ...error, id, title: '::debug::x', message: COMMANDS }] });
    for (const text of Object.values(tests[0])) expect(commands(String(text))).toEqual([]);
    expect(tests[0].message).toContain('\\x3a:error::x');
    expect(commands(report({ fatal: { ...fatal, message: COMMANDS } }).tests[0].message)).toEqual([]);
  });

  it('passes where all passed, and never where nothing was judged', () => {
    expect(report({ results: [passed, skipped] })).toMatchObject({
      version: 1,
      status: 'pass',
      max_score: 1,
    });
    expect(report({ results: [passed, missing] }).status).toBe('fail');
    expect(report({ results: [skipped] }).status).toBe('error');
    expect(report({ results: [passed], fatal }).status).toBe('error');
  });
});

describe('Markdown', () => {
  /** All that it is made of, as its reference reader has it. */
  function nodesOf(text: string): Nodes[] {
    const below = (node: Nodes): Nodes[] => [
      node,
      ...('children' in node ? node.children.flatMap(below) : []),
    ];
    return below(fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] }));
  }
  const ofType = <T extends Nodes['type']>(text: string, type: T) =>
    nodesOf(text).filter((node): node is Extract<Nodes, { type: T }> => node.type === type);
  const textOf = (node: Nodes): string =>
    'children' in node ? node.children.map(textOf).join('') : node.type === 'text' ? node.value : '';

  it('sums up, lists, and tells of what did not pass', () => {
    const text = written(markdownReporter, { results: mixed });
    expect(text).toContain('## Redis: 1 of 5 passed\n');
    expect(text).toContain('1.5 of 6 points.');
    const rows = ofType(text, 'tableRow').map((row) => row.children.map(textOf));
    expect(rows).toHaveLength(mixed.length + 1);
    expect(rows[2]).toEqual([
      '❌ failed',
      'strings/session-ttl',
      'A session that ends',
      '0 / 2',
      'session:xyz has no expiry. ...',
    ]);
    expect(rows[6]).toEqual(['➖ skipped', 'streams/xadd', 'A stream', '0 / 0', skipped.message]);
    expect(ofType(text, 'code').map(({ value }) => value.split('\n')[0])).toEqual([
      'session:xyz has no expiry.',
      'Both were inside.',
      'The server went away.',
    ]);
    expect(text).toContain('SET session:xyz 1 EX 1800');
  });

  it('tells the help that was asked for of what has no answer', () => {
    const text = written(markdownReporter, { results: [{ ...missing, hints: ['Look at APPEND.'] }] });
    expect(ofType(text, 'code')[0]!.value).toContain('Hint 1: Look at APPEND.');
  });

  it('says in its table the beginning of a message that is long', () => {
    const text = written(markdownReporter, { results: [{ ...error, message: '😀'.repeat(500) }] });
    expect(textOf(ofType(text, 'tableRow')[1]!.children[4]!)).toBe(`${'😀'.repeat(200)}...`);
  });

  it('has nothing that acts: no HTML, no links, no pictures, no mentions, no end of its blocks', () => {
    const tricky =
      'a | b \\| `c` <script>x</script> ![p](http://evil.example/p) @admin #1 *x* _y_ ~~z~~ [l](javascript:x) www.evil.example a@b.example &lt; $x$ :bug:';
    const message = `${tricky}\n\`\`\`\`\n# Heading\n</details>`;
    const text = written(markdownReporter, {
      begun: { ...beginning, course: { id: 'x', title: tricky }, redis: tricky },
      results: [
        { ...evil, id: tricky, title: tricky, message },
        { ...passed, title: tricky },
      ],
    });
    const nodes = nodesOf(text);
    const types = ['root', 'heading', 'paragraph', 'text', 'html', 'code', 'table', 'tableRow', 'tableCell'];
    expect(new Set(nodes.map(({ type }) => type))).toEqual(new Set(types));
    // What a comment does not tear apart is taken for a link or a mention, entities or not.
    for (const words of ofType(text, 'text')) {
      expect(words.value).not.toMatch(/[@#:]\S|www\../i);
    }
    const html = ofType(text, 'html').map(({ value }) => value);
    const tags = html.flatMap((value) => value.match(/<[^>]*>/g)!);
    expect(new Set(tags)).toEqual(
      new Set(['<code>', '</code>', '<!-- -->', '<details>', '<summary>', '</summary>', '</details>']),
    );
    expect(tags.filter((tag) => tag === '</details>')).toHaveLength(1);
    const [, evilRow, passedRow] = ofType(text, 'tableRow').map((row) => row.children.map(textOf));
    expect(evilRow!.slice(1, 3)).toEqual([tricky, tricky]);
    expect(evilRow![4]).toBe(`${tricky.slice(0, 200)} ...`);
    expect(passedRow).toEqual(['✅ passed', 'strings/set', tricky, '1 / 1', '']);
    expect(ofType(text, 'code')).toHaveLength(1);
    expect(ofType(text, 'code')[0]!.value).toContain(message);
  });

  it('is not larger than a summary may be, and says that it was cut', () => {
    const message = 'x'.repeat(50_000);
    const results = Array.from({ length: 40 }, (_, index) => ({ ...inWorld, id: `a/${index}`, message }));
    const text = written(markdownReporter, { results });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
    expect(text).toContain('The rest is cut');
    expect(text).toContain('a/39');
  });
});

describe('the JSON report', () => {
  const schema = JSON.parse(readFileSync('docs/report.schema.json', 'utf8'));
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

  it.for(Object.entries(cases))('holds to its schema: %s', ([, told]) => {
    validate(JSON.parse(written(jsonReporter, told)));
    expect(validate.errors).toBeNull();
  });

  it('describes every field', () => {
    const bare: string[] = [];
    const look = (place: string, node: unknown) => {
      if (typeof node !== 'object' || node === null) return;
      const { properties = {} } = node as {
        properties?: Record<string, { description?: string; $ref?: string }>;
      };
      for (const [name, { description, $ref }] of Object.entries(properties)) {
        const meant = $ref && schema.$defs[$ref.replace('#/$defs/', '')].description;
        if (!description && !meant) bare.push(`${place}/${name}`);
      }
      for (const [name, below] of Object.entries(node)) look(`${place}/${name}`, below);
    };
    look('', schema);
    expect(bare).toEqual([]);
  });

  it.each([
    ['no status', (report: Report) => delete report.exercises[0].status],
    [
      'a status that there is not',
      (report: Report) => void Object.assign(report.exercises[0], { status: 'perhaps' }),
    ],
    [
      'a field that there is not',
      (report: Report) => void Object.assign(report.exercises[0], { surprise: 1 }),
    ],
    ['no score', (report: Report) => delete report.score],
    ['another schema', (report: Report) => void Object.assign(report, { schema: 'rediscover.report/2' })],
  ])('has a schema that refuses %s', (_, spoil) => {
    const report = JSON.parse(written(jsonReporter, { results: [inWorld, inSchedule, error] }));
    spoil(report);
    expect(validate(report)).toBe(false);
  });
});

type Report = Record<string, unknown> & { exercises: [Record<string, unknown>] };
