import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServerProgram } from '../../src/sandbox/find-program.ts';

/** Gets a Redis the way the program does, once, before tests that run side by side ask for it. */
export default async function setup(): Promise<() => void> {
  await findServerProgram({ progress: (text) => console.log(text) });
  // Whatever tests leave in their temporary folders goes with this one. A short name: sockets are made in it.
  const folder = mkdtempSync(join(tmpdir(), 'rt-'));
  // One test runs as somebody else, who must get through.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
