import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { builtFile } from '../built.ts';
import { ExitCode, Failure } from '../failure.ts';

/** What learners write has no place there, or can't be read. */
export class NoWorkFolder extends Failure {
  override readonly name = 'NoWorkFolder';
  constructor(message: string, cause?: unknown) {
    super(message, {
      next: 'Another folder is named by: rediscover --work DIR',
      exitCode: ExitCode.failed,
      cause,
    });
  }
}

/** What tells Node and editors that there are modules in it. */
const SETTINGS = {
  'package.json': { private: true, type: 'module' },
  'tsconfig.json': {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      allowJs: true,
      checkJs: false,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    },
  },
};

/** What tells editors of `redis` and of Node, by paths in `node_modules/@types`. */
const DECLARATIONS = 'declarations.json.gz';

/** The folder of what a learner writes. It is theirs: nothing that is there is written over. */
export class WorkFolder {
  /** As the user named it. */
  readonly named: string;
  readonly path: string;
  #ready: Promise<void> | undefined;
  #declared: Promise<void> = Promise.resolve();

  constructor(named: string) {
    this.named = named;
    this.path = resolve(named);
  }

  /** The path of a file in it, as the user would name it. */
  shown(path: string): string {
    return join(this.named, relative(this.path, path));
  }

  /** A folder in it, which is made. Rejects with NoWorkFolder. */
  async folder(name: string): Promise<string> {
    this.#ready ??= this.#begin();
    try {
      await this.#ready;
    } catch (error) {
      // What was in the way may be gone next time.
      this.#ready = undefined;
      throw error;
    }
    const path = join(this.path, name);
    await this.attempt(path, () => mkdir(path, { recursive: true }));
    await this.mustHold(path);
    return path;
  }

  /** Rejects with NoWorkFolder where a link leads elsewhere: what is there is not the learner's to have changed by us. */
  async mustHold(path: string): Promise<void> {
    const [root, real] = await this.attempt(path, () => Promise.all([realpath(this.path), realpath(path)]));
    const inside = relative(root, real);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      throw new NoWorkFolder(`${this.shown(path)} leads out of ${this.named}, to ${real}.`);
  }

  /** Rejects with NoWorkFolder, in words for the learner, where the system refuses. */
  async attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failure) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new NoWorkFolder(`${this.shown(path)} can't be used: ${WHY[code ?? ''] ?? message}.`, error);
    }
  }

  /** Resolves when editors have all that they can be told. */
  declared(): Promise<void> {
    return this.#declared;
  }

  async #begin(): Promise<void> {
    await this.attempt(this.path, () => mkdir(this.path, { recursive: true }));
    for (const [name, settings] of Object.entries(SETTINGS)) {
      const path = join(this.path, name);
      await this.attempt(path, () => writeNew(path, `${JSON.stringify(settings, null, 2)}\n`));
    }
    // Without it an editor knows less, and that is all.
    this.#declared = this.#declare().catch(() => {});
  }

  async #declare(): Promise<void> {
    const types = join(this.path, 'node_modules', '@types');
    const isThere = (...names: string[]) => existsSync(join(...names, 'package.json'));
    const known = {
      redis: isThere(types, 'redis') || isThere(this.path, 'node_modules', 'redis'),
      node: isThere(types, 'node'),
    };
    if (known.redis && known.node) return;
    const files = JSON.parse((await promisify(gunzip)(await readFile(builtFile(DECLARATIONS)))).toString());
    const missing = Object.entries<string>(files).filter(
      ([path]) => !known[path.slice(0, path.indexOf('/')) as keyof typeof known],
    );
    // By its package.json a package is known to be there: that comes last.
    const isLast = ([path]: [string, string]) => /^[^/]+\/package\.json$/.test(path);
    for (const [path, text] of [...missing.filter((one) => !isLast(one)), ...missing.filter(isLast)]) {
      await mkdir(dirname(join(types, path)), { recursive: true });
      await writeNew(join(types, path), text);
    }
  }
}

const WHY: Record<string, string> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written to that disk',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file is in its way',
  ENOTDIR: 'a file is in its way',
  EISDIR: 'a folder is in its way',
  ENOENT: 'it is not there',
  ELOOP: 'it is a link that leads in a circle',
};

/** Leaves alone what is there. */
export async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}
