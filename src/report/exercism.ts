import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { fatalText } from './fatal-text.ts';
import { headingOf } from './heading.ts';
import { partialPoints } from './partial-points.ts';
import { safeJson } from './safe-json.ts';
import { reporterOfWhole } from './whole-run.ts';

const statuses = {
  passed: 'pass',
  failed: 'fail',
  missing: 'fail',
  error: 'error',
  skipped: 'pass',
} as const;

const OUTPUT = 500;
/** The specification's own words. */
const OUTPUT_CUT = 'Output was truncated. Please limit to 500 chars';
/** Of UTF-8: "characters", but fewer where one takes several bytes. */
const MESSAGE_BYTES = 65_535;
const MESSAGE_CUT = '\n[The rest is cut: there is too much of it.]';

/**
 * The `results.json` of Exercism's test runners, version 3:
 * https://github.com/exercism/docs/blob/main/building/tooling/test-runners/interface.md
 * It knows nothing skipped: such exercises are left out. It wants no times. Tests name no `task_id`: that is the number of
 * a heading in a track's instructions, which are not ours.
 */
export const exercismReporter = reporterOfWhole(({ results, fatal }) => {
  const judged = results.filter(({ status }) => status !== 'skipped');
  const tests = judged.map(testOf);
  const report = (status: string, message: string | null) =>
    `${safeJson({ version: 3, status, message, tests })}\n`;
  if (fatal) return report('error', cutMessage(fatalText(fatal)));
  if (judged.length > 0 && judged.every(({ status }) => status === 'error'))
    return report('error', cutMessage(tests.map(({ name, message }) => `${name}\n${message}`).join('\n\n')));
  const passed = judged.length > 0 && judged.every(({ status }) => status === 'passed');
  return report(passed ? 'pass' : 'fail', null);
});

function testOf({ output, ...result }: Result) {
  const { status, checks } = result;
  const message = [...partialPoints(result), ...detailsOf(result)].join('\n');
  return {
    name: headingOf(result),
    status: statuses[status],
    // What is judged: there is no test that a learner could read.
    test_code: [headingOf(result), ...checks.map(({ id }) => visible(id))].join('\n'),
    ...(message !== '' && { message }),
    ...(output && { output: cutOutput(output.map((line) => visible(line)).join('\n')) }),
  };
}

function cutOutput(text: string): string {
  if (text.length <= OUTPUT) return text;
  const kept = text.slice(0, OUTPUT - OUTPUT_CUT.length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${kept}\n${OUTPUT_CUT}`;
}

function cutMessage(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MESSAGE_BYTES) return text;
  const kept = bytes.subarray(0, MESSAGE_BYTES - MESSAGE_CUT.length);
  // As of a stream: half a character at the end is not decoded.
  return new TextDecoder().decode(kept, { stream: true }) + MESSAGE_CUT;
}
