// Task 3's algebra against the cases that Python made; see tests/page/golden_boundary.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { draggedTo, type Extent, lineThrough, type Point, sideToTheLeft } from "../src/boundary/dragging.ts";
import { constraintsOf, exclusionOf, firstRow, member } from "../src/boundary/family.ts";
import { tell } from "../src/boundary/findings.ts";
import {
  fraction,
  type Fraction,
  length,
  limitDenominator,
  roundToWhole,
  toFloat,
} from "../src/boundary/fraction.ts";
import { isVertical, type Line, parseLine, rounded, sidesOf, writeLine } from "../src/boundary/line.ts";
import { LineError } from "../src/boundary/line_error.ts";
import { EQUATION_11, EQUATION_12, LAB_LINE, nextSolution } from "../src/boundary/solutions.ts";
import {
  fromLayer,
  isTwoClasses,
  labelsSwitched,
  toLayer,
  type Precision,
  type Row,
  simpleFraction,
  type TwoClasses,
  twoClasses,
} from "../src/boundary/two_classes.ts";
import { printed, typed } from "../src/boundary/typeset.ts";
import golden from "./golden/boundary.json";

interface Called<Call extends string> {
  readonly call: Call;
  readonly result: unknown;
}
interface Read extends Called<"parse"> {
  readonly text: string;
}
interface Told extends Called<"tell"> {
  /** Numbers; those that are not finite as text. */
  readonly weights: readonly (number | string)[];
  readonly biases: readonly (number | string)[];
  readonly wanted: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}
interface Dragged extends Called<"drag"> {
  readonly ends: readonly (readonly (number | string)[])[];
  readonly extent: readonly number[];
  readonly rows: readonly [Row, Row];
  readonly precision: Precision;
  readonly sharpness: number;
}
interface Solved extends Called<"solutions"> {
  readonly wanted: string;
  readonly extent: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly result: readonly unknown[];
}
interface Simplified extends Called<"simpleFraction"> {
  readonly value: number;
  readonly precision: Precision;
}
interface Member extends Called<"member"> {
  readonly line: string;
  readonly sharpness: number;
  readonly free: Row;
}
interface Rounded extends Called<"fraction"> {
  readonly value: string;
}
interface Length extends Called<"length"> {
  readonly x: number;
  readonly y: number;
}
type Case = Member | Rounded | Length | Read | Told | Dragged | Solved | Simplified;

const cases = golden as unknown as readonly Case[];

const written = ({ numerator, denominator }: Fraction) =>
  denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
const extentOf = ([x1Min, x1Max, x2Min, x2Max]: readonly number[]): Extent => ({
  x1Min,
  x1Max,
  x2Min,
  x2Max,
});
const rowsOf = ({ rows }: TwoClasses) => rows.map((row) => [...row]);

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

function told({ weights, biases, wanted, x, y }: Told) {
  const layer = { weights: Float32Array.from(weights, Number), biases: Float32Array.from(biases, Number) };
  return tell(layer, parseLine(wanted), { x, y });
}

function dragged(each: Dragged) {
  const [begin, end] = each.ends.map(([x1, x2]): Point => [Number(x1), Number(x2)]);
  const ends: [Point, Point] = [begin, end];
  const now = twoClasses(...each.rows, each.precision);
  return orError(() => {
    const line = lineThrough(...ends, extentOf(each.extent));
    const side = sideToTheLeft(line, ...ends);
    const network = draggedTo(ends, now, each.sharpness, extentOf(each.extent));
    return { line: writeLine(line), side, rows: rowsOf(network) };
  });
}

function solutions({ wanted, extent, x, y, result }: Solved) {
  let now = twoClasses([0, 0, 0], [0, 0, 0], "float32");
  let next = 0;
  return result.map((_, number) => {
    if (number === result.length - 1) next = 0;
    const solution = nextSolution(parseLine(wanted), { x, y }, now, next, extentOf(extent));
    now = solution.network;
    next = solution.next;
    return rowsOf(now);
  });
}

function answer(each: Case): unknown {
  switch (each.call) {
    case "parse":
      return orError(() => described(parseLine(each.text)));
    case "tell":
      return told(each);
    case "drag":
      return dragged(each);
    case "solutions":
      return solutions(each);
    case "simpleFraction":
      return written(simpleFraction(each.value, each.precision));
    case "member": {
      const line = parseLine(each.line);
      return orError(() => rowsOf(member(line, each.sharpness, sidesOf(line)[0], each.free)));
    }
    case "fraction": {
      const [numerator, denominator] = each.value.split("/");
      const value = fraction(BigInt(numerator), BigInt(denominator ?? 1));
      const simple = [1n, 10n, 1000n].map((largest) => written(limitDenominator(value, largest)));
      return { float: toFloat(value), whole: String(roundToWhole(value)), simple };
    }
    case "length":
      return length(each.x, each.y);
  }
}

for (const call of new Set(cases.map((each) => each.call))) {
  const those = cases.filter((each) => each.call === call);
  test(`${call}: ${those.length} cases are as in Python`, () => {
    for (const each of those) assert.deepEqual(answer(each), each.result, JSON.stringify(each).slice(0, 400));
  });
}

test("there are vertical lines and others among the cases", () => {
  const lines = cases.flatMap((each) => ("wanted" in each ? [parseLine(each.wanted)] : []));
  assert.ok(lines.some(isVertical) && lines.some((line) => !isVertical(line)));
});

test("the lab's two solutions draw its line, and other labels than the points have are switched", () => {
  const points = { x: [0.2, 0.2, 0.8, 0.8], y: [0, 1] };
  for (const solution of [EQUATION_11, EQUATION_12]) {
    const layer = toLayer(solution);
    assert.ok(isTwoClasses([layer]));
    assert.deepEqual(fromLayer(layer), solution);
    const found = tell(layer, LAB_LINE, points);
    assert.deepEqual([found.drawsWanted, found.labelsSwitched, found.side], [true, false, "below"]);
    const other = tell(toLayer(labelsSwitched(solution)), LAB_LINE, points);
    assert.deepEqual([other.drawsWanted, other.labelsSwitched, other.side], [true, true, "above"]);
  }
});

test("a network of which a number is not finite counts as zeros, so that one can begin from there", () => {
  const layer = { weights: Float32Array.of(1, NaN, 2, 3), biases: Float32Array.of(0, 1) };
  assert.deepEqual(rowsOf(fromLayer(layer)), [
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("what is printed is read back as it was typed", () => {
  const text = "x2 = -0.9 - 1.2*x1";
  assert.equal(printed(text), "x₂ = −0.9 − 1.2·x₁");
  assert.equal(printed("w12 != w22"), "w₁₂ ≠ w₂₂");
  assert.equal(typed(printed(text)), text);
});
