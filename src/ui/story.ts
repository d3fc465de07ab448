import { replyText } from '../checks/words/reply.ts';
import { showCommand } from '../checks/words/show.ts';
import type { WorldEvent, WorldStory } from '../checks/world-story.ts';
import { columns, cut, pad } from './columns.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Columns that say nothing any more are not drawn. */
const NARROWEST = 12;

/**
 * Who did what when, in a world where another client is at work: a column for each of the two, one line an event. Empty
 * where the learner was alone, and where the window is too narrow for it.
 */
export function drawStory(
  { kind, events }: WorldStory,
  { theme, width }: { theme: Theme; width: number },
): string {
  if (kind !== 'meanwhile') return '';
  const gap = '  ';
  const room = Math.floor((width - gap.length) / 2);
  if (room < NARROWEST) return '';
  const shown = events.flatMap(({ by, ...event }) =>
    linesOf(event, room).map((line) => ({ by, text: cut(line, room, theme.sign.more) })),
  );
  const own = shown.flatMap(({ by, text }) => (by === 'you' ? columns(text) : []));
  const left = Math.max(columns('you'), ...own);
  const head = theme.dim(`${pad('you', left)}${gap}another client`);
  const lines = shown.map(({ by, text }) =>
    by === 'you' ? theme.command(text) : `${' '.repeat(left)}${gap}${theme.warn(text)}`,
  );
  return [head, ...lines].join('\n');
}

/** Command and reply, below each other where they do not fit into one line. */
function linesOf({ args, reply }: Omit<WorldEvent, 'by'>, room: number): string[] {
  const [command, answer] = [visible(showCommand(args)), visible(`-> ${replyText(reply)}`)];
  const line = `${command} ${answer}`;
  return columns(line) <= room ? [line] : [command, `  ${answer}`];
}
