// What there is to know of a network of task 3, in words and numbers, as its tab shows it.

import type { Layer } from "../engine/layout.ts";
import { float32Text, significant } from "../text/numbers.ts";
import { check, type Check, explain } from "./checking.ts";
import { constraintsOf, exclusionOf, firstRow, missedConstraints } from "./family.ts";
import { absolute, equal, type Fraction, minus, plus, times, toFloat } from "./fraction.ts";
import { distance, isVertical, type Line, rounded, type Side, sidesOf, writeLine } from "./line.ts";
import { LineError } from "./line_error.ts";
import { writeNumber } from "./sum.ts";
import { fromLayer, simpleFraction } from "./two_classes.ts";

/** Characters of a number that is shown as it is; a longer one has four digits. */
const LONGEST = 7;

/** A constraint with both sides' numbers, and by how much it is met or missed. */
export interface Constraint {
  readonly text: string;
  readonly left: string;
  readonly right: string;
  readonly isMet: boolean;
  readonly by: string;
}

/** Text (2, 2) for W, or (2,) for b. */
export interface WrittenNetwork {
  readonly weights: readonly (readonly string[])[];
  readonly biases: readonly string[];
}

export interface Findings extends WrittenNetwork {
  /** A paragraph. */
  readonly said: string;
  /** The line that is drawn; empty for none. */
  readonly line: string;
  /** Whether that is not rounded. */
  readonly isExact: boolean;
  readonly drawsWanted: boolean;
  /**
   * Whether the classes lie the other way round than most points; `null` without a line, or where it is even.
   */
  readonly labelsSwitched: boolean | null;
  /** The side of class 0. */
  readonly side: Side | null;
  readonly wanted: string;
  /** The side of the wanted line that class 0 should have. */
  readonly wantedSide: Side;
  /** All that draw the wanted line, in w21, w22, b2 and s. */
  readonly family: WrittenNetwork;
  /** Two equations, and last what must not be equal; none without numbers or where a line cannot be held. */
  readonly constraints: readonly Constraint[];
}

/** Points of two classes: x of shape (points, 2) row by row, and each one's class. */
export interface Points {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Tell what a layer draws, and what the wanted line asks of it. */
export function tell(layer: Layer, wanted: Line, train: Points): Findings {
  const usual = usualSide(wanted, train);
  const told = withoutLine(layer, wanted, usual ?? sidesOf(wanted)[0]);
  if (![...layer.weights, ...layer.biases].every(Number.isFinite)) {
    return { ...told, said: "These weights are no numbers, and draw no line." };
  }
  let found: Check;
  let said: string;
  let constraints: readonly Constraint[];
  try {
    found = check(fromLayer(layer), wanted, usual);
    said = explain(found);
    constraints = constraintsMet(found);
  } catch (error) {
    // A line too steep, flat or far away to be written.
    if (error instanceof LineError) return { ...told, said: error.message };
    throw error;
  }
  if (found.line === null) return { ...told, said, constraints };
  const drawn = found.drawsWanted ? wanted : found.line;
  const isExact = [drawn.a, drawn.c].every((value) => writeShort(value) === writeNumber(value));
  const side = usualSide(drawn, train);
  return {
    ...told,
    said,
    constraints,
    line: writeLine(isExact ? drawn : rounded(drawn, 4)),
    isExact,
    drawsWanted: found.drawsWanted,
    labelsSwitched: side === null ? null : side !== found.side,
    side: found.side,
  };
}

/** The side of a line that class 0 should have by the points; `null` where either is as good. */
export function usualSide(line: Line, { x, y }: Points): Side | null {
  let agreed = 0;
  for (let i = 0; i < y.length; i++) {
    agreed += Math.sign(distance(line, x[2 * i], x[2 * i + 1])) * (y[i] === 0 ? 1 : -1);
  }
  return agreed === 0 ? null : sidesOf(line)[agreed > 0 ? 1 : 0];
}

/** Write a number, with four digits where all would be too long to read. */
export function writeShort(value: Fraction): string {
  const exact = writeNumber(value);
  const longest = exact.includes("/") ? 4 : LONGEST;
  return exact.length <= longest ? exact : significant(toFloat(value), 4);
}

function withoutLine({ weights, biases }: Layer, wanted: Line, wantedSide: Side): Findings {
  const [w11, w12, b1] = firstRow(wanted);
  return {
    weights: [
      [shown(weights[0]), shown(weights[1])],
      [shown(weights[2]), shown(weights[3])],
    ],
    biases: Array.from(biases, shown),
    said: "",
    line: "",
    isExact: false,
    drawsWanted: false,
    labelsSwitched: null,
    side: null,
    wanted: writeLine(wanted),
    wantedSide,
    family: {
      weights: [
        [w11, w12],
        ["w21", "w22"],
      ],
      biases: [b1, "b2"],
    },
    constraints: [],
  };
}

function constraintsMet({ network, wanted }: Check): Constraint[] {
  const [[w11, w12, b1], [w21, w22, b2]] = network.rows.map((row) =>
    row.map((value) => simpleFraction(value, network.precision)),
  );
  const { a, c } = wanted;
  const along = (w1: Fraction, w2: Fraction) => minus(w1, times(a, w2));
  const on = (weight: Fraction, bias: Fraction) => plus(times(c, weight), bias);
  const sides: readonly (readonly [Fraction, Fraction])[] = isVertical(wanted)
    ? [
        [w12, w22],
        [on(w11, b1), on(w21, b2)],
        [w11, w21],
      ]
    : [
        [along(w11, w12), along(w21, w22)],
        [on(w12, b1), on(w22, b2)],
        [w12, w22],
      ];
  const [first, second] = missedConstraints(wanted, network);
  const isMet = [!first, !second, !equal(sides[2][0], sides[2][1])];
  return [...constraintsOf(wanted), exclusionOf(wanted)].map((text, i) => {
    const [left, right] = sides[i];
    const by = writeShort(absolute(minus(left, right)));
    return { text, left: writeShort(left), right: writeShort(right), isMet: isMet[i], by };
  });
}

function shown(value: number): string {
  return Number.isFinite(value) ? writeShort(simpleFraction(value, "float32")) : float32Text(value);
}
