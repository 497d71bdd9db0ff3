// Files of own points, splits and scales against the cases that Python made; see tests/page/golden_points.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DataError } from "../src/data/data_error.ts";
import { checkPrecision } from "../src/data/precision.ts";
import { FARTHEST, MOST_CLASSES, MOST_POINTS, pointsOf, readPoints } from "../src/data/reading.ts";
import { nextSplit, whatIsMissing } from "../src/data/splits.ts";
import type { Dataset } from "../src/engine/experiment.ts";
import { chosenSplits, putAside } from "../src/engine/finite.ts";
import { standardised } from "../src/engine/standardising.ts";
import { pointsFile, type Sample } from "../src/exports/points_file.ts";
import { readCases } from "./cases.ts";
import { startEngine } from "./engine_here.ts";

const engine = await startEngine();

/** What comes out, or the sentence that refuses what went in. */
function answered(call: () => unknown): unknown {
  try {
    return call() ?? null;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

const CALLS: Readonly<Record<string, (given: readonly never[]) => unknown>> = {
  limits: () => [MOST_POINTS, MOST_CLASSES, FARTHEST],
  read: ([content, name]) =>
    answered(() => {
      const points = readPoints(Buffer.from(content, "base64"), name);
      return { ...points, x: [...points.x] };
    }),
  put_aside: ([dataset, y, classes]) => putAside(dataset, y, classes),
  splits: ([dataset, y, classes, seeds]) =>
    chosenSplits(engine, dataset, y, classes, (seeds as string[]).map(BigInt)).map((each) => [...each]),
  standardised: ([x, split]) => [...standardised(Float64Array.from(x as number[]), 2, split)],
  precision: ([x]) => {
    const points = Float64Array.from(x as number[]);
    const found = answered(() => checkPrecision(points, ["x1", "x2"], (row) => `row ${row}`, "the points"));
    return (found as string | null)?.replace("; `mlplab train` takes them in float64", "") ?? null;
  },
};

const cases = readCases("points");
for (const call of new Set(cases.map((each) => each.call))) {
  const those = cases.filter((each) => each.call === call);
  test(`${call}: ${those.length} cases are as in Python`, () => {
    for (const each of those) {
      const given = call === "read" ? Buffer.from(each.arguments[0] as string, "base64").toString() : "";
      assert.deepEqual(CALLS[call](each.arguments as never[]), each.result, given);
    }
  });
}

const read = (text: string) => readPoints(Buffer.from(text), "points.csv");
const refused = (text: string, message: string | RegExp) =>
  assert.throws(() => read(text), (error) => error instanceof DataError && error.message.search(message) >= 0);
const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => `${row(i)}\n`).join("");

test("a file of more than the page can show is refused", () => {
  refused("x".repeat(4_000_001), /at most, received 4.0 MB/);
  refused(`x1,x2,label\n${rows(10_001, (i) => `${i},2,a`)}`, /at most 10,000 own points, received 10,001/);
  refused(`x1,x2,label\n${rows(44, (i) => `${i},2,${i % 11}`)}`, /at most 10 classes, received 11/);
  refused(`x1,x2,x3,label\n${rows(8, (i) => `${i},2,3,${i % 2}`)}`, /the plane of 2 features, received 3/);
  refused(`x1,label\n${rows(8, (i) => `${i},${i % 2}`)}`, /the plane of 2 features, received 1/);
  const far = `x1,x2,label\n${rows(8, (i) => `${i},${i === 6 ? -1000000.5 : 0},${i % 2}`)}`;
  refused(far, /line 8, column 'x2': a coordinate must lie between -1,000,000 and 1,000,000, received -1000000.5/);
});

test("what the page writes, it reads back: the points in the order of their splits", () => {
  const points = read("x1,x2,label\n1,2,a\n3,4,a\n5,6,a\n1,-2,b\n3,-4,b\n5,-6,b\n");
  assert.equal(points.split, null);
  const dataset = { kind: "file", validation_fraction: 0.2, test_fraction: 0.2 } as unknown as Dataset;
  const [numbers] = chosenSplits(engine, dataset, points.y, 2, [7n]);
  const split = Array.from(numbers, (part) => (["train", "validation", "test"] as const)[part]);
  const samples = pointsOf(points, split);
  const splits = ["train", "train", "validation", "validation", "test", "test"];
  assert.deepEqual(samples.map((each) => each.split), splits);
  const again = read(pointsFile(samples));
  assert.ok(again.split !== null);
  assert.deepEqual(pointsOf(again, again.split), samples);
});

/** Points of one class that are clicked one after another. */
function clicked(count: number, label: string, before: readonly Sample[] = []): readonly Sample[] {
  if (count === 0) return before;
  const point = { x1: count, x2: 0, label, split: nextSplit(before, label) };
  return clicked(count - 1, label, [...before, point]);
}

test("of a class's points, the first three go to each split, and then three of five to training", () => {
  const splits = clicked(10, "a").map(({ split }) => split);
  const turn = ["train", "validation", "test", "train", "train"];
  assert.deepEqual(splits, [...turn, ...turn]);
  const without = clicked(4, "a").toSpliced(1, 1);
  assert.equal(nextSplit(without, "a"), "validation");
});

test("what is missing is said until each of two classes has a point in each split", () => {
  assert.match(whatIsMissing([]), /points of at least two classes are needed/);
  assert.match(whatIsMissing(clicked(9, "a")), /points of at least two classes are needed/);
  assert.match(whatIsMissing(clicked(2, "b", clicked(3, "a"))), /^class b needs a point in each/);
  assert.equal(whatIsMissing(clicked(3, "b", clicked(3, "a"))), "");
});

test("a name or a value of any length does not fill the page", () => {
  const file = new TextEncoder().encode(`x1,x2,label\n${"1".repeat(1e6)},0,a\n`);
  assert.throws(() => readPoints(file, "points.csv"), ({ message }: Error) => {
    assert.match(message, /^points.csv, line 2, column 'x1': expected a finite number, received '1+ …$/);
    return message.length < 500;
  });
});
