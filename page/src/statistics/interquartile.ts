// The interquartile mean: what a typical run reaches. `mlplab.statistics.interquartile`.

import { bootstrap, RESAMPLES, type Estimate } from "./intervals.ts";
import { MEASURES, PERCENTAGE_POINTS, type Measure } from "./measures.ts";
import { effectiveRuns, overlapRatio } from "./resplits.ts";
import { mean, type Numbers } from "./sums.ts";

/** The values of the runs that have one: those that did not diverge. */
export function finite(values: Numbers): number[] {
  return Array.from(values).filter(Number.isFinite);
}

/**
 * The mean of the middle half of the runs, with its interval; null if every run diverged.
 *
 * `values` are NaN where a run diverged. `resplitRatio` is n_test / n_train where all runs re-split one set
 * of samples: as these depend on each other, the interval is then wider.
 */
export function interquartileMean(
  values: Numbers,
  {
    measure = MEASURES.test_accuracy,
    resplitRatio = null,
    resamples = RESAMPLES,
  }: { readonly measure?: Measure; readonly resplitRatio?: number | null; readonly resamples?: number } = {},
): Estimate | null {
  const known = finite(values);
  if (known.length === 0) return null;
  const estimate = bootstrap(known, trimmedMean, resamples);
  if (resplitRatio === null || known.length === 1) return estimate;
  return widened(estimate, known.length, measure, resplitRatio);
}

function widened(estimate: Estimate, n: number, measure: Measure, resplitRatio: number): Estimate {
  const { value, low, high } = estimate;
  const factor = Math.sqrt(n / effectiveRuns(n, overlapRatio(measure, resplitRatio)));
  const [from, to] = [value - factor * (value - low), value + factor * (high - value)];
  if (measure.unit !== PERCENTAGE_POINTS) return { value, low: from, high: to };
  return { value, low: Math.max(from, 0), high: Math.min(to, 1) };
}

/** The mean of the middle half. */
function trimmedMean(values: Float64Array): number {
  values.sort();
  const quarter = Math.floor(values.length / 4);
  return mean(values, quarter, values.length - quarter);
}
