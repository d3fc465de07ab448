import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from 'redis';
import { exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { Attempt } from '../src/engine/attempt.ts';
import { changesBetween } from '../src/engine/changes.ts';
import { Scenarios } from '../src/engine/scenarios.ts';
import { Worlds } from '../src/engine/worlds.ts';
import { findServerProgram } from '../src/sandbox/find-program.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { drawChanges } from '../src/ui/changes.ts';
import { themeFor } from '../src/ui/theme.ts';
import { checks } from './checks.ts';

// How fast the program is, side by side with what it is built on, in one run. Ratios, as machines differ.

const program = resolve(import.meta.dirname, '..', 'bin', 'rediscover.js');
const home = mkdtempSync(join(tmpdir(), 'rediscover-bench-'));
const ROUNDS = 15;
const rows: { what: string; measured: string; bar: string; met: boolean | undefined }[] = [];

const parts = { processes, greatCourse, keystrokes, otherWorlds, schedules, wholeCourse, pipes, checking };
// All of them, or those that are named: npm run bench -- checking
const wanted = process.argv.slice(2);
for (const [name, part] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) await part();
print();

/** Starts of processes, in turns with `node -e 0`. */
async function processes(): Promise<void> {
  const node = () => spawnSync(process.execPath, ['-e', '0']);
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { env: ours() });
  const [base, version, list] = await inTurns([node, () => run('--version'), () => run('list')]);
  ratio('rediscover --version', version!, base!, 1.5);
  ratio('rediscover list', list!, base!, 1.5);
  const screens = await firstScreens();
  if (screens) {
    const [bare, ready] = await inTurns([node, screens]);
    ratio('first exercise ready for typing', ready!, bare!, 3);
    await memory();
  }
}

/** Somebody's course of 1,000 exercises: compiled the first time, and kept. */
async function greatCourse(): Promise<void> {
  const dir = join(home, 'great');
  mkdirSync(dir);
  const lessons = Array.from({ length: 50 }, (_, at) => `lesson-${at}`);
  for (const name of lessons) writeFileSync(join(dir, `${name}.md`), lessonOf(20));
  writeFileSync(
    join(dir, 'course.yaml'),
    `id: great\ntitle: Great\nfloor: "6.2"\nlessons: [${lessons}]\nexercises: []\n`,
  );
  const env = { ...ours(), REDISCOVER_HOME: home };
  const list = () => spawnSync(process.execPath, [program, 'list', '--course', dir], { env });
  const [first] = await inTurns([list], 1);
  const [base, again] = await inTurns([() => spawnSync(process.execPath, ['-e', '0']), list]);
  ratio('list of 1000 exercises, compiled before', again!, base!, 4);
  rows.push({
    what: 'the same, against the first time',
    measured: `${(again! / first!).toFixed(2)} x`,
    bar: '',
    met: undefined,
  });
}

function lessonOf(exercises: number): string {
  const steps = Array.from(
    { length: exercises },
    (_, at) => `
## Step ${at}

Sessions, one-time codes and *cached* pages should not live for ever: see \`EXPIRE\`.

\`\`\`redis demo
SET session:abc123 user_data EX 3600
TTL session:abc123
\`\`\`

**Your turn.** Keep \`v${at}\` under \`k:${at}\` for half an hour.

\`\`\`yaml exercise
id: step-${at}
given: [SET cart:9 "2 apples"]
checks:
  - key: k:${at}
    string: v${at}
    ttl: 1800
hints: [SET takes options., EX counts seconds., How many are 30 minutes?]
solution: SET k:${at} v${at} EX 1800
accept: [SETEX k:${at} 1800 v${at}]
reject:
  - { try: SET k:${at} v${at}, because: has no expiry }
  - { try: SET k:${at} v${at} EX 30, because: 30 s }
  - { try: SET k:x v${at} EX 1800, because: is not there }
\`\`\`
`,
  );
  return `---\ntitle: A lesson\nminutes: 12\ncommands: [SET]\n---\n${steps.join('')}`;
}

/** Opens the course on a terminal of its own and waits for the prompt. */
async function firstScreens(): Promise<(() => Promise<void>) | undefined> {
  if (spawnSync('script', ['--version']).status !== 0) return undefined;
  return () => atPrompt(() => {});
}

