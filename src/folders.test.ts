import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cacheFolder,
  historyFile,
  progressFile,
  type Surroundings,
  stateFolder,
  temporaryHome,
} from './folders.ts';

function around(
  env: Record<string, string>,
  platform: NodeJS.Platform = 'linux',
  home = () => '/home/ada',
): Surroundings {
  return { env, platform, home };
}

describe('where the user’s files live', () => {
  it('follows XDG on Linux', () => {
    const xdg = around({ XDG_STATE_HOME: '/state', XDG_CACHE_HOME: '/cache' });
    expect(stateFolder(xdg)).toBe('/state/rediscover');
    expect(cacheFolder(xdg)).toBe('/cache/rediscover');
    expect(progressFile(xdg)).toBe('/state/rediscover/progress.json');
    expect(historyFile(xdg)).toBe('/state/rediscover/history');
  });

  it('falls back to the home folder, also when XDG names a relative or an empty path', () => {
    const environments: Record<string, string>[] = [{}, { XDG_STATE_HOME: 'here', XDG_CACHE_HOME: '' }];
    for (const env of environments) {
      expect(stateFolder(around(env))).toBe('/home/ada/.local/state/rediscover');
      expect(cacheFolder(around(env))).toBe('/home/ada/.cache/rediscover');
    }
  });

  it('lets REDISCOVER_HOME override everything, on every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const set = around({ REDISCOVER_HOME: '/r', XDG_STATE_HOME: '/state', LOCALAPPDATA: '/l' }, platform);
      expect(progressFile(set)).toBe(join('/r', 'progress.json'));
      expect(cacheFolder(set)).toBe(join('/r', 'cache'));
    }
  });

  it('uses the Library folders on macOS', () => {
    expect(stateFolder(around({}, 'darwin'))).toBe('/home/ada/Library/Application Support/rediscover');
    expect(cacheFolder(around({}, 'darwin'))).toBe('/home/ada/Library/Caches/rediscover');
  });

  it('answers for a user without a home', () => {
    const homeless = around({}, 'linux', () => {
      throw new Error('no such user');
    });
    expect(stateFolder(homeless)).toMatch(/rediscover-.*\/\.local\/state\/rediscover$/);
  });

  it('takes no folder for a homeless user that another one may have filled', () => {
    const base = mkdtempSync(join(tmpdir(), 'folders-'));
    const uid = process.getuid!();
    const place = temporaryHome(uid, base);
    expect(place).toBe(join(base, `rediscover-${uid}`));
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(temporaryHome(uid, base)).toBe(place);
    chmodSync(place, 0o777);
    expect(temporaryHome(uid, base)).not.toBe(place);
    rmSync(place, { recursive: true });
    symlinkSync('/', place);
    expect(temporaryHome(uid, base)).not.toBe(place);
    // Made by us, and so not by the user who asks.
    mkdirSync(join(base, 'rediscover-4711'));
    expect(temporaryHome(4711, base)).toMatch(/rediscover-4711-\w{6}$/);
    rmSync(base, { recursive: true });
  });
});
