// Comparing two sets of runs seed by seed: `mlplab.statistics.pairing`.

import type { Comparison } from "./comparison.ts";
import { bootstrap, estimateFraction, RESAMPLES, type Estimate } from "./intervals.ts";
import { chooseMargin, MEASURES, type Measure } from "./measures.ts";
import { flipSigns } from "./resampling.ts";
import { effectiveRuns, meanOverResplits, overlapRatio, pValueOverResplits } from "./resplits.ts";
import { outcomes, type Runs } from "./runs.ts";
import { mean, sorted, type Numbers } from "./sums.ts";

/** Means that differ by less than this fraction are equal but for rounding. */
const EQUAL = 100 * Number.EPSILON;

export interface ComparisonOptions {
  /** What the numbers are; the test accuracy unless given. */
  readonly measure?: Measure;
  /** The smallest difference that would mean anything; the measure's own unless given. */
  readonly margin?: number | null;
  /** n_test / n_train, if all runs split one set of samples anew. */
  readonly resplitRatio?: number | null;
  /** Whether all runs have the same training and test samples. */
  readonly oneSplit?: boolean;
  readonly resamples?: number;
}

/** Compare two experiments by one number of each run, of the same seeds in order; NaN where it diverged. */
export function compare(a: Numbers, b: Numbers, options: ComparisonOptions = {}): Comparison {
  const { measure = MEASURES.test_accuracy, resplitRatio = null, oneSplit = false } = options;
  const { resamples = RESAMPLES } = options;
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(
      "expected two lists of one value each seed, equally long, received shapes " +
        `(${a.length},) and (${b.length},)`,
    );
  }
  const margin = chooseMargin(measure, options.margin ?? null);
  const ratio = overlapRatio(measure, resplitRatio);
  const differences: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (Number.isFinite(a[i]) && Number.isFinite(b[i])) differences.push(a[i] - b[i]);
  }
  const isDependent = ratio > 0;
  return {
    measure,
    pairs: a.length,
    leftOut: a.length - differences.length,
    difference: isDependent ? meanOverResplits(differences, ratio) : meanOf(differences, resamples),
    probabilityOfImprovement: probability(a, b, measure, ratio),
    margin,
    pValue: isDependent
      ? pValueOverResplits(differences, margin, ratio)
      : pValueOf(differences, margin, resamples),
    resplitRatio,
    oneSplit,
  };
}

/** Compare the runs of two experiments that were trained from the same seeds. */
export function compareRuns(
  a: Runs,
  b: Runs,
  options: Pick<ComparisonOptions, "measure" | "margin" | "resamples"> = {},
): Comparison {
  if (a.seeds.join() !== b.seeds.join()) {
    throw new RangeError(
      "expected two sets of runs of the same seeds in the same order, received " +
        `${someSeeds(a.seeds)} and ${someSeeds(b.seeds)}: train both from the same seed, equally often`,
    );
  }
  const repeated = a.seeds.length - new Set(a.seeds).size;
  if (repeated > 0) {
    throw new RangeError(
      `expected each seed once, received ${a.seeds.length} runs with ${repeated} repeated seeds`,
    );
  }
  const { measure = MEASURES.test_accuracy } = options;
  const ratios = [a.resplitRatio, b.resplitRatio].filter((ratio) => ratio !== null);
  // The stronger correction of the two.
  const order = (one: number, other: number) => overlapRatio(measure, other) - overlapRatio(measure, one);
  const resplitRatio = ratios.sort(order)[0] ?? null;
  const oneSplit = resplitRatio === null && (a.oneSplit || b.oneSplit);
  return compare(outcomes(a, measure), outcomes(b, measure), { ...options, resplitRatio, oneSplit });
}

function meanOf(differences: readonly number[], resamples: number): Estimate | null {
  if (differences.length === 0) return null;
  const sign = signOf(differences);
  const found = bootstrap(times(sign, differences), mean, resamples);
  if (sign > 0) return found;
  return { value: -found.value, low: -found.high, high: -found.low };
}

/** The two-sided p-value of a mean difference that is exactly the margin, with the sign that was seen. */
function pValueOf(differences: readonly number[], margin: number, resamples: number): number {
  if (differences.length < 2) return 1;
  const beyond = sorted(times(signOf(differences), differences)).map((value) => value - margin);
  const seen = mean(beyond);
  const { means, isEveryWay } = flipSigns(beyond, resamples);
  const rounding = EQUAL * Math.abs(seen);
  let below = 0;
  let above = 0;
  for (const each of means) {
    if (each <= seen + rounding) below++;
    if (each >= seen - rounding) above++;
  }
  const further = isEveryWay ? 0 : 1;
  return Math.min(1, (2 * (Math.min(below, above) + further)) / (means.length + further));
}

/** The sign of the mean; times this, A against B and B against A are the same numbers. */
function signOf(differences: readonly number[]): number {
  return mean(differences) < 0 ? -1 : 1;
}

function times(factor: number, values: readonly number[]): number[] {
  return values.map((value) => factor * value);
}

/** The probability of improvement; a diverged run counts as worse than every value. */
function probability(a: Numbers, b: Numbers, measure: Measure, ratio: number): Estimate {
  const sign = measure.lowerIsBetter ? -1 : 1;
  const place = (value: number) => (Number.isFinite(value) ? sign * value : -Infinity);
  let won = 0;
  for (let i = 0; i < a.length; i++) {
    if (place(a[i]) > place(b[i])) won += 1;
    else if (place(a[i]) === place(b[i])) won += 0.5;
  }
  if (ratio === 0) return estimateFraction(won, a.length);
  const trials = effectiveRuns(a.length, ratio);
  return estimateFraction((won / a.length) * trials, trials);
}

function someSeeds(seeds: readonly string[]): string {
  const shown = seeds.slice(0, 3).join(", ");
  if (seeds.length === 1) return `seed ${shown}`;
  return `seeds ${shown}` + (seeds.length > 3 ? `, … (${seeds.length} in all)` : "");
}
