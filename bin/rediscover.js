#!/usr/bin/env node
// Plain enough for any Node to read, so that an old one gets a sentence instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 17)) {
  console.error(
    `Rediscover needs Node 20.17 or later; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(2);
}
import('../dist/cli.js').then(
  (cli) => cli.main(process.argv),
  (error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('Rediscover is not built yet. Run: npm run build');
    process.exit(2);
  },
);
