// What many runs of one set-up say together: how good, how many failed, and where one run stands among them.

import type { Ending } from "./ending.ts";
import { estimateFraction, interquartileMean, type Estimate } from "./estimates.ts";
import { median } from "./sums.ts";

/** Metrics that differ by less are equal. */
const ROUNDING = 1e-12;

/** Per cent of the runs, below or above which a run counts as luck. */
const FEW = 5;

/** What the training of one seed came to. */
export interface Run {
  readonly seed: string;
  readonly ending: Ending;
  /** Of the test samples: `metricOf`. */
  readonly metric: number;
}

/** How many runs failed; the fraction is of those that failed in either way. */
interface Failures {
  readonly stuck: number;
  readonly diverged: number;
  readonly fraction: Estimate;
}

/** The metrics of the runs that have one: those that did not diverge. */
export function metricsOf(runs: readonly Run[]): number[] {
  return runs.filter(({ ending, metric }) => ending !== "diverged" && Number.isFinite(metric)).map(({ metric }) => metric);
}

/** Count the failed ones of at least one run: `mlplab.statistics.count_failures`. */
export function countFailures(runs: readonly Run[]): Failures {
  const count = (ending: Ending) => runs.filter((run) => run.ending === ending).length;
  const [stuck, diverged] = [count("stuck"), count("diverged")];
  return { stuck, diverged, fraction: estimateFraction(stuck + diverged, runs.length) };
}

/** The interquartile mean of the metrics; null where every run diverged. */
export function typicalMetric(runs: readonly Run[]): Estimate | null {
  return interquartileMean(metricsOf(runs));
}

interface Summary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Summarise some metrics; null where there are none. */
export function summarise(metrics: readonly number[]): Summary | null {
  if (metrics.length === 0) return null;
  return { min: Math.min(...metrics), median: median(metrics), max: Math.max(...metrics) };
}

/** Where one run stands among others. */
export interface Place {
  /** Others that are worse. */
  readonly below: number;
  readonly equal: number;
  /** Per cent of the others that are worse, those equal to it counted half: `mlplab.statistics.percentile_of`. */
  readonly percentile: number;
  readonly luck: "luck" | "usual" | "bad luck";
}

/** Place a metric among those of others; null where there are none. */
export function placeOf(metric: number, others: readonly number[], isLowBetter = false): Place | null {
  if (others.length === 0) return null;
  const equal = others.filter((each) => areEqual(each, metric)).length;
  const below = others.filter((each) => (isLowBetter ? each > metric + ROUNDING : each < metric - ROUNDING)).length;
  const percentile = (100 * (below + equal / 2)) / others.length;
  const luck = percentile >= 100 - FEW ? "luck" : percentile <= FEW ? "bad luck" : "usual";
  return { below, equal, percentile, luck };
}

export function areEqual(one: number, other: number): boolean {
  return Math.abs(one - other) <= ROUNDING;
}
