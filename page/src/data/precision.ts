// Whether float32, in which the page trains, can tell the points apart: `mlplab.data.precision`.

import { floatText, grouped } from "../text/numbers.ts";
import { quoted } from "../text/quoted.ts";
import { Refusal } from "../text/refusal.ts";

/** Of a feature's standard deviation: a rounding that moves values by more blurs the feature. */
const COARSE = 0.01;

/**
 * Refuse a feature that float32 blurs: a value moves by more than a hundredth of the feature's standard
 * deviation, and different values become equal. x is (points, features), and within float32's range.
 *
 * `place` is what messages call the place of a point, `source` what they call all of them.
 */
export function checkPrecision(
  x: Float64Array,
  featureNames: readonly string[],
  place: (row: number) => string,
  source: string,
): void {
  featureNames.forEach((name, feature) => {
    const values = Array.from(x.filter((_, i) => i % featureNames.length === feature));
    const coarse = COARSE * deviation(values);
    if (values.every((value) => Math.abs(value - Math.fround(value)) <= coarse)) return;
    const different = [...new Set(values)].sort((a, b) => a - b);
    const isEqual = different.slice(1).map((value, i) => Math.fround(value) === Math.fround(different[i]));
    const first = isEqual.indexOf(true);
    if (first < 0) return;
    const [a, b] = different.slice(first, first + 2);
    const left = different.length - isEqual.filter(Boolean).length;
    const where = (value: number) => place(values.indexOf(value));
    throw new Refusal(
      `${source}, column ${quoted(name)}: of ${grouped(different.length)} different values float32 ` +
        `can tell ${grouped(left)} apart (not ${floatText(a)} in ${where(a)} from ${floatText(b)} in ` +
        `${where(b)}); \`mlplab train\` takes them in float64`,
    );
  });
}

/** The standard deviation of n values, not of n - 1. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
