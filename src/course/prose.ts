import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFootnoteFromMarkdown } from 'mdast-util-gfm-footnote';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmFootnote } from 'micromark-extension-gfm-footnote';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { gfmTable } from 'micromark-extension-gfm-table';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import { type Course, exercisesOf } from './course.ts';

/** The Markdown of lessons: CommonMark, with the tables, strikethrough, task lists and footnotes of code-hosting sites. */
export function parseProse(markdown: string): Root {
  return fromMarkdown(markdown, {
    extensions: [gfmFootnote(), gfmStrikethrough(), gfmTable(), gfmTaskListItem()],
    mdastExtensions: [
      gfmFootnoteFromMarkdown(),
      gfmStrikethroughFromMarkdown(),
      gfmTableFromMarkdown(),
      gfmTaskListItemFromMarkdown(),
    ],
  });
}

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
  return Object.fromEntries(sources.map((source) => [source, bare(parseProse(source))]));
}

/** The tree without positions, small enough to be stored as JSON. */
export function bare(tree: Root): Root {
  return JSON.parse(JSON.stringify(tree, (name, value) => (name === 'position' ? undefined : value)));
}
