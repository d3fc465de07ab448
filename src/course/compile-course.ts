import { ExitCode, Failure } from '../failure.ts';
import type { Course, Exercise } from './course.ts';
import { loadCourse } from './load.ts';
import { showProblem } from './problem.ts';
import { proseOf } from './prose.ts';

/**
 * A course as JSON, so that the built-in one needs no Markdown or YAML parser at the start: `course` is
 * the Course without what only its test asks for, `outline` the same with nothing but names and titles, `prose` the trees of its prose by
 * their source. Throws a Failure with every mistake, exit code 4.
 */
export async function compileCourse(
  dir: string,
): Promise<{ course: string; outline: string; prose: string }> {
  const { course, problems } = await loadCourse(dir);
  if (course) {
    return {
      course: JSON.stringify(playable(course)),
      outline: JSON.stringify(outlineOf(course)),
      prose: JSON.stringify(proseOf(course)),
    };
  }
  throw new Failure(problems.map(showProblem).join('\n'), {
    exitCode: ExitCode.course,
    next: `rediscover course lint ${dir} shows all of it`,
  });
}

/** Whoever plays it has no use for near misses and their like, and reads them for nothing. */
function playable(course: Course): Course {
  const lessons = course.lessons.map((lesson) => ({
    ...lesson,
    steps: lesson.steps.map(({ exercise, ...step }) => ({
      ...step,
      ...(exercise && { exercise: { ...exercise, accept: [], reject: [], equivalent: [] } }),
    })),
  }));
  return { ...course, lessons };
}

function outlineOf(course: Course): Course {
  const lessons = course.lessons.map((lesson) => ({
    ...lesson,
    steps: lesson.steps.map(({ title, exercise, at }) => ({
      title,
      at,
      blocks: [],
      ...(exercise && { exercise: bare(exercise) }),
    })),
  }));
  return { ...course, lessons };
}

function bare({ id, title, at, solution }: Exercise): Exercise {
  const nothing = {
    needs: [],
    given: [],
    others: [],
    checks: [],
    worlds: [],
    hints: [],
    accept: [],
    reject: [],
    equivalent: [],
    code: [],
  };
  return {
    ...nothing,
    id,
    title,
    at,
    task: '',
    after: '',
    solution: { kind: 'lines', lines: [], at: solution.at },
  };
}
