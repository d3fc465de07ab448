import type { Result } from '../engine/result.ts';
import { detailsOf } from './details.ts';
import { fatalText } from './fatal-text.ts';
import { headingOf } from './heading.ts';
import type { Ending } from './reporter.ts';
import { safeJson } from './safe-json.ts';
import { reporterOfWhole } from './whole-run.ts';

/** Gradescope escapes what is text; of its other formats some are HTML. */
const formats = { output_format: 'text', test_output_format: 'text', test_name_format: 'text' };

/**
 * The `results.json` of Gradescope's autograders: https://gradescope-autograders.readthedocs.io/en/latest/specs/
 * A test is passed or failed: what could not be judged says so in its output and its tags. One without points and status
 * is shown and counts for nothing: so is what is skipped. The time taken is optional, and left out.
 */
export const gradescopeReporter = reporterOfWhole(({ results, ending, fatal }) => {
  const report = {
    score: ending?.score ?? 0,
    output: fatal ? fatalText(fatal) : sumOf(ending),
    ...formats,
    tests: results.map(testOf),
  };
  return `${safeJson(report)}\n`;
});

function testOf(result: Result) {
  const { status, score, max } = result;
  const output = [...introOf(result), ...detailsOf(result)].join('\n');
  return {
    name: headingOf(result),
    ...(status !== 'skipped' && { score, max_score: max, status: status === 'passed' ? 'passed' : 'failed' }),
    ...(output !== '' && { output }),
    tags: [status],
  };
}

function introOf({ status }: Result): string[] {
  if (status === 'error') return ['This could not be judged:'];
  return status === 'skipped' ? ['Skipped; it counts for nothing:'] : [];
}

function sumOf({ score, max, least }: Ending): string {
  return `${score} of ${max} points.${least === undefined ? '' : ` At least ${least} are asked for.`}`;
}
