// A statistic of runs that are drawn anew, or whose signs are flipped: `mlplab.statistics.resampling`.

import { integers } from "./integers.ts";
import { mean } from "./sums.ts";

/** Every resampling starts from this key, so that the same runs give the same interval. */
const SEED = 0n;

/** A statistic of some numbers, whose order it may change. */
export type Statistic = (values: Float64Array) => number;

/** A statistic of n values that are drawn from n with replacement, many times. */
export function resample(values: Float64Array, statistic: Statistic, resamples: number): Float64Array {
  const next = integers(SEED);
  const n = values.length;
  const places = new Uint32Array(n);
  const drawn = new Float64Array(n);
  const found = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    next(n, places);
    for (let j = 0; j < n; j++) drawn[j] = values[places[j]];
    found[r] = statistic(drawn);
  }
  return found;
}

/** Means of n values whose signs are flipped: in every way, or at random if these are too many. */
export function flipSigns(
  values: Float64Array,
  resamples: number,
): { readonly means: Float64Array; readonly isEveryWay: boolean } {
  const n = values.length;
  const isEveryWay = 2 ** n <= resamples;
  const means = new Float64Array(isEveryWay ? 2 ** n : resamples);
  const next = integers(SEED);
  const signs = new Uint32Array(n);
  const flipped = new Float64Array(n);
  for (let way = 0; way < means.length; way++) {
    if (isEveryWay) signs.forEach((_, j) => (signs[j] = (way >> j) & 1));
    else next(2, signs);
    for (let j = 0; j < n; j++) flipped[j] = signs[j] ? -values[j] : values[j];
    means[way] = mean(flipped);
  }
  return { means, isEveryWay };
}
