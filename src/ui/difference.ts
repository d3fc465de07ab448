import { scoreText } from '../checks/words/show.ts';
import type { KeyState, Value } from '../redis/snapshot.ts';
import { columns, cut } from './columns.ts';
import type { Theme } from './theme.ts';
import { bytes, entryRuns, pair, scored, separated, space, valueRuns } from './value.ts';
import { columnsOf, type Run } from './wrap.ts';

/** Elements of a collection that one line tells of. */
const ITEMS = 60;

/** What is different in a value, on one line of some `room` columns. */
export function differenceRuns(before: KeyState, after: KeyState, theme: Theme, room: number): Run[] {
  const [then, now] = [before.value, after.value];
  if (then.kind === 'list' && now.kind === 'list') return listDifference(then.items, now.items, theme);
  if (then.kind === 'string' && now.kind === 'string') {
    return fromTo([bytes(then.bytes, theme)], [bytes(now.bytes, theme)], theme, room);
  }
  if (then.kind === now.kind && hasMembers(then) && hasMembers(now))
    return memberDifference(then, now, theme);
  return before.type === after.type
    ? [{ text: 'changed', style: theme.changed }]
    : fromTo(valueRuns(before, theme), valueRuns(after, theme), theme, room);
}

/** Both sides in full where they fit, else each in half of the room. */
function fromTo(then: Run[], now: Run[], theme: Theme, room: number): Run[] {
  const arrow: Run = { text: ` ${theme.sign.arrow} `, style: theme.dim };
  const free = room - columns(arrow.text);
  if (columnsOf(then) + columnsOf(now) <= free) return [...then, arrow, ...now];
  const half = Math.floor(free / 2);
  const left = Math.max(half, free - columnsOf(now));
  return [
    ...shortened(then, left, theme),
    arrow,
    ...shortened(now, Math.max(half, free - columnsOf(then)), theme),
  ];
}

/** As `cutRuns`, but still runs. */
function shortened(runs: Run[], width: number, theme: Theme): Run[] {
  const kept: Run[] = [];
  let room = Math.max(1, width);
  for (const run of runs) {
    if (room <= 0) break;
    kept.push({ text: cut(run.text, room, theme.sign.more), style: run.style });
    room -= columns(run.text);
  }
  return kept;
}

/** Lists change at their ends, mostly: what is the same at both is left out. */
function listDifference(then: Buffer[], now: Buffer[], theme: Theme): Run[] {
  const most = Math.min(then.length, now.length);
  let front = 0;
  while (front < most && then[front]!.equals(now[front]!)) front++;
  let back = 0;
  while (back < most - front && then.at(-1 - back)!.equals(now.at(-1 - back)!)) back++;
  const gone = then.slice(front, then.length - back);
  const come = now.slice(front, now.length - back);
  const runs = signed(
    gone.map((item) => [bytes(item, theme)]),
    come.map((item) => [bytes(item, theme)]),
    theme,
  );
  if (gone.length > 0 && come.length > 0) return (front + back === 0 && shifted(then, now, theme)) || runs;
  // Of a list of equals nobody can tell which end it was.
  const where =
    front === most && back === 0 && !endsAlike(then, now) ? 'at the end' : front === 0 ? 'at the front' : '';
  return where ? [...runs, { text: ` ${where}`, style: theme.dim }] : runs;
}

/** Of a list that got items at one end and lost some at the other, as by a push and a trim: both, each with its end. */
function shifted(then: Buffer[], now: Buffer[], theme: Theme): Run[] | undefined {
  const drawn = (items: Buffer[]) => items.map((item) => [bytes(item, theme)]);
  const at = (text: string): Run => ({ text: ` ${text}`, style: theme.dim });
  for (let come = 1; come < Math.min(now.length, ITEMS); come++) {
    const kept = now.length - come;
    if (kept <= then.length && isRun(now, come, then, 0, kept))
      return [
        ...signed([], drawn(now.slice(0, come)), theme),
        at('at the front'),
        space(theme),
        ...signed(drawn(then.slice(kept)), [], theme),
        at('at the end'),
      ];
    if (kept <= then.length && isRun(now, 0, then, then.length - kept, kept))
      return [
        ...signed([], drawn(now.slice(kept)), theme),
        at('at the end'),
        space(theme),
        ...signed(drawn(then.slice(0, then.length - kept)), [], theme),
        at('at the front'),
      ];
  }
  return undefined;
}

function isRun(one: Buffer[], from: number, other: Buffer[], start: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (!one[from + i]!.equals(other[start + i]!)) return false;
  return true;
}

function endsAlike(then: Buffer[], now: Buffer[]): boolean {
  const [short, long] = then.length < now.length ? [then, now] : [now, then];
  return short.every((item, index) => item.equals(long[long.length - short.length + index]!));
}

type Members = Extract<Value, { kind: 'hash' | 'set' | 'zset' | 'stream' }>;

function hasMembers(value: Value): value is Members {
  return value.kind !== 'string' && value.kind !== 'list' && value.kind !== 'other';
}

/** Members by identity: what is drawn of one, and what tells whether it changed. */
function membersOf(
  value: Members,
  theme: Theme,
): Map<string, { runs: () => Run[]; state: string; after: () => Run[] }> {
  switch (value.kind) {
    case 'set':
      return new Map(
        value.members.map((member) => [
          member.toString('latin1'),
          { runs: () => [bytes(member, theme)], state: '', after: () => [] },
        ]),
      );
    case 'hash':
      return new Map(
        value.fields.map(([field, content]) => [
          field.toString('latin1'),
          {
            runs: () => pair(field, content, theme),
            state: content.toString('latin1'),
            after: () => [bytes(content, theme)],
          },
        ]),
      );
    case 'zset':
      return new Map(
        value.members.map(({ member, score }) => [
          member.toString('latin1'),
          {
            runs: () => scored(member, score, theme),
            state: String(score),
            after: () => [{ text: scoreText(score), style: theme.number }],
          },
        ]),
      );
    case 'stream':
      return new Map(
        value.entries.map((entry) => [
          entry.id,
          { runs: () => entryRuns(entry, theme), state: '', after: () => [] },
        ]),
      );
  }
}

function memberDifference(then: Members, now: Members, theme: Theme): Run[] {
  const [old, fresh] = [membersOf(then, theme), membersOf(now, theme)];
  const gone: Run[][] = [];
  const come: Run[][] = [];
  const other: Run[][] = [];
  for (const [id, member] of old) if (!fresh.has(id) && gone.length < ITEMS) gone.push(member.runs());
  for (const [id, member] of fresh) {
    const was = old.get(id);
    if (!was && come.length < ITEMS) come.push(member.runs());
    else if (was && was.state !== member.state && other.length < ITEMS) {
      other.push([...was.runs(), { text: ` ${theme.sign.arrow} `, style: theme.dim }, ...member.after()]);
    }
  }
  const parts = [separated(other, theme), signed(gone, come, theme)].filter((runs) => runs.length > 0);
  return parts.flatMap((runs, index) => (index === 0 ? runs : [space(theme), ...runs]));
}

/** `-"gone" +"come"`. */
function signed(gone: Run[][], come: Run[][], theme: Theme): Run[] {
  const items = [
    ...gone.slice(0, ITEMS).map((runs) => [{ text: '-', style: theme.removed }, ...runs]),
    ...come.slice(0, ITEMS).map((runs) => [{ text: '+', style: theme.added }, ...runs]),
  ];
  return items.flatMap((runs, index) => (index === 0 ? runs : [space(theme), ...runs]));
}
