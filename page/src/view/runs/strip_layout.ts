// Runs as dots over an axis of accuracies, stacked where they are alike.

/** The ends of an axis. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Where a dot stands: its bin, counted from 0 at the low end, and its height in the bin, counted from 1. */
interface Dot {
  readonly bin: number;
  readonly height: number;
}

/** The part of the axis from 0 to 1 that holds all of some accuracies, at least one, and a margin. */
export function accuracyRange(values: readonly number[]): Range {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(0.005, 0.06 * (high - low));
  return { low: Math.max(0, low - margin), high: Math.min(1, high + margin) };
}

/** Stack accuracies, in their order, in bins whose centres divide the range into `bins` equal parts. */
export function stackDots(values: readonly number[], { low, high }: Range, bins: number): Dot[] {
  const heights = new Uint32Array(bins + 1);
  return values.map((value) => {
    const bin = Math.round(((value - low) / (high - low)) * bins);
    heights[bin] += 1;
    return { bin, height: heights[bin] };
  });
}
