import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Exercise, exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { findServerProgram } from '../src/sandbox/find-program.ts';
import { openSandbox } from '../src/sandbox/open.ts';

/** What redis-cli would wait for, or takes for something else. */
const NOT_FOR_CLI = /^\s*(\.|SUBSCRIBE|PSUBSCRIBE|MONITOR|B[LZR]|WAIT|XREAD.*BLOCK|QUIT|HELLO|AUTH)/i;

export interface Checks {
  /** `rediscover check` of all lines of the course, against redis-cli running the same commands, answer by answer. */
  againstCli: number | undefined;
  /** The same, where one redis-cli runs the commands of all. */
  againstOneCli: number | undefined;
  /** Milliseconds of all lines, by one job and by two. */
  jobs: [number, number];
  /** Milliseconds from the save of an answers file to the verdict that `--watch` shows. */
  saved: number;
}

type InTurns = (runs: (() => unknown)[], rounds?: number) => Promise<number[]>;

export async function checks(
  { program, home, env }: { program: string; home: string; env: NodeJS.ProcessEnv },
  inTurns: InTurns,
): Promise<Checks> {
  const { course } = await loadCourse('lessons');
  const exercises = exercisesOf(course!).filter(({ module }) => !module);
  const dir = join(home, 'checks');
  mkdirSync(dir);
  const file = join(dir, 'all.answers');
  writeFileSync(file, fileOf(exercises));
  const check = (jobs: number) => () =>
    spawnSync(process.execPath, [program, 'check', '-a', file, '--only-answered', '-j', String(jobs)], {
      env,
    });
  const [bare, one, two] = await inTurns(
    [() => spawnSync(process.execPath, ['-e', '0']), check(1), check(2)],
    7,
  );
  const cli = await redisCli(exercises, inTurns);
  const best = Math.min(one!, two!) - bare!;
  return {
    againstCli: cli && best / cli.each,
    againstOneCli: cli && best / cli.all,
    jobs: [one!, two!],
    saved: await saved({ program, dir, env }),
  };
}

/** Milliseconds of the commands of all exercises on a started server: their given states, and their solutions in all worlds. */
async function redisCli(exercises: Exercise[], inTurns: InTurns) {
  const { cli, env } = await findServerProgram({});
  if (!cli || !existsSync(cli)) return undefined;
  const sandbox = await openSandbox();
  const { username, password, socketPath } = sandbox.learnerTarget;
  const login = ['-s', socketPath!, '--user', username!, '--pass', password!, '--no-auth-warning'];
  const run = (input: string) => spawnSync(cli, login, { input, env: { ...process.env, ...env } });
  const inputs = exercises.map((exercise) => `${commandsOf(exercise).join('\n')}\n`);
  const [each, all] = await inTurns([() => inputs.forEach(run), () => run(inputs.join(''))], 5);
  await sandbox.close();
  return { each: each!, all: all! };
}

function commandsOf({ given, solution, worlds }: Exercise): string[] {
  const answer = solution.lines.map(({ text }) => text);
  const ways = [{ given, gaps: 1 }, ...worlds.map((world) => ({ ...world, gaps: gapsOf(world, answer) }))];
  return ways
    .flatMap(({ given, gaps }) =>
      Array.from({ length: gaps }, () => ['FLUSHALL', ...given.map(({ text }) => text), ...answer]).flat(),
    )
    .filter((line) => !NOT_FOR_CLI.test(line));
}

function gapsOf({ meanwhile, dies }: Exercise['worlds'][number], answer: string[]): number {
  if (dies) return Math.max(1, answer.length - 1);
  return meanwhile.length > 0 ? answer.length + 1 : 1;
}

function fileOf(exercises: Exercise[]): string {
  const sections = exercises.map(
    ({ id, solution }) => `== ${id}\n${solution.lines.map(({ text }) => text).join('\n')}\n`,
  );
  return `#! rediscover answers v1\n${sections.join('')}`;
}

/** The median of several saves. */
async function saved({ program, dir, env }: { program: string; dir: string; env: NodeJS.ProcessEnv }) {
  const file = join(dir, 'watched.answers');
  const text = (value: number) =>
    `#! rediscover answers v1\n== strings/session-ttl\nSET session:xyz user_data EX ${value}\n`;
  writeFileSync(file, text(1));
  const child = spawn(process.execPath, [program, 'check', '-a', file, '--only-answered', '--watch'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let seen = '';
  let hear = () => {};
  child.stdout.setEncoding('utf8').on('data', (data) => {
    seen += data;
    hear();
  });
  const until = (words: string) =>
    new Promise<void>((done) => {
      hear = () => {
        if (seen.includes(words)) done();
      };
      hear();
    });
  await until('1 failed.\n');
  const times: number[] = [];
  for (let round = 2; round < 12; round++) {
    seen = '';
    const started = performance.now();
    writeFileSync(file, text(round));
    await until('1 failed.\n');
    times.push(performance.now() - started);
  }
  child.kill('SIGTERM');
  return times.sort((a, b) => a - b)[5]!;
}
