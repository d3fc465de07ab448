import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { FATAL_NAME, fatalText } from './fatal-text.ts';
import { headingOf } from './heading.ts';
import { safeJson } from './safe-json.ts';
import { reporterOfWhole } from './whole-run.ts';

/** Of the specification: readers look at the first number. */
const VERSION = '3.0.0';

/**
 * What check50 of CS50 writes with `--output json`:
 * https://github.com/cs50/check50/blob/main/docs/source/json_specification.rst
 * What could not be judged and what is skipped are null alike; only the former has `cause.error`. Texts are plain, for
 * check50's page escapes them. It wants no times.
 */
export const check50Reporter = reporterOfWhole(({ beginning, results, fatal }) => {
  const slug = visible(beginning?.course.id ?? FATAL_NAME);
  const report = fatal
    ? { slug, error: errorOf(`exit code ${fatal.exitCode}`, fatalText(fatal)), version: VERSION }
    : { slug, results: results.map(checkOf), version: VERSION };
  return `${safeJson(report)}\n`;
});

function checkOf(result: Result) {
  const { id, status, score, max } = result;
  return {
    name: visible(id),
    description: headingOf(result),
    passed: status === 'error' || status === 'skipped' ? null : status === 'passed',
    log: detailsOf(result),
    cause: status === 'passed' ? null : causeOf(result),
    data: { score, max, status },
    dependency: null,
  };
}

function causeOf({ status, message, next, fault, checks, hints }: Result) {
  const said = visible(message, 'lines');
  const helps = [...(next === undefined ? [] : [next]), ...(hints ?? [])];
  const help = helps.length > 0 ? visible(helps.join('\n'), 'lines') : null;
  if (status === 'error')
    return { rationale: 'This could not be judged.', help, error: errorOf(fault ?? 'course', said) };
  const wrong = checks.find((check) => check.status === 'failed' && check.expected !== undefined);
  return {
    rationale: said,
    help,
    ...(wrong && { expected: visible(wrong.expected!), actual: visible(wrong.actual ?? '') }),
  };
}

/** `actions` is not in the specification, but in all that check50 writes; it reads it back. */
function errorOf(type: string, value: string) {
  return { type, value, traceback: [], actions: { show_traceback: false, message: value }, data: {} };
}
