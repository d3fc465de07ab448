import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What decides where the user's files live; the process's own by default, given in tests. */
export interface Surroundings {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  /** The user's home folder. Throws where the system knows none. */
  home: () => string;
}

const ours: Surroundings = { env: process.env, platform: process.platform, home: homedir };

/**
 * Where progress and history are kept: `$REDISCOVER_HOME`, else the system's place for such files
 * (`$XDG_STATE_HOME/rediscover`, `~/Library/Application Support/rediscover`, `%LOCALAPPDATA%\rediscover\Data`).
 * The folder need not exist.
 */
export function stateFolder(around: Surroundings = ours): string {
  return placeOf(around, '', {
    linux: () => join(xdg(around, 'XDG_STATE_HOME', '.local/state'), 'rediscover'),
    darwin: () => join(homeOf(around), 'Library', 'Application Support', 'rediscover'),
    win32: () => join(localAppData(around), 'rediscover', 'Data'),
  });
}

/** Where fetched servers and compiled courses are kept; whatever is in it can be had again. The folder need not exist. */
export function cacheFolder(around: Surroundings = ours): string {
  return placeOf(around, 'cache', {
    linux: () => join(xdg(around, 'XDG_CACHE_HOME', '.cache'), 'rediscover'),
    darwin: () => join(homeOf(around), 'Library', 'Caches', 'rediscover'),
    win32: () => join(localAppData(around), 'rediscover', 'Cache'),
  });
}

/** The file of solved exercises. */
export function progressFile(around: Surroundings = ours): string {
  return join(stateFolder(around), 'progress.json');
}

/** The file of lines typed at the prompt. */
export function historyFile(around: Surroundings = ours): string {
  return join(stateFolder(around), 'history');
}

function placeOf(
  around: Surroundings,
  below: string,
  places: Record<'linux' | 'darwin' | 'win32', () => string>,
) {
  const { env, platform } = around;
  if (env.REDISCOVER_HOME) return join(env.REDISCOVER_HOME, below);
  return places[platform === 'darwin' || platform === 'win32' ? platform : 'linux']();
}

function xdg(around: Surroundings, name: string, fallback: string): string {
  const value = around.env[name];
  // The XDG specification has relative paths ignored.
  return value && isAbsolute(value) ? value : join(homeOf(around), fallback);
}

function localAppData(around: Surroundings): string {
  return around.env.LOCALAPPDATA || join(homeOf(around), 'AppData', 'Local');
}

function homeOf(around: Surroundings): string {
  try {
    return around.home();
  } catch {
    // A container may run us as a user id that has no entry and no HOME.
    return temporaryHome(process.getuid?.() ?? 0);
  }
}

/** A folder for this user alone, the same one each time, unless somebody else was there first: what they put there may be a trap. */
export function temporaryHome(uid: number, base = tmpdir()): string {
  const place = join(base, `rediscover-${uid}`);
  try {
    mkdirSync(place, { mode: 0o700 });
  } catch {
    // There is one, or none can be made: whoever writes to it will say so.
  }
  const at = lstatSync(place, { throwIfNoEntry: false });
  const isOurs = at === undefined || (at.isDirectory() && at.uid === uid && (at.mode & 0o022) === 0);
  return isOurs ? place : mkdtempSync(`${place}-`);
}
