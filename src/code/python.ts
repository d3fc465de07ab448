import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Target } from '../redis/target.ts';
import { Host, type Result } from './host.ts';
import { PYTHON_DRIVER } from './python-driver.ts';

/** The distribution's own often has redis-py where one that was installed besides has not. */
const CANDIDATES = ['python3', '/usr/bin/python3'];
/** Longest that a Python may take to say what it has, in milliseconds. */
const LIMIT = 10_000;
/** The same for making a venv, and for what it fetches. */
const VENV_LIMIT = 120_000;

/** A Python that has redis-py, or why there is none. */
export type Python = { command: string } | { missing: string };

let candidates = CANDIDATES;
let found: Promise<Python> | undefined;

/** Which one to ask: `given` alone, where the user names one; else first that of `venv`, a folder that may have one. */
export function usePython({ given, venv }: { given?: string | undefined; venv?: string | undefined }): void {
  const own = venv === undefined ? [] : [join(venv, 'bin', 'python')];
  candidates = given === undefined ? [...own, ...CANDIDATES] : [given];
  found = undefined;
}

/** Asks the candidates once, in their order. */
export function findPython(): Promise<Python> {
  found ??= firstWithRedis(candidates);
  return found;
}

/** Makes a Python of its own in a folder, with redis-py from the package index; what keeps it from that is `missing`. */
export async function makeVenv(folder: string): Promise<Python> {
  const made = await done('python3', ['-m', 'venv', folder], VENV_LIMIT);
  if (made) {
    // Debian has a part of Python's own modules in a package beside it.
    const lacks = /ensurepip|python3.*-venv/.test(made)
      ? '; on Debian and Ubuntu: apt install python3-venv'
      : '';
    return { missing: `python3 made no venv in ${folder}${lacks}` };
  }
  const command = join(folder, 'bin', 'python');
  if (await done(command, ['-m', 'pip', 'install', '--quiet', 'redis'], VENV_LIMIT))
    return { missing: 'redis-py could not be had from the package index' };
  found = firstWithRedis([command]);
  return found;
}

/** What a program says where it fails; empty where it does not. */
function done(command: string, args: string[], timeout: number): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout }, (error, stdout, stderr) =>
      resolve(error ? `${stdout}${stderr}` || error.message : ''),
    );
  });
}

/** Why Python snippets cannot run here, or undefined where they can. */
export async function pythonMissing(): Promise<string | undefined> {
  const python = await findPython();
  return 'missing' in python ? python.missing : undefined;
}

export async function firstWithRedis(candidates: string[]): Promise<Python> {
  let missing = 'there is no python3';
  for (const command of candidates) {
    const error = await importRedis(command);
    if (error === null) return { command };
    if (error.code !== 'ENOENT') missing = 'python3 has no redis-py';
  }
  return { missing };
}

function importRedis(command: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    execFile(command, ['-c', 'import redis'], { timeout: LIMIT }, (error) =>
      resolve(error as NodeJS.ErrnoException | null),
    );
  });
}

/** Python snippets: each line on standard input is a request, each on descriptor 3 its result. */
export function startPython(command: string): Host {
  const child = spawn(command, ['-c', PYTHON_DRIVER], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.stdin!.on('error', () => {});
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  return new Host(child, {
    send: ({ target, place, source }) =>
      child.stdin!.write(
        `${JSON.stringify({ ...(target && { options: pythonOptions(target) }), place, source })}\n`,
      ),
    next: async () => JSON.parse((await once(lines, 'line'))[0] as string) as Result,
  });
}

/** A target in the words of redis-py. */
function pythonOptions({ socketPath, username, password, db = 0 }: Target) {
  return { unix_socket_path: socketPath, username, password, db };
}
