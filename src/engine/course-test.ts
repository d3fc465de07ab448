import type { Course, Exercise } from '../course/course.ts';
import { CourseFault } from './course-fault.ts';
import { ExerciseTester } from './exercise-tester.ts';
import type { CourseTestResult } from './finding.ts';
import type { RunnerPool } from './runner-pool.ts';
import type { Tested } from './tested.ts';
import { Unfinished } from './unfinished.ts';

/**
 * Proves a course on real servers: for every exercise the given state alone does not pass, every answer passes, in all
 * worlds, every near miss fails for its reason, mutants of the solution fail, every world is needed, and judging is
 * stable. `onExercise` is called as each is done. Code exercises that were `tested` before are not tested again.
 */
export async function testCourse(
  course: Course,
  pool: RunnerPool,
  onExercise: (done: number, all: number) => void = () => {},
  tested?: Tested,
): Promise<CourseTestResult> {
  const result: CourseTestResult = {
    findings: [],
    counts: {
      exercises: 0,
      answers: 0,
      rejects: 0,
      mutants: 0,
      worlds: 0,
      snippets: 0,
      modules: 0,
      kept: 0,
      demos: 0,
    },
    skipped: {},
    unsolvable: {},
  };
  const { counts, findings } = result;
  const steps = course.lessons.flatMap((lesson) => lesson.steps.map((step) => ({ lesson, step })));
  const testers = new Map<Exercise, ExerciseTester>(
    steps.flatMap(({ step: { exercise } }) =>
      exercise ? [[exercise, new ExerciseTester(exercise, result, tested)] as const] : [],
    ),
  );
  await pool.map(steps, async ({ lesson, step }, runner) => {
    const demos = step.blocks.filter((block) => block.kind === 'demo').length;
    const why = step.exercise && (await runner.whyNot(step.exercise));
    if (why !== undefined) {
      result.unsolvable[why] = (result.unsolvable[why] ?? 0) + 1;
      testers.delete(step.exercise!);
      return;
    }
    try {
      for (const { line, message } of demos === 0 ? [] : await runner.demos(step))
        findings.push({
          subject: lesson.id,
          at: line.at,
          rule: 'demo-error',
          message: `the demo ${line.text} ${message}`,
        });
      counts.demos += demos;
    } catch (error) {
      // What is wrong with the given state is told of its exercise.
      if (!(error instanceof CourseFault || error instanceof Unfinished)) throw error;
    }
    if (!step.exercise) return;
    await testers.get(step.exercise)!.testLines(runner);
    onExercise(++counts.exercises, testers.size);
  });
  // Code last: what a snippet leaves running must not meddle with the answers.
  await pool.map([...testers.values()], (tester, runner) => tester.testCode(runner));
  const order = new Map(steps.map(({ step }, index) => [step.exercise?.id, index]));
  findings.sort((a, b) => (order.get(a.subject) ?? 0) - (order.get(b.subject) ?? 0) || a.at.line - b.at.line);
  return result;
}
