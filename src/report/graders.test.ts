import { readFileSync } from 'node:fs';
import { Ajv, type AnySchema } from 'ajv';
import { calculateSummary, schema as ctrfSchema, parse, validate } from 'ctrf';
import { describe, expect, it, vi } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import {
  cases,
  error,
  evil,
  evilBeginning,
  fatal,
  inSchedule,
  inWorld,
  LONG,
  missing,
  mixed,
  passed,
  skipped,
  type Told,
  written,
} from '../../test/setup/results.ts';
import { check50Reporter } from './check50.ts';
import { ctrfReporter } from './ctrf.ts';
import { exercismReporter } from './exercism.ts';
import { gradescopeReporter } from './gradescope.ts';
import { junitReporter } from './junit.ts';
import type { MakeReporter } from './reporter.ts';

function ajvOf(schema: AnySchema) {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const validateBy = ajv.compile(schema);
  return (text: string) => {
    validateBy(JSON.parse(text));
    return validateBy.errors ?? [];
  };
}

function ourSchema(format: string): AnySchema {
  return JSON.parse(readFileSync(`fixtures/schemas/${format}.schema.json`, 'utf8'));
}

async function xmlErrors(xml: string) {
  const schema = readFileSync('fixtures/schemas/junit.xsd', 'utf8');
  const { errors } = await validateXML({ xml, schema });
  return errors;
}

const formats: Record<string, { make: MakeReporter; errors: (text: string) => unknown }> = {
  junit: { make: junitReporter, errors: xmlErrors },
  ctrf: { make: ctrfReporter, errors: ajvOf(ctrfSchema as AnySchema) },
  exercism: { make: exercismReporter, errors: ajvOf(ourSchema('exercism')) },
  check50: { make: check50Reporter, errors: ajvOf(ourSchema('check50')) },
  gradescope: { make: gradescopeReporter, errors: ajvOf(ourSchema('gradescope')) },
};

/** All strings in a value, keys too. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...stringsIn(one)]);
}

const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufffe\uffff]|\p{Cs}/u;

describe.for(Object.entries(formats))('%s', ([format, { make, errors }]) => {
  it.for(Object.entries(cases))('holds to its schema: %s', async ([, told]) => {
    expect(await errors(written(make, told))).toEqual([]);
  });

  it.for(Object.entries(cases))('has nothing that anybody obeys: %s', ([, told]) => {
    const text = written(make, told);
    expect(text).not.toMatch(OBEYED);
    expect(text.endsWith('\n')).toBe(true);
    const strings = format === 'junit' ? [] : stringsIn(JSON.parse(text));
    expect(strings.filter((one) => OBEYED.test(one))).toEqual([]);
  });

  it('makes the same bytes of the same results, whenever that is', () => {
    vi.useFakeTimers({ now: 0 });
    try {
      for (const told of Object.values(cases)) {
        const before = written(make, told);
        vi.advanceTimersByTime(100_000_000_000);
        expect(written(make, told)).toBe(before);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells all that it takes to go on', () => {
    const text = written(make, { results: mixed });
    for (const words of [
      'strings/session-ttl',
      'A session that ends',
      'session:xyz has no expiry.',
      'key:session:xyz:ttl',
      '30 minutes',
      'no expiry',
      'somebody else logs in',
      'another client',
      'SET session:xyz 2',
      'Look at EX.',
      'SET session:xyz 1 EX 1800',
      'Nobody lets go of the lock of another',
      'both inside',
      'I am in',
      'The server went away.',
      'Start it again.',
      'There is no answer.',
    ])
      expect(text, words).toContain(words);
    const { solution, ...unsolved } = inWorld;
    expect(written(make, { results: [unsolved] })).not.toContain(solution);
    expect(written(make, { fatal })).toContain('Install one.');
  });

  it('has a schema that refuses', async () => {
    const text = written(make, { results: mixed });
    const spoilt = text.replace('<testcase name', '<testcase nam').replace(/"(name|status)":/, '"nam":');
    expect(await errors(spoilt)).not.toEqual([]);
  });
});

describe('JUnit', () => {
  /** As a reader of XML sees it: CDATA and references are text. */
  async function read(told: Told): Promise<string> {
    const { normalized } = await validateXML({
      xml: written(junitReporter, told),
      normalization: 'c14n',
    });
    return normalized;
  }

  it('counts, and tells errors from failures', async () => {
    const xml = await read({ results: mixed });
    expect(xml).toContain('<testsuites errors="1" failures="3" name="Redis" tests="6">');
    expect(xml).toContain('<testsuite errors="1" failures="2" name="strings" skipped="0" tests="4">');
    expect(xml).toContain('<testsuite errors="0" failures="0" name="streams" skipped="1" tests="1">');
    expect(xml).toContain('<testcase classname="redis.strings" name="strings/set"></testcase>');
    expect(xml).toMatch(
      /name="strings\/incr">\s*<error message="The server went away." type="redis">strings\/incr: Count\nThe/,
    );
    expect(xml).toMatch(/name="strings\/append">\s*<failure message="There is no answer." type="missing">/);
    expect(xml).toMatch(/name="streams\/xadd">\s*<skipped><\/skipped>\s*<system-out>[^<]*it needs XADD\./);
    expect(xml).toMatch(/type="failed">locks\/own-release: Let go of your own\nPoints: +0.5 of 1\nBoth/);
    expect(xml).not.toMatch(/ time(stamp)?=| hostname=/);
  });

  it('loses nothing of what a parser would obey', async () => {
    const xml = await read({ begun: evilBeginning, results: [evil] });
    expect(xml).toContain('\\x1b[2J\\x9b1m\\x00\\u202e&lt;script&gt;alert(1)&lt;/script&gt;]]');
    expect(xml).toContain('\\ud800 \\udc00x\\u2028');
    expect(xml.match(new RegExp(LONG, 'g'))).toHaveLength(2);
  });

  it('has an error where a run came to nothing', async () => {
    const before = await read({ fatal });
    expect(before).toContain('<testsuites errors="1" failures="0" name="rediscover check" tests="1">');
    expect(before).toContain('No Redis is to be had.\nInstall one.</error>');
    expect(await read({ results: mixed, fatal })).toContain(
      '<testsuites errors="2" failures="3" name="Redis"',
    );
  });
});

