/** Where keys stand among a command's arguments: a way to the first one, and a way on from there. */
export interface KeySpec {
  begin: { by: 'index'; index: number } | { by: 'keyword'; keyword: string; from: number };
  find:
    | { by: 'range'; last: number; step: number; limit: number }
    | { by: 'keynum'; index: number; first: number; step: number };
}

/** Which of `args`, command name included, are keys according to `spec`: their indexes, in order. */
export function positionsOf(args: readonly Buffer[], { begin, find }: KeySpec): number[] {
  const first = begin.by === 'index' ? begin.index : afterKeyword(args, begin);
  if (first === undefined) return [];
  if (find.by === 'range') return range(first, lastOf(first, args.length, find), find.step, args.length);
  const count = Number(args[first + find.index]?.toString());
  if (!Number.isInteger(count)) return [];
  return range(first + find.first, first + find.first + (count - 1) * find.step, find.step, args.length);
}

/** Sought from the front where `from` is positive, else from the back, where the first argument is none. */
function afterKeyword(args: readonly Buffer[], begin: { keyword: string; from: number }): number | undefined {
  const [start, step, least] = begin.from > 0 ? [begin.from, 1, 1] : [args.length + begin.from, -1, 2];
  for (let i = start; i >= least && i < args.length; i += step)
    if (args[i]!.toString('latin1').toUpperCase() === begin.keyword) return i + 1;
  return undefined;
}

/** A negative `last` counts from the end; `limit` 2 says that keys take half of what is left. */
function lastOf(first: number, length: number, find: { last: number; limit: number }): number {
  if (find.last >= 0) return first + find.last;
  if (find.limit === 0) return length + find.last;
  return first + Math.floor((length - first) / find.limit) + find.last;
}

function range(first: number, last: number, step: number, length: number): number[] {
  const places: number[] = [];
  if (step < 1) return places;
  for (let place = first; place <= last && place < length; place += step) places.push(place);
  return places;
}
