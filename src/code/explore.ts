/** A moment of a run in which something was chosen. */
export interface Step {
  chosen: string;
  /** What is done where nobody departs from it: the actor at work goes on. */
  standard: string;
  /** What else is worth trying there. */
  others: string[];
}

/** A run of a case, as far as the search looks at it. */
export interface Run {
  steps: Step[];
  failed: boolean;
}

export interface Explored<R extends Run> {
  /** The first that failed: none with fewer departures does. */
  failing?: R;
  /** How many schedules were tried. */
  tried: number;
  /** There are more, which were not tried. */
  cut?: true;
}

/**
 * Tries schedules until one fails: all with at most `bound` departures from the standard, those with fewer first. `run`
 * follows the choices that it gets, and then the standard. `first` is tried before all others.
 * Source: CHESS, "Iterative context bounding for systematic testing of multithreaded programs" (Musuvathi, Qadeer, 2007).
 */
export async function explore<R extends Run>(
  run: (choices: readonly string[]) => Promise<R>,
  { bound, most, first }: { bound: number; most: number; first?: readonly string[] | undefined },
): Promise<Explored<R>> {
  let tried = 0;
  if (first) {
    tried++;
    const again = await run(first);
    if (again.failed) return { failing: again, tried };
  }
  /** By departures. */
  const queues: string[][][] = Array.from({ length: bound + 1 }, () => []);
  const seen = new Set<string>();
  queues[0]!.push([]);
  for (let departures = 0; departures <= bound; departures++) {
    for (const choices of queues[departures]!) {
      if (tried >= most) return { tried, cut: true };
      tried++;
      const result = await run(choices);
      if (result.failed) return { failing: result, tried };
      const names = result.steps.map(({ chosen }) => chosen);
      const last = result.steps.findLastIndex(({ chosen, standard }) => chosen !== standard);
      // Whoever begins with these goes on as this one did.
      for (let length = last + 1; length <= names.length; length++) seen.add(nameOf(names.slice(0, length)));
      let cost = 0;
      for (const [at, { chosen, standard, others }] of result.steps.entries()) {
        for (const other of others) {
          const all = cost + (other === standard ? 0 : 1);
          const branch = [...names.slice(0, at), other];
          if (all > bound || seen.has(nameOf(branch))) continue;
          seen.add(nameOf(branch));
          // What costs less than what is at hand was met on the way to it.
          queues[Math.max(departures, all)]!.push(branch);
        }
        if (chosen !== standard) cost++;
      }
    }
  }
  return { tried };
}

function nameOf(choices: readonly string[]): string {
  return choices.join('\n');
}
