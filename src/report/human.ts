import type { Result } from '../engine/result.ts';
import { columns, pad } from '../ui/columns.ts';
import { drawSchedule } from '../ui/schedule.ts';
import { drawStory } from '../ui/story.ts';
import { type Style, type Theme, themeFor, widthOf } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import { cutRuns, wrapText } from '../ui/wrap.ts';
import type { Ending, MakeReporter } from './reporter.ts';

/** Characters of a message that are shown. */
const LONGEST = 4000;

type Status = Result['status'];
type Counts = Partial<Record<Status, number>>;

/** A line for each exercise, what is wrong beneath it, and the sum. */
export const humanReporter: MakeReporter = (write, output = {}) => {
  const theme = themeFor(output);
  const width = widthOf(output);
  const told: Counts = {};
  let widest = 0;
  return {
    start({ exercises }) {
      widest = Math.max(0, ...exercises.map(({ id }) => columns(visible(id))));
    },
    result(result) {
      told[result.status] = (told[result.status] ?? 0) + 1;
      const lines = [head(result, widest, width, theme), ...beneath(result, width, theme)];
      write(`${lines.join('\n')}\n`);
    },
    end(ending) {
      write(`\n${summary(ending.counts ?? told, ending, theme)}\n`);
    },
    // Whoever runs it hears of that anyway.
    fatal() {},
  };
};

function markOf(status: Status, theme: Theme): { sign: string; style: Style } {
  const { sign, good, bad, warn, dim } = theme;
  return {
    passed: { sign: sign.passed, style: good },
    failed: { sign: sign.failed, style: bad },
    error: { sign: '!', style: warn },
    missing: { sign: sign.open, style: dim },
    skipped: { sign: sign.skipped, style: dim },
  }[status];
}

function head({ id, title, status }: Result, widest: number, width: number, theme: Theme): string {
  const { sign, style } = markOf(status, theme);
  const name = visible(id);
  return cutRuns(
    [
      { text: `${sign} `, style },
      { text: width < widest + 12 ? name : pad(name, widest + 2), style: theme.plain },
      ...(width < widest + 12 ? [] : [{ text: visible(title), style: theme.dim }]),
    ],
    width,
    theme,
  ).trimEnd();
}

function beneath(result: Result, width: number, theme: Theme): string[] {
  const room = Math.max(16, Math.min(width, 100) - 4);
  const wrapped = saidOf(result).flatMap((line) => wrapText(visible(line), room, theme));
  const { world, schedule, hints, solution } = result;
  const tables = [
    world ? drawStory(world, { theme, width: room }) : '',
    schedule ? drawSchedule(schedule.schedule, { theme, width: room }) : '',
  ].flatMap((table) => (table ? table.split('\n') : []));
  const help = (hints ?? []).flatMap((hint, index) =>
    wrapText(`Hint ${index + 1}: ${visible(hint)}`, room, theme),
  );
  const shown = solution === undefined ? [] : ['Solution:', ...solution.split('\n').map(indented)];
  return [...wrapped, ...tables, ...help, ...shown].map((line) => (line ? `    ${line}` : ''));
}

function indented(line: string): string {
  return `  ${visible(line)}`;
}

function saidOf({ status, message, next, alone }: Result): string[] {
  const lines = message === '' ? [] : message.split('\n').map(inShort);
  if (status === 'error')
    return [`This could not be checked: ${lines[0]}`, ...lines.slice(1), ...(next ? [next] : [])];
  if (alone === undefined) return lines;
  return [...lines, `Judged on this server alone; other worlds need a private one: ${alone}`];
}

/** Nobody reads on for ever. */
function inShort(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

/** `3 of 8 passed, 2 failed, 3 without an answer.`, and the points where they are others. */
function summary(counts: Counts, { score, max, least }: Ending, theme: Theme): string {
  const count = (status: Status) => counts[status] ?? 0;
  const passed = count('passed');
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0) - count('skipped');
  const rest: [Status, string][] = [
    ['failed', 'failed'],
    ['error', 'could not be checked'],
    ['missing', 'without an answer'],
    ['skipped', 'skipped'],
  ];
  const parts = rest.flatMap(([status, words]) => (count(status) > 0 ? `${count(status)} ${words}` : []));
  const points = score === passed && max === all ? '' : ` ${score} of ${max} points.`;
  const wanted =
    least === undefined ? '' : ` At least ${least} ${least === 1 ? 'point is' : 'points are'} asked for.`;
  const text = `${[`${passed} of ${all} passed`, ...parts].join(', ')}.${points}${wanted}`;
  return all > 0 && passed === all ? theme.good(text) : text;
}
