import { randomUUID } from 'node:crypto';

/** Longest that a caller waits for a reply, and until it looks again; in ms. */
const PATIENCE = 500;
const PAUSE = 100;
/** A lock that ended by itself may be another's by now. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

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

/** Does what is no loss to whoever calls. */
async function mayFail(work) {
  try {
    await inTime(work());
  } catch {
    // The answer is there all the same.
  }
}

export function cached(client, compute, { prefix, ttlMs, lockMs }) {
  const px = (value) => ({ type: 'PX', value });
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    const lock = `lock:${key}`;
    const token = randomUUID();
    let locked = false;
    try {
      for (;;) {
        const hit = await inTime(client.get(key));
        if (hit !== null) return JSON.parse(hit);
        // It was looked once more since the lock is ours: nobody has computed it.
        if (locked) break;
        const reply = await inTime(client.set(lock, token, { condition: 'NX', expiration: px(lockMs) }));
        locked = reply !== null;
        if (!locked) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    } catch {
      // No Redis, or no JSON: compute without asking anybody.
    }
    try {
      const value = await compute(...args);
      if (locked) await mayFail(() => client.eval(RELEASE, { keys: [lock], arguments: [token] }));
      await mayFail(() => client.set(key, JSON.stringify(value), { expiration: px(ttlMs) }));
      return value;
    } catch (error) {
      if (locked) await mayFail(() => client.eval(RELEASE, { keys: [lock], arguments: [token] }));
      throw error;
    }
  };
}
