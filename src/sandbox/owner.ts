import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../alive.ts';

/** A running process, told so that a later one of the same number is not taken for it. */
export interface Owner {
  /** The machine, and where there is such a thing the process namespace (a container's own). */
  place: string;
  pid: number;
  /** When it began, in the system's own words; empty where the system does not tell. */
  begun: string;
}

const FILE = 'owner.json';

/** This process. */
export function ourselves(): Owner {
  return { place: place(), pid: process.pid, begun: begun(process.pid) };
}

/** Whether a process still runs; unknown where it is another machine's. */
export function lifeOf(owner: Owner): 'alive' | 'dead' | 'unknown' {
  if (owner.place !== place() || !Number.isInteger(owner.pid)) return 'unknown';
  return isAlive(owner.pid) && begun(owner.pid) === owner.begun ? 'alive' : 'dead';
}

/** Marks `folder` as made by this process. */
export function own(folder: string): void {
  writeFileSync(join(folder, FILE), JSON.stringify(ourselves()), { mode: 0o600 });
}

/** Takes the mark away: the folder is to stay. */
export function disown(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}

/** Whether the process that made `folder` still runs; undefined where nobody has marked it. */
export function ownerOf(folder: string): ReturnType<typeof lifeOf> | undefined {
  try {
    return lifeOf(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

function begun(pid: number): string {
  try {
    // The 22nd field, in ticks since boot; the name in brackets before may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').pop()!.split(' ')[19]!;
  } catch {
    return '';
  }
}

function place(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
