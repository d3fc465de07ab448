import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { commandFacts } from './scripts/command-facts.js';
import { thirdParty } from './scripts/third-party.js';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/**
 * Of node-redis only its client's core: no cluster, no sentinel, and none of the 500 methods such as
 * `client.get()`, as every command here goes through `sendCommand`. Loading takes a tenth of the time.
 */
const nodeRedisCore = {
  name: 'node-redis-core',
  resolveId(id) {
    return id === 'redis' ? '\0redis' : null;
  },
  load(id) {
    if (id === '\0redis') {
      return `
        import client from '@redis/client/dist/lib/client/index.js';
        export const createClient = client.create;
        export { ErrorReply } from '@redis/client/dist/lib/errors.js';
        export { RESP_TYPES } from '@redis/client/dist/lib/RESP/decoder.js';`;
    }
    if (id.endsWith('/@redis/client/dist/lib/commands/index.js')) {
      // What the client itself sends when it connects.
      const own = ['AUTH', 'CLIENT_SETNAME', 'READONLY'];
      const entries = own.map((name) => `${name}: require('./${name}').default`);
      return `exports.NON_STICKY_COMMANDS = exports.default = { ${entries.join(', ')} };
        Object.defineProperty(exports, '__esModule', { value: true });`;
    }
    if (id.endsWith('/@redis/client/dist/lib/command-metadata/index.js')) {
      return 'exports.isCacheable = () => false; exports.defaultCommandMetadata = { lookup() {} };';
    }
    return null;
  },
};

/** The theme decides on colours itself; chalk's own look at the terminal costs 6 ms at every start. */
const chalkAlone = {
  name: 'chalk-alone',
  load(id) {
    if (!id.endsWith('/chalk/source/vendor/supports-color/index.js')) return null;
    return 'export default { stdout: false, stderr: false };';
  },
};

/** commander could start subcommands that are programs of their own; ours are not, and to load for that costs 5 ms at every start. */
const commanderAlone = {
  name: 'commander-alone',
  transform(code, id) {
    if (!id.endsWith('/commander/lib/command.js')) return null;
    return code.replace("require('node:child_process')", '{}');
  },
};

const common = {
  platform: 'node',
  transform: { define: { 'process.env.REDISCOVER_VERSION': JSON.stringify(version) } },
  // Of modules that are loaded late in one place and early in another.
  checks: { ineffectiveDynamicImport: false },
};

export default defineConfig([
  {
    ...common,
    input: {
      cli: 'src/cli.ts',
      'course-compile': 'src/commands/course-compile.ts',
      bench: 'bench/run.ts',
    },
    plugins: [nodeRedisCore, chalkAlone, commanderAlone, commandFacts(), thirdParty()],
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
            test: /src\/sandbox\/(?!named|survey|permissions|bounded|command-filter|ownership|unmanaged)/,
          },
          {
            name: 'practice',
            test: /src\/(checks|repl)\/|src\/redis\/(command-facts|key-positions)|virtual:command-facts|src\/engine\/(attempt|changes|demo|given|script-count|typed-rerun|unfinished|worlds|stage|course-fault)\.ts|src\/ui\/(changes|value|difference|duration|markdown|story)\.ts/,
          },
          {
            name: 'base',
            test: /src\/(folders|alive)\.ts|src\/course\/(course|suggest|pattern)\.ts|src\/ui\/(theme|visible|columns|wrap)\.ts|src\/redis\/split\.ts|src\/engine\/progress|src\/engine\/file-lock|src\/commands\/(course-option|redis-option|flags|signals|ask)|src\/report\/safe-json|node_modules\/(chalk|fastest-levenshtein|get-east-asian-width)/,
          },
        ],
      },
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    },
  },
  {
    ...common,
    // Authors' and learners' code gets all of node-redis.
    input: { 'node-driver': 'src/code/node-driver.ts' },
    output: { dir: 'dist', format: 'esm', codeSplitting: false, minify: 'dce-only' },
  },
]);
