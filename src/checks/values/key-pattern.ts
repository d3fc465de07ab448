import { keyMatch } from '../../course/pattern.ts';
import { nameOf } from '../../redis/snapshot.ts';

/** Whether a key, as `nameOf` writes it, matches a pattern of KEYS. What comes before the first wildcard rules most out. */
export function keyPattern(pattern: string): (key: string) => boolean {
  const bytes = Buffer.from(pattern);
  const prefix = /^[^*?[\\]*/.exec(nameOf(pattern))![0];
  if (prefix.length + 1 === bytes.length && pattern.endsWith('*')) return (key) => key.startsWith(prefix);
  return (key) => key.startsWith(prefix) && keyMatch(bytes, Buffer.from(key, 'latin1'));
}
