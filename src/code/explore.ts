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

export interface Search {
  /** Departures from the standard, at most. */
  bound: number;
  /** Schedules, at most. */
  most: number;
  /** Is tried before all others. */
  first?: readonly string[] | undefined;
  /** Of those with as many departures, the lower come first. */
  rank?: (choices: readonly string[]) => number;
}

/**
 * Tries schedules until one fails: all with at most `bound` departures from the standard, those with fewer first. `run`
 * follows the choices that it gets, and then the standard.
 * Source: CHESS, "Iterative context bounding for systematic testing of multithreaded programs" (Musuvathi, Qadeer, 2007).
 */
export async function explore<R extends Run>(
  run: (choices: readonly string[]) => Promise<R>,
  { bound, most, first, rank = () => 0 }: Search,
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
    const queue = queues[departures]!;
    for (let taken = 0; taken < queue.length; taken++) {
      const choices = queue[taken]!;
      if (tried >= most) return { tried, cut: true };
      tried++;
      const result = await run(choices);
      if (result.failed) return { failing: result, tried };
      const { steps } = result;
      const last = steps.findLastIndex(({ chosen, standard }) => chosen !== standard);
      let name = '';
      let cost = 0;
      for (const [at, { chosen, standard, others }] of steps.entries()) {
        // Whoever begins with these goes on as this one did.
        if (at > last) seen.add(name);
        for (const other of others) {
          const all = cost + (other === standard ? 0 : 1);
          if (all > bound || seen.has(`${name}\n${other}`)) continue;
          seen.add(`${name}\n${other}`);
          // What costs less than what is at hand was met on the way to it.
          const next = queues[Math.max(departures, all)]!;
          const branch = [...steps.slice(0, at).map((step) => step.chosen), other];
          insert(next, branch, next === queue ? taken + 1 : 0, rank);
        }
        if (chosen !== standard) cost++;
        name += `\n${chosen}`;
      }
      seen.add(name);
    }
  }
  return { tried };
}

/** Behind all of its rank, and nowhere before `least`. */
function insert(
  queue: string[][],
  choices: string[],
  least: number,
  rank: (choices: readonly string[]) => number,
): void {
  let at = queue.length;
  while (at > least && rank(queue[at - 1]!) > rank(choices)) at--;
  queue.splice(at, 0, choices);
}
