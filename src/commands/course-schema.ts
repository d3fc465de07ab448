import { courseSchemas } from '../course/schema.ts';
import { ExitCode } from '../failure.ts';

/** `rediscover course schema`: the JSON Schema on standard output, as lessons/course.schema.json keeps it. */
export async function runCourseSchema(): Promise<ExitCode> {
  process.stdout.write(schemaText());
  return ExitCode.passed;
}

export function schemaText(): string {
  return `${JSON.stringify(courseSchemas(), null, 2)}\n`;
}
