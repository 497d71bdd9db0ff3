// Own points, against the cases that Python made; see tests/page/golden_points.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DataError } from "../src/data/data_error.ts";
import * as editing from "../src/data/editing.ts";
import { checkPrecision } from "../src/data/precision.ts";
import { pointsOf, readPoints } from "../src/data/reading.ts";
import { whatIsMissing } from "../src/data/splits.ts";
import { Engine, type Contents } from "../src/engine/engine.ts";
import type { Dataset } from "../src/engine/experiment.ts";
import { chosenSplits, putAside } from "../src/engine/finite.ts";
import { standardised } from "../src/engine/standardising.ts";
import { pointsFile } from "../src/exports/points_file.ts";
import { readCases } from "./cases.ts";

declare const PAGE_FOLDER: string;

type Act = readonly ["add", number, number, string] | readonly ["move", number, number, number];

const built = join(PAGE_FOLDER, "..", "src", "mlplab", "wasm", "built");
const [fused, exact] = ["fused", "exact"].map((name) => readFileSync(join(built, `${name}.wasm`)));
const contents = JSON.parse(readFileSync(join(built, "engine.json"), "utf8")) as Contents;
const engine = await Engine.exact(contents, { fused, exact });

function read(content: Uint8Array, name: string): unknown {
  return answered(() => {
    const points = readPoints(content, name);
    return { ...points, x: [...points.x] };
  });
}