describe('CTRF', () => {
  const read = (told: Told) => parse(written(ctrfReporter, told), { validate: true });
  const statusesOf = (told: Told) =>
    read(told).results.tests.map(({ status, rawStatus }) => [status, rawStatus]);

  it('counts as its own library does, and keeps our statuses beside', () => {
    expect(statusesOf({ results: mixed })).toEqual([
      ['passed', 'passed'],
      ['failed', 'failed'],
      ['failed', 'failed'],
      ['failed', 'error'],
      ['failed', 'missing'],
      ['skipped', 'skipped'],
    ]);
    for (const told of Object.values(cases)) {
      const { summary, tests } = read(told).results;
      const { suites, duration, ...counts } = calculateSummary(tests, { start: 0, stop: 0 });
      expect(summary).toMatchObject(counts);
      expect(validate(read(told)).errors).toEqual([]);
    }
  });

  it('has the points beside', () => {
    const { summary, tests } = read({ results: mixed, least: 4 }).results;
    expect(summary).toMatchObject({ passed: 1, failed: 4, skipped: 1, start: 0, stop: 0 });
    expect(summary.extra).toEqual({ score: 1.5, max: 6, least: 4, exitCode: 1 });
    expect(tests[1]).toMatchObject({
      testId: 'strings/session-ttl',
      suite: ['redis', 'strings'],
      duration: 0,
    });
    expect(tests[2]!.extra).toEqual({ score: 0.5, max: 1 });
    expect(tests[2]!.stdout).toEqual(inSchedule.output);
    expect(tests[2]!.trace).not.toContain('I am in');
  });

  it('has a test that failed where a run came to nothing', () => {
    expect(statusesOf({ fatal })).toEqual([['failed', 'error']]);
    expect(statusesOf({ results: [passed], fatal })).toEqual([
      ['passed', 'passed'],
      ['failed', 'error'],
    ]);
  });
});

