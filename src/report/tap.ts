import { stringify } from 'yaml';
import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { fatalText } from './fatal-text.ts';
import type { MakeReporter } from './reporter.ts';

/** Perl's reader knows nothing of texts over several lines, and takes one in a list for a field where a colon is in it. */
const ON_ONE_LINE = {
  lineWidth: 0,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const;

/**
 * TAP, version 14: https://testanything.org/tap-version-14-specification.html. A point for each exercise as it comes; what is to
 * be told of one is its YAML block, which the library `yaml` writes. There is no library that writes TAP but for its own
 * tests. A `prove` that knows version 13 alone takes it with that number in its first line.
 */
export const tapReporter: MakeReporter = (write) => {
  let begun = false;
  let number = 0;
  let isJudged = false;
  const begin = () => {
    if (!begun) write('TAP version 14\n');
    begun = true;
  };
  return {
    start({ exercises }) {
      begin();
      // Whoever reads a plan of none reads no further.
      if (exercises.length > 0) write(`1..${exercises.length}\n`);
    },
    result(result) {
      write(pointOf(result, ++number));
      isJudged ||= result.status !== 'skipped';
    },
    // Points that are all skipped would be taken for a pass.
    end() {
      if (!isJudged) write('Bail out! Nothing was judged.\n');
    },
    fatal(fatal) {
      begin();
      write(`Bail out! ${fatalText(fatal).replace(/\n/g, ' ')}\n`);
    },
  };
};

function pointOf(result: Result, number: number): string {
  const { id, title, status } = result;
  const good = status === 'passed' || status === 'skipped';
  const head = `${good ? 'ok' : 'not ok'} ${number} - ${described(`${id}: ${title}`)}`;
  if (status === 'skipped') return `${head} # SKIP ${described(result.message.replace(/\n/g, ' '))}\n`;
  return good ? `${head}\n` : `${head}\n${blockOf(result)}`;
}

/** Nothing in it is a directive. */
function described(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&');
}

function blockOf(result: Result): string {
  const { status, message, next, at, score, max, checks } = result;
  const failed = checks.filter((check) => check.status === 'failed');
  const data = {
    message,
    severity: status === 'error' ? 'error' : 'fail',
    ...(next !== undefined && { next }),
    ...(at && { at }),
    ...(score > 0 && { score, max }),
    ...(failed.length > 0 && {
      checks: failed.map(({ id, expected, actual, count }) => ({ id, expected, actual, count })),
    }),
    details: detailsOf(result).join('\n'),
  };
  const yaml = stringify(safe(data), ON_ONE_LINE);
  const lines = ['---', ...yaml.trimEnd().split('\n'), '...'];
  return `${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}

/** All texts within it made so that nothing obeys them. */
function safe(value: unknown): unknown {
  if (typeof value === 'string') return visible(value, 'lines');
  if (Array.isArray(value)) return value.map(safe);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, safe(one)]])),
  );
}
