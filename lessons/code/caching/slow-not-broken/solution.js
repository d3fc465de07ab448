/** Longest that a caller waits for the cache, in ms. */
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

export function cached(client, compute, { prefix, ttlMs }) {
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
