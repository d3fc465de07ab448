import * as nodeModule from 'node:module';

/** A module in TypeScript can't be read as one. */
export class NoTypeScript extends SyntaxError {
  /** From 1, where that can be told. */
  readonly line: number | undefined;
  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

type Strip = (source: string) => string;

/**
 * JavaScript of TypeScript, every line where it was. Node does it where it can, since 22.13; else sucrase, which is
 * JavaScript alone and keeps the lines. Rejects with NoTypeScript.
 */
export async function withoutTypes(source: string): Promise<string> {
  const strip = (nodeModule as unknown as { stripTypeScriptTypes?: Strip }).stripTypeScriptTypes;
  try {
    if (strip) return quietly(() => strip(source));
    const { transform } = await import('sucrase');
    return transform(source, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (error) {
    throw notTypeScript(error as Error, source);
  }
}

/** What Node says of the feature's age is no matter of the learner's. */
function quietly<T>(run: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function notTypeScript(
  error: Error & { loc?: { line: number }; startLine?: number },
  source: string,
): NoTypeScript {
  const line = error.loc?.line ?? error.startLine;
  const words = error.message
    .replace(/^Error transforming .*?: /, '')
    .replace(/\s*\(\d+:\d+\)$/, '')
    .split('\n')[0]!;
  return new NoTypeScript(words, line === undefined ? undefined : Math.min(line, source.split('\n').length));
}
