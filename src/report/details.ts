import type { Result } from '../engine/result.ts';
import { drawSchedule } from '../ui/schedule.ts';
import { drawStory } from '../ui/story.ts';
import { themeFor } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';

/** No colours, and signs that every reader shows. */
const theme = themeFor({}, { FORCE_COLOR: '0', LANG: 'C.UTF-8' });
const WIDTH = 100;

/** All that there is to say of a result, as plain lines that nothing obeys: enough to act on without a terminal. */
export function detailsOf(result: Result): string[] {
  const { message, next, checks, world, schedule, alone, output, hints, solution } = result;
  const lines = [...textLines(message), ...textLines(next)];
  if (alone !== undefined)
    lines.push(`Judged on this server alone; other worlds need a private one: ${alone}`);
  for (const { id, status, expected, actual, count } of checks) {
    if (status === 'passed' || expected === undefined) continue;
    lines.push('', `Check:    ${id}${count === undefined ? '' : `, and ${count - 1} more`}`);
    lines.push(`Expected: ${expected}`, `Actual:   ${actual}`);
  }
  if (world?.where !== undefined) lines.push('', `World:    ${world.where}`);
  const story = world ? drawStory(world, { theme, width: WIDTH }) : '';
  if (story) lines.push('', ...story.split('\n'));
  if (schedule) {
    lines.push('', `Schedule: ${schedule.title}, the smallest that fails of ${schedule.tried} tried`, '');
    lines.push(...drawSchedule(schedule.schedule, { theme, width: WIDTH }).split('\n'));
  }
  if (output) lines.push('', 'Printed:', ...output.map((line) => `  ${line}`));
  for (const [index, hint] of (hints ?? []).entries()) lines.push('', `Hint ${index + 1}: ${hint}`);
  if (solution !== undefined) lines.push('', 'Solution:', ...solution.split('\n').map((line) => `  ${line}`));
  return lines.map((line) => visible(line));
}

function textLines(text: string | undefined): string[] {
  return text ? text.split('\n') : [];
}
