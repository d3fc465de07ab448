import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as immediate } from 'node:timers/promises';
import { build } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smallCourse } from '../../test/setup/small-course.ts';
import { openProgress, readProgress } from './progress.ts';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-progress-'));
const writer = join(folder, 'writer.mjs');
let home: string;
let file: string;

beforeAll(async () => {
  // What the child processes run: solves the exercises named, one after the other, and says so.
  writeFileSync(
    join(folder, 'writer-source.ts'),
    `import { openProgress } from ${JSON.stringify(new URL('./progress.ts', import.meta.url).pathname)};
     const [file, name, count] = process.argv.slice(2);
     const course = { id: 'small', title: '', floor: '6.2', lessons: [], retired: {} };
     const progress = await openProgress(course, { file });
     for (let i = 0; i < Number(count); i++) {
       await progress.solve(name + '/' + i);
       process.stdout.write(name + '/' + i + '\\n');
     }
     if (progress.warning) process.stderr.write(progress.warning);`,
  );
  await build({
    input: join(folder, 'writer-source.ts'),
    platform: 'node',
    output: { file: writer },
    logLevel: 'silent',
  });
});
beforeEach(() => {
  home = mkdtempSync(join(folder, 'home-'));
  file = join(home, 'state', 'progress.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const course = smallCourse({ strings: ['a', 'b', 'c'] });

function stored(): {
  version: number;
  courses: Record<string, { exercises: Record<string, unknown>; last?: string }>;
} {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function damaged(): string[] {
  return readdirSync(join(home, 'state')).filter((name) => name.startsWith('progress.json.damaged-'));
}

function write(text: string): void {
  spawnSync('mkdir', ['-p', join(home, 'state')]);
  writeFileSync(file, text);
}

describe('progress', () => {
  it('is there again for the next run', async () => {
    const first = await openProgress(course, { file });
    expect(first.next).toBe('strings/a');
    await first.visit('strings/b');
    await first.solve('strings/b', { hints: 1, tries: 3 });
    await first.skip('strings/c');
    await first.reveal('strings/a');

    const second = await openProgress(course, { file });
    expect(second.warning).toBeUndefined();
    expect(['a', 'b', 'c', 'd'].map((name) => second.statusOf(`strings/${name}`))).toEqual([
      'revealed',
      'solved',
      'skipped',
      'none',
    ]);
    expect(second.markOf('strings/b')).toMatchObject({ status: 'solved', attempts: 3, hints: 1 });
    expect(second.next).toBe('strings/c');
    expect(stored()).toMatchObject({ version: 1, courses: { small: { last: 'strings/b' } } });
  });

  it('goes on after the last exercise, then with what was left open before it', async () => {
    const progress = await openProgress(course, { file });
    await progress.solve('strings/c');
    await progress.visit('strings/c');
    expect(progress.next).toBe('strings/a');
    await progress.solve('strings/a');
    await progress.solve('strings/b');
    expect(progress.next).toBeUndefined();
  });

  it('keeps the language that solved a code exercise, and reads on where it knows none', async () => {
    const progress = await openProgress(course, { file });
    await progress.solve('strings/a', { tries: 2, language: 'python' });
    await progress.solve('strings/b');
    await progress.solve('strings/a', { language: 'javascript' });
    const later = await openProgress(course, { file });
    expect(later.markOf('strings/a')).toMatchObject({ status: 'solved', attempts: 2, language: 'python' });
    expect(later.markOf('strings/b')).not.toHaveProperty('language');
    write(readFileSync(file, 'utf8').replace('"python"', '"cobol"'));
    const last = await openProgress(course, { file });
    expect(last.warning).toBeUndefined();
    expect(last.markOf('strings/a')).toMatchObject({ status: 'solved', attempts: 2 });
    expect(last.markOf('strings/a')).not.toHaveProperty('language');
  });

  it('does not take a solved exercise back when it is skipped or revealed later', async () => {
    const progress = await openProgress(course, { file });
    await progress.solve('strings/a', { hints: 0, tries: 1 });
    await progress.skip('strings/a');
    await progress.reveal('strings/a');
    await progress.solve('strings/a', { hints: 3, tries: 9 });
    expect(progress.markOf('strings/a')).toMatchObject({ status: 'solved', attempts: 1, hints: 0 });
  });

  it('counts a revealed exercise as solved once it is', async () => {
    const progress = await openProgress(course, { file });
    await progress.reveal('strings/a');
    await progress.solve('strings/a');
    expect(progress.statusOf('strings/a')).toBe('solved');
  });

  it('forgets one lesson, or all of it', async () => {
    const progress = await openProgress(course, { file });
    await progress.solve('strings/a');
    await progress.solve('keys/a');
    await progress.visit('strings/a');
    expect(await progress.reset('strings')).toBe(1);
    expect([progress.statusOf('strings/a'), progress.statusOf('keys/a')]).toEqual(['none', 'solved']);
    expect(stored().courses.small?.last).toBeUndefined();
    expect(await progress.reset()).toBe(1);
    expect((await readProgress(course, { file })).statusOf('keys/a')).toBe('none');
  });

  it('keeps the courses apart, whatever they are called', async () => {
    for (const id of ['constructor', '__proto__', 'c']) {
      const progress = await openProgress({ ...course, id }, { file });
      expect(progress.statusOf('strings/a')).toBe('none');
      await progress.solve('strings/a');
      expect(progress.statusOf('strings/a')).toBe('solved');
      expect(progress.statusOf('constructor')).toBe('none');
    }
    expect(Object.keys(stored().courses)).toEqual(['constructor', '__proto__', 'c']);
  });

  it('files an exercise that was renamed under its new id', async () => {
    const before = await openProgress(course, { file });
    await before.solve('strings/a');
    await before.visit('strings/a');
    await before.solve('strings/c');
    const renamed = smallCourse(
      { strings: ['x'] },
      {
        'strings/a': 'strings/b2',
        'strings/b2': 'strings/x',
        'strings/c': null,
        'strings/loop': 'strings/loop',
      },
    );
    const after = await openProgress(renamed, { file });
    expect(after.statusOf('strings/x')).toBe('solved');
    await after.skip('strings/loop');
    expect(stored().courses.small).toMatchObject({
      exercises: { 'strings/x': { status: 'solved' }, 'strings/c': { status: 'solved' } },
      last: 'strings/x',
    });
  });

  it('makes nothing when it is only looked at', async () => {
    expect((await readProgress(course, { file })).warning).toBeUndefined();
    expect(existsSync(join(home, 'state'))).toBe(false);
  });

  it('is for the user alone to read', async () => {
    await (await openProgress(course, { file })).solve('strings/a');
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(home, 'state')).mode & 0o777).toBe(0o700);
  });

  it('leaves a link in place and writes where it leads', async () => {
    write('');
    rmSync(file);
    writeFileSync(join(home, 'elsewhere.json'), '{"version":1,"courses":{}}');
    symlinkSync(join(home, 'elsewhere.json'), file);
    await (await openProgress(course, { file })).solve('strings/a');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'elsewhere.json'), 'utf8')).toContain('strings/a');
  });
});

