import { inspect } from 'node:util';
import { ErrorReply } from 'redis';
import { callerIn } from './node-caller.ts';
import { type LoadedModule, lineOfSyntaxError } from './node-module.ts';
import { whereAsked } from './node-outcome.ts';
import type { Thrown } from './wire.ts';

/** What was thrown, in words that pass. Never throws. */
export function thrownOf(thrown: unknown, module: LoadedModule | undefined): Thrown {
  if (!isError(thrown)) return { name: '', message: shown(thrown) };
  const place = whereAsked(thrown) ?? callerIn(String(thrown.stack), module?.file) ?? unread(thrown, module);
  return {
    name: shown(thrown.name),
    message: shown(thrown.message),
    ...place,
    ...(thrown instanceof ErrorReply && { reply: true }),
  };
}

/** It may come from another realm's constructor. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';
}

function unread(error: Error, module: LoadedModule | undefined) {
  if (error.name !== 'SyntaxError' || !module) return undefined;
  const line = lineOfSyntaxError(module.source, error as SyntaxError);
  return line === undefined ? undefined : { file: module.file, line };
}

function shown(value: unknown): string {
  try {
    return typeof value === 'string' ? value : inspect(value, { depth: 1 });
  } catch {
    return typeof value;
  }
}
