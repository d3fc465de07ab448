import { scoreText } from '../checks/words/show.ts';
import { quoted } from '../redis/print.ts';
import { type KeyState, lengthOf, type Value } from '../redis/snapshot.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';
import type { Run } from './wrap.ts';

/** Bytes of a value, and items of a collection, that are looked at for one line. */
const BYTES = 300;
const ITEMS = 60;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A key's name, a hash's field: as it is where it reads well, else quoted as a command line would need it. */
export function named(name: Buffer): string {
  let text: string;
  try {
    text = decoder.decode(name);
  } catch {
    return quoted(name);
  }
  return text === '' || /[\s"'\\]/.test(text) || visible(text) !== text ? quoted(name) : text;
}

/** What `type` is called in prose. */
export function typeName(type: string): string {
  return type === 'zset' ? 'sorted set' : type;
}

/** A value on one line, to be cut: `string "user_data"`, `sorted set of 2  "ada" 120, "bob" 95`. */
export function valueRuns(key: KeyState, theme: Theme): Run[] {
  const { value } = key;
  const size = value.kind === 'string' ? undefined : lengthOf(value);
  const head = size === undefined ? typeName(key.type) : `${typeName(key.type)} of ${size}`;
  const items = itemsOf(value, theme);
  if (items.length === 0) return [{ text: visible(head), style: theme.dim }];
  return [
    { text: visible(head), style: theme.dim },
    space(theme, size === undefined ? 1 : 2),
    ...separated(items, theme),
  ];
}

function itemsOf(value: Value, theme: Theme): Run[][] {
  switch (value.kind) {
    case 'string':
      return [[bytes(value.bytes, theme)]];
    case 'list':
      return value.items.slice(0, ITEMS).map((item) => [bytes(item, theme)]);
    case 'set':
      return value.members.slice(0, ITEMS).map((member) => [bytes(member, theme)]);
    case 'hash':
      return value.fields.slice(0, ITEMS).map(([field, content]) => pair(field, content, theme));
    case 'zset':
      return value.members.slice(0, ITEMS).map(({ member, score }) => scored(member, score, theme));
    case 'stream':
      return value.entries.slice(0, ITEMS).map((entry) => entryRuns(entry, theme));
    case 'other':
      return [];
  }
}

export function bytes(content: Buffer, theme: Theme): Run {
  return { text: quoted(content.subarray(0, BYTES)), style: theme.value };
}

export function pair(field: Buffer, content: Buffer, theme: Theme): Run[] {
  return [{ text: named(field.subarray(0, BYTES)), style: theme.plain }, space(theme), bytes(content, theme)];
}

export function scored(member: Buffer, score: number, theme: Theme): Run[] {
  return [bytes(member, theme), space(theme), { text: scoreText(score), style: theme.number }];
}

export function entryRuns(entry: { id: string; fields: Buffer[] }, theme: Theme): Run[] {
  const runs: Run[] = [{ text: visible(entry.id), style: theme.number }];
  for (let at = 0; at + 1 < entry.fields.length && at < ITEMS; at += 2) {
    runs.push(space(theme), ...pair(entry.fields[at]!, entry.fields[at + 1]!, theme));
  }
  return runs;
}

export function separated(items: Run[][], theme: Theme): Run[] {
  return items.flatMap((item, index) => (index === 0 ? item : [{ text: ', ', style: theme.dim }, ...item]));
}

export function space(theme: Theme, count = 1): Run {
  return { text: ' '.repeat(count), style: theme.plain };
}
