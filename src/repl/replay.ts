import type { ScheduleStory } from '../checks/verdict.ts';
import { drawKeyLines } from '../ui/key-lines.ts';
import { scheduleRows, shortening } from '../ui/schedule.ts';
import type { Prompt } from './prompt.ts';
import type { Screen } from './screen.ts';

/** Goes through a schedule row by row, with the keys as they are after each, as the learner wants it. */
export async function walkSchedule(
  { title, schedule }: ScheduleStory,
  { screen, prompt }: { screen: Screen; prompt: Prompt },
): Promise<void> {
  const { theme, width } = screen;
  const { rows } = scheduleRows(schedule, { theme, width, inline: true });
  const short = shortening(schedule, theme);
  const stateAt = (at: number) => schedule.rows[at]?.state ?? [];
  screen.line(screen.wrapped(title, { style: theme.heading }));
  screen.note('Enter goes on, b back, q leaves.');
  let at = 0;
  while (at < rows.length) {
    screen.line(rows[at]);
    screen.line(drawKeyLines(stateAt(at - 1), stateAt(at), { theme, width, short }));
    const line = await prompt.next(`${theme.prompt(`${at + 1} of ${rows.length}>`)} `, {
      keeps: false,
      stop: 'q',
    });
    const word = line?.trim().toLowerCase();
    if (word === undefined || /^(\.?q|\.?quit|exit)$/.test(word)) return;
    at = Math.max(0, at + (/^b/.test(word) ? -1 : 1));
  }
  screen.note('That was all of it.');
}
