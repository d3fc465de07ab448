import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { isolatedDeclarationSync } from 'rolldown/experimental';
import bundles, { packages } from '../rolldown.config.js';
import { declarations } from './declarations.js';
import { noticesOf } from './third-party.js';

// `npm run build`: the bundles, one after the other as the first empties dist/, what editors are to know of libraries, what
// tells this build from others, and the built-in course.
for (const bundle of bundles) await build(bundle);
copyFileSync('src/code/python_actor.py', 'dist/python_actor.py');
// Types alone: what authors write scenarios against.
copyFileSync('src/code/scenario.ts', 'dist/scenario.d.ts');
// The library's: what it takes and answers is types alone too.
copyFileSync('src/api.ts', 'dist/api.d.ts');
const { code } = isolatedDeclarationSync('index.ts', readFileSync('src/index.ts', 'utf8'));
writeFileSync('dist/index.d.ts', code.replaceAll('./api.ts', './api.js'));
const { files, folders } = declarations();
writeFileSync('dist/declarations.json.gz', gzipSync(JSON.stringify(files)));
writeFileSync('dist/THIRD-PARTY.txt', noticesOf(new Set([...packages, ...folders])));
const id = createHash('sha256');
for (const file of readdirSync('dist').sort()) id.update(readFileSync(`dist/${file}`));
writeFileSync('dist/build-id', id.digest('hex'));
const compile = ['dist/course-compile.js', 'lessons', 'dist'];
process.exitCode = spawnSync(process.execPath, compile, { stdio: 'inherit' }).status;
