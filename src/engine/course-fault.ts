import type { Position } from '../course/course.ts';
import { ExitCode, Failure } from '../failure.ts';

/** The course itself is wrong: neither the learner's failure nor a defect of the program. Exit code 4. */
export class CourseFault extends Failure {
  override readonly name = 'CourseFault';
  readonly at: Position;
  /** The message without its place. */
  readonly reason: string;
  constructor(reason: string, at: Position, options: { cause?: unknown } = {}) {
    super(`${at.file}:${at.line}:${at.column}: ${reason}`, {
      exitCode: ExitCode.course,
      next: 'Tell the author of the course; `rediscover course test` shows it.',
      ...options,
    });
    this.at = at;
    this.reason = reason;
  }
}
