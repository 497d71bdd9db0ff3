// A number with its 95 % interval: `mlplab.statistics.intervals`.

import { normalCdf, studentQuantile } from "./distributions.ts";
import { resample, type Statistic } from "./resampling.ts";
import { areEqual, quantile, sorted } from "./sums.ts";

/** Of every interval. */
export const LEVEL = 0.95;

/** Of a bootstrap or a permutation test. */
export const RESAMPLES = 9999;

/** The normal's quantile at (1 + LEVEL) / 2. */
const Z = 1.959963984540054;

/** A number computed from runs, and its 95 % interval, which of a single run reaches from -∞ to ∞. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Estimate a statistic of at least one value, all finite, with its expanded percentile interval. */
export function bootstrap(values: ArrayLike<number>, statistic: Statistic, resamples = RESAMPLES): Estimate {
  const value = statistic(Float64Array.from(values));
  const n = values.length;
  if (n === 1) return { value, low: -Infinity, high: Infinity };
  if (areEqual(values)) return { value, low: value, high: value };
  const tail = normalCdf(Math.sqrt(n / (n - 1)) * studentQuantile(n - 1, (1 - LEVEL) / 2));
  const drawn = resample(sorted(values), statistic, resamples).sort();
  return { value, low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) };
}

/** Estimate a probability from `successes` of `trials`, which is above 0, with Wilson's interval. */
export function estimateFraction(successes: number, trials: number): Estimate {
  const [k, n] = [successes, trials];
  const centre = (k + Z ** 2 / 2) / (n + Z ** 2);
  const half = (Z * Math.sqrt((k * (n - k)) / n + Z ** 2 / 4)) / (n + Z ** 2);
  // For k = n the upper end is 1, which rounding may miss; for k = 0 the lower end is 0 exactly.
  return { value: k / n, low: centre - half, high: k < n ? centre + half : 1 };
}
