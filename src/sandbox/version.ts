/** The oldest Redis that lessons can be learned on. */
export const FLOOR = '6.2';

/** What `redis-server --version` or `valkey-server --version` printed, or undefined for anything else. */
export function parseVersion(text: string): { product: 'Redis' | 'Valkey'; version: string } | undefined {
  const [, product, version] = /^(Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(text) ?? [];
  return product && version ? { product: product as 'Redis' | 'Valkey', version } : undefined;
}

/** Whether `version` is `floor` or newer; both are numbers with dots between. */
export function atLeast(version: string, floor: string): boolean {
  const [have, want] = [version, floor].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, part] of want.entries()) {
    const own = have[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
