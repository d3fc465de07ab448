import type { Step } from './explore.ts';
import type { Explore } from './scenario.ts';
import { depend, NOTHING, type Touched, touchedKey } from './touched.ts';

/** A moment of a play in which something was chosen, and what that turned out to have to do with. */
export interface Moment {
  chosen: string;
  standard: string;
  /** Names of the actors who could go on. */
  able: string[];
  /** What else could happen. */
  specials: string[];
  /** Whose turn it was; undefined where it was nobody's. */
  actor?: string;
  touches: Touched;
}

/**
 * What is worth trying at each moment: another actor where what was done has to do with what others did later on, for
 * else both orders come to the same, and where its turn in a row began; what may happen to a key where it was touched.
 */
export function stepsOf(moments: readonly Moment[], explore: Explore): Step[] {
  const others = moments.map(() => new Set<string>());
  for (const [at, { actor, touches, specials }] of moments.entries()) {
    for (const special of specials) if (matters(special, actor, touches, explore)) others[at]!.add(special);
    if (actor === undefined || touches === NOTHING) continue;
    const rivals = moments
      .slice(at + 1)
      .filter(
        (later) => later.actor !== undefined && later.actor !== actor && depend(touches, later.touches),
      );
    for (const rival of new Set(rivals.map((later) => later.actor!))) {
      for (const place of new Set([at, beginningOf(moments, at)])) {
        const { able } = moments[place]!;
        for (const name of able.includes(rival) ? [rival] : able) others[place]!.add(name);
      }
    }
  }
  return moments.map(({ chosen, standard }, at) => ({
    chosen,
    standard,
    others: [...others[at]!].filter((other) => other !== chosen),
  }));
}

/** Where the turns in a row of the same actor began. */
function beginningOf(moments: readonly Moment[], at: number): number {
  let first = at;
  while (first > 0 && moments[first - 1]!.actor === moments[at]!.actor) first--;
  return first;
}

function matters(special: string, actor: string | undefined, touches: Touched, explore: Explore): boolean {
  if (special.endsWith(' expires')) return depend(touchedKey(special.slice(0, -' expires'.length)), touches);
  if (special.endsWith(' dies')) return actor !== undefined && special === `${actor} dies`;
  if (special.includes(' loses ')) return actor !== undefined && special.startsWith(`${actor} loses `);
  return explore.time === true && actor !== undefined;
}
