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
import type { Part, Study } from "./study.ts";

/** What a change does; "unclear" until it is judged. */
export type Effect = "rescues" | "better" | "same" | "worse" | "unclear";

const EFFECTS: readonly Effect[] = ["rescues", "better", "same", "worse", "unclear"];

/** A change whose runs are all there. */
export interface JudgedChange {
  /** The number of its part. */
  readonly part: number;
  /** Of the metric, against the unchanged; null where all diverged. */
  readonly difference: Estimate | null;
  readonly effect: Effect;
}

export interface Remedy {
  readonly setUp: SetUp;
  readonly fraction: Estimate;
  /** Null also before it is judged. */
  readonly difference: Estimate | null;
  readonly effect: Effect;
}

/** The changes of which there are runs: what helps most first, once they are judged; until then as they are trained. */
export function remediesOf({ parts, judgement }: Study): readonly Remedy[] {
  const asTrained = parts.map((_, part): JudgedChange => ({ part, difference: null, effect: "unclear" })).slice(1);
  const changes = judgement?.kind === "remedies" ? judgement.changes : asTrained;
  return changes.flatMap(({ part, difference, effect }) => {
    const { setUp, runs } = parts[part];
    return runs.length === 0 ? [] : [{ setUp, fraction: countFailures(runs).fraction, difference, effect }];
  });
}

/** Judge changes, of which all runs are there, against the unchanged, the first part. */
export function judgeChanges([unchanged, ...changed]: readonly Part[]): readonly JudgedChange[] {
  const metric = metricOf(unchanged.setUp.experiment);
  const sign = isLowBetter(metric) ? -1 : 1;
  const margin = marginOf(metric, unchanged.runs);
  // What is compared is the better the larger it is.
  const signed = (runs: readonly Run[]) => metrics(runs).map((each) => sign * each);
  const oneSplit = unchanged.setUp.samples !== null;
  const compared = changed.map(({ runs }) => compare(signed(runs), signed(unchanged.runs), oneSplit, margin));
  const corrected = correctedOf(changed.map(({ runs }, i) => [fewer(runs, unchanged.runs), metricTest(compared[i])]));
  const before = failedOf(unchanged.runs);
  const judged = changed.map(({ runs }, i) => {
    const [pFewer, pValue] = corrected[i];
    const { difference } = compared[i];
    const failed = failedOf(runs);
    const effect = effectOf(failed, before, pFewer, { ...compared[i], pValue });
    return { part: i + 1, failed, difference: difference && times(sign, difference), effect };
  });
  const place = ({ effect }: JudgedChange) => EFFECTS.indexOf(effect);
  const gained = ({ difference }: JudgedChange) => -sign * (difference?.value ?? 0);
  return judged
    .toSorted((a, b) => place(a) - place(b) || a.failed - b.failed || gained(a) - gained(b))
    .map(({ failed: _, ...each }) => each);
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
