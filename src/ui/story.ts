import type { WorldStory } from '../checks/world-story.ts';
import { commandLines } from './command-lines.ts';
import { drawLanes, type Happening } from './lanes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

const NAMES = { you: 'you', other: 'another client' };

/**
 * Who did what when, in a world where another client is at work: a column for each of the two, one line an event. Empty
 * where the learner was alone.
 */
export function drawStory(
  { kind, events }: WorldStory,
  { theme, width }: { theme: Theme; width: number },
): string {
  if (kind !== 'meanwhile') return '';
  const happenings = events.map(({ by, command, reply }): Happening => {
    return {
      by: NAMES[by],
      style: by === 'you' ? theme.command : theme.warn,
      lines: (room) => commandLines([visible(command)], visible(`-> ${reply}`), room, theme.sign.more),
    };
  });
  const { head, drawn } = drawLanes(Object.values(NAMES), happenings, { theme, width });
  return [...(head ? [head] : []), ...drawn].join('\n');
}
