import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { FATAL_NAME, fatalText } from './fatal-text.ts';
import { headingOf, lessonOf } from './heading.ts';
import { safeJson } from './safe-json.ts';
import { reporterOfWhole } from './whole-run.ts';

/**
 * CTRF has a status `other`, but readers do not take it for a failure: CTRF's own reporter for GitHub calls a run of
 * passed and other tests passed, and its converter makes JUnit's errors failed. `rawStatus` tells them apart.
 */
const statuses = {
  passed: 'passed',
  failed: 'failed',
  error: 'failed',
  missing: 'failed',
  skipped: 'skipped',
} as const;

/**
 * The Common Test Report Format: https://github.com/ctrf-io/ctrf/blob/main/spec/ctrf.md
 * Its schema demands times: they are 0, since real ones would differ from run to run; what else would, ids by chance and
 * a timestamp, is optional and left out.
 */
export const ctrfReporter = reporterOfWhole(({ beginning, results, ending, fatal }) => {
  const tests = results.map((result) => testOf(result, beginning!.course.id));
  const all = fatal ? [...tests, fatalTest(fatalText(fatal))] : tests;
  const count = (status: string) => all.filter((test) => test.status === status).length;
  const report = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: 'rediscover',
    results: {
      tool: { name: 'rediscover', ...(beginning && { extra: { redis: visible(beginning.redis) } }) },
      summary: {
        tests: all.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: 0,
        start: 0,
        stop: 0,
        extra: fatal
          ? { exitCode: fatal.exitCode }
          : { score: ending.score, max: ending.max, least: ending.least, exitCode: ending.exitCode },
      },
      tests: all,
    },
  };
  return `${safeJson(report)}\n`;
});

function testOf({ output, ...result }: Result, course: string) {
  const { id, status, message, score, max, fault } = result;
  const trace = detailsOf(result).join('\n');
  return {
    testId: visible(id),
    name: headingOf(result),
    status: statuses[status],
    duration: 0,
    suite: [visible(course), lessonOf(result)],
    ...(message !== '' && { message: visible(message, 'lines') }),
    ...(trace !== '' && { trace }),
    rawStatus: status,
    ...(output && { stdout: output.map((line) => visible(line)) }),
    extra: { score, max, fault },
  };
}

function fatalTest(message: string) {
  return { name: FATAL_NAME, status: 'failed' as const, duration: 0, message, rawStatus: 'error' };
}
