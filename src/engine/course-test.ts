import type { Course } from '../course/course.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { ExerciseTester } from './exercise-tester.ts';
import type { CourseTestResult } from './finding.ts';
import { renewed } from './unfinished.ts';

export interface CourseTestOptions {
  /** Opens another private sandbox, in the place of one on which something never ended. Rejects with NoRedis. */
  reopen: () => Promise<Sandbox>;
  /** Called as each exercise is done. */
  onExercise?: (done: number, all: number) => void;
}

/**
 * Proves a course on real servers: for every exercise the given state alone does not pass, every answer
 * passes, every near miss fails for its reason, mutants of the solution fail, and judging is stable.
 * Works on all sandboxes at once; one that had to be replaced stands in its place in the array.
 */
export async function testCourse(
  course: Course,
  sandboxes: Sandbox[],
  { reopen, onExercise = () => {} }: CourseTestOptions,
): Promise<CourseTestResult> {
  const result: CourseTestResult = {
    findings: [],
    counts: { exercises: 0, answers: 0, rejects: 0, mutants: 0, snippets: 0, demos: 0 },
    skipped: {},
  };
  const steps = course.lessons.flatMap((lesson) => lesson.steps.map((step) => ({ lesson, step })));
  const all = steps.filter(({ step }) => step.exercise).length;
  const queue = steps.values();
  // Code last: what a snippet leaves running must not meddle with the answers.
  const codeQueue = steps.values();
  await Promise.all(
    sandboxes.map(async (sandbox, index) => {
      const renew = async (old: Sandbox) => {
        sandboxes[index] = await renewed(old, reopen);
        return sandboxes[index];
      };
      const tester = new ExerciseTester(sandbox, renew, result);
      try {
        for (const { lesson, step } of queue) {
          await tester.testDemos(step, lesson.id);
          if (!step.exercise) continue;
          await tester.testExercise(step.exercise);
          result.counts.exercises++;
          onExercise(result.counts.exercises, all);
        }
        for (const { step } of codeQueue) if (step.exercise) await tester.testSnippets(step.exercise);
      } finally {
        await tester.close();
      }
    }),
  );
  const order = new Map(steps.map(({ step }, index) => [step.exercise?.id, index]));
  result.findings.sort(
    (a, b) => (order.get(a.subject) ?? 0) - (order.get(b.subject) ?? 0) || a.at.line - b.at.line,
  );
  return result;
}
