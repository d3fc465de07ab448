/** Inclusive; an open end is Infinity (written `3..`), which JSON keeps as null: use `inRange`. */
export interface Range {
  min: number;
  max: number | null;
}

export function inRange({ min, max }: Range, value: number): boolean {
  return value >= min && (max === null || value <= max);
}
