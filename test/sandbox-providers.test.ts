import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NoRedis } from '../src/failure.ts';
import { cache } from '../src/sandbox/cache.ts';
import { debian } from '../src/sandbox/debian.ts';
import { docker } from '../src/sandbox/docker.ts';
import { findServerProgram, searchFrom } from '../src/sandbox/find-program.ts';
import { homebrew } from '../src/sandbox/homebrew.ts';
import { path, which } from '../src/sandbox/path.ts';
import type { Miss, Search, ServerProgram } from '../src/sandbox/provider.ts';
import { sourceOf } from '../src/sandbox/source.ts';
import { folder, pathOf, program } from './setup/sandbox-stage.ts';

const isDebian = which('apt-get', process) !== undefined && which('dpkg-deb', process) !== undefined;
/** As on a machine that has no server installed. */
const fetchServer = (options: Partial<Search>) => findServerProgram(options, [cache, debian]);
const isRoot = process.getuid?.() === 0;

function search(standIns: Record<string, string>, options: Partial<Search> = {}): Search {
  return searchFrom({ env: { PATH: pathOf(standIns) }, usualFolders: [], cacheFolder: folder(), ...options });
}

const version = (text: string) => `[ "$1" = --version ] && echo '${text}'`;
const REDIS_7 = 'Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=1';

describe('an installed server', () => {
  test('is found in PATH, with its version', async () => {
    const here = search({ 'redis-server': version(REDIS_7), 'redis-cli': '' });
    expect(await path.find(here)).toMatchObject({
      product: 'Redis',
      version: '7.2.4',
      origin: 'from PATH',
      command: join(here.env.PATH!, 'redis-server'),
      cli: join(here.env.PATH!, 'redis-cli'),
    });
  });

  test('may be Valkey, under its own name or under that of Redis', async () => {
    const valkey = version('Valkey server v=8.1.1 sha=0 malloc=libc bits=64 build=1');
    expect(await path.find(search({ 'valkey-server': valkey }))).toMatchObject({
      product: 'Valkey',
      version: '8.1.1',
    });
    expect(await path.find(search({ 'redis-server': valkey }))).toMatchObject({ product: 'Valkey' });
  });

  test("is found in a package manager's folder that PATH leaves out", async () => {
    const bin = pathOf({ 'redis-server': version(REDIS_7) });
    expect(await path.find(search({}, { usualFolders: [bin] }))).toMatchObject({ origin: `from ${bin}` });
  });

  test('is passed over with a word where it is older than 6.2', async () => {
    const old = version('Redis server v=6.0.16 sha=0 malloc=libc bits=64 build=1');
    const here = search({ 'redis-server': old });
    expect(await path.find(here)).toEqual({
      why: 'old',
      message: `${here.env.PATH}/redis-server is Redis 6.0.16, older than 6.2.`,
    });
    // Behind it in PATH there may be a newer one.
    const both = {
      ...here,
      env: { PATH: `${here.env.PATH}:${pathOf({ 'valkey-server': version('Valkey server v=9.0.0 x') })}` },
    };
    expect(await path.find(both)).toMatchObject({ version: '9.0.0' });
  });

  test('is passed over where it is something else or does not run', async () => {
    expect(await path.find(search({ 'redis-server': 'echo hello' }))).toMatchObject({ why: 'old' });
    expect(
      await path.find(search({ 'redis-server': 'echo "libssl.so.3: not found" >&2; exit 127' })),
    ).toMatchObject({
      message: expect.stringContaining('libssl.so.3: not found'),
    });
  });

  test('in the current folder is never run', async () => {
    const here = search({});
    expect(await path.find({ ...here, env: { PATH: '.:' } })).toMatchObject({ why: 'absent' });
  });
});

