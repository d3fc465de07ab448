import { messagesOf } from '../checks/verdict.ts';
import { columns, pad } from '../ui/columns.ts';
import { drawStory } from '../ui/story.ts';
import { type Output, type Style, type Theme, themeFor, widthOf } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import { cutRuns, wrapText } from '../ui/wrap.ts';
import { type Report, type Result, type ResultStatus, statusOf, totalOf } from './report.ts';

/** A line for each exercise, what is wrong beneath it, and the sum. */
export function humanReport({ results }: Report, output: Output = process.stdout): string {
  const theme = themeFor(output);
  const width = widthOf(output);
  const widest = Math.max(0, ...results.map(({ exercise }) => columns(visible(exercise.id))));
  const lines = results.flatMap((result) => [
    head(result, widest, width, theme),
    ...reasons(result, width, theme),
  ]);
  return `${[...lines, '', summary(results, theme)].join('\n')}\n`;
}

function markOf(status: ResultStatus, theme: Theme): { sign: string; style: Style } {
  const { sign, good, bad, warn, dim } = theme;
  return {
    passed: { sign: sign.passed, style: good },
    failed: { sign: sign.failed, style: bad },
    error: { sign: '!', style: warn },
    missing: { sign: sign.open, style: dim },
    skipped: { sign: sign.skipped, style: dim },
  }[status];
}

function head(result: Result, widest: number, width: number, theme: Theme): string {
  const { id, title } = result.exercise;
  const { sign, style } = markOf(statusOf(result), theme);
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

function reasons(result: Result, width: number, theme: Theme): string[] {
  const lines = saidOf(result).flatMap((message) =>
    wrapText(visible(message), Math.max(16, Math.min(width, 100) - 4), theme),
  );
  const story = result.verdict?.world;
  const table = story ? drawStory(story, { theme, width: Math.min(width, 100) - 4 }) : '';
  return [...lines, ...(table ? table.split('\n') : [])].map((line) => `    ${line}`);
}

function saidOf({ verdict, skipped }: Result): string[] {
  if (verdict?.status === 'error') {
    return [`This could not be checked: ${verdict.error?.message ?? 'the checker failed.'}`];
  }
  if (verdict?.alone !== undefined)
    return [
      ...messagesOf(verdict),
      `Judged on this server alone; other worlds need a private one: ${verdict.alone}`,
    ];
  if (verdict) return messagesOf(verdict);
  return [skipped === undefined ? 'No answer.' : `Skipped: ${skipped}`];
}

/** `3 of 8 passed, 2 failed, 3 without an answer.` */
function summary(results: Result[], theme: Theme): string {
  const { score, max } = totalOf(results);
  const count = (status: ResultStatus) => results.filter((result) => statusOf(result) === status).length;
  const rest: [ResultStatus, string][] = [
    ['failed', 'failed'],
    ['error', 'could not be checked'],
    ['missing', 'without an answer'],
    ['skipped', 'skipped'],
  ];
  const parts = rest.flatMap(([status, words]) => (count(status) > 0 ? `${count(status)} ${words}` : []));
  const text = `${[`${score} of ${max} passed`, ...parts].join(', ')}.`;
  return max > 0 && score === max ? theme.good(text) : text;
}