/** What comes out, or the sentence that refuses what went in. */
function answered(call: () => unknown): unknown {
  try {
    return call() ?? null;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

function clicked(acts: readonly Act[]): unknown {
  let edited = editing.NO_POINTS;
  const missing = acts.map(([kind, ...values]) => {
    const [a, b, c] = values as [number, number, never];
    edited = kind === "add" ? editing.withPoint(edited, a, b, c) : editing.withMoved(edited, a, b, c);
    return whatIsMissing(edited.points);
  });
  return [missing, pointsFile(edited.points)];
}

const CALLS: Readonly<Record<string, (given: readonly never[]) => unknown>> = {
  read: ([content, name]) => read(Buffer.from(content, "base64"), name),
  read_long: ([begin, part, times, name]) => read(Buffer.from(begin + (part as string).repeat(times)), name),
  put_aside: ([dataset, y, classes]) => putAside(dataset, y, classes),
  splits: ([dataset, y, classes, seeds]) =>
    chosenSplits(engine, dataset, y, classes, (seeds as string[]).map(BigInt)).map((each) => [...each]),
  standardised: ([x, split]) => [...standardised(Float64Array.from(x as number[]), 2, split)],
  precision: ([x]) => {
    const points = Float64Array.from(x as number[]);
    return answered(() => checkPrecision(points, ["x1", "x2"], (row) => `row ${row}`, "the points"));
  },
  clicks: ([acts]) => clicked(acts),
};

const cases = readCases("points");
for (const call of new Set(cases.map((each) => each.call))) {
  const those = cases.filter((each) => each.call === call);
  test(`${call}: ${those.length} cases are as in Python`, () => {
    for (const each of those) {
      const given = JSON.stringify(each.arguments).slice(0, 2000);
      assert.deepEqual(CALLS[call](each.arguments as never[]), each.result, given);
    }
  });
}

const WITHOUT_SPLITS = "x1,x2,label\n1,2,a\n3,4,a\n5,6,a\n1,-2,b\n3,-4,b\n5,-6,b\n";

test("what the page writes, it reads back: the points in the order of their splits", () => {
  const points = readPoints(Buffer.from(WITHOUT_SPLITS), "points.csv");
  assert.equal(points.split, null);
  const dataset = { kind: "file", validation_fraction: 0.2, test_fraction: 0.2 } as unknown as Dataset;
  const [numbers] = chosenSplits(engine, dataset, points.y, 2, [7n]);
  const split = Array.from(numbers, (part) => (["train", "validation", "test"] as const)[part]);
  const samples = pointsOf(points, split);
  const splits = ["train", "train", "validation", "validation", "test", "test"];
  assert.deepEqual(samples.map((each) => each.split), splits);
  const again = readPoints(Buffer.from(pointsFile(samples)), "again.csv");
  assert.ok(again.split !== null);
  assert.deepEqual(pointsOf(again, again.split), samples);
});

test("every act can be undone, and done again", () => {
  const other = { x1: 9, x2: 9, label: "c", split: "test" } as const;
  const acts: ((edited: editing.EditedPoints) => editing.EditedPoints)[] = [
    (edited) => editing.withPoint(edited, 1, 2, "a"),
    (edited) => editing.withPoint(edited, 3, 4, "b"),
    (edited) => editing.withMoved(edited, 0, 5, 6),
    (edited) => editing.withLabel(edited, 1, "a"),
    (edited) => editing.without(edited, 0),
    editing.cleared,
    (edited) => editing.replaced(edited, [other]),
  ];
  const states = [editing.NO_POINTS];
  for (const act of acts) states.push(act(states[states.length - 1]));
  const points = states.map((state) => state.points);
  assert.deepEqual(points[4], [
    { x1: 5, x2: 6, label: "a", split: "train" },
    { x1: 3, x2: 4, label: "a", split: "train" },
  ]);
  assert.deepEqual(points.slice(5), [[points[4][1]], [], [other]]);
  let state = states[states.length - 1];
  for (const expected of points.slice(0, -1).reverse()) {
    state = editing.undone(state);
    assert.deepEqual(state.points, expected);
  }
  assert.equal(editing.undone(state), state);
  for (const expected of points.slice(1)) {
    state = editing.redone(state);
    assert.deepEqual(state.points, expected);
  }
  assert.deepEqual(state, states[states.length - 1]);
  assert.equal(editing.redone(state), state);
});

test("a new act after an undoing leaves nothing to do again; nothing to clear is no act", () => {
  const one = editing.withPoint(editing.NO_POINTS, 1, 2, "a");
  const other = editing.withPoint(editing.undone(one), 3, 4, "b");
  assert.deepEqual(other.future, []);
  assert.equal(editing.redone(other), other);
  assert.equal(editing.cleared(editing.NO_POINTS), editing.NO_POINTS);
});

test("a point goes to a split that its class lacks, also where points were taken away", () => {
  let edited = editing.NO_POINTS;
  for (let i = 0; i < 4; i++) edited = editing.withPoint(edited, i, 0, "a");
  edited = editing.withPoint(editing.without(edited, 1), 9, 0, "a");
  assert.equal(edited.points.at(-1)?.split, "validation");
});

test("a point too far away, too many points and too many classes are refused", () => {
  const refused = (act: () => unknown, message: string) =>
    assert.throws(act, (error) => error instanceof DataError && error.message === message);
  const { NO_POINTS, replaced, withLabel, withMoved, withPoint } = editing;
  const place = "a coordinate must lie between -1,000,000 and 1,000,000, received";
  refused(() => withPoint(NO_POINTS, 0, 1000001, "a"), `${place} 1000001.0`);
  refused(() => withMoved(withPoint(NO_POINTS, 0, 0, "a"), 0, NaN, 0), `${place} nan`);
  const point = (i: number) => ({ x1: i, x2: 0, label: String(i % 10), split: "train" as const });
  const full = replaced(NO_POINTS, Array.from({ length: 10000 }, (_, i) => point(i)));
  const most = "the playground takes at most 10,000 own points, received 10,001";
  refused(() => withPoint(full, 0, 0, "1"), most);
  refused(() => withLabel(full, 0, "x"), "the playground takes at most 10 classes, received 11");
  assert.throws(() => editing.without(NO_POINTS, 0), RangeError);
});

test("points that float32 cannot tell apart are refused, unless they are standardised", () => {
  const points = [0, 0.01].map((x1) => ({ x1: 999999 + x1, x2: 0, label: "a", split: "train" as const }));
  assert.throws(() => editing.learnable(points), DataError);
  assert.deepEqual(editing.learnable(points, true).x, Float64Array.of(999999, 0, 999999.01, 0));
});

test("classes are numbered as in a file, and points stay in their order", () => {
  const at = (x1: number, label: string, split: "train" | "test") => ({ x1, x2: -x1, label, split });
  const points = [at(1, "10", "train"), at(2, "9", "test"), at(3, "10", "test")];
  const { labelNames, x, ...finite } = editing.learnable(points);
  assert.deepEqual(labelNames, ["9", "10"]);
  assert.deepEqual([...x], [1, -1, 2, -2, 3, -3]);
  assert.deepEqual(finite, { features: 2, y: [1, 0, 1], classes: 2, split: [0, 2, 2] });
});