describe('a file that is not as it should be', () => {
  const broken = [
    '',
    '{"version":1,"courses":{"c":{"exercises":{"strings/a":{"sta',
    'null',
    '{"version":1}',
    '{"courses":{}}',
    '{"version":1,"courses":{"c":{"exercises":[]}}}',
    '{"version":1,"courses":{"c":{"exercises":{"strings/a":{"status":"won","at":"","attempts":1,"hints":0}}}}}',
    '{"version":1,"courses":{"c":{"exercises":{},"last":7}}}',
    '\0\0\0\0',
  ];
  it.each(broken)('is set aside whole and a new one begun: %j', async (text) => {
    write(text);
    const progress = await openProgress(course, { file });
    const [aside] = damaged();
    expect(readFileSync(join(home, 'state', aside!), 'utf8')).toBe(text);
    expect(progress.warning).toContain(aside);
    await progress.solve('strings/a');
    expect(progress.kept).toBe(true);
    expect((await openProgress(course, { file })).statusOf('strings/a')).toBe('solved');
    expect(damaged()).toHaveLength(1);
  });

  it('is set aside also when it breaks while the program runs', async () => {
    const heard: string[] = [];
    const progress = await openProgress(course, { file, onWarning: (warning) => heard.push(warning) });
    write('torn {');
    await progress.solve('strings/a');
    expect(heard).toHaveLength(1);
    expect(damaged()).toHaveLength(1);
    expect(stored().courses.small?.exercises).toHaveProperty(['strings/a']);
  });

  it('is left alone when a newer version wrote it', async () => {
    const text = '{"version":2,"courses":{},"more":true}';
    write(text);
    const progress = await openProgress(course, { file });
    expect(progress.warning).toMatch(/newer Rediscover/);
    await progress.solve('strings/a');
    expect(progress.statusOf('strings/a')).toBe('solved');
    expect(progress.kept).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(join(home, 'state'))).toEqual(['progress.json']);
  });
});

