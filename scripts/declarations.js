import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { licenceOf } from './third-party.js';

const REFERENCES =
  /(?:from\s*|import\(\s*|import\s+)["']([^"'\n]+)["']|<reference path="([^"]+)"|<reference types="([^"]+)"/g;

/**
 * What an editor has to read to know `redis` and the modules of Node: `files` by their paths in `node_modules/@types`, and
 * the `folders` of the packages that they are from. Only declarations that lead on from each other are among them.
 */
export function declarations() {
  const files = {};
  const folders = new Set();
  addPackage(import.meta.dirname, 'redis', 'redis');
  addPackage(import.meta.dirname, '@types/node', 'node');
  return { files, folders };

  /** A package as somebody in the folder `from` finds it, with all that it needs within it. */
  function addPackage(from, name, path) {
    const manifest = createRequire(join(from, '-')).resolve(`${name}/package.json`);
    const folder = dirname(manifest);
    if (folders.has(folder)) return folder;
    folders.add(folder);
    const { version, license, types } = JSON.parse(readFileSync(manifest, 'utf8'));
    const called = path.includes('/') ? name : `@types/${path}`;
    files[`${path}/package.json`] = JSON.stringify({ name: called, version, license, types });
    files[`${path}/LICENSE`] = licenceOf(folder);
    addFile(join(folder, types), folder, path);
    return folder;
  }

  function addFile(file, folder, path) {
    const key = `${path}/${relative(folder, file)}`;
    if (key in files) return;
    const text = readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
    files[key] = text;
    for (const [, name, beside, types] of text.matchAll(REFERENCES)) {
      if (beside ?? /^\.\.?\//.test(name ?? '')) addNamed(join(dirname(file), beside ?? name), folder, path);
      else addForeign(name ?? types, folder, path);
    }
  }

  /** What is named in a comment need not be there. */
  function addNamed(name, folder, path) {
    const file = [name, `${name}.d.ts`, name.replace(/\.js$/, '.d.ts'), join(name, 'index.d.ts')].find(
      (one) => one.endsWith('.d.ts') && existsSync(one),
    );
    if (file) addFile(file, folder, path);
  }

  function addForeign(name, folder, path) {
    const [, needed, rest] = /^(@redis\/[^/]+|undici-types)(\/.+)?$/.exec(name) ?? [];
    if (!needed) return;
    // All of one package's are at its side: there they find each other.
    const [top] = path.split('/');
    const inside = `${top}/node_modules/${needed}`;
    const found = addPackage(folder, needed, inside);
    if (rest) addNamed(join(found, rest), found, inside);
  }
}