function atPrompt(then: (pid: number) => void): Promise<void> {
  return new Promise((done) => {
    const child = spawn('script', ['-qfec', `stty cols 80 rows 24; exec node ${program}`, '/dev/null'], {
      env: ours(),
      detached: true,
    });
    let seen = '';
    child.stdout.on('data', (data) => {
      seen += data;
      if (!seen.includes('redis>')) return;
      child.stdout.removeAllListeners('data');
      then(child.pid!);
      process.kill(-child.pid!, 'SIGKILL');
      done();
    });
  });
}

async function memory(): Promise<void> {
  await atPrompt((pid) => {
    const all = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' });
    const processes = all.split('\n').map((line) => {
      const [own, parent, rss, ...args] = line.trim().split(/\s+/);
      return { pid: Number(own), parent: Number(parent), rss: Number(rss) / 1024, args: args.join(' ') };
    });
    const family = new Set([pid]);
    for (const one of processes) if (family.has(one.parent)) family.add(one.pid);
    const mine = processes.filter((one) => family.has(one.pid));
    const us = mine.find((one) => one.args.includes('rediscover.js') && one.args.startsWith('node'));
    const server = mine.find(
      (one) => /(redis|valkey)-server/.test(one.args) && !one.args.startsWith('/bin/sh'),
    );
    if (us) most('memory of the program at the prompt', us.rss, 90, 'MB');
    if (server) most('memory of the server', server.rss, 15, 'MB');
  });
}

/** A command typed: reply, changes and verdict, against the bare round trip. */
async function keystrokes(): Promise<void> {
  const sandbox = await openSandbox();
  const { course } = await loadCourse('lessons');
  const exercise = exercisesOf(course!)[0]!;
  const { username, password, socketPath } = sandbox.learnerTarget;
  const raw = createClient({ username, password, socket: { path: socketPath, tls: false } });
  raw.on('error', () => {});
  await raw.connect();
  const attempt = await Attempt.begin(sandbox, exercise, { restorable: true });
  const theme = themeFor({ isTTY: true, columns: 80 }, { FORCE_COLOR: '1' });
  let n = 0;
  const bare = () => raw.sendCommand(['SET', 'bench:1', String(n++)]);
  const typed = async () => {
    const before = attempt.latest;
    await attempt.run(`SET bench:2 ${n++}`);
    await attempt.judge();
    drawChanges(changesBetween(before, attempt.latest), { theme, width: 80 });
  };
  const [bareTime, typedTime] = await inTurns([bare, typed], 400);
  most('a command typed, beyond the bare round trip', typedTime! - bareTime!, 2, 'ms');
  // What the engine sends to judge is EVALSHA; all else that the server counts, it runs within.
  const calls = async () => {
    const info = await sandbox.engine.send(['INFO', 'commandstats']);
    const text = info.type === 'bulk' ? info.bytes.toString() : '';
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(text)?.[1] ?? 0);
  };
  const before = await calls();
  await attempt.judge();
  const trips = (await calls()) - before;
  rows.push({ what: 'judging an exercise', measured: `${trips} round trip`, bar: '1', met: trips === 1 });
  raw.destroy();
  await sandbox.close();
}

/** A right answer tried in all worlds of its exercise, against its verdict without them: the dearest exercise counts. */
async function otherWorlds(): Promise<void> {
  const sandbox = await openSandbox();
  const worlds = new Worlds(() => openSandbox());
  const { course } = await loadCourse('lessons');
  const beyond: number[] = [];
  for (const exercise of exercisesOf(course!).filter((one) => one.worlds.length > 0)) {
    const own = await Attempt.begin(sandbox, { ...exercise, worlds: [] });
    await own.runAll(exercise.solution);
    const all = await Attempt.begin(sandbox, exercise, { worlds });
    await all.runAll(exercise.solution);
    const [ownTime, allTime] = await inTurns([() => own.judge(), () => all.judge()]);
    beyond.push(allTime! - ownTime!);
  }
  most('the worlds of one exercise, beyond its verdict', Math.max(...beyond), 10, 'ms');
  await Promise.all([sandbox.close(), worlds.close()]);
}