describe('a folder that can’t be written', () => {
  it('lets the learner go on, and says that nothing is kept', async () => {
    writeFileSync(join(home, 'state'), 'a file where the folder should be');
    const progress = await openProgress(course, { file });
    expect(progress.warning).toMatch(/not kept: .*\((EEXIST|ENOTDIR)\)/);
    await progress.visit('strings/b');
    await progress.solve('strings/a');
    expect(progress.statusOf('strings/a')).toBe('solved');
    expect(progress.next).toBe('strings/b');
  });
});

describe('copies of the program that run at once', () => {
  it('lose none of each other’s records', async () => {
    const names = ['one', 'two', 'three', 'four'];
    await Promise.all(
      names.map(async (name) => {
        const child = spawn(process.execPath, [writer, file, name, '15'], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        const said: string[] = [];
        child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
        await once(child, 'close');
        expect(said).toEqual([]);
      }),
    );
    expect(Object.keys(stored().courses.small!.exercises)).toHaveLength(60);
    expect(readdirSync(join(home, 'state'))).toEqual(['progress.json']);
  });

  it('wait for each other without holding up the program, and keep their changes in order', async () => {
    const progress = await openProgress(course, { file });
    writeFileSync(`${file}.lock`, `${process.pid} ${hostname()} another copy`);
    const changes = [progress.reveal('strings/a'), progress.visit('strings/b'), progress.skip('strings/a')];
    // Turns of the event loop go by meanwhile, and nothing is written.
    for (let turn = 0; turn < 5; turn++) await immediate();
    expect(existsSync(file)).toBe(false);
    rmSync(`${file}.lock`);
    await progress.settled();
    expect(stored().courses.small).toMatchObject({
      exercises: { 'strings/a': { status: 'revealed' } },
      last: 'strings/b',
    });
    await Promise.all(changes);
    expect(progress.statusOf('strings/a')).toBe('revealed');
  });

  it('see each other’s records when they write', async () => {
    const one = await openProgress(course, { file });
    const two = await openProgress(course, { file });
    await one.solve('strings/a');
    await two.skip('strings/a');
    expect(two.statusOf('strings/a')).toBe('solved');
  });
});

describe('a crash', () => {
  it('of several copies at any instant leaves every record that was made before, and no lock that holds', async () => {
    const made = new Set<string>();
    const writeUntilKilled = async (name: string, left: number) => {
      const child = spawn(process.execPath, [writer, file, name, '100000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        made.add(line);
        // Killed from here, it dies somewhere in the midst of a later write.
        if (--left === 0) child.kill('SIGKILL');
      });
      await Promise.all([once(child, 'exit'), once(lines, 'close')]);
    };
    for (let round = 0; round < 4; round++) {
      await Promise.all(
        ['a', 'b', 'c'].map((name, at) => writeUntilKilled(`${name}${round}`, 1 + round * 2 + at)),
      );
      const progress = await readProgress(course, { file });
      expect(progress.warning).toBeUndefined();
      for (const id of made) expect(progress.statusOf(id)).toBe('solved');
    }
    await (await openProgress(course, { file })).solve('strings/a');
    expect(readdirSync(join(home, 'state'))).toEqual(['progress.json']);
  });

  it('between write and rename leaves the old file, and what it left over is cleared away', async () => {
    await (await openProgress(course, { file })).solve('strings/a');
    const old = readFileSync(file, 'utf8');
    const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid, os.hostname(), "x")'], {
      encoding: 'utf8',
    });
    writeFileSync(`${file}.lock`, dead.stdout.trim());
    writeFileSync(`${file}.tmp-1`, old.slice(0, 40));

    const progress = await openProgress(course, { file });
    expect(progress.statusOf('strings/a')).toBe('solved');
    await progress.solve('strings/b');
    expect(Object.keys(stored().courses.small!.exercises)).toEqual(['strings/a', 'strings/b']);
    expect(readdirSync(join(home, 'state'))).toEqual(['progress.json']);
  });
});
