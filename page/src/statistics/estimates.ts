// Numbers computed from runs, with their 95 % intervals: `mlplab.statistics.intervals` and `interquartile`.

import { resample, type Statistic } from "./resampling.ts";
import { mean, quantile, sorted, type Numbers } from "./sums.ts";
import TAILS from "./tails.json";

/** The normal's quantile at 0.975. */
const Z = 1.959963984540054;

/** A number computed from runs, and its 95 % interval, which of a single run reaches from -∞ to ∞. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Estimate a statistic of 1 to 100 values, all finite, with its expanded percentile interval. */
export function bootstrap(values: Numbers, statistic: Statistic): Estimate {
  const value = statistic(Float64Array.from(values));
  const ascending = sorted(values);
  if (values.length === 1) return { value, low: -Infinity, high: Infinity };
  if (ascending[0] === ascending[values.length - 1]) return { value, low: value, high: value };
  const tail = TAILS[values.length - 2];
  if (tail === undefined) throw new RangeError(`at most ${TAILS.length + 1} values are known, received ${values.length}`);
  const drawn = resample(ascending, statistic).sort();
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

/** The mean of the middle half of some finite values; null if there are none. */
export function interquartileMean(values: Numbers): Estimate | null {
  return values.length === 0 ? null : bootstrap(values, trimmedMean);
}

function trimmedMean(values: Float64Array): number {
  values.sort();
  const quarter = Math.floor(values.length / 4);
  return mean(values, quarter, values.length - quarter);
}
