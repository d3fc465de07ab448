import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';
import { commandFacts } from './scripts/command-facts.js';
import { patches } from './scripts/patches.js';
import { thirdParty } from './scripts/third-party.js';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** Of all packages that go into the bundles; complete once they are built. */
export const packages = new Set();

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

const common = {
  platform: 'node',
  resolve: {
    alias: {
      // As modules: what it brings within its bundle has no names, and the notices would miss it.
      'junit-report-builder': path('node_modules/junit-report-builder/dist/index.es.js'),
      lodash$: path('scripts/lodash-parts.js'),
    },
  },
  transform: { define: { 'process.env.REDISCOVER_VERSION': JSON.stringify(version) } },
  // Of modules that are loaded late in one place and early in another.
  checks: { ineffectiveDynamicImport: false },
};

export default defineConfig([
  {
    ...common,
    input: {
      cli: 'src/cli.ts',
      index: 'src/index.ts',
      'course-compile': 'src/commands/course-compile.ts',
      'checker-thread': 'src/engine/checker-thread.ts',
      bench: 'bench/run.ts',
    },
    plugins: [...patches, commandFacts(), thirdParty(packages)],
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir: 'dist',
      format: 'esm',
      cleanDir: true,
      // What is loaded late stays in files of its own: --version reads a few kilobytes, not a megabyte.
      // What is loaded together is one file: each costs half a millisecond.
      chunkFileNames: '[name].js',
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [
          {
            // With the core above: apart, the two would load each other in a circle.
            name: 'redis',
            test: /^.redis$|src\/redis\/(?!command-docs|command-facts|hint|help|key-positions|split)|@redis\/client/,
          },
          {
            name: 'server',
            test: /src\/sandbox\/(?!named|survey|permissions|bounded|command-filter|ownership|unmanaged|access|door|entrance|entry|certificates)/,
          },
          {
            name: 'practice',
            test: /src\/(checks|repl)\/|src\/redis\/(command-facts|key-positions)|virtual:command-facts|src\/engine\/(attempt|changes|demo|given|script-count|typed-rerun|unfinished|worlds|stage)\.ts|src\/ui\/(changes|value|difference|duration|markdown|story)\.ts/,
          },
          {
            name: 'base',
            test: /src\/(folders|alive)\.ts|src\/course\/(course|suggest|pattern)\.ts|src\/ui\/(theme|visible|columns|wrap|table)\.ts|src\/redis\/split\.ts|src\/engine\/progress|src\/engine\/file-lock|src\/engine\/course-fault|src\/commands\/(course-option|redis-option|flags|signals|ask)|src\/report\/safe-json|node_modules\/(chalk|fastest-levenshtein|get-east-asian-width)/,
          },
        ],
      },
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    },
  },
  {
    ...common,
    // Authors' and learners' code gets all of node-redis, which both have in common.
    input: { 'node-driver': 'src/code/node-driver.ts', 'node-actor': 'src/code/node-actor.ts' },
    plugins: [thirdParty(packages)],
    output: {
      dir: 'dist',
      format: 'esm',
      chunkFileNames: 'node-code.js',
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    },
  },
]);
