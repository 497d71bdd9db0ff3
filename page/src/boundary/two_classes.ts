// A network with two inputs, two classes and no hidden layer: z = Wx + b, then softmax. It draws a line.

import type { Layer } from "../engine/layout.ts";
import {
  type Fraction,
  fromFloat,
  isZero,
  limitDenominator,
  minus,
  negative,
  plus,
  times,
  toFloat,
} from "./fraction.ts";
import { CLOSE, CLOSE_IN_FLOAT32, type Line, lineOf } from "./line.ts";
import { LineError } from "./line_error.ts";

/** How numbers are rounded: the page's networks are float32. */
export type Precision = "float32" | "float64";

/** A row of W and its bias: the numbers of one class. */
export type Row = readonly [number, number, number];

export interface TwoClasses {
  readonly rows: readonly [Row, Row];
  readonly precision: Precision;
}

/** Largest size of a weight or bias; beyond it, floats overflow somewhere on the way. */
export const LARGEST = 1e100;

/** What a person may have meant, simplest first. */
const DENOMINATORS = [0, 1, 2, 3, 4, 5, 6].map((digits) => 10n ** BigInt(digits));

/**
 * Return the network of two rows, rounded to a precision; a `LineError` if a number is not finite or too
 * large.
 */
export function twoClasses(first: Row, second: Row, precision: Precision): TwoClasses {
  const round = rounding(precision);
  const [one, other] = [first, second].map((row): Row => [round(row[0]), round(row[1]), round(row[2])]);
  for (const value of [...one, ...other]) {
    if (!(Math.abs(value) <= LARGEST)) {
      throw new LineError(`W and b must hold finite numbers up to 1e100 in size, received ${value}`);
    }
  }
  return { rows: [one, other], precision };
}

/** Whether a network has two inputs, two classes and no hidden layer. */
export function isTwoClasses(layers: readonly Layer[]): boolean {
  return layers.length === 1 && layers[0].weights.length === 4 && layers[0].biases.length === 2;
}

/** Read a layer of the engine; zeros where its numbers are not finite, so that one can begin from there. */
export function fromLayer({ weights, biases }: Layer): TwoClasses {
  if (![...weights, ...biases].every(Number.isFinite)) return twoClasses([0, 0, 0], [0, 0, 0], "float32");
  return twoClasses([weights[0], weights[1], biases[0]], [weights[2], weights[3], biases[1]], "float32");
}

/** Write it as a layer of the engine. */
export function toLayer({ rows: [first, second] }: TwoClasses): Layer {
  return {
    weights: Float32Array.of(first[0], first[1], second[0], second[1]),
    biases: Float32Array.of(first[2], second[2]),
  };
}

/** z₀ - z₁, exactly, as (a, b, c): it is a·x1 + b·x2 - c. */
export function difference(network: TwoClasses): readonly [Fraction, Fraction, Fraction] {
  const [first, second] = network.rows.map((row) => readRow(row, network.precision));
  return [minus(first[0], second[0]), minus(first[1], second[1]), minus(second[2], first[2])];
}

/**
 * The line on which both outputs are equal; `null` if their difference is constant.
 *
 * Of the lines that give the very same floats, one with simple numbers is preferred (denominators up to a
 * million): one class's row is the other's + s·(a, b), and its bias the other's less s·c, rounded.
 */
export function drawnLine(network: TwoClasses): Line | null {
  const [a, b, c] = difference(network);
  if (isZero(a) && isZero(b)) return null;
  const line = lineOf(a, b, c);
  const s = isZero(b) ? a : b;
  const [first, second] = network.rows;
  for (const largest of DENOMINATORS) {
    const simple = lineOf(limitDenominator(line.a, largest), line.b, limitDenominator(line.c, largest));
    const follows = (row: Row, other: Row, factor: Fraction) =>
      isRowOf(row, other, factor, simple, network.precision);
    if (follows(first, second, s) || follows(second, first, negative(s))) return simple;
  }
  return line;
}

/** By how much a line may differ from one that is drawn, and count as it (`isClose`). */
export function toleranceOf(network: TwoClasses): number {
  return network.precision === "float32" ? CLOSE_IN_FLOAT32 : CLOSE;
}

/** Both classes' rows exchanged. */
export function labelsSwitched({ rows: [first, second], precision }: TwoClasses): TwoClasses {
  return { rows: [second, first], precision };
}

export function isEqualTo(network: TwoClasses, other: TwoClasses): boolean {
  return network.rows.every((row, k) => row.every((value, i) => value === other.rows[k][i]));
}

/**
 * Read a float as a simple fraction that rounds to it, else as exactly what it is.
 *
 * A person who writes 0.1 means a tenth, although the float is a little more.
 */
export function simpleFraction(value: number, precision: Precision): Fraction {
  const round = rounding(precision);
  const exact = fromFloat(value);
  for (const largest of DENOMINATORS) {
    const simple = limitDenominator(exact, largest);
    if (round(toFloat(simple)) === value) return simple;
  }
  return exact;
}

export function rounding(precision: Precision): (value: number) => number {
  return precision === "float32" ? Math.fround : (value) => value;
}

function readRow(row: Row, precision: Precision): Fraction[] {
  return row.map((value) => simpleFraction(value, precision));
}

/** Whether a row is, rounded, what a line and s make of the other row. */
function isRowOf(row: Row, other: Row, s: Fraction, line: Line, precision: Precision): boolean {
  const round = rounding(precision);
  const steps = [line.a, line.b, negative(line.c)];
  return readRow(other, precision).every(
    (value, i) => round(toFloat(plus(value, times(s, steps[i])))) === row[i],
  );
}
