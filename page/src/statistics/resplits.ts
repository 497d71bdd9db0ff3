// Runs that re-split one finite set of samples, and so depend on each other: `mlplab.statistics.resplits`.

import { studentCdf, studentQuantile } from "./distributions.ts";
import { LEVEL, type Estimate } from "./intervals.ts";
import type { Measure } from "./measures.ts";
import { areEqual, mean, standardDeviation, type Numbers } from "./sums.ts";

/** How many independent runs tell as much as so many runs on re-splits. */
export function effectiveRuns(runs: number, ratio: number): number {
  return 1 / (1 / runs + ratio);
}

/** ρ / (1 - ρ), ρ the correlation between runs on re-splits of one set; 0 for independent runs. */
export function overlapRatio(measure: Measure, resplitRatio: number | null): number {
  if (resplitRatio === null) return 0;
  return measure.onTrainingSamples ? 1 / resplitRatio : resplitRatio;
}

/** The mean of differences between runs on re-splits, with Nadeau and Bengio's interval; null for no run. */
export function meanOverResplits(differences: Numbers, ratio: number): Estimate | null {
  const n = differences.length;
  if (n === 0) return null;
  const value = mean(differences);
  if (n === 1) return { value, low: -Infinity, high: Infinity };
  const half = studentQuantile(n - 1, (1 + LEVEL) / 2) * standardError(differences, ratio);
  return { value, low: value - half, high: value + half };
}

/** The p-value of the corrected t-test that the mean difference has just the size of the margin. */
export function pValueOverResplits(differences: Numbers, margin: number, ratio: number): number {
  const n = differences.length;
  if (n < 2) return 1;
  const beyond = Math.abs(mean(differences)) - margin;
  const error = standardError(differences, ratio);
  if (error === 0) return beyond === 0 ? 1 : 0;
  return 2 * studentCdf(n - 1, -Math.abs(beyond) / error);
}

function standardError(differences: Numbers, ratio: number): number {
  if (areEqual(differences)) return 0;
  return standardDeviation(differences) / Math.sqrt(effectiveRuns(differences.length, ratio));
}
