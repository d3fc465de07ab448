import junit, { type Builder, type TestCase } from 'junit-report-builder';
import { type Result, totalOf } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { detailsOf } from './details.ts';
import { FATAL_NAME, fatalText } from './fatal-text.ts';
import { headingOf, lessonOf } from './heading.ts';
import { partialPoints } from './partial-points.ts';
import type { Fatal } from './reporter.ts';
import { reporterOfWhole, type WholeRun } from './whole-run.ts';

/** Its types say that the builder is a `default` of the module; the module is the builder. */
const library = junit as unknown as Builder;

/**
 * JUnit's XML, as Jenkins, GitLab and the actions of GitHub read it: a suite for each lesson. There is no standard; the
 * strictest of its readers goes by
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 * Escaping and counting are left to junit-report-builder, which is made for Jenkins. Times are left out, as all readers
 * allow: they would differ from run to run.
 */
export const junitReporter = reporterOfWhole((run) => {
  const { beginning, results, fatal } = run;
  const builder = library.newBuilder().name(visible(beginning?.course.title ?? FATAL_NAME));
  for (const lesson of new Set(results.map(lessonOf))) {
    const its = results.filter((result) => lessonOf(result) === lesson);
    addSuite(builder, lesson, its, run);
  }
  if (fatal) addFatal(builder, fatal);
  return `${withoutSkipped(builder.build())}\n`;
});

function addSuite(
  builder: Builder,
  lesson: string,
  results: readonly Result[],
  { beginning }: WholeRun,
): void {
  const { course, redis } = beginning!;
  const { score, max } = totalOf(results);
  const suite = builder.testSuite().name(lesson);
  suite.property('redis', visible(redis)).property('score', `${score}`).property('max', `${max}`);
  for (const result of results) {
    // The whole id: GitLab shows a test by its name alone. Jenkins makes a package of what is before the dot.
    const test = suite
      .testCase()
      .name(visible(result.id))
      .className(`${visible(course.id)}.${lesson}`);
    tell(test, result);
  }
}

function tell(test: TestCase, result: Result): void {
  const { status, fault } = result;
  const message = visible(result.message, 'lines');
  const details = detailsOf(result);
  const body = inCdata([headingOf(result), ...partialPoints(result), ...details].join('\n'));
  switch (status) {
    case 'failed':
    case 'missing':
      test.failure(message, status).stacktrace(body);
      return;
    case 'error':
      test.error(message, fault, body);
      return;
    case 'skipped':
      test.skipped();
  }
  if (details.length > 0) test.standardOutput(body);
}

function addFatal(builder: Builder, fatal: Fatal): void {
  const test = builder.testSuite().name(FATAL_NAME).testCase().name(FATAL_NAME).className(FATAL_NAME);
  test.error(visible(fatal.message, 'lines'), `exit code ${fatal.exitCode}`, inCdata(fatalText(fatal)));
}

/** The library makes only the first of several `]]>` harmless. */
function inCdata(text: string): string {
  return text.replaceAll(']]>', ']]\\x3e');
}

/** The library counts what is skipped at the root too, where Jenkins' schema knows no such attribute. */
function withoutSkipped(xml: string): string {
  return xml.replace(/^(<testsuites .*) skipped="\d+"(\/?>)$/m, '$1$2');
}
