// A statistic of runs that are drawn anew, or whose signs are flipped: `mlplab.statistics.resampling`.

import { integers } from "./integers.ts";
import { mean } from "./sums.ts";

/** Of a bootstrap or a permutation test. */
export const RESAMPLES = 9999;

/** Every resampling starts from this key, so that the same runs give the same interval. */
const SEED = 0n;

/** A statistic of some numbers, whose order it may change. */
export type Statistic = (values: Float64Array) => number;

/** A statistic of n values that are drawn from n with replacement, many times. */
export function resample(values: Float64Array, statistic: Statistic): Float64Array {
  const next = integers(SEED);
  const n = values.length;
  const places = new Uint32Array(n);
  const drawn = new Float64Array(n);
  return new Float64Array(RESAMPLES).map(() => {
    next(n, places);
    for (let j = 0; j < n; j++) drawn[j] = values[places[j]];
    return statistic(drawn);
  });
}

/** Means of n values whose signs are flipped: in every way, or at random if these are too many. */
export function flipSigns(values: Float64Array): { readonly means: Float64Array; readonly isEveryWay: boolean } {
  const n = values.length;
  const isEveryWay = 2 ** n <= RESAMPLES;
  const next = integers(SEED);
  const signs = new Uint32Array(n);
  const flipped = new Float64Array(n);
  const means = new Float64Array(isEveryWay ? 2 ** n : RESAMPLES).map((_, way) => {
    if (isEveryWay) signs.forEach((_sign, j) => (signs[j] = (way >> j) & 1));
    else next(2, signs);
    for (let j = 0; j < n; j++) flipped[j] = signs[j] ? -values[j] : values[j];
    return mean(flipped);
  });
  return { means, isEveryWay };
}
