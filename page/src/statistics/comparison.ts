// Two set-ups compared seed by seed, and the verdict: `mlplab.statistics.pairing` and `comparison`, for test
// accuracies of runs that draw their samples, or share one split of them.

import { bootstrap, estimateFraction, type Estimate } from "./estimates.ts";
import { flipSigns } from "./resampling.ts";
import { mean, sorted, type Numbers } from "./sums.ts";

type Verdict = "better" | "worse" | "no meaningful difference" | "inconclusive";

/** Below so many pairs there is no verdict. */
export const COMPARABLE = 30;

/** The largest p-value with which a verdict stands. */
export const SIGNIFICANT = 0.05;

/** The smallest difference that is called meaningful of accuracies and R²: one percentage point. */
export const MARGIN = 0.01;

/** Means that differ by less than this fraction are equal but for rounding. */
const EQUAL = 100 * Number.EPSILON;

/** A against B, by pairs of runs with the same seed. */
export interface Comparison {
  readonly pairs: number;
  /** Pairs in which a run diverged: the difference leaves them out, the probability counts them. */
  readonly leftOut: number;
  /** Mean of A - B over the other pairs; null if there are none. */
  readonly difference: Estimate | null;
  /** That A is better than B in a pair. Ties count one half; a diverged run loses. */
  readonly probabilityOfImprovement: Estimate;
  /** The smallest difference that is called meaningful. */
  readonly margin: number;
  /** 1 where there is no verdict, which alone asks for it. */
  readonly pValue: number;
  /** Whether all runs have the same training and test samples. */
  readonly oneSplit: boolean;
}

/** The verdict, and why it is what it is, as a clause. */
interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Compare numbers of the same seeds in the same order, NaN where a run diverged; at least one pair. Larger ones are
 * better.
 */
export function compare(a: Numbers, b: Numbers, oneSplit: boolean, margin = MARGIN): Comparison {
  const differences: number[] = [];
  let won = 0;
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i], b[i]].map((value) => (Number.isFinite(value) ? value : -Infinity));
    won += one === other ? 0.5 : one > other ? 1 : 0;
    if (one + other > -Infinity) differences.push(a[i] - b[i]);
  }
  return {
    pairs: a.length,
    leftOut: a.length - differences.length,
    difference: meanOf(differences),
    probabilityOfImprovement: estimateFraction(won, a.length),
    margin,
    pValue: pValueOf(differences, margin),
    oneSplit,
  };
}

function meanOf(differences: readonly number[]): Estimate | null {
  if (differences.length === 0) return null;
  const sign = signOf(differences);
  const found = bootstrap(times(sign, differences), mean);
  return sign > 0 ? found : { value: -found.value, low: -found.high, high: -found.low };
}

/** The two-sided p-value of a mean difference that is exactly the margin, with the sign that was seen. */
function pValueOf(differences: readonly number[], margin: number): number {
  if (differences.length < COMPARABLE) return 1;
  const beyond = sorted(times(signOf(differences), differences)).map((value) => value - margin);
  const seen = mean(beyond);
  const means = flipSigns(beyond);
  const rounding = EQUAL * Math.abs(seen);
  const below = means.filter((each) => each <= seen + rounding).length;
  const above = means.filter((each) => each >= seen - rounding).length;
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (means.length + 1));
}

/** The sign of the mean; times this, A against B and B against A are the same numbers. */
function signOf(differences: readonly number[]): number {
  return mean(differences) < 0 ? -1 : 1;
}

function times(factor: number, values: readonly number[]): number[] {
  return values.map((value) => factor * value);
}

/** Judge a comparison, by the rules of Python's `Comparison.verdict`. */
export function judge(comparison: Comparison): Judgement {
  const { pairs, leftOut, difference, margin, pValue } = comparison;
  const complete = pairs - leftOut;
  if (difference === null || complete < COMPARABLE) {
    const few = leftOut > 0 ? `${complete} of ${pairsInWords(pairs)}` : pairsInWords(complete);
    const reason = `${few} ${complete === 1 ? "is" : "are"} fewer than ${COMPARABLE}`;
    return { verdict: "inconclusive", reason };
  }
  const claim = placed(difference, margin);
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
function placed({ low, high }: Estimate, margin: number): Judgement {
  if (low > margin) return { verdict: "better", reason: "the interval lies beyond the margin" };
  if (high < -margin) return { verdict: "worse", reason: "the interval lies beyond the margin" };
  if (-margin < low && high < margin) {
    return { verdict: "no meaningful difference", reason: "the interval lies within the margin" };
  }
  return { verdict: "inconclusive", reason: "the interval has differences within the margin and beyond it" };
}

/** Which is better in more than half of all pairs, diverged runs counted. */
function leader({ probabilityOfImprovement: { low, high } }: Comparison): Verdict {
  if (low > 0.5) return "better";
  return high < 0.5 ? "worse" : "inconclusive";
}

/** The verdict in plain words; `a` and `b` are what to call A and B. */
export function headline(comparison: Comparison, a: string, b: string): string {
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
export function clauses(comparison: Comparison, a: string, b: string): string[] {
  const { pairs, leftOut, difference, oneSplit, probabilityOfImprovement } = comparison;
  const found: string[] = [];
  if (difference !== null) {
    const { value, low, high } = difference;
    const interval = Number.isFinite(low) ? `95 % interval ${points(low)} to ${points(high)}, ` : "";
    const margin = `(${interval}margin ${points(comparison.margin)})`;
    found.push(`${a} minus ${b} is ${points(value)} percentage points on average ${margin}`);
  }
  const { value, low, high } = probabilityOfImprovement;
  const [won, from, to] = [value, low, high].map((end) => writeFixed(100 * end, 0));
  const share = `${a} is better in ${won} % of ${pairsInWords(pairs)}, ties counted half`;
  found.push(`${share} (95 % interval ${from} to ${to} %)`);
  if (leftOut === pairs) found.push("in each pair a run diverged");
  else if (leftOut === 1) found.push("1 pair with a diverged run counts only in the latter");
  else if (leftOut > 0) found.push(`${leftOut} pairs with a diverged run count only in the latter`);
  if (oneSplit) found.push("all runs share one split, so that this says nothing of other samples");
  return found;
}

/** A difference of accuracies in percentage points. */
function points(difference: number): string {
  const text = writeFixed(100 * difference, 2);
  return Number(text) === 0 ? "0.00" : text;
}

function pairsInWords(count: number): string {
  return count === 1 ? "1 pair" : `${count} pairs`;
}

/** A finite number below 1e21 with so many digits after the point: halves go to the even digit, as Python writes them. */
function writeFixed(value: number, digits: number): string {
  // A number lies just between two decimals if it is an odd multiple of 2^-(digits + 1).
  const size = Math.abs(value);
  const isBetween = (size * 2 ** (digits + 1)) % 2 === 1;
  const below = Math.floor(size * 10 ** digits);
  const nearest = isBetween ? (below + (below % 2)) / 10 ** digits : size;
  return (value < 0 || Object.is(value, -0) ? "-" : "") + nearest.toFixed(digits);
}
