import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExitCode, Failure } from '../failure.ts';
import { stateFolder } from '../folders.ts';
import { safeJson } from '../report/safe-json.ts';
import { PROVIDERS, searchFrom } from '../sandbox/find-program.ts';
import { readNamedTarget } from '../sandbox/named-target.ts';
import { checkPermissions } from '../sandbox/permissions.ts';
import { startPrivateServer } from '../sandbox/private-server.ts';
import { Probe } from '../sandbox/probe.ts';
import { isMiss, type Search, type ServerProgram } from '../sandbox/provider.ts';
import { run } from '../sandbox/run.ts';
import { addressOf, survey } from '../sandbox/survey.ts';
import { atLeast, FLOOR } from '../sandbox/version.ts';
import { say } from '../ui/say.ts';
import { colourLevel, type Output, type Theme, themeFor } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import type { RedisFlags } from './flags.ts';
import { findProgram } from './redis-option.ts';

/** Changes when a field goes or changes its meaning; new fields and new checks don't change it. */
const DOCTOR_SCHEMA = 'rediscover.doctor/1';
const NODE_FLOOR = '20.17';
/** Below this, prose and tables are hard to read. */
const SMALLEST = { columns: 60, rows: 15 };

export interface Check {
  id: string;
  /** `skipped`: not here, and not needed. `warning`: something is missing, lessons go on. `failed`: they can't. */
  status: 'ok' | 'skipped' | 'warning' | 'failed';
  message: string;
  /** What to do about it. */
  next?: string;
}

export interface DoctorFlags extends RedisFlags {
  json?: boolean;
  /** Only sees to it that there is a server program. */
  fetch?: boolean;
}

/** What is looked at; the process's own in use, given in tests. */
export interface Patient {
  screen: Output & { rows?: number | undefined };
  search: Partial<Search>;
  node: string;
}

const ourselves = (): Patient => ({
  screen: process.stdout,
  search: { progress: (text) => say(text) },
  node: process.versions.node,
});

/** Prints a verdict per line. 3 where something stands in the way of learning, else 0. */
export async function runDoctor(flags: DoctorFlags): Promise<ExitCode> {
  const checks = flags.fetch ? [await fetched(flags)] : await examine(flags);
  const failed = checks.some((check) => check.status === 'failed');
  const theme = themeFor(process.stdout);
  process.stdout.write(
    flags.json
      ? `${safeJson({ schema: DOCTOR_SCHEMA, checks })}\n`
      : checks.map((check) => line(check, theme)).join(''),
  );
  return failed ? ExitCode.noRedis : ExitCode.passed;
}

/** Has a server program at hand, as a private server would get it. Throws NoRedis. */
async function fetched(flags: RedisFlags): Promise<Check> {
  const { product, version, origin, command } = await findProgram(flags);
  return { id: 'fetch', status: 'ok', message: `${product} ${version}, ${origin}: ${command}` };
}

/** Looks at everything, in the order in which it is needed. Installs nothing and asks nothing. */
export async function examine(flags: RedisFlags, patient = ourselves()): Promise<Check[]> {
  const search = searchFrom(patient.search);
  const redis = flags.redis ?? search.env.REDISCOVER_REDIS;
  return [
    nodeCheck(patient.node),
    await systemCheck(search),
    ...(redis ? await namedChecks(redis, flags) : await privateChecks(search)),
    await folderCheck('cache', 'Fetched servers', search.cacheFolder),
    await folderCheck('state', 'Progress and history', stateFolder()),
    terminalCheck(patient.screen, search.env),
    await pythonCheck(search.env),
  ];
}

function nodeCheck(version: string): Check {
  if (atLeast(version, NODE_FLOOR)) return { id: 'node', status: 'ok', message: `Node ${version}` };
  return {
    id: 'node',
    status: 'failed',
    message: `Node ${version} is older than ${NODE_FLOOR}`,
    next: 'Install a newer Node.',
  };
}

