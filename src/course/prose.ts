import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { type Course, exercisesOf } from './course.ts';

/**
 * Every piece of prose of a course as a tree without positions, by its source: the Markdown parser costs
 * tens of milliseconds, which a course that is known beforehand need not pay at the start.
 */
export function proseOf(course: Course): Record<string, Root> {
  const blocks = course.lessons.flatMap((lesson) => lesson.steps.flatMap((step) => step.blocks));
  const sources = [
    ...blocks.flatMap((block) => (block.kind === 'prose' ? block.markdown : [])),
    ...exercisesOf(course).flatMap(({ task, after, hints }) => [task, after, ...hints]),
  ];
  return Object.fromEntries(sources.map((source) => [source, bare(fromMarkdown(source))]));
}

/** The tree without positions, small enough to be stored as JSON. */
export function bare(tree: Root): Root {
  return JSON.parse(JSON.stringify(tree, (name, value) => (name === 'position' ? undefined : value)));
}
