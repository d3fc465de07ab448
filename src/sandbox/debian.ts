import { mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { keep, type Manifest } from './cache.ts';
import { which } from './path.ts';
import type { Miss, Provider, Search } from './provider.ts';
import { type RunResult, run } from './run.ts';

/** The distribution's packages of a server, in order of preference. */
const SERVERS = [
  { product: 'redis', title: 'Redis' },
  { product: 'valkey', title: 'Valkey' },
];

/** The distribution's own packages, unpacked into the cache folder; needs no root and installs nothing. */
export const debian: Provider = {
  id: 'debian',
  title: "Debian's packages",
  async find(search) {
    const aptGet = which('apt-get', search);
    const dpkgDeb = which('dpkg-deb', search);
    if (search.platform !== 'linux' || !aptGet || !dpkgDeb)
      return { why: 'absent', message: 'This is not a Debian or Ubuntu system.' };
    return keep(search, `debian-${process.arch}`, (folder, within) =>
      new Apt(within, aptGet, dpkgDeb, folder).fetch(),
    );
  },
};

class Apt {
  readonly #search: Search;
  readonly #aptGet: string;
  readonly #dpkgDeb: string;
  readonly #folder: string;
  /** Apt's own files, thrown away at the end. */
  readonly #private: string;
  #ownLists = false;

  constructor(search: Search, aptGet: string, dpkgDeb: string, folder: string) {
    this.#search = search;
    this.#aptGet = aptGet;
    this.#dpkgDeb = dpkgDeb;
    this.#folder = folder;
    this.#private = join(folder, 'apt');
  }

  async fetch(): Promise<Manifest | Miss> {
    await mkdir(join(this.#private, 'cache/archives/partial'), { recursive: true });
    await mkdir(join(this.#private, 'lists/partial'), { recursive: true });
    await mkdir(join(this.#private, 'debs'));
    this.#search.progress("Looking for Redis in the distribution's packages");
    let miss: Miss | undefined;
    for (const attempt of ['system', 'own'] as const) {
      if (attempt === 'own') {
        miss = await this.#update();
        if (miss) return miss;
      }
      for (const { product, title } of SERVERS) {
        const names = await this.#needed(product);
        if (!names) continue;
        miss = await this.#download(names, title);
        if (!miss) return (await this.#unpack()) ?? this.#arrange(product);
        if (miss.why === 'space') return miss;
      }
    }
    return (
      miss ?? { why: 'absent', message: 'The package sources of this system offer no Redis and no Valkey.' }
    );
  }

  /** The server's packages and those libraries of theirs that are not installed; undefined where unknown. */
  async #needed(product: string): Promise<string[] | undefined> {
    const wanted = [`${product}-server`, `${product}-tools`];
    const plan = await this.#apt(['-s', 'install', '--no-install-recommends', ...wanted]);
    if (plan.code !== 0) return undefined;
    const missing = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
    // Other packages prepare a system service; a private server needs none of that.
    const libraries = missing.filter((name) => /^lib|^lua/.test(name));
    return [...new Set([...wanted, ...libraries])];
  }

  async #update(): Promise<Miss | undefined> {
    this.#search.progress('Reading the package lists');
    this.#ownLists = true;
    const told = await this.#apt([
      'update',
      '-o',
      'APT::Update::Error-Mode=any',
      '-o',
      'Acquire::Languages=none',
    ]);
    return told.code === 0 ? undefined : this.#explain(told, "The package lists can't be read");
  }

  async #download(names: string[], title: string): Promise<Miss | undefined> {
    this.#search.progress(`Fetching ${title}: ${names.length} packages`);
    const told = await this.#apt(['download', ...names], join(this.#private, 'debs'));
    return told.code === 0 ? undefined : this.#explain(told, `${title} can't be fetched`);
  }

  async #unpack(): Promise<Miss | undefined> {
    this.#search.progress('Unpacking');
    const debs = join(this.#private, 'debs');
    for (const deb of await readdir(debs)) {
      const told = await run(this.#dpkgDeb, ['-x', join(debs, deb), join(this.#private, 'root')], {
        env: this.#search.env,
        signal: this.#search.signal,
      });
      if (told.code !== 0) return this.#explain(told, `${deb} can't be unpacked`);
    }
    return undefined;
  }

  /** Keeps the server, the command-line client and the libraries, and throws away the rest. */
  async #arrange(product: string): Promise<Manifest> {
    const root = join(this.#private, 'root');
    const [bin, lib] = [join(this.#folder, 'bin'), join(this.#folder, 'lib')];
    await mkdir(bin);
    await mkdir(lib);
    const server = `${product}-server`;
    const link = await readlink(join(root, 'usr/bin', server)).catch(() => undefined);
    // The server and the checker are one program, which looks at the name it is called by.
    const program = link ?? server;
    await rename(join(root, 'usr/bin', program), join(bin, program));
    if (link) await symlink(link, join(bin, server));
    await rename(join(root, 'usr/bin', `${product}-cli`), join(bin, `${product}-cli`));
    for (const folder of [join(root, 'usr/lib'), join(root, 'lib')]) await moveLibraries(folder, lib);
    await rm(this.#private, { recursive: true });
    return {
      product: product === 'redis' ? 'Redis' : 'Valkey',
      version: '',
      origin: "from Debian's packages",
      command: `bin/${server}`,
      libraries: 'lib',
      cli: `bin/${product}-cli`,
    };
  }

  #apt(args: string[], cwd?: string): Promise<RunResult> {
    const at = (key: string, value: string) => ['-o', `${key}=${value}`];
    const options = [
      ...at('Dir::Cache', join(this.#private, 'cache')),
      ...at('Dir::Cache::pkgcache', 'pkgcache.bin'),
      ...at('Dir::Cache::srcpkgcache', ''),
      ...(this.#ownLists ? at('Dir::State::lists', join(this.#private, 'lists')) : []),
      ...at('Debug::NoLocking', 'true'),
      // As root, apt would give up its rights and could then not write into our folder.
      ...at('APT::Sandbox::User', 'root'),
      ...at('Acquire::Retries', '1'),
      ...at('Acquire::http::Timeout', '15'),
      ...at('Acquire::https::Timeout', '15'),
    ];
    return run(this.#aptGet, [...args, ...options], {
      env: { ...this.#search.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
      signal: this.#search.signal,
      ...(cwd && { cwd }),
    });
  }

  #explain({ stderr, error }: RunResult, what: string): Miss {
    const reason = error?.message ?? stderr.match(/^E: (.*)$/m)?.[1] ?? stderr.trim().split('\n').pop() ?? '';
    if (/no space left|not enough free space|write error|ENOSPC/i.test(stderr))
      return {
        why: 'space',
        message: `There is no room left for a Redis server in ${this.#search.cacheFolder} (about 50 MB while it is fetched).`,
        next: 'Free some space, or set REDISCOVER_HOME to a folder on another disk.',
      };
    if (
      /resolv|could not connect|unable to connect|network is unreachable|timed out|connection failed|no route/i.test(
        stderr,
      )
    )
      return {
        why: 'network',
        message: `${what}: the network does not answer.`,
        next: 'Try again with a network, or install redis-server, or name a server with --redis.',
      };
    return {
      why: 'broken',
      message: `${what}: ${reason}`,
      next: 'sudo apt-get install redis-server, or name a server with --redis.',
    };
  }
}

async function moveLibraries(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true }).catch(() => [])) {
    const file = join(from, entry.name);
    if (entry.isDirectory()) await moveLibraries(file, to);
    else if (/\.so(\.|$)/.test(entry.name) && !(await stat(join(to, entry.name)).catch(() => undefined)))
      await rename(file, join(to, entry.name));
  }
}
