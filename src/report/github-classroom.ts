import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { FATAL_NAME, fatalText } from './fatal-text.ts';
import { headingOf } from './heading.ts';
import { safeJson } from './safe-json.ts';
import { reporterOfWhole } from './whole-run.ts';
import { inert } from './workflow-command.ts';

const statuses = {
  passed: 'pass',
  failed: 'fail',
  missing: 'fail',
  error: 'error',
  skipped: 'pass',
} as const;

/**
 * What the graders of GitHub Classroom hand to its grading reporter:
 * https://github.com/classroom-resources/autograding-grading-reporter. The file is JSON, for people and scripts; the reporter
 * reads it in base64 from the variable of a runner: `echo "result=$(base64 -w0 FILE)" >> "$GITHUB_OUTPUT"`, and
 * `CHECK_RESULTS: ${{ steps.check.outputs.result }}` there. It prints texts into the log of a workflow as they are, so they hold
 * no command; of tests that failed it prints the name alone: `--format github` tells the rest in the step that checks. What
 * is skipped is left out: it would be one that passed. No times: the same results make the same bytes.
 */
export const githubClassroomReporter = reporterOfWhole(({ results, ending, fatal }) => {
  const judged = results.filter(({ status }) => status !== 'skipped');
  const tests = judged.map(testOf);
  if (fatal) tests.push(test({ name: FATAL_NAME, status: 'error', message: fatalText(fatal) }));
  const has = (status: string) => tests.some((one) => one.status === status);
  const max = ending?.max ?? judged.reduce((sum, { max }) => sum + max, 0);
  return `${safeJson({
    version: 1,
    // The reporter fails by these two alone; where nothing was judged that is no pass.
    status: has('error') || tests.length === 0 ? 'error' : has('fail') ? 'fail' : 'pass',
    max_score: max,
    tests,
  })}\n`;
});

function testOf(result: Result) {
  const { status, score, at, id } = result;
  return test({
    name: headingOf(result),
    status: statuses[status],
    score,
    message: detailsOf(result).join('\n'),
    test_code: inert(`rediscover check ${visible(id)}`),
    ...(at && { filename: visible(at.file), line_no: at.line }),
  });
}

function test(
  given: { name: string; status: 'pass' | 'fail' | 'error'; message: string } & Partial<Test>,
): Test {
  return {
    score: 0,
    test_code: '',
    filename: '',
    line_no: 0,
    execution_time: '0',
    ...given,
    name: inert(given.name),
    message: inert(given.message),
  };
}

interface Test {
  name: string;
  status: 'pass' | 'fail' | 'error';
  score: number;
  message: string;
  test_code: string;
  filename: string;
  line_no: number;
  execution_time: string;
}
