import type { Reply } from '../redis/reply.ts';

/** A reply as plain data: text, numbers, null, lists, maps as objects; an error as `{error: text}`. */
export function plain(reply: Reply): unknown {
  switch (reply.type) {
    case 'nil':
      return null;
    case 'integer':
    case 'double':
      return Number(reply.text);
    case 'big-number':
      return reply.text;
    case 'boolean':
      return reply.value;
    case 'error':
      return { error: reply.bytes.toString() };
    case 'status':
    case 'bulk':
    case 'verbatim':
      return reply.bytes.toString();
    case 'map':
      return Object.fromEntries(reply.entries.map(([name, value]) => [String(plain(name)), plain(value)]));
    default:
      return reply.items.map(plain);
  }
}

/** In one short line: `OK`, `1`, `nil`, `"8dbb"`, `[a, b]`, `WRONGTYPE ...`. */
export function inShort(reply: Reply): string {
  if (reply.type === 'nil') return 'nil';
  if (reply.type === 'map')
    return `{${reply.entries.map(([k, v]) => `${inShort(k)}: ${inShort(v)}`).join(', ')}}`;
  if ('items' in reply) return `[${reply.items.map(inShort).join(', ')}]`;
  const value = plain(reply);
  return typeof value === 'object' && value !== null
    ? String((value as { error: string }).error)
    : String(value);
}

/** A value as a sentence shows it. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