describe('Exercism', () => {
  const read = (told: Told) => JSON.parse(written(exercismReporter, told));

  it('is passed where all that counts is', () => {
    expect(read({ results: mixed }).status).toBe('fail');
    expect(read({ results: [passed, skipped] })).toMatchObject({ version: 3, status: 'pass', message: null });
    expect(read({ results: [passed, missing] }).status).toBe('fail');
    expect(read({ results: [passed, error] }).status).toBe('fail');
    expect(read({ results: [skipped] })).toMatchObject({ status: 'fail', tests: [] });
  });

  it('tells errors from failures, and leaves out what is skipped', () => {
    const { tests } = read({ results: mixed });
    const statuses = tests.map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(['pass', 'fail', 'fail', 'error', 'fail']);
    expect(tests[1].test_code).toBe(
      'strings/session-ttl: A session that ends\nkey:session:xyz:exists\nkey:session:xyz:ttl',
    );
    expect(tests[2].message).toMatch(/^Points: +0.5 of 1\nBoth were inside\./);
    expect(tests[3].message).toBe('The server went away.\nStart it again.');
  });

  it('is an error where nothing could be judged, and says why', () => {
    expect(read({ results: [error, skipped] })).toMatchObject({
      status: 'error',
      message: 'strings/incr: Count\nThe server went away.\nStart it again.',
    });
    expect(read({ fatal })).toEqual({
      version: 3,
      status: 'error',
      message: 'No Redis is to be had.\nInstall one.',
      tests: [],
    });
    expect(read({ results: [passed], fatal })).toMatchObject({
      status: 'error',
      tests: [{ status: 'pass' }],
    });
  });

  it('cuts what is printed to 500 characters, and says so', () => {
    const outputOf = (...output: string[]) => read({ results: [{ ...passed, output }] }).tests[0].output;
    expect(outputOf('z'.repeat(499), '')).toBe(`${'z'.repeat(499)}\n`);
    const note = '\nOutput was truncated. Please limit to 500 chars';
    const kept = 500 - note.length;
    expect(outputOf('z'.repeat(600))).toBe(`${'z'.repeat(kept)}${note}`);
    const between = `${'z'.repeat(kept - 1)}${'😀'.repeat(99)}`;
    expect(outputOf(between)).toBe(`${'z'.repeat(kept - 1)}${note}`);
    expect(read({ results: mixed }).tests[2].message).not.toContain('I am in');
  });

  it('cuts the reason to 65535 bytes, between characters', () => {
    for (const room of [0, 1, 2]) {
      const { message } = read({ fatal: { message: 'a'.repeat(room) + '€'.repeat(30_000), exitCode: 2 } });
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_535);
      expect(Buffer.byteLength(message)).toBeGreaterThan(65_530);
      expect(message).toMatch(/^a*€+\n\[The rest is cut: there is too much of it.\]$/);
    }
  });
});

describe('check50', () => {
  const read = (told: Told) => JSON.parse(written(check50Reporter, told));

  it('is null where nothing was judged, and tells errors from what is skipped', () => {
    const { slug, results } = read({ results: mixed });
    expect(slug).toBe('redis');
    const verdicts = results.map(({ passed }: { passed: boolean | null }) => passed);
    expect(verdicts).toEqual([true, false, false, null, false, null]);
    expect(results[0].cause).toBeNull();
    expect(results[1].cause).toEqual({
      rationale: 'session:xyz has no expiry.\nIt should have one.',
      help: 'Look at EX.\nSET takes it too.',
      expected: '30 minutes',
      actual: 'no expiry',
    });
    expect(results[2].data).toEqual({ score: 0.5, max: 1, status: 'failed' });
    expect(results[3].cause).toMatchObject({
      rationale: 'This could not be judged.',
      help: 'Start it again.',
      error: { type: 'redis', value: 'The server went away.' },
    });
    expect(results[5].cause).toEqual({ rationale: skipped.message, help: null });
  });

  it('has an error in place of results where a run came to nothing', () => {
    expect(read({ fatal })).toMatchObject({
      slug: 'rediscover check',
      error: { type: 'exit code 3', value: 'No Redis is to be had.\nInstall one.' },
    });
    expect(read({ results: mixed, fatal })).not.toHaveProperty('results');
  });
});

describe('Gradescope', () => {
  const read = (told: Told) => JSON.parse(written(gradescopeReporter, told));

  it('gives points, and none for what is skipped', () => {
    const { score, output, tests } = read({ results: mixed, least: 4 });
    expect(score).toBe(1.5);
    expect(output).toBe('1.5 of 6 points. At least 4 are asked for.');
    expect(
      tests.map((test: Record<string, unknown>) => [test.score, test.max_score, test.status, test.tags]),
    ).toEqual([
      [1, 1, 'passed', ['passed']],
      [0, 2, 'failed', ['failed']],
      [0.5, 1, 'failed', ['failed']],
      [0, 1, 'failed', ['error']],
      [0, 1, 'failed', ['missing']],
      [undefined, undefined, undefined, ['skipped']],
    ]);
    expect(tests[0]).not.toHaveProperty('output');
    expect(tests[3].output).toBe('This could not be judged:\nThe server went away.\nStart it again.');
    expect(tests[5].output).toContain('it counts for nothing:\nIt can');
  });

  it('has all that it is given shown as text, not as HTML', () => {
    expect(read({ results: [evil] })).toMatchObject({
      output_format: 'text',
      test_output_format: 'text',
      test_name_format: 'text',
    });
  });

  it('gives no points where a run came to nothing', () => {
    const text = 'No Redis is to be had.\nInstall one.';
    expect(read({ fatal })).toMatchObject({ score: 0, output: text, tests: [] });
    expect(read({ results: [passed], fatal })).toMatchObject({ score: 0, output: text });
  });
});
