import type { About } from '../verdict.ts';

/** What a result is called in reports: `key:session:xyz:ttl`, `keys:user:*`, `used:SET EX`, `atomic:a,b`, `answer`, `world:2:keys:a*`. */
export function idOf({ kind, key, property, command, world }: About): string {
  const parts = [
    world === undefined ? undefined : `world:${world}`,
    kind,
    key === undefined ? undefined : keyText(key),
    property,
    command,
  ];
  return parts.filter((part) => part !== undefined).join(':');
}

/** With `#2` behind the id of a second one alike. */
export function withUniqueIds<T extends { id: string }>(results: readonly T[]): T[] {
  const seen = new Map<string, number>();
  return results.map((result) => {
    const times = (seen.get(result.id) ?? 0) + 1;
    seen.set(result.id, times);
    return times === 1 ? result : { ...result, id: `${result.id}#${times}` };
  });
}

function keyText(key: NonNullable<About['key']>): string {
  if (typeof key === 'string') return key;
  return Array.isArray(key) ? key.join(',') : key.pattern;
}
