// What single changes do, from the same seeds: `mlplab.explain.remedies`.

import { metricOf } from "../engine/heads.ts";
import { explanation } from "../explain/table.ts";
import { isLowBetter, type Metric } from "../spec/losses.ts";
import { COMPARABLE, compare, type Comparison, judge, MARGIN, SIGNIFICANT } from "../statistics/comparison.ts";
import { fewerPValue, holm } from "../statistics/correction.ts";
import type { Estimate } from "../statistics/estimates.ts";
import { countFailures, type Run } from "../statistics/summary.ts";
import { mean } from "../statistics/sums.ts";
import type { SetUp } from "./set_up.ts";
import { isComplete, type Study } from "./study.ts";

/** What a change does; "unclear" as long as not all runs are there. */
export type Effect = "rescues" | "better" | "same" | "worse" | "unclear";

const EFFECTS: readonly Effect[] = ["rescues", "better", "same", "worse", "unclear"];

export interface Remedy {
  readonly setUp: SetUp;
  readonly runs: readonly Run[];
  readonly failed: number;
  readonly fraction: Estimate;
  /** Of the metric, against the unchanged; null where all diverged, or before all runs are there. */
  readonly difference: Estimate | null;
  readonly effect: Effect;
}

/** Of studies that have all their runs: to judge one takes about a second, and the page stands still for as long. */
const judged = new WeakMap<Study, readonly Remedy[]>();

/** The changes of which there are runs: what helps most first, once all is trained; until then as they are trained. */
export function remediesOf(study: Study): readonly Remedy[] {
  const found = judged.get(study) ?? judgeAll(study);
  if (isComplete(study)) judged.set(study, found);
  return found;
}

function judgeAll(study: Study): readonly Remedy[] {
  const [unchanged, ...changed] = study.parts;
  const isDone = isComplete(study);
  const tried = changed.filter(({ runs }) => runs.length > 0);
  const known = tried.map(({ setUp, runs }): Remedy => {
    const { fraction } = countFailures(runs);
    return { setUp, runs, failed: failedOf(runs), fraction, difference: null, effect: "unclear" };
  });
  if (!isDone) return known;
  const metric = metricOf(unchanged.setUp.experiment);
  const sign = isLowBetter(metric) ? -1 : 1;
  const margin = marginOf(metric, unchanged.runs);
  // What is compared is the better the larger it is.
  const signed = (runs: readonly Run[]) => metrics(runs).map((each) => sign * each);
  const oneSplit = unchanged.setUp.samples !== null;
  const compared = tried.map(({ runs }) => compare(signed(runs), signed(unchanged.runs), oneSplit, margin));
  const corrected = correctedOf(tried.map(({ runs }, i) => [fewer(runs, unchanged.runs), metricTest(compared[i])]));
  const before = failedOf(unchanged.runs);
  const remedies = known.map((remedy, i): Remedy => {
    const [pFewer, pValue] = corrected[i];
    const { difference } = compared[i];
    const effect = effectOf(remedy.failed, before, pFewer, { ...compared[i], pValue });
    return { ...remedy, difference: difference && times(sign, difference), effect };
  });
  const place = ({ effect }: Remedy) => EFFECTS.indexOf(effect);
  const gained = ({ difference }: Remedy) => -sign * (difference?.value ?? 0);
  return remedies.toSorted((a, b) => place(a) - place(b) || a.failed - b.failed || gained(a) - gained(b));
}

/** The smallest difference that means anything; of mean absolute errors it depends on the unchanged ones. */
function marginOf(metric: Metric, unchanged: readonly Run[]): number {
  if (metric !== "mean_absolute_error") return MARGIN;
  const known = metrics(unchanged).filter(Number.isFinite);
  return known.length === 0 ? 0 : explanation.tolerated * mean(known);
}

/** The p-values of each change, corrected for all that is tested; null is what is not, and is 1. */
function correctedOf(changes: readonly (readonly [number | null, number | null])[]): readonly (readonly [number, number])[] {
  const tested = changes.flat().filter((p) => p !== null);
  const corrected = holm(tested).values();
  const next = (p: number | null) => (p === null ? 1 : (corrected.next().value ?? 1));
  return changes.map(([failures, metric]) => [next(failures), next(metric)]);
}

function times(sign: 1 | -1, { value, low, high }: Estimate): Estimate {
  return sign === 1 ? { value, low, high } : { value: -value, low: -high, high: -low };
}

/** What a change does: by the runs that fail with it and without it; if that is not clear, by the metric. */
function effectOf(withIt: number, without: number, pFewer: number, comparison: Comparison): Effect {
  if (pFewer <= SIGNIFICANT && withIt !== without) return withIt < without ? "rescues" : "worse";
  const { verdict } = judge(comparison);
  if (verdict === "no meaningful difference") return "same";
  return verdict === "inconclusive" ? "unclear" : verdict;
}

export function failedOf(runs: readonly Run[]): number {
  return runs.filter(({ ending }) => ending !== "finished").length;
}

/** The p-value of a metric; null where there are too few pairs for a verdict. */
function metricTest({ pairs, leftOut, pValue }: Comparison): number | null {
  return pairs - leftOut < COMPARABLE ? null : pValue;
}

/** The p-value of the hypothesis that as many seeds fail only with a change as only without it; null of few runs. */
function fewer(runs: readonly Run[], unchanged: readonly Run[]): number | null {
  const failed = runs.map(({ ending }, i) => [ending !== "finished", unchanged[i].ending !== "finished"]);
  const onlyWith = failed.filter(([one, other]) => one && !other).length;
  const onlyWithout = failed.filter(([one, other]) => other && !one).length;
  return runs.length < COMPARABLE ? null : fewerPValue(onlyWith, onlyWithout);
}

function metrics(runs: readonly Run[]): number[] {
  return runs.map(({ ending, metric }) => (ending === "diverged" ? NaN : metric));
}
