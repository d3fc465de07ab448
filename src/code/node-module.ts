import { builtinModules, createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

const require = createRequire(import.meta.url);

/** A learner's module in this process. */
export interface LoadedModule {
  /** As stack traces name it. */
  file: string;
  source: string;
  exports: Record<string, unknown>;
}

/** What an exercise has no use for, and could end in harm. */
const REFUSED = [
  'child_process',
  'cluster',
  'dgram',
  'inspector',
  'worker_threads',
  'repl',
  'vm',
  'wasi',
  'v8',
];

/** What modules import, one of each for all: Node 20 crashes where it collects many. */
const imported = new Map<string, vm.Module>();

/** Evaluates it anew, whatever was there before; its exports. Rejects with what it throws. */
export async function loadModule(
  { file, source }: { file: string; source: string },
  library: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const link = async (name: string) => {
    const known = imported.get(name);
    if (known) return known;
    const builtin = name.replace(/^node:/, '');
    const offered = builtinModules.includes(builtin) && !REFUSED.includes(builtin.split('/')[0]!);
    if (name !== 'redis' && !offered) throw new ImportRefused(name);
    const found = synthetic(name, name === 'redis' ? library : require(`node:${builtin}`));
    imported.set(name, found);
    return found;
  };
  const module = new vm.SourceTextModule(source, {
    identifier: file,
    initializeImportMeta(meta) {
      meta.url = pathToFileURL(file).href;
    },
    importModuleDynamically: (async (name: string) => {
      const found = await link(name);
      await found.link(() => Promise.reject(new ImportRefused(name)));
      await found.evaluate();
      return found;
    }) as never,
  });
  await module.link(link);
  await module.evaluate();
  return module.namespace as Record<string, unknown>;
}

class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
  constructor(what: string) {
    const own = what.startsWith('.') || what.startsWith('/');
    super(
      own
        ? `can't import ${JSON.stringify(what)}: an exercise is one file`
        : `can't import ${JSON.stringify(what)}: 'redis' and the modules of Node itself are there`,
    );
  }
}

function synthetic(name: string, values: Record<string, unknown>): vm.Module {
  const names = [...new Set([...Object.keys(values), 'default'])];
  return new vm.SyntheticModule(
    names,
    function () {
      for (const one of names)
        this.setExport(one, one === 'default' ? (values.default ?? values) : values[one]);
    },
    { identifier: name },
  );
}

/** The line of a mistake that keeps a module from being read; undefined where that can't be told. */
export function lineOfSyntaxError(source: string, error: SyntaxError): number | undefined {
  const [, name] = /does not provide an export named '(.+)'/.exec(error.message) ?? [];
  if (name !== undefined) {
    const line = source.split('\n').findIndex((text) => /^\s*import\b/.test(text) && text.includes(name));
    return line < 0 ? undefined : line + 1;
  }
  try {
    // Only of a script Node tells where: the words that make it a module go, and every line stays where it is.
    const script = source
      .replace(/^([ \t]*)import\b(?!\s*[.(])[^;'"]*(['"])[^'"\n]*\2/gm, (all) => all.replace(/[^\n]/g, ' '))
      .replace(/^([ \t]*)export\s+default\b/gm, '$1void     ')
      .replace(/^([ \t]*)export\s*(\{[^}]*\})/gm, (all) => all.replace(/[^\n]/g, ' '))
      .replace(/^([ \t]*)export\b/gm, '$1      ');
    new vm.Script(`'use strict';(async () => {${script}\n})`, { filename: 'module' });
  } catch (found) {
    const [, line] = /^module:(\d+)/.exec(String((found as Error).stack)) ?? [];
    if (line !== undefined) return Math.min(Number(line), source.trimEnd().split('\n').length);
  }
  return undefined;
}
