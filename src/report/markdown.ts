import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { fatalText } from './fatal-text.ts';
import { reporterOfWhole } from './whole-run.ts';

const MARKS = { passed: '✅', failed: '❌', error: '⚠️', missing: '▫️', skipped: '➖' } as const;

/** Of a job summary, in bytes: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions. */
const MOST = 1024 * 1024;
const CUT = '\n_The rest is cut: a summary holds 1 MiB._\n';

/**
 * A summary for people, as `$GITHUB_STEP_SUMMARY` takes it: the score, a table of all exercises, and what there is to say of
 * each that did not pass. Values stand in code alone, where nothing acts: neither HTML nor links nor mentions.
 */
export const markdownReporter = reporterOfWhole(({ beginning, results, ending, fatal }) => {
  const counted = results.filter(({ status }) => status !== 'skipped');
  const passed = counted.filter(({ status }) => status === 'passed').length;
  const title = beginning
    ? `## ${plain(beginning.course.title)}: ${passed} of ${counted.length} passed`
    : '## Rediscover';
  const points = ending ? `${ending.score} of ${ending.max} points` : '';
  const least = ending?.least === undefined ? '' : `, at least ${ending.least} asked for`;
  const parts = [
    title,
    ...(fatal ? [`**Nothing more was judged.**`, fenced(fatalText(fatal))] : []),
    ...(beginning && ending ? [`${points}${least}. ${plain(beginning.redis)}`] : []),
    ...(results.length > 0 ? [tableOf(results)] : []),
    ...results.flatMap((result) =>
      result.status === 'failed' || result.status === 'error' ? [sectionOf(result)] : [],
    ),
  ];
  return within(parts);
});

function tableOf(results: readonly Result[]): string {
  const rows = results.map(
    ({ id, title, status, score, max }) =>
      `| ${MARKS[status]} ${status} | ${code(id)} | ${plain(title)} | ${score} / ${max} |`,
  );
  return ['| | exercise | | points |', '|---|---|---|---|', ...rows].join('\n');
}

function sectionOf(result: Result): string {
  const { id, title, status } = result;
  const summary = `${MARKS[status]} <b>${plain(id)}</b> ${plain(title)}`;
  return `<details><summary>${summary}</summary>\n\n${fenced(detailsOf(result).join('\n'))}\n\n</details>`;
}

/** Text in which nothing is Markdown, HTML, a link or a mention. */
function plain(text: string): string {
  return visible(text)
    .replace(/[&<>]/g, (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[found]!)
    .replace(/[\\`*_{}[\]()#!|~$:@]|(?<=www)\./gi, (found) => `&#${found.codePointAt(0)};`);
}

/** A name as code, in a cell of a table: HTML, as `|` can't be had in Markdown's own code there. */
function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** A block of code that nothing within it ends. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** As many parts as there is room for. */
function within(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) {
    const more = `${text === '' ? '' : '\n'}${part}\n`;
    if (Buffer.byteLength(text + more) > MOST - CUT.length) return text + CUT;
    text += more;
  }
  return text;
}
