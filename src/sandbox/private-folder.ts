import { randomBytes } from 'node:crypto';
import { constants, existsSync, mkdirSync } from 'node:fs';
import { access, lstat, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoRedis } from '../failure.ts';
import { own, ownerOf } from './owner.ts';
import { Probe } from './probe.ts';

type Environment = Record<string, string | undefined>;

const PREFIX = 'rediscover-';
export const SOCKET = 'redis.sock';
export const CONFIG = 'redis.conf';
/** What the shortest-minded system allows for a unix socket's path, in bytes. */
const LONGEST_SOCKET_PATH = 103;
/** Milliseconds a folder of another machine or container is left alone: its server may not answer yet. */
const JUST_MADE = 60_000;

/** Hears of every folder that is made, so that somebody else can remove it where this thread is ended. */
export const folders = { onMade(_folder: string): void {} };

/** Makes a folder for one server, that only this user can enter. `before` hears of each place that is tried. Throws NoRedis. */
export async function makePrivateFolder(
  env: Environment = process.env,
  before: (place: string) => void = () => {},
): Promise<string> {
  let problem: unknown;
  for (const base of bases(env)) {
    const longest = join(base, `${PREFIX}${'x'.repeat(12)}`, SOCKET);
    if (Buffer.byteLength(longest) > LONGEST_SOCKET_PATH) continue;
    try {
      await access(base, constants.W_OK);
      // A name that nobody else has, or the making of it fails.
      const folder = join(base, `${PREFIX}${randomBytes(6).toString('hex')}`);
      before(folder);
      folders.onMade(folder);
      mkdirSync(folder, { mode: 0o700 });
      own(folder);
      return folder;
    } catch (error) {
      problem ??= error;
    }
  }
  const full = ['ENOSPC', 'EDQUOT'].includes((problem as NodeJS.ErrnoException | undefined)?.code ?? '');
  throw new NoRedis(
    full ? 'There is no room left for temporary files.' : 'No folder for temporary files can be written to.',
    {
      next: full
        ? 'Free some space, or set TMPDIR to a folder on another disk.'
        : 'Set TMPDIR to a folder that you can write to.',
      cause: problem,
    },
  );
}

function bases(env: Environment): string[] {
  const named = [env.XDG_RUNTIME_DIR, env.TMPDIR, tmpdir(), '/tmp'];
  return [...new Set(named.filter((base) => base?.startsWith('/') && existsSync(base)) as string[])];
}

/** Removes what earlier runs left that could not clean up. Never a folder whose owner may be alive. */
export async function sweepPrivateFolders(env: Environment = process.env): Promise<string[]> {
  const swept: string[] = [];
  for (const base of bases(env)) {
    for (const name of await readdir(base).catch(() => [])) {
      if (!/^rediscover-\w{6,12}$/.test(name)) continue;
      const folder = join(base, name);
      if (await isStale(folder)) {
        await rm(folder, { recursive: true, force: true }).catch(() => {});
        swept.push(folder);
      }
    }
  }
  return swept;
}

async function isStale(folder: string): Promise<boolean> {
  try {
    const at = await lstat(folder);
    if (!at.isDirectory() || at.uid !== process.getuid?.()) return false;
    await access(folder, constants.W_OK);
    const owner = ownerOf(folder);
    if (owner === undefined || owner === 'alive') return false;
    if (owner === 'unknown' && Date.now() - at.mtimeMs < JUST_MADE) return false;
    return await isSilent(folder, owner === 'dead');
  } catch {
    return false;
  }
}

/** Whether no server answers there any more; one that outlived its owner is told to end. */
async function isSilent(folder: string, orphaned: boolean): Promise<boolean> {
  let probe: Probe;
  try {
    probe = await Probe.open({ socketPath: join(folder, SOCKET) }, 1000);
  } catch {
    return true;
  }
  try {
    if (!orphaned) return false;
    const config = await readFile(join(folder, CONFIG), 'utf8');
    const password = /^user engine .*>(\S+)$/m.exec(config)?.[1] ?? '';
    await probe.ask('AUTH', 'engine', password);
    await probe.ask('SHUTDOWN', 'NOSAVE');
    return false;
  } catch {
    // SHUTDOWN answers by closing.
    return true;
  } finally {
    probe.close();
  }
}
