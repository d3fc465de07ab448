import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes what can be made again where it is missing: whole or not at all, so that whoever reads meanwhile has the old file
 * or the new one. Its folder need not exist. Not a word where it can't be kept.
 */
export async function keepFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** What of a folder stays: so many files, and so many bytes of them together. */
export interface Most {
  files: number;
  bytes?: number;
}

/** Takes away the oldest files beyond that. What was begun and never finished counts too, and is old one day. */
export async function sweep(folder: string, most: Most): Promise<void> {
  try {
    const names = await readdir(folder);
    if (names.length <= most.files && most.bytes === undefined) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(folder, name);
        const { mtimeMs, size } = await stat(path);
        return { path, mtimeMs, size };
      }),
    );
    const { bytes: mostBytes = Number.POSITIVE_INFINITY } = most;
    let bytes = 0;
    for (const [index, { path, size }] of files.sort((a, b) => b.mtimeMs - a.mtimeMs).entries()) {
      bytes += size;
      if (index >= most.files || bytes > mostBytes) await rm(path, { force: true });
    }
  } catch {}
}
