// A network with two inputs, two classes and no hidden layer: z = Wx + b, then softmax. It draws a line.

import type { Layer } from "../engine/layout.ts";
import { type Fraction, fromFloat, isZero, limitDenominator, minus, negative, plus, times, toFloat } from "./fraction.ts";
import { type Line, lineOf } from "./line.ts";

/** A row of W and its bias, in float32: the numbers of one class. */
export type Row = readonly [number, number, number];

export type TwoClasses = readonly [Row, Row];

/** What a person may have meant, simplest first. */
const DENOMINATORS = [0, 1, 2, 3, 4, 5, 6].map((digits) => 10n ** BigInt(digits));

/** Whether a network has two inputs, two classes and no hidden layer. */
export function isTwoClasses(layers: readonly Layer[]): boolean {
  return layers.length === 1 && layers[0].weights.length === 4 && layers[0].biases.length === 2;
}

/** Read a layer; zeros where its numbers are not finite, so that one can begin from there. */
export function fromLayer({ weights: w, biases: b }: Layer): TwoClasses {
  const rows: TwoClasses = [[w[0], w[1], b[0]], [w[2], w[3], b[1]]];
  return rows.flat().every(Number.isFinite) ? rows : [[0, 0, 0], [0, 0, 0]];
}

/** W row by row, and b. */
export function toLayer([first, second]: TwoClasses) {
  return { weights: [first[0], first[1], second[0], second[1]], biases: [first[2], second[2]] };
}

/** z₀ - z₁, exactly, as (a, b, c): it is a·x1 + b·x2 - c. */
export function difference(network: TwoClasses): readonly [Fraction, Fraction, Fraction] {
  const [first, second] = network.map((row) => row.map(simpleFraction));
  return [minus(first[0], second[0]), minus(first[1], second[1]), minus(second[2], first[2])];
}

/** By how much z₀ - z₁ changes on one unit of length straight across the line; zero where there is none. */
export function sharpnessOf(network: TwoClasses): number {
  const [slope1, slope2] = difference(network);
  return Math.hypot(toFloat(slope1), toFloat(slope2));
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
  const [first, second] = network;
  for (const largest of DENOMINATORS) {
    const simple = lineOf(limitDenominator(line.a, largest), line.b, limitDenominator(line.c, largest));
    if (isEqual(rowBeside(second, s, simple), first) || isEqual(rowBeside(first, negative(s), simple), second))
      return simple;
  }
  return line;
}

/** One class's row from the other's: that, + s·(a, b), and its bias less s·c. */
export function rowBeside(row: Row, s: Fraction, { a, b, c }: Line): Row {
  const steps = [a, b, negative(c)];
  const [w1, w2, bias] = row.map((value, i) => Math.fround(toFloat(plus(simpleFraction(value), times(s, steps[i])))));
  return [w1, w2, bias];
}

/**
 * Read a float32 as a simple fraction that rounds to it, else as exactly what it is.
 *
 * A person who writes 0.1 means a tenth, although the float is a little more.
 */
export function simpleFraction(value: number): Fraction {
  const exact = fromFloat(value);
  for (const largest of DENOMINATORS) {
    const simple = limitDenominator(exact, largest);
    if (Math.fround(toFloat(simple)) === value) return simple;
  }
  return exact;
}

function isEqual(row: Row, other: Row): boolean {
  return row.every((value, i) => value === other[i]);
}
