// Task 3's algebra: as `mlplab.boundary` has it (tests/page/golden_boundary.py), and what the page adds.

import assert from "node:assert/strict";
import { test } from "node:test";

import { check, explain } from "../src/boundary/checking.ts";
import { draggedTo, lineThrough, type Point, sideToTheLeft } from "../src/boundary/dragging.ts";
import { constraintsOf, exclusionOf, firstRow, missedConstraints } from "../src/boundary/family.ts";
import { tell, usualSide } from "../src/boundary/findings.ts";
import { fraction, type Fraction, limitDenominator, toFloat } from "../src/boundary/fraction.ts";
import { isClose, isSame, type Line, parseLine, rounded, type Side, sidesOf, writeLine } from "../src/boundary/line.ts";
import { LineError } from "../src/boundary/equation.ts";
import { FROM_THE_LAB, LAB_LINE, nextSolution } from "../src/boundary/solutions.ts";
import { drawnLine, fromLayer, sharpnessOf, simpleFraction, type TwoClasses } from "../src/boundary/two_classes.ts";
import { printed, typed } from "../src/boundary/writing.ts";
import type { Extent } from "../src/worker/messages.ts";
import golden from "./golden/boundary.json";

type Case =
  | { readonly call: "parse"; readonly text: string }
  | {
      readonly call: "check";
      readonly weights: readonly number[];
      readonly biases: readonly number[];
      readonly wanted: string;
      readonly side: Side | null;
    }
  | { readonly call: "simpleFraction"; readonly value: number }
  | { readonly call: "fraction"; readonly value: string };

const cases = golden as unknown as readonly (Case & { readonly result: unknown })[];

const written = ({ numerator, denominator }: Fraction) =>
  denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;

function orError<T>(answer: () => T): T | { error: string } {
  try {
    return answer();
  } catch (error) {
    if (error instanceof LineError) return { error: error.message };
    throw error;
  }
}

function described(line: Line) {
  return {
    parts: [line.a, line.b, line.c].map(written),
    text: writeLine(line),
    sides: [...sidesOf(line)],
    entries: [...firstRow(line)],
    constraints: [...constraintsOf(line), exclusionOf(line)],
    rounded: orError(() => writeLine(rounded(line, 4))),
  };
}

const layerOf = (weights: readonly number[], biases: readonly number[]) => ({
  weights: Float32Array.from(weights),
  biases: Float32Array.from(biases),
});

function answer(each: Case): unknown {
  switch (each.call) {
    case "parse":
      return orError(() => described(parseLine(each.text)));
    case "check": {
      const [network, wanted] = [fromLayer(layerOf(each.weights, each.biases)), parseLine(each.wanted)];
      const { line, side, drawsWanted, isSwitched, ...found } = check(network, wanted, each.side);
      return {
        said: explain({ line, side, drawsWanted, isSwitched, ...found }),
        line: line === null ? null : writeLine(line),
        ...{ side, drawsWanted, isSwitched },
        missed: [...missedConstraints(wanted, network)],
      };
    }
    case "simpleFraction":
      return written(simpleFraction(each.value));
    case "fraction": {
      const [numerator, denominator] = each.value.split("/").map(BigInt);
      const value = fraction(numerator, denominator);
      return { float: toFloat(value), simple: [1n, 10n, 1000n].map((most) => written(limitDenominator(value, most))) };
    }
  }
}

for (const call of new Set(cases.map((each) => each.call))) {
  const those = cases.filter((each) => each.call === call);
  test(`${call}: ${those.length} cases are as in Python`, () => {
    for (const each of those) assert.deepEqual(answer(each), each.result, JSON.stringify(each).slice(0, 400));
  });
}

