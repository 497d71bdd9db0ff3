// What paired runs say of two experiments, and the verdict: `mlplab.statistics.comparison`.

import type { Estimate } from "./intervals.ts";
import { writeDifference, type Measure } from "./measures.ts";
import { writeFixed } from "./text.ts";

export type Verdict = "better" | "worse" | "no meaningful difference" | "inconclusive";

/** Below so many pairs there is no verdict. */
export const COMPARABLE = 30;

/** The largest p-value with which a verdict stands. */
export const SIGNIFICANT = 0.05;

/** A against B, by pairs of runs with the same seed. */
export interface Comparison {
  readonly measure: Measure;
  readonly pairs: number;
  /** Pairs in which a run diverged: the difference leaves them out, the probability counts them. */
  readonly leftOut: number;
  /** Mean of A - B over the other pairs; null if there are none. */
  readonly difference: Estimate | null;
  /** That A is better than B in a pair. Ties count one half; a diverged run loses. */
  readonly probabilityOfImprovement: Estimate;
  /** The smallest difference that is called meaningful. */
  readonly margin: number;
  readonly pValue: number;
  /** n_test / n_train where all runs re-split one set of samples. */
  readonly resplitRatio: number | null;
  /** Whether all runs have the same training and test samples. */
  readonly oneSplit: boolean;
}

/** The verdict, and why it is what it is, as a clause. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Judge a comparison, by the rules of Python's `Comparison.verdict`. */
export function judge(comparison: Comparison): Judgement {
  const { pairs, leftOut, difference, pValue } = comparison;
  const complete = pairs - leftOut;
  if (difference === null || complete < COMPARABLE) {
    const few = leftOut > 0 ? `${complete} of ${pairsInWords(pairs)}` : pairsInWords(complete);
    const reason = `${few} ${complete === 1 ? "is" : "are"} fewer than ${COMPARABLE}`;
    return { verdict: "inconclusive", reason };
  }
  const claim = placed(comparison, difference);
  if (claim.verdict === "inconclusive") return claim;
  if (pValue > SIGNIFICANT) {
    const reason = `the p-value ${writeFixed(pValue, 4)} is above ${SIGNIFICANT}`;
    return { verdict: "inconclusive", reason };
  }
  if (leftOut > 0 && claim.verdict !== leader(comparison)) {
    return { verdict: "inconclusive", reason: "the difference leaves out the runs that diverged" };
  }
  return claim;
}

/** Compare the interval of the difference with the margin. */
function placed({ measure, margin, resplitRatio }: Comparison, difference: Estimate): Judgement {
  const [low, high] = measure.lowerIsBetter
    ? [-difference.high, -difference.low]
    : [difference.low, difference.high];
  const interval =
    resplitRatio === null ? "the interval" : "the interval, corrected for re-splits of one set of samples,";
  if (low > margin) return { verdict: "better", reason: `${interval} lies beyond the margin` };
  if (high < -margin) return { verdict: "worse", reason: `${interval} lies beyond the margin` };
  if (-margin < low && high < margin) {
    return { verdict: "no meaningful difference", reason: `${interval} lies within the margin` };
  }
  return { verdict: "inconclusive", reason: `${interval} reaches across the margin` };
}

/** Which is better in more than half of all pairs, diverged runs counted. */
function leader({ probabilityOfImprovement: { low, high } }: Comparison): Verdict {
  if (low > 0.5) return "better";
  return high < 0.5 ? "worse" : "inconclusive";
}

/** What samples the comparison holds for, as a clause; empty where each run drew its own. */
export function scope({ oneSplit, resplitRatio }: Comparison): string {
  if (oneSplit) return "all runs share one split, so that this says nothing of other samples";
  if (resplitRatio === null) return "";
  return "all runs re-split one set of samples, and intervals and p-value are corrected for it";
}

/** The comparison in plain words; `a` and `b` are what to call A and B. */
export function sentence(comparison: Comparison, a = "A", b = "B"): string {
  return `${headline(comparison, a, b)}: ${clauses(comparison, a, b).join("; ")}.`;
}

/** The verdict alone, as the beginning of `sentence`. */
export function headline(comparison: Comparison, a = "A", b = "B"): string {
  const { verdict, reason } = judge(comparison);
  const head = {
    better: `${a} is better than ${b}`,
    worse: `${a} is worse than ${b}`,
    "no meaningful difference": `${a} and ${b} show no meaningful difference`,
    inconclusive: `${a} against ${b} is inconclusive, since ${reason}`,
  }[verdict];
  return comparison.oneSplit ? `On this one split of the samples ${head}` : head;
}

/** What the verdict rests on: difference, pairs, and how far it holds. */
export function clauses(comparison: Comparison, a = "A", b = "B"): string[] {
  return [
    ...differenceInWords(comparison, a, b),
    shareInWords(comparison, a),
    ...divergedInWords(comparison),
    scope(comparison),
  ].filter((clause) => clause !== "");
}

function differenceInWords({ measure, difference, margin }: Comparison, a: string, b: string): string[] {
  if (difference === null) return [];
  const write = (value: number) => writeDifference(measure, value);
  const { value, low, high } = difference;
  const interval = Number.isFinite(low) ? `95 % interval ${write(low)} to ${write(high)}, ` : "";
  const unit = measure.unit === "" ? "" : ` ${measure.unit}`;
  return [`${a} minus ${b} is ${write(value)}${unit} on average (${interval}margin ${write(margin)})`];
}

function shareInWords({ pairs, probabilityOfImprovement }: Comparison, a: string): string {
  const { value, low, high } = probabilityOfImprovement;
  const [won, from, to] = [value, low, high].map((end) => writeFixed(100 * end, 0));
  const share = `${a} is better in ${won} % of ${pairsInWords(pairs)}, ties counted half`;
  return `${share} (95 % interval ${from} to ${to} %)`;
}

function divergedInWords({ pairs, leftOut }: Comparison): string[] {
  if (leftOut === 0) return [];
  if (leftOut === pairs) return ["in each pair a run diverged"];
  if (leftOut === 1) return ["1 pair with a diverged run counts only in the latter"];
  return [`${leftOut} pairs with a diverged run count only in the latter`];
}

function pairsInWords(count: number): string {
  return count === 1 ? "1 pair" : `${count} pairs`;
}
