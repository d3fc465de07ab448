import { describe, expect, test } from 'vitest';
import { compileCourse } from './compile-course.ts';
import { type Course, exercisesOf } from './course.ts';

describe('a compiled course', () => {
  test('has an outline with every name and title, and nothing of what it teaches', async () => {
    const { course, outline } = await compileCourse('fixtures/courses/tiny');
    const named = (json: string) =>
      exercisesOf(JSON.parse(json) as Course).map(({ id, title }) => ({ id, title }));
    expect(named(outline)).toEqual(named(course));
    expect(outline).not.toContain('visitor:8');
    expect(outline.length).toBeLessThan(course.length / 2);
  });
});
