import type { KeyState, Snapshot, Value } from './snapshot.ts';
import { nameOf } from './snapshot.ts';

/**
 * Reads the whole database as one script: nothing can shift beneath it, and it is one round trip.
 * ARGV[1] = '1' adds DUMP payloads; ARGV[2] = '1' the ends of single fields, where the server has them (HPTTL).
 * Reply: [seconds, microseconds, [name, type, pttl, encoding, value, dump, ends]...].
 * TYPE, PTTL and OBJECT leave idle times alone; reading values does too under CLIENT NO-TOUCH (7.2).
 */
export const SNAPSHOT_SCRIPT = `
local out = {'', ''}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key)['ok']
  if kind ~= 'none' then
    local pttl = redis.call('PTTL', key)
    local encoding = redis.pcall('OBJECT', 'ENCODING', key)
    if type(encoding) ~= 'string' then encoding = '' end
    local value = ''
    if kind == 'string' then value = redis.call('GET', key)
    elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
    elseif kind == 'hash' then value = redis.call('HGETALL', key)
    elseif kind == 'set' then value = redis.call('SMEMBERS', key)
    elseif kind == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    elseif kind == 'stream' then value = redis.call('XRANGE', key, '-', '+')
    end
    local dump = ''
    if ARGV[1] == '1' then dump = redis.call('DUMP', key) or '' end
    local ends = {}
    if kind == 'hash' and ARGV[2] == '1' then
      for from = 1, #value, 2000 do
        local names = {}
        for at = from, math.min(#value, from + 1999), 2 do names[#names + 1] = value[at] end
        for _, left in ipairs(redis.call('HPTTL', key, 'FIELDS', #names, unpack(names))) do ends[#ends + 1] = left end
      end
    end
    out[#out + 1] = {key, kind, pttl, encoding, value, dump, ends}
  end
end
-- Last: an expiry is never taken for shorter than it is.
local now = redis.call('TIME')
out[1], out[2] = now[1], now[2]
return out
`;

/** What the script's reply looks like when bulk strings arrive as Buffers. */
export type RawSnapshot = [Buffer, Buffer, ...RawKey[]];
type RawKey = [
  name: Buffer,
  type: Buffer,
  pttl: number,
  encoding: Buffer,
  value: unknown,
  dump: Buffer,
  ends: number[],
];

export function decodeSnapshot(raw: RawSnapshot): Snapshot {
  const [seconds, microseconds, ...keys] = raw;
  return {
    time: Number(seconds.toString()) * 1000 + Math.floor(Number(microseconds.toString()) / 1000),
    keys: new Map(keys.map((key) => [nameOf(key[0]), decodeKey(key)])),
  };
}

function decodeKey([name, type, pttl, encoding, value, dump, ends]: RawKey): KeyState {
  const kind = type.toString();
  return {
    name,
    type: kind,
    pttl: pttl < 0 ? null : pttl,
    encoding: encoding.toString(),
    value: decodeValue(kind, value),
    ...(ends.some((left) => left >= 0) && { ends: endsOf(value as Buffer[], ends) }),
    ...(dump.length > 0 && { dump }),
  };
}

function decodeValue(kind: string, value: unknown): Value {
  switch (kind) {
    case 'string':
      return { kind, bytes: value as Buffer };
    case 'list':
      return { kind, items: value as Buffer[] };
    case 'set':
      return { kind, members: value as Buffer[] };
    case 'hash':
      return { kind, fields: pairs(value as Buffer[]) };
    case 'zset':
      return {
        kind,
        members: pairs(value as Buffer[]).map(([member, score]) => ({ member, score: toScore(score) })),
      };
    case 'stream':
      return {
        kind,
        entries: (value as [Buffer, Buffer[]][]).map(([id, fields]) => ({ id: id.toString(), fields })),
      };
    default:
      return { kind: 'other' };
  }
}

/** Of the fields that have one. */
function endsOf(flat: Buffer[], ends: number[]): Map<string, number> {
  const all = ends.map((left, index): [string, number] => [nameOf(flat[2 * index]!), left]);
  return new Map(all.filter(([, left]) => left >= 0));
}

function pairs(flat: Buffer[]): [Buffer, Buffer][] {
  const out: [Buffer, Buffer][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) out.push([flat[i]!, flat[i + 1]!]);
  return out;
}

function toScore(score: Buffer): number {
  const text = score.toString();
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
