import { createContext, Script } from 'node:vm';

/** What a course's pattern may take on a value, in ms: some patterns would not end in a lifetime. */
const PATIENCE = 500;

let context: ReturnType<typeof createContext> | undefined;
const script = new Script("new RegExp(source, 'u').test(text)");

/** Whether a regular expression matches somewhere. Throws where it is none, and where it does not come to an end. */
export function matches(source: string, text: string): boolean {
  // Only there can an expression be stopped: a context of its own guards the time, and is no guard against code.
  context ??= createContext(Object.create(null));
  Object.assign(context, { source, text });
  try {
    return script.runInContext(context, { timeout: PATIENCE });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new Error(String((cause as Error).message), { cause });
    throw new Error(`the pattern /${source}/ takes too long on a value of ${text.length} characters`, {
      cause,
    });
  } finally {
    Object.assign(context, { source: '', text: '' });
  }
}
