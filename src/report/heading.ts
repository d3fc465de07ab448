import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';

/** What graders call an exercise: by its id alone nobody recognises it, and titles are not unique. */
export function headingOf({ id, title }: Pick<Result, 'id' | 'title'>): string {
  return visible(`${id}: ${title}`);
}

/** The lesson that an exercise belongs to. */
export function lessonOf({ id }: Pick<Result, 'id'>): string {
  return visible(id.split('/')[0]!);
}
