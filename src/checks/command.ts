import * as facts from '../redis/command-facts.ts';
import { commandName } from '../redis/session.ts';

/**
 * What is documented of commands, and on top of it what we make of a script's text: not everybody declares the keys,
 * and one that calls nothing but what reads does not write.
 */

/** Whether the command may change data. */
export function writes(args: readonly Buffer[]): boolean {
  return commandName(args) === 'EVAL' ? scriptWrites(args[1]) : facts.isWrite(args);
}

/** The keys that a command names, read or written. Of a script all texts in quotes and all arguments too. */
export function keysOf(args: readonly Buffer[]): Buffer[] {
  return commandName(args) === 'EVAL' ? textsOfScript(args) : facts.keysOf(args);
}

/** The keys that it does not only read. */
export function writtenKeys(args: readonly Buffer[]): Buffer[] {
  return commandName(args) === 'EVAL' ? textsOfScript(args) : facts.writtenKeys(args);
}

function scriptWrites(script: Buffer | undefined): boolean {
  const calls = script?.toString('latin1').matchAll(/\bp?call\s*\(\s*(["'])(\w+)\1|\bp?call\b/g) ?? [];
  const called = [...calls].map(([, , name = '']) => Buffer.from(name));
  return called.length === 0 || called.some((name) => facts.isWrite([name]));
}

function textsOfScript([, script, , ...args]: readonly Buffer[]): Buffer[] {
  const quoted = script?.toString('latin1').matchAll(/(["'])(.*?)\1/g) ?? [];
  return [...args, ...[...quoted].map(([, , text]) => Buffer.from(text!, 'latin1'))];
}
