const UNITS: [sign: string, milliseconds: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/**
 * Remaining milliseconds at a glance, in the two largest units, rounded to the smaller: `30m`, `1h 5m`, `2 days`, `2d 3h`, `9.5s`, `250ms`.
 * A few milliseconds that went by since an expiry was set don't show: 1799997 is `30m`.
 */
export function glance(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))}ms`;
  if (milliseconds < 9950) return `${Number((milliseconds / 1000).toFixed(1))}s`;
  const parts: string[] = [];
  const largest = UNITS.findIndex(([, size]) => milliseconds >= size);
  const step = UNITS[largest + 1]?.[1] ?? 1000;
  let rest = Math.round(milliseconds / step) * step;
  for (const [sign, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${sign}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  const [only] = parts;
  if (parts.length === 1 && only!.endsWith('d'))
    return only === '1d' ? '1 day' : `${only!.slice(0, -1)} days`;
  return parts.join(' ');
}