/** A right lock in every schedule of its races: what a thousand of them take. */
async function schedules(): Promise<void> {
  const { course } = await loadCourse('lessons');
  const exercise = exercisesOf(course!).find(({ id }) => id === 'locks/own-release')!;
  const scenarios = new Scenarios(() => openSandbox(), { trusted: true });
  let tried = 0;
  scenarios.onTried = () => void tried++;
  const [code] = exercise.module!.solutions;
  await scenarios.judge(exercise, code!);
  tried = 0;
  const started = performance.now();
  for (let times = 0; times < 3; times++) await scenarios.judge(exercise, code!);
  const seconds = (performance.now() - started) / 1000;
  await scenarios.close();
  most('1000 schedules of a lock', (seconds / tried) * 1000, 3, 's');
}

async function wholeCourse(): Promise<void> {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [program, 'course', 'test', 'lessons', '--fresh'], {
    env: ours(),
  });
  const seconds = (performance.now() - started) / 1000;
  most(`the whole course tested${status === 0 ? '' : ' (not clean)'}`, seconds, 20, 's');
}

/** A thousand commands through a pipe, against the redis-cli that came with the server. */
async function pipes(): Promise<void> {
  const { cli, env } = await findServerProgram({});
  if (!cli || !existsSync(cli)) return;
  const sandbox = await openSandbox();
  const { username, password, socketPath } = sandbox.learnerTarget;
  const login = ['-s', socketPath!, '--user', username!, '--pass', password!, '--no-auth-warning'];
  const url = `unix://${username}:${password}@${socketPath}`;
  const input = Array.from({ length: 1000 }, (_, i) => `SET pipe:${i} ${i}\n`).join('');
  const [theirs, mine] = await inTurns(
    [
      () => spawnSync(cli, login, { input, env: { ...process.env, ...env } }),
      () =>
        spawnSync(process.execPath, [program, 'shell'], { input, env: { ...ours(), REDISCOVER_REDIS: url } }),
    ],
    5,
  );
  rows.push({
    what: '1000 commands piped, against redis-cli',
    measured: `${(mine! / theirs!).toFixed(2)} x`,
    bar: '',
    met: undefined,
  });
  await sandbox.close();
}

async function checking(): Promise<void> {
  const { againstCli, againstOneCli, jobs, saved } = await checks({ program, home, env: ours() }, inTurns);
  if (againstCli !== undefined && againstOneCli !== undefined) {
    const measured = `${againstCli.toFixed(2)} x, beside node -e 0`;
    rows.push({ what: 'check of all lines, against redis-cli', measured, bar: '3 x', met: againstCli <= 3 });
    const one = `${againstOneCli.toFixed(2)} x`;
    rows.push({
      what: 'the same, where one redis-cli runs them all',
      measured: one,
      bar: '',
      met: undefined,
    });
  }
  const [one, two] = jobs;
  const times = `${(one / two).toFixed(2)} x (${one.toFixed(0)} and ${two.toFixed(0)} ms)`;
  rows.push({
    what: 'check by two jobs, as fast as by one',
    measured: times,
    bar: '',
    met: one / two >= 1.6,
  });
  most('check --watch, from the save to the verdict', saved, 100, 'ms');
}

/** Medians in milliseconds, taken in turns so that a busy moment hits all alike. */
async function inTurns(runs: (() => unknown)[], rounds = ROUNDS): Promise<number[]> {
  const times = runs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const started = performance.now();
      await run();
      times[index]!.push(performance.now() - started);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!);
}

function ratio(what: string, time: number, base: number, bar: number): void {
  const measured = `${(time / base).toFixed(2)} x node -e 0 (${time.toFixed(0)} ms)`;
  rows.push({ what, measured, bar: `${bar} x`, met: time / base <= bar });
}

function most(what: string, value: number, bar: number, unit: string): void {
  rows.push({ what, measured: `${value.toFixed(2)} ${unit}`, bar: `${bar} ${unit}`, met: value <= bar });
}

function print(): void {
  for (const { what, measured, bar, met } of rows) {
    const mark = met === undefined ? ' ' : met ? '+' : 'x';
    console.log(`${mark} ${what.padEnd(46)} ${measured.padEnd(30)} ${bar && `at most ${bar}`}`);
  }
}

function ours(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_STATE_HOME: home, NO_COLOR: '1' };
  return env;
}
