import { visible } from './visible.ts';

/**
 * Tells something on standard error, on lines of its own. All that is said there goes through here: it may quote a
 * server, a name or a file, and nothing in it acts on the terminal.
 */
export function say(text: string): void {
  process.stderr.write(`${visible(text, 'lines')}\n`);
}
