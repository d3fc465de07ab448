import type { Result } from '../engine/result.ts';
import type { Beginning, Ending, Fatal, MakeReporter } from './reporter.ts';

/** All that was told of a run: until its end, or until it came to nothing, before it began or on the way. */
export type WholeRun = { results: readonly Result[] } & (
  | { beginning: Beginning; ending: Ending; fatal?: undefined }
  | { beginning?: Beginning; ending?: undefined; fatal: Fatal }
);

/** A reporter of a format that sums up before it lists, so that nothing can be written before all is known. */
export function reporterOfWhole(compose: (run: WholeRun) => string): MakeReporter {
  return (write) => {
    let beginning: Beginning | undefined;
    const results: Result[] = [];
    return {
      start(begun) {
        beginning = begun;
      },
      result(result) {
        results.push(result);
      },
      end(ending) {
        write(compose({ beginning: beginning!, results, ending }));
      },
      fatal(fatal) {
        write(compose({ ...(beginning && { beginning }), results, fatal }));
      },
    };
  };
}
