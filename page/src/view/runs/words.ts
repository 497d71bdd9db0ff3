// What is said of runs.

import type { Estimate } from "../../statistics/estimates.ts";
import { accuraciesOf, countFailures, summarise, type Run } from "../../statistics/summary.ts";
import { percent } from "../numbers.ts";

/** How accurate some runs are; the typical one with its interval, where it was estimated. */
export function accuracyInWords(runs: readonly Run[], typical: Estimate | null): string {
  const found = summarise(accuraciesOf(runs));
  if (found === null) return "No run has an accuracy.";
  const middle = typical === null ? "" : `. Mean of the middle half (the mark below the dots): ${withInterval(typical)}`;
  return `Test accuracy: median ${percent(found.median)}, from ${percent(found.min)} to ${percent(found.max)}${middle}.`;
}

/** How many of at least one run failed, with the interval of the fraction. */
export function failuresInWords(runs: readonly Run[]): string {
  const { stuck, diverged, fraction } = countFailures(runs);
  const [low, high] = [fraction.low, fraction.high].map((end) => (100 * end).toFixed(1));
  return `Failed: ${stuck} stuck, ${diverged} diverged, of ${runs.length} (95 % interval ${low} to ${high} %).`;
}

function withInterval({ value, low, high }: Estimate): string {
  if (!Number.isFinite(low)) return percent(value);
  return `${percent(value)} (95 % interval ${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`;
}
