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

/** Means of values whose signs are flipped at random; there are too many for every way. */
export function flipSigns(values: Float64Array): Float64Array {
  const next = integers(SEED);
  const n = values.length;
  const signs = new Uint32Array(n);
  const flipped = new Float64Array(n); // one for all: a new one each time takes twice as long
  return new Float64Array(RESAMPLES).map(() => {
    next(2, signs);
    for (let j = 0; j < n; j++) flipped[j] = signs[j] ? -values[j] : values[j];
    return mean(flipped);
  });
}
