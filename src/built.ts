import { fileURLToPath } from 'node:url';

/** The path of a file that the build made, be it asked for by the built program or by a test of the source beside it. */
export function builtFile(name: string): string {
  const { url } = import.meta;
  return fileURLToPath(new URL(url.endsWith('.ts') ? `../dist/${name}` : name, url));
}
