import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { repeatOf } from '../redis/repeat.ts';
import { splitArgs } from '../redis/split.ts';

const KEPT = 1000;

/** The lines typed at the prompt, oldest first, kept in a file that only the user can read. */
export class History {
  readonly #file: string;
  readonly lines: string[];

  private constructor(file: string, lines: string[]) {
    this.#file = file;
    this.lines = lines;
  }

  /** A missing or unreadable file is an empty history. */
  static async load(file: string): Promise<History> {
    const text = await readFile(file, 'utf8').catch(() => '');
    const lines = text.split('\n').filter(Boolean);
    const kept = lines.slice(-KEPT);
    // Now and then, so that the file does not grow for ever; a copy running beside may lose a line of history.
    if (lines.length > 2 * KEPT)
      await writeFile(file, `${kept.join('\n')}\n`, { mode: 0o600 }).catch(() => {});
    return new History(file, kept);
  }

  /** Keeps a line, in memory and in the file, unless it holds a secret or repeats the one before. */
  async add(line: string): Promise<void> {
    if (line.trim() === '' || line === this.lines.at(-1) || hasSecret(line)) return;
    this.lines.push(line);
    try {
      await mkdir(dirname(this.#file), { recursive: true });
      await appendFile(this.#file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A history that cannot be kept is no reason to stop a lesson.
    }
  }
}

/** Whether a line leads to a server by a URL that holds a login. */
export function hasLogin(line: string): boolean {
  return /^\s*\.connect\b.*@/i.test(line);
}

/** Whether a command line holds a password, in any form that Redis takes one. */
export function hasSecret(line: string): boolean {
  if (hasLogin(line)) return true;
  const words = splitArgs(line);
  // redis-cli's `3 AUTH ...` runs it three times.
  const args = words && repeatOf(words).args.map((arg) => arg.toString().toUpperCase());
  // Unbalanced quotes: it may have been meant as one.
  if (!args) return /\b(auth|acl|requirepass|masterauth|hello|migrate)\b/i.test(line);
  const [command, second] = args;
  switch (command) {
    case 'AUTH':
      return true;
    case 'HELLO':
    case 'MIGRATE':
      return args.some((arg) => arg === 'AUTH' || arg === 'AUTH2');
    case 'ACL':
      return second === 'SETUSER';
    case 'CONFIG':
      return second === 'SET' && args.some((arg) => /PASS|AUTH/.test(arg));
    default:
      return false;
  }
}
