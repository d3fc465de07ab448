import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { fatalText } from './fatal-text.ts';
import { reporterOfWhole } from './whole-run.ts';

const MARKS = { passed: '✅', failed: '❌', error: '⚠️', missing: '▫️', skipped: '➖' } as const;

/** Of a job summary, in bytes: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions. */
const MOST = 1024 * 1024;
const CUT = '\n_The rest is cut: a summary holds 1 MiB._\n';

/** Characters of a message in the table. */
const ROOM = 200;

/**
 * A summary for people, as `$GITHUB_STEP_SUMMARY` takes it: the score, a table of all exercises, and what more there is to say
 * of each that did not pass. No value acts: neither as Markdown or HTML nor as a link or a mention.
 * https://github.github.com/gfm/
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
    ...results.filter(hasMore).map(sectionOf),
  ];
  return within(parts);
});

function tableOf(results: readonly Result[]): string {
  const rows = results.map(
    ({ id, title, status, score, max, message }) =>
      `| ${MARKS[status]} ${status} | ${code(id)} | ${plain(title)} | ${score} / ${max} | ${code(inShort(message))} |`,
  );
  return ['| status | exercise | title | points | message |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Its first line, as far as there is room. */
function inShort(message: string): string {
  const [first, ...more] = message.split('\n');
  const characters = [...first!];
  if (characters.length > ROOM) return `${characters.slice(0, ROOM).join('')}...`;
  return more.length > 0 ? `${first} ...` : first!;
}

/** Of what has no answer there is no more than that, but for the help that was asked for. */
function hasMore({ status, hints, solution }: Result): boolean {
  if (status === 'missing') return hints !== undefined || solution !== undefined;
  return status === 'failed' || status === 'error';
}

function sectionOf(result: Result): string {
  const { id, title, status } = result;
  const summary = `${MARKS[status]} ${code(id)} ${plain(title)}`;
  return `<details><summary>${summary}</summary>\n\n${fenced(detailsOf(result).join('\n'))}\n\n</details>`;
}

/**
 * Text in which nothing is Markdown, HTML, a link or a mention. GitHub looks for links and mentions in what entities stand for
 * as well, so that a comment tears these apart.
 */
function plain(text: string): string {
  return visible(text).replace(/[&<>\\`*_{}[\]()!|~$#@:]|(?<=www)\./gi, (found) => {
    const comment = '#@:.'.includes(found) ? '<!-- -->' : '';
    return `&#${found.codePointAt(0)};${comment}`;
  });
}

/** Values as code, which GitHub looks at for nothing; in HTML, as not all readers agree on a `|` in Markdown's own within a table. */
function code(text: string): string {
  return text === '' ? '' : `<code>${plain(text)}</code>`;
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
