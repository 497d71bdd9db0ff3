// What single changes do, from the same seeds: `mlplab.explain.remedies`.

import { metricOf } from "../engine/heads.ts";
import { isLowBetter } from "../spec/losses.ts";
import { COMPARABLE, compare, type Comparison, judge, SIGNIFICANT } from "../statistics/comparison.ts";
import { fewerPValue, holm } from "../statistics/correction.ts";
import type { Estimate } from "../statistics/estimates.ts";
import { countFailures, type Run } from "../statistics/summary.ts";
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

/** The changes of which there are runs: what helps most first, once all is trained; until then as they are trained. */
export function remediesOf(study: Study): readonly Remedy[] {
  const [unchanged, ...changed] = study.parts;
  const isDone = isComplete(study);
  const tried = changed.filter(({ runs }) => runs.length > 0);
  const oneSplit = unchanged.setUp.samples !== null;
  // How large a difference of errors matters depends on the target.
  const hasMargin = metricOf(unchanged.setUp.experiment) !== "mean_absolute_error";
  const compared = tried.map(({ runs }) => (isDone ? compare(metrics(runs), metrics(unchanged.runs), oneSplit) : null));
  const ps = tried.flatMap(({ runs }, i) => [
    isDone ? fewer(runs, unchanged.runs) : 1,
    hasMargin ? (compared[i]?.pValue ?? 1) : 1,
  ]);
  const corrected = holm(ps);
  const before = failedOf(unchanged.runs);
  const remedies = tried.map(({ setUp, runs }, i): Remedy => {
    const comparison = compared[i];
    const failed = failedOf(runs);
    const own = comparison === null ? null : { ...comparison, pValue: corrected[2 * i + 1] };
    const effect = own === null ? "unclear" : effectOf(failed, before, corrected[2 * i], own, hasMargin);
    return { setUp, runs, failed, fraction: countFailures(runs).fraction, difference: own?.difference ?? null, effect };
  });
  if (!isDone) return remedies;
  const sign = isLowBetter(metricOf(unchanged.setUp.experiment)) ? 1 : -1;
  const place = ({ effect }: Remedy) => EFFECTS.indexOf(effect);
  const gained = ({ difference }: Remedy) => sign * (difference?.value ?? 0);
  return remedies.toSorted((a, b) => place(a) - place(b) || a.failed - b.failed || gained(a) - gained(b));
}

/** What a change does: by the runs that fail with it and without it; if that is not clear, by the metric, if it has a margin. */
export function effectOf(
  withIt: number,
  without: number,
  pFewer: number,
  comparison: Comparison,
  hasMargin = true,
): Effect {
  if (pFewer <= SIGNIFICANT && withIt !== without) return withIt < without ? "rescues" : "worse";
  if (!hasMargin) return "unclear";
  const { verdict } = judge(comparison);
  if (verdict === "no meaningful difference") return "same";
  return verdict === "inconclusive" ? "unclear" : verdict;
}

export function failedOf(runs: readonly Run[]): number {
  return runs.filter(({ ending }) => ending !== "finished").length;
}

/** The p-value of the hypothesis that as many seeds fail only with a change as only without it. */
function fewer(runs: readonly Run[], unchanged: readonly Run[]): number {
  const failed = runs.map(({ ending }, i) => [ending !== "finished", unchanged[i].ending !== "finished"]);
  const onlyWith = failed.filter(([one, other]) => one && !other).length;
  const onlyWithout = failed.filter(([one, other]) => other && !one).length;
  return runs.length < COMPARABLE ? 1 : fewerPValue(onlyWith, onlyWithout);
}

function metrics(runs: readonly Run[]): number[] {
  return runs.map(({ ending, metric }) => (ending === "diverged" ? NaN : metric));
}