async function systemCheck({ platform }: Search): Promise<Check> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(release)?.[1];
  const message = `${platform} ${process.arch}${name ? `, ${name}` : ''}`;
  if (platform !== 'win32') return { id: 'system', status: 'ok', message };
  return {
    id: 'system',
    status: 'warning',
    message,
    next: 'Run rediscover under WSL, or name a server with --redis.',
  };
}

async function privateChecks(search: Search): Promise<Check[]> {
  const checks: Check[] = [];
  let program: ServerProgram | undefined;
  for (const provider of PROVIDERS) {
    // What is found serves; fetching another is for a machine that has none.
    if (program && provider.id === 'debian') continue;
    const found = await provider.find({ ...search, ask: undefined });
    const id = `provider-${provider.id}`;
    if (!isMiss(found)) {
      checks.push({
        id,
        status: 'ok',
        message: `${provider.title}: ${found.product} ${found.version}, ${found.command}`,
      });
      program ??= found;
    } else if (found.why === 'absent' || found.why === 'declined' || program) {
      checks.push({ id, status: 'skipped', message: `${provider.title}: ${found.message}` });
    } else {
      checks.push({
        id,
        status: 'warning',
        message: `${provider.title}: ${found.message}`,
        ...(found.next && { next: found.next }),
      });
    }
  }
  if (program) return [...checks, ...(await serverChecks(program))];
  const next =
    'Install redis-server, add --yes to rediscover where something can be installed for you, or name a server with --redis.';
  return [...checks, { id: 'server', status: 'failed', message: 'There is no server to start', next }];
}

async function serverChecks(program: ServerProgram): Promise<Check[]> {
  const { product, version, origin } = program;
  const begun = performance.now();
  try {
    const server = await startPrivateServer(program);
    const started = performance.now() - begun;
    try {
      return [
        {
          id: 'version',
          status: 'ok',
          message: `${product} ${version}, ${origin}: lessons need ${FLOOR} or newer`,
        },
        await pingCheck(server.engineTarget, started),
        await learnerCheck(server.learnerTarget),
      ];
    } finally {
      await server.stop();
    }
  } catch (error) {
    return [failure('server', error)];
  }
}

async function pingCheck(target: Parameters<typeof logIn>[0], started: number): Promise<Check> {
  const probe = await logIn(target);
  const begun = performance.now();
  await probe.ask('PING');
  const ping = performance.now() - begun;
  probe.close();
  return {
    id: 'server',
    status: 'ok',
    message: `A private server starts in ${started.toFixed(0)} ms and answers PING in ${ping.toFixed(1)} ms`,
  };
}

/** The commands that a learner must not be able to run; asking for them does no harm where they are denied. */
const FORBIDDEN = [
  'CONFIG SET maxmemory 67108864',
  'DEBUG OBJECT k',
  'REPLICAOF NO ONE',
  'MODULE LIST',
  'CLIENT PAUSE 0',
  'SAVE',
];

async function learnerCheck(target: Parameters<typeof logIn>[0]): Promise<Check> {
  const probe = await logIn(target);
  const allowed: string[] = [];
  for (const command of FORBIDDEN) {
    const reply = await probe.ask(...command.split(' ')).catch(() => '');
    if (!/^-(NOPERM|ERR (DEBUG|MODULE) command not allowed)/.test(reply)) allowed.push(command);
  }
  const works = (await probe.ask('SET', 'doctor', 'ok')) === '+OK';
  probe.close();
  if (allowed.length === 0 && works)
    return {
      id: 'learner',
      status: 'ok',
      message: 'The learner can write, and can not end, reconfigure or replicate the server',
    };
  const message = works ? `The learner can run ${allowed.join(', ')}` : 'The learner can not write';
  return { id: 'learner', status: 'failed', message };
}

