// What many runs say together: five figures, the page's summary, one run's place, and a cell of the map.

import { interquartileMean, finite } from "./interquartile.ts";
import type { Estimate } from "./intervals.ts";
import { MEASURES } from "./measures.ts";
import { countFailures, outcomes, type Failures, type Runs } from "./runs.ts";
import { mean, median, standardDeviation, type Numbers } from "./sums.ts";

/** Slightly more than half a unit, since decimal fractions are rounded in binary. */
const ROUNDED_IN_BINARY = 1e-12;

/** Per cent of the runs, below or above which a run counts as luck. */
const FEW = 5;

/** Of one number of each run; the standard deviation is with n - 1, and null for one value. */
export interface Summary {
  readonly mean: number;
  readonly sd: number | null;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Summarise one number of each run, NaN where it diverged; null if every run did. */
export function summarise(values: Numbers): Summary | null {
  const known = finite(values);
  if (known.length === 0) return null;
  return {
    mean: mean(known),
    sd: known.length > 1 ? standardDeviation(known) : null,
    min: Math.min(...known),
    median: median(known),
    max: Math.max(...known),
  };
}

/** The percentage of runs below a number, those equal to it counted half; null if every run diverged. */
export function percentileOf(number: number, values: Numbers, rounding = 0): number | null {
  const known = finite(values);
  if (known.length === 0) return null;
  let below = 0;
  let equal = 0;
  for (const each of known) {
    if (Math.abs(each - number) <= rounding + ROUNDED_IN_BINARY) equal++;
    else if (each < number) below++;
  }
  return (100 * (below + equal / 2)) / known.length;
}

export type Luck = "luck" | "usual" | "bad luck";

/** What a percentile means. */
export function luckOf(percentile: number): Luck {
  if (percentile >= 100 - FEW) return "luck";
  return percentile <= FEW ? "bad luck" : "usual";
}

/** Where one run lies among others. */
export interface Place {
  /** Per cent of the others below it. */
  readonly percentile: number;
  readonly luck: Luck;
}

/** Place a run by its test accuracy among others; null where it diverged (NaN), or all of them did. */
export function placeOf(accuracy: number, others: Runs): Place | null {
  if (!Number.isFinite(accuracy)) return null;
  const percentile = percentileOf(accuracy, outcomes(others, MEASURES.test_accuracy));
  return percentile === null ? null : { percentile, luck: luckOf(percentile) };
}

/** What the page says of runs of one experiment. */
export interface Population {
  /** Of the runs that did not diverge, on the test samples. */
  readonly accuracies: readonly number[];
  /** Null where there is no run. */
  readonly failures: Failures | null;
  /** Interquartile mean of the accuracies; null where there is none. */
  readonly middle: Estimate | null;
}

/** Summarise runs for the page. */
export function describePopulation(runs: Runs): Population {
  const accuracies = outcomes(runs, MEASURES.test_accuracy);
  return {
    accuracies: finite(accuracies),
    failures: runs.endings.length > 0 ? countFailures(runs.endings) : null,
    middle: interquartileMean(accuracies, { resplitRatio: runs.resplitRatio }),
  };
}

/** A cell of the map; without an accuracy, and so "diverged", where fewer than half of the runs have one. */
export interface MapCell {
  readonly failures: Failures;
  readonly accuracy: Pick<Summary, "min" | "median" | "max"> | null;
}

/** Summarise the runs of a cell of the map; there is at least one. */
export function describeCell(runs: Runs): MapCell {
  const failures = countFailures(runs.endings);
  const found = summarise(outcomes(runs, MEASURES.test_accuracy));
  if (found === null || 2 * failures.diverged > failures.runs) return { failures, accuracy: null };
  return { failures, accuracy: { min: found.min, median: found.median, max: found.max } };
}
