import vm from 'node:vm';
import type { Scenario } from './scenario.ts';

/** A scenario's file that is none: its author's fault. */
export class BadScenario extends Error {
  override readonly name = 'BadScenario';
  /** From 1, where that can be told. */
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Runs the module of a scenario, which is code of the course's author. Rejects with BadScenario. */
export async function loadScenario({ file, source }: { file: string; source: string }): Promise<Scenario> {
  const { transform } = await import('sucrase');
  let scenario: Partial<Scenario> | undefined;
  try {
    const { code } = transform(source, { transforms: ['typescript', 'imports'] });
    const exports: { default?: Partial<Scenario> } = {};
    const require = (name: string) => {
      throw new Error(`a scenario imports types alone, and this imports ${JSON.stringify(name)}`);
    };
    vm.compileFunction(code, ['exports', 'require'], { filename: file })(exports, require);
    scenario = exports.default;
  } catch (error) {
    throw new BadScenario(`the scenario can't be read: ${(error as Error).message}`, lineIn(error, file));
  }
  if (!isScenario(scenario))
    throw new BadScenario(
      'the scenario has no default export of the form { exports: [...], cases: [{ title, play }] }',
    );
  return scenario;
}

function isScenario(scenario: Partial<Scenario> | undefined): scenario is Scenario {
  const { exports, cases } = scenario ?? {};
  return (
    Array.isArray(exports) &&
    exports.length > 0 &&
    Array.isArray(cases) &&
    cases.length > 0 &&
    cases.every((one) => typeof one?.title === 'string' && typeof one.play === 'function')
  );
}

/** The line of a file at which something was thrown; undefined where that is elsewhere. */
export function lineIn(error: unknown, file: string): number | undefined {
  const { loc, stack } = error as { loc?: { line: number }; stack?: string };
  if (loc) return loc.line;
  const first = stack?.indexOf(`${file}:`) ?? -1;
  if (!stack || first < 0) return undefined;
  const line = Number.parseInt(stack.slice(first + file.length + 1), 10);
  return line > 0 ? line : undefined;
}