async function logIn(target: { username?: string; password?: string }): Promise<Probe> {
  const probe = await Probe.open(target, 5000);
  await probe.ask('AUTH', target.username ?? 'default', target.password ?? '');
  return probe;
}

async function namedChecks(redis: string, flags: RedisFlags): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    const target = await readNamedTarget(redis, flags);
    const name = addressOf(target);
    const known = await survey(target);
    checks.push({
      id: 'server',
      status: 'ok',
      message: `${name} answers PING in ${known.ping.toFixed(1)} ms`,
    });
    checks.push({
      id: 'version',
      status: 'ok',
      message: `${known.product} ${known.version}: lessons need ${FLOOR} or newer`,
    });
    await checkPermissions(target);
    checks.push({ id: 'permissions', status: 'ok', message: 'The user may run what lessons need' });
    const db = target.db ?? 0;
    const keys = known.keys.get(db) ?? 0;
    checks.push(
      keys === 0
        ? { id: 'database', status: 'ok', message: `Database ${db} is empty` }
        : {
            id: 'database',
            status: 'warning',
            message: `Database ${db} holds ${keys} ${keys === 1 ? 'key' : 'keys'}`,
            next: 'Lessons use an empty one: choose it with --db.',
          },
    );
  } catch (error) {
    checks.push(failure('server', error));
  }
  return checks;
}

async function folderCheck(id: string, title: string, folder: string): Promise<Check> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK | constants.X_OK);
      return { id, status: 'ok', message: `${title}: ${folder}` };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(at) !== at) continue;
      return {
        id,
        // Without a server that is a failure of its own, and without progress lessons go on.
        status: 'warning',
        message: `${title}: ${folder} can't be written to`,
        next: 'Set REDISCOVER_HOME to a folder that you can write to.',
      };
    }
  }
}

function terminalCheck(screen: Patient['screen'], env: Search['env']): Check {
  if (!screen.isTTY)
    return { id: 'terminal', status: 'skipped', message: 'No terminal: nothing is drawn and nothing asked' };
  const { columns = 80, rows = 24 } = screen;
  const colours = ['no colours', '16 colours', '256 colours', '16 million colours'][colourLevel(screen, env)];
  const message = `${columns}x${rows}, ${colours}, ${themeFor(screen, env).unicode ? 'UTF-8' : 'ASCII alone'}`;
  if (columns >= SMALLEST.columns && rows >= SMALLEST.rows) return { id: 'terminal', status: 'ok', message };
  return {
    id: 'terminal',
    status: 'warning',
    message,
    next: `Lessons read best from ${SMALLEST.columns}x${SMALLEST.rows} up.`,
  };
}

async function pythonCheck(env: Search['env']): Promise<Check> {
  const told = await run(
    'python3',
    ['-c', 'import redis, sys; print(sys.version.split()[0], redis.__version__)'],
    { env, timeout: 10_000 },
  );
  if (told.code === 0) {
    const [python, client] = told.stdout.trim().split(' ');
    return { id: 'python', status: 'ok', message: `Python ${python} with redis-py ${client}` };
  }
  const isThere = (told.error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT';
  const message = isThere ? 'python3 has no redis-py' : 'There is no python3';
  return {
    id: 'python',
    status: 'warning',
    message: `${message}: Python snippets are not run`,
    next: 'To run them: python3 -m pip install redis',
  };
}

function failure(id: string, error: unknown): Check {
  if (!(error instanceof Failure)) throw error;
  return { id, status: 'failed', message: error.message, ...(error.next && { next: error.next }) };
}

function line({ status, message, next }: Check, theme: Theme): string {
  const { sign, good, warn, bad, dim } = theme;
  const marks = {
    ok: good(sign.passed),
    skipped: dim(sign.skipped),
    warning: warn('!'),
    failed: bad(sign.failed),
  };
  const mark = marks[status];
  return `${mark} ${visible(message)}\n${next ? `  ${dim(visible(next))}\n` : ''}`;
}
