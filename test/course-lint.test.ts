import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, run as runIn } from './setup/run.ts';
import { freshHome } from './setup/terminal.ts';

const TINY = join(import.meta.dirname, '..', 'fixtures', 'courses', 'tiny');
const home = freshHome();
let dir: string;

function run(args: string[]): Promise<Ran> {
  return runIn(args, { home });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rediscover-lint-'));
  cpSync(TINY, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Changes the lesson and gives what lint says of it. */
function edit(file: string, from: string, to: string): void {
  const path = join(dir, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

describe('rediscover course lint', () => {
  it('finds nothing in the built-in course', async () => {
    const { code, stdout } = await run(['course', 'lint', '--static', 'lessons']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^No mistakes in \d+ lessons, \d+ exercises\.\n$/),
    });
  });

  it('says file, line and column of each mistake, and ends with 4', async () => {
    edit('first.md', 'string: Bo', 'strng: Bo');
    edit('first.md', 'GET visitor:7', 'GTE visitor:7');
    const { code, stdout } = await run(['course', 'lint', dir]);
    expect(code).toBe(4);
    expect(stdout).toBe(
      `${join(dir, 'first.md')}:15:1: There is no command "GTE"; it stands in this demo. (did you mean "GET"?)\n` +
        `${join(dir, 'first.md')}:28:5: A check of "key" knows no field "strng". (did you mean "string"?)\n` +
        '2 errors, 0 warnings.\n',
    );
  });

  it('runs the demos, and finds those that answer an error', async () => {
    edit('first.md', 'TTL code:ana', 'INCR code:ana\nLPUSH code:ana 1');
    const { code, stdout } = await run(['course', 'lint', dir]);
    expect(stdout).toContain('first.md:57:1: This demo line answers an error: WRONGTYPE');
    expect(stdout).toContain('\n1 error, 0 warnings.\n');
    expect(code).toBe(4);
    expect((await run(['course', 'lint', '--static', dir])).code).toBe(0);
  });

  it('goes on where a demo ends the connection', async () => {
    edit('first.md', 'GET visitor:7', 'QUIT');
    edit('first.md', 'TTL code:ana', 'LPUSH code:ana 1');
    const { code, stdout } = await run(['course', 'lint', dir]);
    expect(stdout).toContain('first.md:15:1: This demo line lost the connection to Redis.\n');
    expect(stdout).toContain('first.md:56:1: This demo line answers an error: WRONGTYPE');
    expect(code).toBe(4);
  });

  it('ends with 0 where there are warnings alone', async () => {
    edit('first.md', '  - The demo stored a value with its first command.\n', '');
    const { code, stdout } = await run(['course', 'lint', '--static', dir]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${join(dir, 'first.md')}:30:3: warning: There are 2 hints; three lead from a direction to nearly there.\n0 errors, 1 warning.\n`,
    });
  });

  it('lists new exercises with --fix', async () => {
    edit('course.yaml', '  - first/code\n', '');
    expect((await run(['course', 'lint', '--static', dir])).code).toBe(4);
    const { code, stdout } = await run(['course', 'lint', '--static', '--fix', dir]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'course.yaml now lists first/code.\nNo mistakes in 1 lesson, 3 exercises.\n',
    });
    expect(readFileSync(join(dir, 'course.yaml'), 'utf8')).toBe(
      readFileSync(join(TINY, 'course.yaml'), 'utf8'),
    );
  });

  it('gives JSON and nothing else with --json', async () => {
    edit('first.md', 'string: Bo', 'strng: Bo');
    const { code, stdout } = await run(['course', 'lint', '--json', dir]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'rediscover.course-lint/1',
      clean: false,
      errors: 1,
      warnings: 0,
      fixed: [],
      problems: [
        {
          file: 'first.md',
          line: 28,
          column: 5,
          severity: 'error',
          message: 'A check of "key" knows no field "strng".',
          hint: 'did you mean "string"?',
        },
      ],
    });
  });

  it('lets no control character of a lesson reach the terminal', async () => {
    edit('first.md', 'id: visit', 'id: "vi\\u001b[31msit"\nx\x1b[2Jy: 1');
    const { stdout } = await run(['course', 'lint', dir]);
    expect(stdout).toContain('first.md:');
    expect(stdout).not.toContain('\x1b');
  });
});

describe('rediscover course schema', () => {
  it('prints the schema that the built-in lessons name', async () => {
    const { code, stdout } = await run(['course', 'schema']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      readFileSync(join(import.meta.dirname, '..', 'lessons', 'course.schema.json'), 'utf8'),
    );
  });
});
