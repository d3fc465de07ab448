import { z } from 'zod';

/** The shapes that fields of many things have. */

export const text = z.string();
export const filled = z.string().regex(/\S/, 'something other than blanks');
export const number = z.number();

/** One text or a list of them; of command lines, a text of several lines (`|`) is as many. */
export const lines = z.union([filled, z.array(filled).min(1)]);
