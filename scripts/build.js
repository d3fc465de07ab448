import { spawnSync } from 'node:child_process';
import { build } from 'rolldown';
import bundles from '../rolldown.config.js';

// `npm run build`: the bundles, one after the other as the first empties dist/, then the built-in course.
for (const bundle of bundles) await build(bundle);
const compile = ['dist/course-compile.js', 'lessons', 'dist'];
process.exitCode = spawnSync(process.execPath, compile, { stdio: 'inherit' }).status;
