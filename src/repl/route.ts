import type { Course, Lesson, Step } from '../course/course.ts';

/** Where a route stops. */
export interface Stop {
  lesson: Lesson;
  step: Step;
}

/** The steps of a course in the order in which they are walked; a stop is told by its index. */
export class Route {
  readonly #stops: Stop[];

  constructor(course: Course) {
    this.#stops = course.lessons.flatMap((lesson) => lesson.steps.map((step) => ({ lesson, step })));
  }

  /** Undefined beyond the end. */
  at(index: number): Stop | undefined {
    return this.#stops[index];
  }

  /** Where to begin for an exercise: the steps without one that lead to it are part of what it teaches. */
  to(exerciseId: string | undefined): number {
    let first = Math.max(
      0,
      this.#stops.findIndex(({ step }) => step.exercise?.id === exerciseId),
    );
    for (; first > 0; first--) {
      const before = this.#stops[first - 1]!;
      if (before.step.exercise || before.lesson !== this.#stops[first]!.lesson) break;
    }
    return first;
  }

  /** The exercise before a stop; undefined where that is the first. */
  before(index: number): number | undefined {
    const found = this.#stops.findLastIndex(({ step }, at) => at < index && step.exercise);
    return found < 0 ? undefined : found;
  }
}
