// The page's statistics are Python's: to the last bit, but for what needs an exponential or a logarithm.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clauses, COMPARABLE, headline, judge, sentence, SIGNIFICANT } from "../src/statistics/comparison.ts";
import type { Comparison } from "../src/statistics/comparison.ts";
import { normalCdf, studentCdf, studentQuantile } from "../src/statistics/distributions.ts";
import { howItEnded } from "../src/statistics/ending.ts";
import { integers } from "../src/statistics/integers.ts";
import { interquartileMean } from "../src/statistics/interquartile.ts";
import { bootstrap, estimateFraction, LEVEL, RESAMPLES } from "../src/statistics/intervals.ts";
import { chooseMargin, MEASURES, writeDifference, writeValue } from "../src/statistics/measures.ts";
import type { MeasureName } from "../src/statistics/measures.ts";
import { compare, compareRuns, type ComparisonOptions } from "../src/statistics/pairing.ts";
import { countFailures, type Runs } from "../src/statistics/runs.ts";
import { describeCell, describePopulation, luckOf, percentileOf } from "../src/statistics/summary.ts";
import { placeOf, summarise } from "../src/statistics/summary.ts";
import { mean, median, quantile, sum } from "../src/statistics/sums.ts";
import { roundToEven, writeExponent, writeFixed, writeGeneral } from "../src/statistics/text.ts";
import { readCases, type Case } from "./cases.ts";

/** Browsers and C have their own exp and log1p, which may differ in the last bits. */
const RELATIVE = 1e-12;
const ABSOLUTE = 1e-15;
const CLOSE = [
  ...["normalCdf", "studentCdf", "studentQuantile", "bootstrap", "interquartileMean"],
  ...["compare", "compareRuns", "describePopulation"],
];

/** In cases, measures stand by their names. */
type Named<Options> = Omit<Options, "measure"> & { readonly measure?: MeasureName };

const withMeasure = <Options extends { readonly measure?: MeasureName }>(options: Options) => {
  const { measure, ...rest } = options;
  return measure === undefined ? rest : { ...rest, measure: MEASURES[measure] };
};
const named = (comparison: Comparison) => ({ ...comparison, measure: comparison.measure.name });
const said = (comparison: Comparison, a: string, b: string) => ({
  judgement: judge(comparison),
  sentence: sentence(comparison, a, b),
  headline: headline(comparison, a, b),
  clauses: clauses(comparison, a, b),
});

/** What each call of a case is here. */
const CALLS: Readonly<Record<string, (...given: never[]) => unknown>> = {
  constants: () => ({ LEVEL, RESAMPLES, COMPARABLE, SIGNIFICANT }),
  measure: (name: MeasureName) => MEASURES[name],
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
  normalCdf,
  studentCdf,
  studentQuantile,
  writeFixed,
  writeGeneral,
  writeExponent,
  roundToEven,
  writeDifference: (name: MeasureName, value: number) => writeDifference(MEASURES[name], value),
  writeValue: (name: MeasureName, value: number) => writeValue(MEASURES[name], value),
  chooseMargin: (name: MeasureName, margin: number | null) => chooseMargin(MEASURES[name], margin),
  estimateFraction,
  bootstrap: (values: readonly number[], resamples: number) => bootstrap(values, mean, resamples),
  interquartileMean: (values: readonly number[], options: Named<object>) =>
    interquartileMean(values, withMeasure(options)),
  summarise,
  percentileOf,
  luckOf,
  countFailures,
  howItEnded,
  judge: (given: Comparison & { readonly measure: unknown }) =>
    said({ ...given, measure: MEASURES[given.measure as unknown as MeasureName] }, "A", "B"),
  compare: (
    a: readonly number[],
    b: readonly number[],
    options: Named<ComparisonOptions>,
    first: string,
    second: string,
  ) => {
    const found = compare(a, b, withMeasure(options));
    return { comparison: named(found), ...said(found, first, second) };
  },
  compareRuns: (a: Runs, b: Runs, options: Named<ComparisonOptions>) =>
    named(compareRuns(a, b, withMeasure(options))),
  describePopulation: (runs: Runs) => {
    const { accuracies, failures, middle } = describePopulation(runs);
    return {
      accuracies,
      ...(failures && { stuck: failures.stuck, diverged: failures.diverged }),
      ...(middle && { middle: middle.value, low: middle.low, high: middle.high }),
    };
  },
  describeCell: (runs: Runs) => {
    const { failures, accuracy } = describeCell(runs);
    return { runs: failures.runs, stuck: failures.stuck, diverged: failures.diverged, ...accuracy };
  },
};

