import type { Result } from '../engine/result.ts';
import type { Beginning, MakeReporter } from './reporter.ts';
import { safeJson } from './safe-json.ts';

/** Changes when a field goes or changes its meaning; new fields don't change it. */
export const REPORT_SCHEMA = 'rediscover.report/1';

/** One object, written at the end: docs/report.schema.json tells every field. */
export const jsonReporter: MakeReporter = (write) => {
  let beginning: Beginning | undefined;
  const exercises: Result[] = [];
  return {
    start(begun) {
      beginning = begun;
    },
    result(result) {
      exercises.push(result);
    },
    end({ score, max, least, exitCode }) {
      const { course, redis } = beginning!;
      const report = {
        schema: REPORT_SCHEMA,
        course: course.id,
        redis,
        score,
        max,
        ...(least !== undefined && { least }),
        exitCode,
        exercises,
      };
      write(`${safeJson(report)}\n`);
    },
    fatal(fatal) {
      write(`${safeJson({ schema: 'rediscover.error/1', ...fatal }, 0)}\n`);
    },
  };
};
