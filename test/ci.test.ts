import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findServerProgram } from '../src/sandbox/find-program.ts';
import { folder } from './setup/sandbox-stage.ts';
import { freshHome, PROGRAM } from './setup/terminal.ts';

const ANSWERS = `#! rediscover answers v1
== strings/session-ttl
SET session:xyz user_data EX 1800
`;
const { command, env: serverEnv } = await findServerProgram();

/** A PATH with a server in it, as an image has that brings one, and `rediscover`. */
function bin(): string {
  const made = folder();
  const script = (name: string, text: string) => {
    writeFileSync(join(made, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  script('rediscover', `exec '${process.execPath}' '${PROGRAM}' "$@"`);
  const set = Object.entries(serverEnv).map(([name, value]) => `${name}='${value}'`);
  script('redis-server', `exec env ${set.join(' ')} '${command}' "$@"`);
  chmodSync(made, 0o755);
  return made;
}

/** Runs a line of a shell with nothing in its environment but PATH. */
function bare(line: string, cwd: string, before: string[] = []) {
  const path = [bin(), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const [first, ...rest] = [...before, '/bin/sh', '-c', line];
  return spawnSync(first!, rest, {
    cwd,
    env: { PATH: path, GITHUB_STEP_SUMMARY: 'summary.md' },
    encoding: 'utf8',
  });
}

describe('check in CI', () => {
  const check = 'rediscover check --answers my.answers --only-answered';

  test('needs no HOME, no terminal and no variable but PATH, in a folder that is read-only', () => {
    const place = folder();
    writeFileSync(join(place, 'my.answers'), ANSWERS);
    chmodSync(place, 0o555);
    const { status, stdout } = bare(check, place);
    expect([status, stdout]).toEqual([0, expect.stringContaining('1 of 1 passed.')]);
    expect(readdirSync(place)).toEqual(['my.answers']);
  });

  const others = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups'];
  const canBeOthers = spawnSync(others[0]!, [...others.slice(1), 'true']).status === 0;
  test.skipIf(!canBeOthers)('runs as a user that the system does not know', () => {
    const place = folder();
    chmodSync(place, 0o755);
    writeFileSync(join(place, 'my.answers'), ANSWERS);
    // The program and the server may lie in a home that is closed to others.
    const readable =
      spawnSync(others[0]!, [...others.slice(1), 'test', '-r', PROGRAM, '-a', '-x', command]).status === 0;
    const { status, stdout, stderr } = bare(check, place, others);
    if (readable) expect([status, stdout]).toEqual([0, expect.stringContaining('1 of 1 passed.')]);
    else expect(stderr).not.toMatch(/^\s+at /m);
  });

  const alone = ['unshare', '--user', '--map-root-user', '--net'];
  const canBeAlone = spawnSync(alone[0]!, [...alone.slice(1), 'true']).status === 0;
  test.skipIf(!canBeAlone)(
    'works offline where a server is in PATH, and says what to do where none is',
    () => {
      const place = folder();
      writeFileSync(join(place, 'my.answers'), ANSWERS);
      expect(bare(check, place, alone).status).toBe(0);
      const none = spawnSync(
        alone[0]!,
        [...alone.slice(1), process.execPath, PROGRAM, 'doctor', '--fetch', '--home', place],
        {
          env: { PATH: dirname(process.execPath) },
          encoding: 'utf8',
        },
      );
      expect([none.status, none.stdout]).toEqual([3, '']);
      expect(none.stderr).toContain('No Redis server can be had here.');
      expect(none.stderr).toContain('--redis');
    },
  );

  test('takes by flags what variables say, and the flag counts', () => {
    const place = folder();
    writeFileSync(join(place, 'my.answers'), ANSWERS);
    mkdirSync(join(place, 'tmp'));
    const flags = `--home '${place}/home' --tmp '${place}/tmp' --color`;
    const { status, stdout } = bare(
      `NO_COLOR=1 REDISCOVER_HOME=/nowhere TMPDIR=/nowhere ${check} ${flags}`,
      place,
    );
    expect([status, stdout]).toEqual([0, expect.stringContaining('\x1b[')]);
    expect(bare(`FORCE_COLOR=1 ${check} --no-color`, place).stdout).not.toContain('\x1b');
    expect(readdirSync(join(place, 'tmp'))).toEqual([]);
  });
});

test('doctor --fetch has a server at hand, and says which', () => {
  const { status, stdout } = bare('rediscover doctor --fetch', folder());
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^✓ (Redis|Valkey) [\d.]+, from PATH: /)]);
  const json = bare('rediscover doctor --fetch --json', folder());
  expect(JSON.parse(json.stdout).checks).toMatchObject([{ id: 'fetch', status: 'ok' }]);
});

describe('docs/ci.md', () => {
  const text = readFileSync('docs/ci.md', 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, kind, body]) => ({
    kind,
    body: body!,
  }));
  const [github, gitlab] = blocks.filter(({ kind }) => kind === 'yaml').map(({ body }) => parse(body));
  const docker = blocks.find(({ kind }) => kind === 'dockerfile')!.body;
  const steps: Record<string, string[]> = {
    GitHub: github.jobs.check.steps.flatMap(({ run }: { run?: string }) => run ?? []),
    GitLab: [...gitlab.answers.before_script, ...gitlab.answers.script],
    container: [
      ...[...docker.matchAll(/^RUN (.*)$/gm)].map(([, line]) => line!),
      JSON.parse(/^CMD (.*)$/m.exec(docker)![1]!).join(' '),
    ],
  };

  test.for(Object.entries(steps))('has commands that do what it says: %s', ([where, lines]) => {
    const place = folder();
    writeFileSync(join(place, 'my.answers'), ANSWERS);
    expect(lines.length).toBeGreaterThan(2);
    const ours = lines.filter((line) => !/^npm install --global rediscover$/.test(line));
    expect(ours.length).toBe(lines.length - 1);
    for (const line of ours) {
      expect(line).toMatch(/^rediscover /);
      // Where an image keeps it, a test may not write.
      const { status, stderr } = bare(
        line.replaceAll('/opt/rediscover', `${place}/opt`).replaceAll('/tmp/', `${place}/`),
        place,
      );
      expect([status, stderr]).toEqual([0, expect.anything()]);
    }
    const wanted = { GitHub: ['summary.md', 'junit.xml'], GitLab: ['junit.xml'], container: ['report.json'] }[
      where
    ]!;
    for (const file of wanted) expect(statSync(join(place, file)).size).toBeGreaterThan(100);
  });

  test('names reports and flags that there are', () => {
    const kinds = [...text.matchAll(/--report ([\w-]+)=/g)].map(([, kind]) => kind!);
    const place = folder();
    writeFileSync(join(place, 'my.answers'), ANSWERS);
    const flags = [...new Set(kinds)].map((kind) => `--report ${kind}=${kind}`).join(' ');
    expect(bare(`rediscover check -a my.answers --only-answered ${flags}`, place).status).toBe(0);
    for (const kind of kinds) expect(existsSync(join(place, kind))).toBe(true);
  });
});

test('a course of somebody else is checked from a read-only folder too', () => {
  const place = folder();
  cpSync('fixtures/courses/tiny', join(place, 'course'), { recursive: true });
  writeFileSync(join(place, 'my.answers'), '#! rediscover answers v1\n== first/visit\nSET visitor:8 Bo\n');
  chmodSync(join(place, 'course'), 0o555);
  const line = `rediscover check --home '${freshHome()}' --course course -a my.answers --only-answered`;
  expect(bare(line, place).status).toBe(0);
});
