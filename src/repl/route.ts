import { type Course, type Exercise, exercisesOf, type Lesson, type Step } from '../course/course.ts';
import { didYouMean } from '../course/suggest.ts';

export interface Place {
  lesson: Lesson;
  step: Step;
}

/** The steps of a course in the order in which they are walked; a place is told by its index. */
export class Route {
  readonly #course: Course;
  readonly #places: Place[];

  constructor(course: Course) {
    this.#course = course;
    this.#places = course.lessons.flatMap((lesson) => lesson.steps.map((step) => ({ lesson, step })));
  }

  /** Undefined beyond the end. */
  at(index: number): Place | undefined {
    return this.#places[index];
  }

  /** Where to begin for an exercise: the steps without one that lead to it are part of what it teaches. */
  to(exerciseId: string | undefined): number {
    let first = Math.max(
      0,
      this.#places.findIndex(({ step }) => step.exercise?.id === exerciseId),
    );
    for (; first > 0; first--) {
      const before = this.#places[first - 1]!;
      if (before.step.exercise || before.lesson !== this.#places[first]!.lesson) break;
    }
    return first;
  }

  /** The exercise before a place; undefined where that is the first. */
  before(index: number): number | undefined {
    const found = this.#places.findLastIndex(({ step }, at) => at < index && step.exercise);
    return found < 0 ? undefined : found;
  }

  /** `did you mean "keys"?`, where a name is near. */
  near(word: string): string | undefined {
    return didYouMean(word, [
      ...this.#course.lessons.map(({ id }) => id),
      ...this.exercises.map(({ id }) => id),
    ]);
  }

  get exercises(): Exercise[] {
    return exercisesOf(this.#course);
  }
}
