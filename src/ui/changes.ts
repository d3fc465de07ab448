import { type Change, keyOf } from '../engine/changes.ts';
import type { KeyState } from '../redis/snapshot.ts';
import { cut } from './columns.ts';
import { differenceRuns } from './difference.ts';
import { glance } from './duration.ts';
import type { Theme } from './theme.ts';
import { named, space, valueRuns } from './value.ts';
import { columnsOf, cutRuns, type Run } from './wrap.ts';

export interface ChangesOptions {
  theme: Theme;
  /** Columns of the window. */
  width: number;
  /** Keys that are shown; of more, only how many they are is said. */
  limit?: number;
}

/**
 * What a command changed, a line for each key: `+ session:xyz  string "user_data"  expires in 30m`. Empty when nothing did.
 */
export function drawChanges(changes: Change[], { theme, width, limit = 6 }: ChangesOptions): string {
  // A renamed key is told at its old name.
  const told = changes.filter((change) => change.kind !== 'added' || !change.from);
  const shown = told.length <= limit + 1 ? told : told.slice(0, limit);
  const lines = shown.map((change) => line(change, theme, width));
  if (shown.length < told.length) lines.push(theme.dim(`  and ${told.length - shown.length} more`));
  return lines.join('\n');
}

function line(change: Change, theme: Theme, width: number): string {
  const renamed = change.kind === 'removed' && change.to !== undefined;
  const style = renamed ? theme.changed : theme[change.kind];
  const sign = renamed ? '>' : { added: '+', removed: '-', changed: '~' }[change.kind];
  const name = nameIn(keyOf(change), Math.max(8, Math.floor(width / 2)), theme);
  const head: Run[] = [
    { text: sign, style },
    space(theme),
    { text: name, style: theme.key },
    space(theme, 2),
  ];
  const expiry = expiryOf(change);
  const tail: Run[] = expiry ? [space(theme, 2), { text: expiry, style: theme.dim }] : [];
  // What happened to the expiry matters more than the end of a long value.
  const room = width - columnsOf(head) - columnsOf(tail);
  const body = bodyOf(change, theme, room);
  if (body.length === 0) return cutRuns([...head, ...tail.slice(1)], width, theme);
  if (room < 8) return cutRuns([...head, ...body, ...tail], width, theme);
  return cutRuns(head, width, theme) + cutRuns(body, room, theme) + cutRuns(tail, width, theme);
}

function nameIn(key: KeyState, columns: number, theme: Theme): string {
  return cut(named(key.name.subarray(0, 500)), columns, theme.sign.more);
}

function expiryOf(change: Change): string {
  if (change.kind === 'removed') return '';
  const now = change.after.pttl;
  if (change.kind === 'added') return now === null ? '' : `expires in ${glance(now)}`;
  if (!change.expiry) return '';
  const then = change.before.pttl;
  if (now === null) return `no longer expires (was ${glance(then ?? 0)})`;
  if (then === null) return `now expires in ${glance(now)}`;
  const alike = glance(now) === glance(then);
  return `expires in ${glance(now)}${alike ? ', counted anew' : ` (was ${glance(then)})`}`;
}

function bodyOf(change: Change, theme: Theme, room: number): Run[] {
  if (change.kind === 'added') return valueRuns(change.after, theme);
  if (change.kind === 'removed' && change.to) {
    const text = `renamed to ${nameIn(change.to, Math.max(8, room - 11), theme)}`;
    return [{ text, style: theme.changed }];
  }
  if (change.kind === 'removed')
    return [{ text: change.expired ? 'expired' : 'deleted', style: theme.removed }];
  return change.value ? differenceRuns(change.before, change.after, theme, room) : [];
}
