/**
 * A build plugin that changes files of one package. Of each file: `seeks`, the texts that it was written for, and
 * `change`, what the file becomes (absent where it is only relied upon). Where a file is not met in the bundle, or lacks
 * such a text, the build fails: the package has changed, and what we took from it must be looked at again.
 */
export function patch(packageName, files) {
  const met = new Set();
  const fail = (plugin, words) =>
    plugin.error(`The patch of ${packageName} no longer matches: ${words}. Look at scripts/patches.js.`);
  return {
    name: `patch ${packageName}`,
    buildStart() {
      met.clear();
    },
    transform(code, id) {
      const file = Object.keys(files).find((file) => id.endsWith(`/node_modules/${packageName}/${file}`));
      if (file === undefined) return null;
      met.add(file);
      const { seeks, change } = files[file];
      const missing = seeks.find((text) => !code.includes(text));
      if (missing !== undefined) fail(this, `${file} does not hold ${JSON.stringify(missing)}`);
      return change ? change(code) : null;
    },
    generateBundle() {
      const missed = Object.keys(files).find((file) => !met.has(file));
      if (missed !== undefined) fail(this, `${missed} is not loaded`);
    },
  };
}