/** What a call returns, or the message of what it throws. */
function called({ call, arguments: given }: Case): unknown {
  try {
    return CALLS[call](...(given as never[]));
  } catch (error) {
    if (error instanceof RangeError) return { message: error.message };
    throw error;
  }
}

/** Assert that two values are the same, numbers but for rounding. */
function assertClose(actual: unknown, wanted: unknown, where: string): void {
  if (typeof wanted === "number" && typeof actual === "number" && Number.isFinite(wanted)) {
    const away = Math.abs(actual - wanted);
    assert.ok(away <= RELATIVE * Math.abs(wanted) + ABSOLUTE, `${where}: ${actual} is not ${wanted}`);
  } else if (typeof wanted === "object" && wanted !== null) {
    assert.ok(typeof actual === "object" && actual !== null, where);
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(wanted).sort(), where);
    for (const [name, value] of Object.entries(wanted)) {
      assertClose((actual as Record<string, unknown>)[name], value, `${where}.${name}`);
    }
  } else assert.equal(actual, wanted, where);
}

const cases = readCases("statistics");

for (const call of new Set(cases.map((each) => each.call))) {
  const own = cases.filter((each) => each.call === call);
  const isClose = CLOSE.includes(call);
  test(`${call}: ${own.length} cases${isClose ? `, to ${RELATIVE}` : ""}`, () => {
    for (const each of own) {
      const where = `${call}(${JSON.stringify(each.arguments).slice(0, 300)})`;
      const actual = called(each);
      if (isClose) assertClose(actual, each.result, where);
      else assert.deepEqual(actual, each.result, where);
    }
  });
}

test("Student's distribution with one degree of freedom is Cauchy's, also where SciPy's loses digits", () => {
  for (const t of [-1e6, -3, -0.5, -1e-6, -1e-12]) {
    // Above 1, 1/2 - atan(|t|)/π would lose digits.
    const wanted = t < -1 ? Math.atan(-1 / t) / Math.PI : 0.5 + Math.atan(t) / Math.PI;
    assertClose(studentCdf(1, t), wanted, `studentCdf(1, ${t})`);
    assertClose(studentCdf(1, -t), 1 - wanted, `studentCdf(1, ${-t})`);
  }
});

const drawn: Runs = {
  seeds: ["1", "2", "3"],
  endings: ["finished", "stuck", "diverged"],
  scores: { test_accuracy: [0.9, 0.5, 0.7] },
  resplitRatio: null,
  oneSplit: false,
};

test("a run has its place among those that have an accuracy", () => {
  assert.deepEqual(placeOf(0.95, drawn), { percentile: 100, luck: "luck" });
  assert.deepEqual(placeOf(0.5, drawn), { percentile: 25, luck: "usual" });
  assert.equal(placeOf(NaN, drawn), null);
  assert.equal(placeOf(0.5, { ...drawn, endings: ["diverged", "diverged", "diverged"] }), null);
});

test("what is asked for and not there is said", () => {
  const options = { measure: MEASURES.train_accuracy };
  assert.throws(() => compareRuns(drawn, drawn, options), /expected runs with a training accuracy/);
});

test("of two with one split each a comparison is of one split; with re-splits it is not", () => {
  const given: Runs = { ...drawn, oneSplit: true };
  const resplit: Runs = { ...drawn, resplitRatio: 0.25 };
  const kind = (a: Runs, b: Runs) => {
    const { oneSplit, resplitRatio } = compareRuns(a, b);
    return [oneSplit, resplitRatio];
  };
  assert.deepEqual(kind(given, drawn), [true, null]);
  assert.deepEqual(kind(given, resplit), [false, 0.25]);
  assert.deepEqual(kind(drawn, drawn), [false, null]);
});

test("every case is called, and there are many", () => {
  assert.deepEqual(new Set(cases.map((each) => each.call)), new Set(Object.keys(CALLS)));
  assert.ok(cases.length >= 500);
});