describe.skipIf(!isDebian)("Debian's packages", () => {
  test('become a server and its redis-cli in the cache, once, also where two first starts fetch them', async () => {
    const options = { cacheFolder: folder() };
    const said: string[] = [];
    const [fetched, other] = await Promise.all([
      fetchServer({ ...options, progress: (text) => said.push(text) }),
      fetchServer(options),
    ]);
    expect(fetched).toEqual(other);
    expect(fetched.origin).toBe("from Debian's packages");
    const told = execFileSync(fetched.command, ['--version'], { env: fetched.env }).toString();
    expect(told).toContain(`v=${fetched.version}`);
    expect(execFileSync(fetched.cli!, ['--version'], { env: fetched.env }).toString()).toMatch(
      /^(redis|valkey)-cli /,
    );
    expect(said).toContain('Unpacking');

    expect(await cache.find(searchFrom(options))).toEqual(fetched);
    expect(readdirSync(join(options.cacheFolder, 'servers'))).toEqual([fetched.folder!.split('/').pop()]);
    expect(Number(execFileSync('du', ['-sm', options.cacheFolder]).toString().split('\t')[0])).toBeLessThan(
      20,
    );
  }, 60_000);

  test('are found with package lists of our own where the system has none', async () => {
    const empty = folder();
    mkdirSync(join(empty, 'lists/partial'), { recursive: true });
    const conf = join(empty, 'apt.conf');
    writeFileSync(conf, `Dir::State::lists "${join(empty, 'lists')}";`);
    const said: string[] = [];
    const found = await debian.find(
      searchFrom({
        env: { ...process.env, APT_CONFIG: conf },
        cacheFolder: folder(),
        progress: (text) => said.push(text),
      }),
    );
    expect(found).toMatchObject({ origin: "from Debian's packages" });
    expect(said).toContain('Reading the package lists');
    expect(readdirSync(join(empty, 'lists'))).toEqual(['partial']);
  }, 120_000);

  test.skipIf(!isRoot)(
    'need no root',
    async () => {
      const home = folder();
      chmodSync(home, 0o777);
      const main = await program(`
      import { debian } from '../src/sandbox/debian.ts';
      import { searchFrom } from '../src/sandbox/find-program.ts';
      const found = await debian.find(searchFrom({ cacheFolder: process.argv[2] }));
      console.log(JSON.stringify({ uid: process.getuid(), origin: found.origin }));
    `);
      execFileSync('chmod', ['-R', 'a+rX', join(main, '..')]);
      const out = execFileSync('/usr/bin/setpriv', [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        main,
        join(home, 'cache'),
      ]);
      expect(JSON.parse(out.toString())).toEqual({ uid: 65534, origin: "from Debian's packages" });
    },
    60_000,
  );

  test('leave nothing behind when the fetch is interrupted', async () => {
    const stop = new AbortController();
    const cacheFolder = folder();
    const fetching = fetchServer({
      cacheFolder,
      signal: stop.signal,
      progress: (text) => text.startsWith('Fetching') && stop.abort(),
    });
    await expect(fetching).rejects.toThrow('aborted');
    expect(readdirSync(join(cacheFolder, 'servers'))).toEqual([]);
  }, 60_000);

  test('leave nothing behind when the program is interrupted from the terminal', async () => {
    const cacheFolder = folder();
    const main = await program(`
      import { debian } from '../src/sandbox/debian.ts';
      import { searchFrom } from '../src/sandbox/find-program.ts';
      await debian.find(searchFrom({ cacheFolder: process.argv[2], progress: console.log }));
    `);
    const fetching = spawn(process.execPath, [main, cacheFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(fetching.stdout, 'data');
    fetching.kill('SIGINT');
    const [code, signal] = await once(fetching, 'exit');
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
    expect(readdirSync(join(cacheFolder, 'servers'))).toEqual([]);
  }, 60_000);

  test('can not be had without a network, and apt says so', async () => {
    const at = folder();
    mkdirSync(join(at, 'lists/partial'), { recursive: true });
    const conf = join(at, 'apt.conf');
    // Nothing listens there.
    writeFileSync(
      conf,
      `Dir::State::lists "${join(at, 'lists')}"; Acquire::http::Proxy "http://127.0.0.1:1"; Acquire::https::Proxy "http://127.0.0.1:1";`,
    );
    const options = { env: { ...process.env, APT_CONFIG: conf }, cacheFolder: join(at, 'cache') };
    await expect(fetchServer(options)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('the network does not answer'),
    });
  }, 60_000);

  test('half fetched by a process that was killed are swept at the next fetch, those of a living one are not', async () => {
    const cacheFolder = folder();
    const servers = join(cacheFolder, 'servers');
    const main = await program(`
      import { debian } from '../src/sandbox/debian.ts';
      import { searchFrom } from '../src/sandbox/find-program.ts';
      await debian.find(searchFrom({ cacheFolder: process.argv[2], progress: console.log }));
    `);
    const begin = async () => {
      const fetching = spawn(process.execPath, [main, cacheFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(fetching.stdout, 'data');
      return fetching;
    };
    const killed = await begin();
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const left = readdirSync(servers);
    expect(left).toEqual([expect.stringMatching(/^\.new-/)]);
    const living = await begin();
    const [its] = readdirSync(servers).filter((name) => !left.includes(name));
    const stop = new AbortController();
    const next = fetchServer({ cacheFolder, signal: stop.signal, progress: () => stop.abort() });
    await expect(next).rejects.toThrow('aborted');
    expect(readdirSync(servers)).toEqual([its]);
    living.kill('SIGKILL');
    await once(living, 'close');
  }, 60_000);
});

describe("apt's trouble, from recorded stand-ins of apt-get and dpkg-deb,", () => {
  const planned = '*" install "*) echo "Inst redis-tools (5:7.0.15 Debian [amd64])" ;;';
  const aptGet = (cases: string) => `case " $* " in ${planned} ${cases} esac`;

  test('of a network that does not answer', async () => {
    const here = search(
      {
        'apt-get': aptGet(
          `*) echo "E: Failed to fetch http://deb/redis.deb  Temporary failure resolving 'deb'" >&2; exit 100 ;;`,
        ),
        'dpkg-deb': 'exit 1',
      },
      { platform: 'linux' },
    );
    await expect(findServerProgram(here)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('the network does not answer'),
      next: expect.stringContaining('Try again with a network'),
    });
    expect(readdirSync(join(here.cacheFolder, 'servers'))).toEqual([]);
  });

  test('of a full disk', async () => {
    const here = search(
      {
        'apt-get': aptGet('*" download "*) touch redis.deb ;;'),
        'dpkg-deb': 'echo "dpkg-deb: error: failed to write: No space left on device" >&2; exit 2',
        touch: ': >"$1"',
      },
      { platform: 'linux' },
    );
    await expect(findServerProgram(here)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no room left'),
      next: expect.stringContaining('REDISCOVER_HOME'),
    });
  });

  test('of lists so old that the packages they name are gone: newer lists are read', async () => {
    const stale = `*" update "*) : >"$UPDATED" ;;
      *" download "*) [ -e "$UPDATED" ] || { echo "E: Failed to fetch redis.deb  404  Not Found" >&2; exit 100; }
        echo "E: as far as this test goes" >&2; exit 100 ;;`;
    const here = search({ 'apt-get': aptGet(stale), 'dpkg-deb': '' }, { platform: 'linux' });
    here.env.UPDATED = join(here.cacheFolder, 'updated');
    expect(await debian.find(here)).toMatchObject({
      message: expect.stringContaining('as far as this test goes'),
    });
  });

  test('of sources that offer neither Redis nor Valkey', async () => {
    const here = search(
      {
        'apt-get': 'case " $* " in *" install "*) echo "E: Unable to locate package" >&2; exit 100 ;; esac',
        'dpkg-deb': 'exit 1',
      },
      { platform: 'linux' },
    );
    expect(await debian.find(here)).toMatchObject({ why: 'absent' });
  });
});

describe('when no Redis can be had', () => {
  test('a cache folder that can not be written to is named', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const here = search(
      { 'apt-get': '', 'dpkg-deb': '' },
      { cacheFolder: join(file, 'cache'), platform: 'linux' },
    );
    await expect(findServerProgram(here)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`${file}/cache can't be written to`),
      next: expect.stringContaining('REDISCOVER_HOME'),
    });
  });

  test('an unsupported system is told what to do', async () => {
    await expect(findServerProgram(search({}, { platform: 'win32' }))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('Windows'),
      next: expect.stringContaining('WSL'),
    });
  });

  test('the message says what was passed over and what to install', async () => {
    const failing = findServerProgram(
      search({ 'redis-server': version('Redis server v=5.0.7 x') }, { platform: 'darwin' }),
    );
    await expect(failing).rejects.toBeInstanceOf(NoRedis);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('is Redis 5.0.7, older than 6.2'),
      next: expect.stringContaining('brew install redis'),
    });
  });
});

