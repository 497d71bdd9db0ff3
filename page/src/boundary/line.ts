// A line of the plane, exact: the points with a·x1 + b·x2 = c.

import { significant } from "../text/numbers.ts";
import { LineError, parseEquation } from "./equation.ts";
import { equal, type Fraction, fromDecimal, isZero, minus, negative, over, plus, times, toFloat } from "./fraction.ts";
import { writeNumber, writeSum } from "./writing.ts";

/** In one form, so that equal lines have equal parts: b = 1, or for a vertical line b = 0 and a = 1. */
export interface Line {
  readonly a: Fraction;
  readonly b: Fraction;
  readonly c: Fraction;
}

export type Side = "below" | "above" | "left" | "right";

/** By how much a line that float32 weights draw may differ from another and count as it: in radians, and in units. */
export const CLOSE = 1e-6;

/** In size, of a slope or an intercept other than zero. */
const [SMALLEST, LARGEST] = [1e-100, 1e100];

/** The line of an equation's numbers, a or b other than zero; a `LineError` if floats cannot hold it. */
export function lineOf(a: Fraction, b: Fraction, c: Fraction): Line {
  const leading = isZero(b) ? a : b;
  const [first, second, third] = [a, b, c].map((value) => checked(over(value, leading)));
  return { a: first, b: second, c: third };
}

/** Read a linear equation in x1 and x2, such as `x2 = 1 - x1`. */
export function parseLine(text: string): Line {
  const [constant, x1, x2] = parseEquation(text);
  return lineOf(x1, x2, negative(constant));
}

/** Write the equation as one writes it; `parseLine` reads it back. */
export function writeLine(line: Line): string {
  if (isVertical(line)) return `x1 = ${writeNumber(line.c)}`;
  const slope = negative(line.a);
  const constant = [line.c, ""] as const;
  const x1 = [slope, "x1"] as const;
  const isRising = line.c.numerator < 0n && slope.numerator > 0n;
  return `x2 = ${isRising ? writeSum(x1, constant) : writeSum(constant, x1)}`;
}

/** Whether x2 does not occur in the equation: the line has a left and a right side. */
export function isVertical(line: Line): boolean {
  return isZero(line.b);
}

/** What its two sides are called: where `distance` is negative, and where it is positive. */
export function sidesOf(line: Line): readonly [Side, Side] {
  return isVertical(line) ? ["left", "right"] : ["below", "above"];
}

export function isSame(first: Line, second: Line): boolean {
  return equal(first.a, second.a) && equal(first.b, second.b) && equal(first.c, second.c);
}

/** A nearby line whose numbers have at most so many significant digits. */
export function rounded(line: Line, digits: number): Line {
  const short = (value: Fraction) => fromDecimal(significant(toFloat(value), digits));
  return lineOf(short(line.a), short(line.b), short(line.c));
}

/** The signed distance of a point: positive above the line, or to the right of a vertical one. */
export function distance(line: Line, x1: number, x2: number): number {
  return (toFloat(line.a) * x1 + toFloat(line.b) * x2 - toFloat(line.c)) / normal(line);
}

/** Whether two lines have the same direction, but for rounding. */
export function isParallel(first: Line, second: Line): boolean {
  const cross = minus(times(first.a, second.b), times(first.b, second.a));
  return Math.abs(toFloat(cross) / normal(first) / normal(second)) <= CLOSE;
}

/**
 * Whether two lines are the same but for rounding.
 *
 * Their directions may differ by `CLOSE`, and their signed distances from the origin by `CLOSE` times that
 * distance, or times 1 where it is below 1.
 */
export function isClose(first: Line, second: Line): boolean {
  // Nearly vertical lines that lean to different sides have opposite normals.
  const along = plus(times(first.a, second.a), times(first.b, second.b));
  const sign = along.numerator < 0n ? -1 : 1;
  const offset = toFloat(first.c) / normal(first);
  const other = (sign * toFloat(second.c)) / normal(second);
  return Math.abs(offset - other) <= CLOSE * Math.max(1, Math.abs(other)) && isParallel(first, second);
}

/** The length of the normal (a, b). */
export function normal(line: Line): number {
  return Math.hypot(toFloat(line.a), toFloat(line.b));
}

function checked(value: Fraction): Fraction {
  const size = Math.abs(toFloat(value));
  if (isZero(value) || (SMALLEST <= size && size <= LARGEST)) return value;
  const came = size < 1 ? "a smaller one" : "a larger one";
  throw new LineError(
    `a line's slope and intercept must be zero or between 1e-100 and 1e100 in size, received ${came}`,
  );
}
