import { Script } from 'node:vm';
import { ErrorReply } from 'redis';
import type { CodeError } from './code-error.ts';

export type Run = (...values: unknown[]) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...namesAndBody: string[]) => Run;

/** What stack traces call the snippet, and how many lines the engine puts above it. */
const NAME = 'snippet';
const ABOVE = 2;
/** A frame of its own, or where the parser stopped: `at f (snippet:4:7)`, `snippet:4`. */
const PLACE = new RegExp(`^(?: +at .*\\b)?${NAME}:(\\d+)(?::\\d+\\)?)?$`, 'm');
/** What is run is the body of a function. */
const IMPORT = /^Cannot use import statement outside a module$/;

/** `names` are those that the snippet has, `client` where nothing is said. Throws SyntaxError. */
export function compile(text: string, names: readonly string[] = ['client']): Run {
  const source = names.includes('redis') ? `{${withoutImports(text)}\n}` : text;
  try {
    return new AsyncFunction(...names, `${source}\n//# sourceURL=${NAME}`);
  } catch (error) {
    // This one tells where.
    new Script(`(async function (${names.join(', ')}) {\n${source}\n})`, {
      filename: NAME,
      lineOffset: ABOVE - 1,
    });
    throw error;
  }
}

/** A snippet that connects by itself may begin as a module does: what it imports of node-redis is there, as `redis`. */
function withoutImports(text: string): string {
  return text
    .replace(/^\s*import\s+\{([^}]*)\}\s*from\s*(['"])redis\2;?/gm, (_, names: string) => {
      return `const {${names.replace(/\bas\b/g, ':')}} = redis;`;
    })
    .replace(/^\s*import\s+(?:\*\s*as\s+)?(\w+)\s*from\s*(['"])redis\2;?/gm, (all, name: string) =>
      name === 'redis' ? all.replace(/\S.*/s, '') : `const ${name} = redis;`,
    )
    .replace(/\bimport\(\s*(['"])redis\1\s*\)/g, 'Promise.resolve(redis)')
    .replace(/\brequire\(\s*(['"])redis\1\s*\)/g, 'redis');
}

/** What running or compiling the snippet threw. */
export function errorOf(thrown: unknown, source: string): CodeError {
  if (!(thrown instanceof Error)) return { name: '', message: shown(thrown) };
  const line = Number(PLACE.exec(String(thrown.stack))?.[1]) - ABOVE;
  return {
    name: String(thrown.name),
    message: String(thrown.message).replace(
      IMPORT,
      '$&: write await import(...); what the task needs is there already',
    ),
    // What is missing at the end is only found behind it.
    ...(line >= 1 && line <= source.split('\n').length && { line }),
    ...(thrown instanceof ErrorReply && { reply: true }),
  };
}

function shown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
