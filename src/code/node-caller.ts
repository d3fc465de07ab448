/** Where in the learner's file something was called. */
export interface Caller {
  file?: string;
  /** From 1. */
  line?: number;
}

/** The frame of a stack that is the learner's own, nearest to its top; undefined where there is none. */
export function callerIn(stack: string | undefined, file: string | undefined): Caller | undefined {
  if (!stack || file === undefined) return undefined;
  for (const frame of stack.split('\n')) {
    const at = frame.lastIndexOf(`${file}:`);
    if (at < 0 || !/^\s+at /.test(frame)) continue;
    const line = Number.parseInt(frame.slice(at + file.length + 1), 10);
    if (line > 0) return { file, line };
  }
  return undefined;
}
