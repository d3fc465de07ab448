// When an entry ends, all who ask for it compute it. Let one of them compute while the others wait for the entry, in
// all processes. Who fails lets the next one try at once; who dies holds up nobody for longer than lockMs.

/** Longest that a caller waits for a reply, in ms. */
const PATIENCE = 500;

/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name, value) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The reply of Redis; rejects where that takes too long. */
function inTime(command) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, PATIENCE, new Error('Redis does not answer'));
  });
  return Promise.race([command, late]).finally(() => clearTimeout(timer));
}

/**
 * @template T
 * @param {import('redis').RedisClientType} client
 * @param {(...args: any[]) => Promise<T>} compute
 * @param {{ prefix: string, ttlMs: number, lockMs: number }} options
 * @returns {(...args: any[]) => Promise<T>}
 */
export function cached(client, compute, { prefix, ttlMs, lockMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    try {
      const hit = await inTime(client.get(key));
      if (hit !== null) return JSON.parse(hit);
    } catch {
      // No Redis, or no JSON: a miss.
    }
    const value = await compute(...args);
    try {
      const text = JSON.stringify(value);
      await inTime(client.set(key, text, { expiration: { type: 'PX', value: ttlMs } }));
    } catch {
      // Whoever asks has the value, whatever becomes of the entry.
    }
    return value;
  };
}