describe('what is installed only after asking', () => {
  const asked: string[] = [];
  const yes = { ask: async (question: string) => asked.push(question) > 0 };
  const no = { ask: async () => false };

  const brew = `case "$1" in
    install) mkdir -p "$PREFIX/bin"; cp "$PREFIX/../redis-server" "$PREFIX/bin/"; echo "==> Pouring redis" ;;
    --prefix) echo "$PREFIX" ;;
  esac`;

  function withBrew(options: Partial<Search>): Search {
    const home = folder();
    writeFileSync(join(home, 'redis-server'), `#!/bin/sh\n${version(REDIS_7)}\n`, { mode: 0o755 });
    return searchFrom({
      env: { PATH: pathOf({ brew }), PREFIX: join(home, 'opt') },
      usualFolders: [],
      cacheFolder: folder(),
      ...options,
    });
  }

  test('by a recorded stand-in of brew: Homebrew installs and names itself', async () => {
    asked.length = 0;
    expect(await homebrew.find(withBrew(yes))).toMatchObject({ version: '7.2.4', origin: 'from Homebrew' });
    expect(asked).toEqual(['Install Redis with Homebrew (brew install redis)?']);
  });

  test('by a recorded stand-in of brew: a no, or nobody to ask, installs nothing', async () => {
    for (const options of [no, {}]) {
      const here = withBrew(options);
      expect(await homebrew.find(here)).toMatchObject({
        why: 'declined',
        next: expect.stringContaining('brew install redis'),
      });
      expect(existsSync(here.env.PREFIX!)).toBe(false);
    }
    expect(((await homebrew.find(withBrew({}))) as Miss).next).toContain('--yes');
  });

  test('by a recorded stand-in of brew that fails: its reason is told', async () => {
    const here = search({ brew: 'echo "Error: redis: no bottle available" >&2; exit 1' }, yes);
    expect(await homebrew.find(here)).toMatchObject({
      why: 'broken',
      message: expect.stringContaining('no bottle available'),
    });
  });

  const dockerStandIn = `echo "$*" >>"$LOG"
    case "$1" in
      version) echo 28.0.0 ;;
      image) exit 1 ;;
      pull) echo "Status: Downloaded" ;;
      run) echo "${REDIS_7}" ;;
    esac`;

  test('by a recorded stand-in of docker: the image is pulled once and remembered', async () => {
    const log = join(folder(), 'log');
    const here = search({ docker: dockerStandIn }, yes);
    here.env.LOG = log;
    const found = (await docker.find(here)) as ServerProgram;
    expect(found).toMatchObject({
      version: '7.2.4',
      origin: 'in Docker',
      image: 'redis:7.2-alpine',
      command: which('docker', here),
    });
    expect(readFileSync(log, 'utf8')).toContain('pull redis:7.2-alpine');
    expect(await cache.find({ ...here, ask: undefined })).toEqual(found);
  });

  test('by a recorded stand-in of docker whose daemon is down: nobody is asked', async () => {
    const here = search(
      { docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' },
      { ask: () => Promise.reject(new Error('asked')) },
    );
    expect(await docker.find(here)).toMatchObject({
      why: 'absent',
      message: expect.stringContaining('daemon'),
    });
  });

  const archive = Buffer.from('as if it were the source code');
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const build = {
    cc: '',
    curl: `while [ $# -gt 1 ]; do [ "$1" = --output ] && out=$2; shift; done; printf '${archive}' >"$out"`,
    tar: 'mkdir src',
    make: `printf '#!/bin/sh\\n${version(REDIS_7).replaceAll("'", '')}\\n' >src/redis-server; cp src/redis-server src/redis-cli; chmod 755 src/redis-*`,
  };

  test('by recorded stand-ins of curl, tar and make: Redis is built from source', async () => {
    const release = { version: '7.2.4', url: 'https://example.invalid/redis.tar.gz', sha256 };
    const here = search(build, yes);
    const found = (await sourceOf(release).find(here)) as ServerProgram;
    expect(found).toMatchObject({ origin: 'built from source', version: '7.2.4' });
    expect(statSync(found.command).mode & 0o111).not.toBe(0);
    expect(readdirSync(found.folder!).sort()).toEqual(['bin', 'program.json']);
    expect(await cache.find(here)).toEqual(found);
  });

  test('by recorded stand-ins of curl, tar and make: another archive than the published one is not built', async () => {
    const release = { version: '7.2.4', url: 'https://example.invalid/redis.tar.gz', sha256: '0'.repeat(64) };
    const here = search({ ...build, make: 'exit 99' }, yes);
    expect(await sourceOf(release).find(here)).toMatchObject({
      why: 'broken',
      message: expect.stringContaining(sha256),
    });
    expect(readdirSync(join(here.cacheFolder, 'servers'))).toEqual([]);
  });

  test('by recorded stand-ins of curl, tar and make: a build that fails says why', async () => {
    const release = { version: '7.2.4', url: 'https://example.invalid/redis.tar.gz', sha256 };
    const here = search({ ...build, make: 'echo "zmalloc.c: fatal error" >&2; exit 2' }, yes);
    expect(await sourceOf(release).find(here)).toMatchObject({
      message: expect.stringContaining('zmalloc.c: fatal error'),
    });
  });
});
