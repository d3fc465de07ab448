import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Miss, Provider, Search, ServerProgram } from './provider.ts';
import { run } from './run.ts';
import { atLeast, FLOOR, parseVersion } from './version.ts';

/** Where package managers put programs that a user's PATH may leave out, e.g. under cron or a desktop's launcher. */
const USUAL_FOLDERS = [
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/usr/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/opt/local/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/snap/bin',
  '/run/current-system/sw/bin',
];

const NAMES = ['redis-server', 'valkey-server'];

/** A server that is installed already. */
export const path: Provider = {
  id: 'path',
  title: 'Installed server',
  async find(search) {
    const passed: string[] = [];
    for (const command of installed(search)) {
      const program = await identify(command);
      if ('why' in program) passed.push(program.message);
      else
        return {
          ...program,
          origin: pathFolders(search).includes(dirname(command)) ? 'from PATH' : `from ${dirname(command)}`,
        };
    }
    return passed.length > 0
      ? { why: 'old', message: passed.join(' ') }
      : { why: 'absent', message: 'No redis-server or valkey-server is installed.' };
  },
};

/** Asks the program at `command` what it is, without starting a server. */
export async function identify(
  command: string,
  env: Record<string, string> = {},
): Promise<ServerProgram | Miss> {
  const told = await run(command, ['--version'], { env: { ...process.env, ...env }, timeout: 5000 });
  const known = told.code === 0 ? parseVersion(told.stdout) : undefined;
  if (!known) {
    const reason =
      (told.error?.message ?? told.stderr.trim().split('\n')[0]) || 'it is not a Redis or Valkey server';
    return { why: 'broken', message: `${command} does not run: ${reason}.` };
  }
  if (!atLeast(known.version, FLOOR))
    return { why: 'old', message: `${command} is ${known.product} ${known.version}, older than ${FLOOR}.` };
  const cli = join(dirname(command), `${known.product.toLowerCase()}-cli`);
  return { ...known, origin: `from ${dirname(command)}`, command, env, ...(isProgram(cli) && { cli }) };
}

/** The full path of a program in PATH, or undefined. */
export function which(name: string, search: Pick<Search, 'env'>): string | undefined {
  return pathFolders(search)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function installed(search: Search): string[] {
  const folders = [...pathFolders(search), ...(search.usualFolders ?? USUAL_FOLDERS)];
  const seen = new Set<string>();
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of NAMES) {
      const command = join(folder, name);
      if (!isProgram(command)) continue;
      const real = realpathSync(command);
      if (!seen.has(real)) found.push(command);
      seen.add(real);
    }
  }
  return found;
}

function pathFolders({ env }: Pick<Search, 'env'>): string[] {
  // A relative entry would run whatever lies in the current folder.
  return (env.PATH ?? '').split(delimiter).filter(isAbsolute);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
