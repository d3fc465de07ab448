import { patch } from './patch.js';

/** What node-redis itself sends when it connects. */
const OWN = ['AUTH', 'CLIENT_SETNAME', 'READONLY'];

/** In the place of `redis`: its client's core alone. */
const core = {
  name: 'node-redis-core',
  resolveId(id) {
    return id === 'redis' ? '\0redis' : null;
  },
  load(id) {
    if (id !== '\0redis') return null;
    return `
      import client from '@redis/client/dist/lib/client/index.js';
      export const createClient = client.create;
      export { ErrorReply } from '@redis/client/dist/lib/errors.js';
      export { RESP_TYPES } from '@redis/client/dist/lib/RESP/decoder.js';`;
  },
};

/**
 * Of node-redis only its client's core: no cluster, no sentinel, and none of the 500 methods such as
 * `client.get()`, as every command here goes through `sendCommand`. Loading takes a tenth of the time.
 */
const nodeRedis = patch('@redis/client', {
  'dist/lib/client/index.js': {
    seeks: [
      'static create(',
      'exports.default = RedisClient;',
      ...OWN.map((name) => `commands_1.default.${name}`),
      'command_metadata_1.isCacheable)(command_metadata_1.defaultCommandMetadata.lookup(',
    ],
  },
  'dist/lib/errors.js': { seeks: ['exports.ErrorReply = ErrorReply;'] },
  'dist/lib/RESP/decoder.js': { seeks: ['exports.RESP_TYPES = {'] },
  'dist/lib/commands/index.js': {
    seeks: [
      ...OWN.map((name) => `require("./${name}")`),
      'exports.NON_STICKY_COMMANDS = NON_STICKY_COMMANDS;',
    ],
    change: () => {
      const entries = OWN.map((name) => `${name}: require('./${name}').default`);
      return `exports.NON_STICKY_COMMANDS = exports.default = { ${entries.join(', ')} };
        Object.defineProperty(exports, '__esModule', { value: true });`;
    },
  },
  'dist/lib/command-metadata/index.js': {
    seeks: ['exports.defaultCommandMetadata = new ', 'Object.defineProperty(exports, "isCacheable"'],
    change: () => 'exports.isCacheable = () => false; exports.defaultCommandMetadata = { lookup() {} };',
  },
});

/** The theme decides on colours itself; chalk's own look at the terminal costs 6 ms at every start. */
const chalk = patch('chalk', {
  'source/vendor/supports-color/index.js': {
    seeks: ['export default supportsColor;'],
    change: () => 'export default { stdout: false, stderr: false };',
  },
});

/** commander could start subcommands that are programs of their own; ours are not, and to load for that costs 5 ms at every start. */
const commander = patch('commander', {
  'lib/command.js': {
    seeks: ["require('node:child_process')"],
    change: (code) => code.replace("require('node:child_process')", '{}'),
  },
});

/** What the build takes out of packages. These must be pinned exactly in package.json. */
export const patches = [core, nodeRedis, chalk, commander];
