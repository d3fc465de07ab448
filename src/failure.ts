/** Exit codes of the program, as `--help` and the README list them. */
export const ExitCode = {
  passed: 0,
  failed: 1,
  usage: 2,
  noRedis: 3,
  course: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * What went wrong, in words for the person at the terminal. Only these reach the screen as they are;
 * any other error is a defect of the program and is shown as one.
 */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  readonly exitCode: ExitCode;
  /** What to do about it: one sentence or a command to type. */
  readonly next: string | undefined;

  constructor(message: string, options: { exitCode: ExitCode; next?: string | undefined; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode;
    this.next = options.next;
  }
}

/** No Redis to be had, or the one there does not serve. Exit code 3. */
export class NoRedis extends Failure {
  override readonly name: string = 'NoRedis';
  constructor(message: string, options: { next: string; cause?: unknown }) {
    super(message, { ...options, exitCode: ExitCode.noRedis });
  }
}

/** A private server that answers cannot be set up as was asked: nothing is wrong with its program. Exit code 3. */
export class NotSetUp extends NoRedis {
  override readonly name: string = 'NotSetUp';
}

/** The server program does not speak TLS, or not where it runs: all else works. Exit code 3. */
export class NoTls extends NotSetUp {
  override readonly name = 'NoTls';
}

/** Wrong flags, names or files given by the user. Exit code 2. */
export class BadUsage extends Failure {
  override readonly name = 'BadUsage';
  constructor(message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, { ...options, exitCode: ExitCode.usage });
  }
}

/** A course from elsewhere brings code, and nobody said that it may run. */
export class NotTrusted extends Failure {
  override readonly name = 'NotTrusted';
  constructor() {
    super('This course brings code of its own, which would run on this machine.', {
      exitCode: ExitCode.usage,
      next: 'Where you trust whoever wrote it: --trust-course',
    });
  }
}

/** An exercise that the server at hand cannot have solved. Exit code 3. */
export class NotHere extends Failure {
  override readonly name = 'NotHere';
  constructor(why: string) {
    super(`It can't be done here: ${why}.`, {
      next: 'Name another server with --redis redis://host:port, or go on without it.',
      exitCode: ExitCode.noRedis,
    });
  }
}