test("a number too long to be meant, or with an exponent beyond 300, is refused at once", () => {
  assert.throws(() => parseLine(`x2 = ${"9".repeat(100)}`), /too many digits/);
  assert.throws(() => parseLine("x2 = 1e999999999999"), /beyond 300/);
  assert.throws(() => parseLine(`x2 = ${"(".repeat(100_000)}`), /more than 200 characters/);
  const [x1, x2] = ["(1e300*1e300 + 1)", "1e300*1e300"];
  assert.ok(isClose(parseLine(`${x1} x1 = ${x2} x2`), parseLine("x2 = x1")));
});

/** Numbers from 0 to 1, the same in each run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const EXTENTS: readonly Extent[] = [
  [-0.1, 1.1, -0.1, 1.1],
  [-20, 20, -30, 10],
  [0.01, 0.06, -0.02, 0.03],
];

test("a dragged line is drawn by the weights that are put in, near those that there were", () => {
  const next = numbersFrom(5);
  let lost = 0;
  for (const extent of EXTENTS)
    for (let i = 0; i < 40; i++) {
      const place = (): Point => [
        extent[0] + next() * (extent[1] - extent[0]),
        extent[2] + next() * (extent[3] - extent[2]),
      ];
      const [p, q] = [place(), place()];
      const number = () => Math.fround(4 * next() - 2);
      const now: TwoClasses = [[number(), number(), number()], [number(), number(), number()]];
      const network = orError(() => draggedTo([p, q], now, sharpnessOf(now), extent));
      if ("error" in network) {
        lost += 1;
        continue;
      }
      const line = lineThrough(p, q, extent);
      const drawn = drawnLine(network);
      assert.ok(drawn !== null && isSame(drawn, line), writeLine(line));
      const wantedSide = sideToTheLeft(line, p, q);
      assert.equal(check(network, line, wantedSide).side, wantedSide);
      // Class 0 has the larger output to the left of the way from p to q.
      const [a, b] = [q[1] - p[1], q[0] - p[0]];
      const left: Point = [(p[0] + q[0]) / 2 - a, (p[1] + q[1]) / 2 + b];
      const output = ([w1, w2, bias]: TwoClasses[0]) => w1 * left[0] + w2 * left[1] + bias;
      assert.ok(output(network[0]) > output(network[1]));
      const isKept = network[1].every((value, k) => Math.abs(value - now[1][k]) <= 0.005 * Math.abs(now[1][k]));
      assert.ok(isKept || network[1].every((value) => value === 0));
      const side = extent[1] - extent[0];
      const ratio = sharpnessOf(network) / Math.min(Math.max(sharpnessOf(now), 0.1 / side), 1000 / side);
      assert.ok(ratio > 0.15 && ratio < 7, String(ratio));
    }
  assert.ok(lost <= 1, `${lost} of 120 lines are lost to rounding`);
});

test("a dragged line is rounded to what one would write, and lies within a pixel or two of the pointer", () => {
  const [extent] = EXTENTS;
  const said = (p: Point, q: Point) => writeLine(lineThrough(p, q, extent));
  assert.equal(said([0, 1.003], [1, 0.001]), "x2 = 1 - x1");
  assert.equal(said([0.701, 0], [0.7, 1]), "x1 = 0.7");
  assert.equal(said([0, 0.301], [1, 0.299]), "x2 = 0.3");
  assert.equal(said([0.4, 0], [0.6, 1]), "x2 = 5*x1 - 2");
  assert.equal(said([0.5, 0], [0.55, 1]), "x2 = 20*x1 - 10");
});

test("the same line dragged again and again keeps its weights", () => {
  const [extent] = EXTENTS;
  let now: TwoClasses = [[1.234, -0.777, 0.3], [0.111, 0.5, -0.9]];
  const sharpness = sharpnessOf(now);
  const ends = [[0.1, 0.8], [0.9, 0.3]] as const;
  now = draggedTo(ends, now, sharpness, extent);
  assert.deepEqual(draggedTo(ends, now, sharpness, extent), now);
});

const POINTS = { x: Float32Array.of(0.2, 0.2, 0.8, 0.8), y: Float32Array.of(0, 1) };

test("28 solutions draw the wanted line with the points' labels, in short numbers, before one returns", () => {
  const [extent] = EXTENTS;
  for (const text of [LAB_LINE, "x1 = 0.4", "x2 = 1/3 - 1/2*x1"]) {
    const wanted = parseLine(text);
    const side = usualSide(wanted, POINTS) ?? sidesOf(wanted)[0];
    const seen = new Set<string>();
    let [now, begin]: [TwoClasses, number] = [[[0, 0, 0], [0, 0, 0]], 0];
    for (let i = 0; i < 28; i++) {
      const { network, next } = nextSolution(wanted, side, now, begin, extent);
      const drawn = drawnLine(network);
      assert.ok(drawn !== null && isSame(drawn, wanted));
      assert.equal(check(network, wanted, side).isSwitched, false);
      assert.ok(network.flat().every((value) => Number.isInteger(2 * value)), network.join());
      seen.add(network.join());
      [now, begin] = [network, next];
    }
    assert.equal(seen.size, 28);
  }
});

test("the lab's two solutions draw its line, and other labels than the points have are switched", () => {
  for (const [first, second] of Object.values(FROM_THE_LAB)) {
    const told = (one: TwoClasses[0], other: TwoClasses[0]) => {
      const layer = layerOf([one[0], one[1], other[0], other[1]], [one[2], other[2]]);
      const { drawsWanted, isSwitched, side, constraints } = tell(layer, parseLine(LAB_LINE), POINTS);
      return [drawsWanted, isSwitched, side, constraints.map(({ isMet }) => isMet)];
    };
    assert.deepEqual(told(first, second), [true, false, "below", [true, true, true]]);
    assert.deepEqual(told(second, first), [true, true, "above", [true, true, true]]);
  }
});

test("each constraint has both sides' numbers, and by how much it is missed", () => {
  const { line, isExact, constraints } = tell(layerOf([-1.2, -1, 0, 0], [1, 0]), parseLine(LAB_LINE), POINTS);
  assert.deepEqual([line, isExact], ["x2 = 1 - 1.2*x1", true]);
  assert.deepEqual(constraints, [
    { text: "w11 - w12 = w21 - w22", left: "-0.2", right: "0", isMet: false, by: "0.2" },
    { text: "w12 + b1 = w22 + b2", left: "0", right: "0", isMet: true, by: "0" },
    { text: "w12 != w22", left: "-1", right: "0", isMet: true, by: "1" },
  ]);
  const long = tell(layerOf([0.123456, -1, 0, 0], [1, 0]), parseLine(LAB_LINE), POINTS);
  assert.deepEqual([long.line, long.isExact, long.weights[0][0]], ["x2 = 1 + 0.1235*x1", false, "0.1235"]);
});

test("numbers that are none draw no line, and count as zeros, so that one can begin from there", () => {
  const layer = layerOf([1, NaN, 2, 3], [0, 1]);
  const { said, line, weights, constraints } = tell(layer, parseLine(LAB_LINE), POINTS);
  assert.deepEqual([line, weights[0][1], constraints], ["", "nan", []]);
  assert.match(said, /no numbers/);
  assert.deepEqual(fromLayer(layer).flat(), [0, 0, 0, 0, 0, 0]);
});

test("points that lie evenly ask for no side", () => {
  const even = { x: Float32Array.of(0.1, 0.1, 0.9, 0.9), y: Float32Array.of(0, 0) };
  assert.equal(usualSide(parseLine(LAB_LINE), even), null);
  assert.equal(tell(layerOf([-1, 0, 0, 1], [1, 0]), parseLine(LAB_LINE), even).isSwitched, null);
});

test("what is printed is read back as it was typed", () => {
  const text = "x2 = -0.9 - 1.2*x1";
  assert.equal(printed(text), "x₂ = −0.9 − 1.2·x₁");
  assert.equal(printed("w12 != w22"), "w₁₂ ≠ w₂₂");
  assert.equal(typed(printed(text)), text);
});
