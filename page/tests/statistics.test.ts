// The page's statistics are Python's, but for rounding: NumPy adds in another order.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clauses, COMPARABLE, compare, headline, judge } from "../src/statistics/comparison.ts";
import { MARGIN, SIGNIFICANT, type Comparison } from "../src/statistics/comparison.ts";
import { constantLoss } from "../src/statistics/constant_loss.ts";
import { howItEnded, type Ending } from "../src/statistics/ending.ts";
import { bootstrap, estimateFraction, interquartileMean } from "../src/statistics/estimates.ts";
import { integers } from "../src/statistics/integers.ts";
import { RESAMPLES } from "../src/statistics/resampling.ts";
import { metricsOf, countFailures, placeOf, summarise } from "../src/statistics/summary.ts";
import { mean, median, quantile, sum } from "../src/statistics/sums.ts";
import { readCases } from "./cases.ts";

const said = (comparison: Comparison) => ({
  judgement: judge(comparison),
  headline: headline(comparison, "B", "A"),
  clauses: clauses(comparison, "B", "A"),
});

/** What each call of a case is here. */
const CALLS: Readonly<Record<string, (...given: never[]) => unknown>> = {
  constants: () => ({ RESAMPLES, COMPARABLE, SIGNIFICANT, MARGIN }),
  integers: (key: string, count: number, below: number) => {
    const next = integers(BigInt(key));
    const [first, rest] = [new Uint32Array(5), new Uint32Array(count - 5)];
    next(below, first);
    next(below, rest);
    return [...first, ...rest];
  },
  sum: (values: readonly number[]) => sum(values),
  mean: (values: readonly number[]) => mean(values),
  median,
  quantile,
  estimateFraction,
  bootstrap: (values: readonly number[]) => bootstrap(values, mean),
  interquartileMean,
  summarise,
  percentile: (accuracy: number, values: readonly number[]) => placeOf(accuracy, values)?.percentile ?? null,
  countFailures: (endings: readonly Ending[]) =>
    countFailures(endings.map((ending) => ({ seed: "0", ending, metric: 0.5 }))),
  howItEnded,
  constantLoss: (loss: string, targets: readonly number[]) => constantLoss(loss, Float32Array.from(targets)),
  judge: said,
  compare: (a: readonly number[], b: readonly number[], oneSplit: boolean, margin: number) => {
    const comparison = compare(a, b, oneSplit, margin);
    return { comparison, ...said(comparison) };
  },
};

/** The same with twelve digits of each number. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Math.abs(value) < 1e-14 ? 0 : Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, rounded(each)]));
}

const cases = readCases("statistics");

for (const call of new Set(cases.map((each) => each.call))) {
  const own = cases.filter((each) => each.call === call);
  test(`${call}: ${own.length} cases`, () => {
    for (const { arguments: given, result } of own)
      assert.deepEqual(
        rounded(CALLS[call](...(given as never[]))),
        rounded(result),
        `${call}(${JSON.stringify(given).slice(0, 300)})`,
      );
  });
}

test("every case is called, and there are many", () => {
  assert.deepEqual(new Set(cases.map((each) => each.call)), new Set(Object.keys(CALLS)));
  assert.ok(cases.length >= 500);
});

test("luck begins at the 95th percentile, bad luck ends at the 5th", () => {
  const others = Array.from({ length: 100 }, (_, i) => i / 100);
  const luck = (accuracy: number) => placeOf(accuracy, others)?.luck;
  assert.deepEqual([0.0449, 0.0451, 0.051, 0.9399, 0.9499, 1].map(luck), [
    ...["bad luck", "bad luck", "usual", "usual", "luck", "luck"],
  ]);
});

test("a run that diverged has no accuracy, whatever it scored", () => {
  const run = (ending: Ending) => ({ seed: "1", ending, metric: 0.5 });
  assert.deepEqual(metricsOf([run("finished"), run("diverged"), run("stuck")]), [0.5, 0.5]);
});

test("an interval of more runs than are known is refused", () => {
  assert.throws(() => bootstrap(Array.from({ length: 101 }, (_, i) => i), mean), /at most 100/);
});
