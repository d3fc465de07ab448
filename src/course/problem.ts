/** Where a thing stands in its source. `file` is relative to the course's folder; line and column count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Something wrong in a course. `course lint` prints it as `file:line:column severity message`. */
export interface Problem {
  at: Position;
  severity: 'error' | 'warning';
  message: string;
  /** What is probably meant, e.g. `did you mean "string"?` */
  hint?: string;
}

/** A mistake that keeps the course from being played. The message is one breath; the hint is the way out. */
export function error(at: Position, message: string, hint?: string): Problem {
  return { at, severity: 'error', message, ...(hint === undefined ? {} : { hint }) };
}

/** Something that should be better. */
export function warning(at: Position, message: string, hint?: string): Problem {
  return { at, severity: 'warning', message, ...(hint === undefined ? {} : { hint }) };
}

/** `file:line:column: message`, as editors and CI read it. */
export function showProblem({ at, severity, message, hint }: Problem): string {
  const head = severity === 'warning' ? 'warning: ' : '';
  return `${at.file}:${at.line}:${at.column}: ${head}${message}${hint ? ` (${hint})` : ''}`;
}
