// Runs of one experiment, as the page keeps them, and how many of them failed.

import type { Ending } from "./ending.ts";
import { estimateFraction, type Estimate } from "./intervals.ts";
import type { Measure, MeasureName } from "./measures.ts";

/** Runs of an experiment; `seeds`, `endings` and each list of `scores` have a place for every run. */
export interface Runs {
  readonly seeds: readonly string[];
  readonly endings: readonly Ending[];
  readonly scores: Readonly<Partial<Record<MeasureName, readonly number[]>>>;
  /** n_test / n_train, where all runs re-split one set of samples. */
  readonly resplitRatio: number | null;
  /** Whether all runs have the same training and test samples. */
  readonly oneSplit: boolean;
}

/** How many runs failed; the fraction is of those that failed in either way. */
export interface Failures {
  readonly runs: number;
  readonly stuck: number;
  readonly diverged: number;
  readonly fraction: Estimate;
}

/** A final loss or accuracy of each run, NaN where it diverged: `mlplab.statistics.outcomes`. */
export function outcomes(runs: Runs, measure: Measure): number[] {
  const scores = runs.scores[measure.name];
  if (scores === undefined) throw new RangeError(`expected runs with a ${measure.title}, received none`);
  return scores.map((score, i) => (runs.endings[i] === "diverged" ? NaN : score));
}

/** Count the failed runs: `mlplab.statistics.count_failures`. */
export function countFailures(endings: readonly Ending[]): Failures {
  if (endings.length === 0) {
    throw new RangeError("expected at least one run to count the failed ones of, received none");
  }
  const count = (ending: Ending) => endings.filter((each) => each === ending).length;
  const [stuck, diverged] = [count("stuck"), count("diverged")];
  const fraction = estimateFraction(stuck + diverged, endings.length);
  return { runs: endings.length, stuck, diverged, fraction };
}
