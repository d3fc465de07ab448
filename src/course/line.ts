import type { Position } from './problem.ts';

/** One command line, as typed at the prompt (`SET a "b c"`), or `.answer TEXT`. */
export interface Line {
  text: string;
  at: Position;
}
