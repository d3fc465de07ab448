import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BadUsage } from '../failure.ts';

/** Removes a file once we are gone, unless it was told before that there is nothing to remove. */
const UNDER_WATCH = 'read -r line || rm -f -- "$1"';

/**
 * A file that is replaced as a whole: whoever looks, and whenever the program is killed, has the old one or the new one,
 * and nothing beside it. What is no ordinary file, as /dev/stdout, is written to.
 */
export class ReportFile {
  readonly path: string;
  /** What it is a link to, where it is one. */
  readonly #place: string;
  readonly #replaced: boolean;

  private constructor(path: string, place: string, replaced: boolean) {
    this.path = path;
    this.#place = place;
    this.#replaced = replaced;
  }

  /** Throws BadUsage where nothing could be written there: better now than when all is judged. */
  static async at(path: string): Promise<ReportFile> {
    try {
      const found = await stat(path).catch(() => undefined);
      if (found?.isDirectory()) throw new Error('it is a folder');
      const replaced = found === undefined || found.isFile();
      const place = replaced ? realPathOf(path) : path;
      await access(replaced ? dirname(place) : place, constants.W_OK);
      return new ReportFile(path, place, replaced);
    } catch (cause) {
      throw notWritten(path, cause);
    }
  }

  /** Throws BadUsage where it cannot be written; the old one is there then. */
  write(text: string): void {
    try {
      if (this.#replaced) this.#replace(text);
      else writeFileSync(this.#place, text);
    } catch (cause) {
      throw notWritten(this.path, cause);
    }
  }

  #replace(text: string): void {
    const beside = join(dirname(this.#place), `.${basename(this.#place)}.${process.pid}`);
    const watcher = watch(beside);
    try {
      writeFileSync(beside, text, { flag: 'wx' });
      const before = statSync(this.#place, { throwIfNoEntry: false });
      if (before) chmodSync(beside, before.mode & 0o777);
      renameSync(beside, this.#place);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    } finally {
      watcher.stdin?.end('written\n');
    }
  }
}

function watch(file: string): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', UNDER_WATCH, 'sh', file], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without it a file may be left where we are killed at that very moment; no more than that.
  watcher.on('error', () => {});
  watcher.stdin?.on('error', () => {});
  watcher.unref();
  return watcher;
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}

function notWritten(path: string, cause: unknown): BadUsage {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such folder',
    EACCES: 'you may not write there',
    EROFS: 'you may not write there',
    ENOTDIR: 'there is no such folder',
    ENOSPC: 'the disk is full',
  };
  return new BadUsage(`The report ${path} cannot be written: ${reasons[code ?? ''] ?? message}.`, { cause });
}
