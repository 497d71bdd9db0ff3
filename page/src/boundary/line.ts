// A line of the plane, exact: the points with a·x1 + b·x2 = c.

import { significant } from "../text/numbers.ts";
import { parseEquation } from "./equation.ts";
import {
  absolute,
  compare,
  equal,
  type Fraction,
  fraction,
  fromDecimal,
  isZero,
  length,
  minus,
  negative,
  ONE,
  over,
  plus,
  times,
  toFloat,
} from "./fraction.ts";
import { LineError } from "./line_error.ts";
import { writeNumber, writeSum } from "./sum.ts";

/** In one form, so that equal lines have equal parts: b = 1, or for a vertical line b = 0 and a = 1. */
export interface Line {
  readonly a: Fraction;
  readonly b: Fraction;
  readonly c: Fraction;
}

export type Side = "below" | "above" | "left" | "right";

/**
 * By how much two lines may differ and still count as the same, see `isClose`; in radians and in units of the
 * plane.
 */
export const CLOSE = 1e-9;

/** Likewise for a line that weights of float32 draw. */
export const CLOSE_IN_FLOAT32 = 1e-6;

const LARGEST = fraction(10n ** 100n);
const SMALLEST = fraction(1n, 10n ** 100n);

/** Return the line of an equation's numbers; a `LineError` if there is none, or floats cannot hold it. */
export function lineOf(a: Fraction, b: Fraction, c: Fraction): Line {
  const leading = isZero(b) ? a : b;
  if (isZero(leading)) {
    throw new LineError(`a line needs a or b other than zero, received a=0, b=0, c=${writeExactly(c)}`);
  }
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
  const [a, b, c] = [toFloat(line.a), toFloat(line.b), toFloat(line.c)];
  return (a * x1 + b * x2 - c) / length(a, b);
}

/** Whether two lines have the same direction, up to `tolerance` in radians. */
export function isParallel(first: Line, second: Line, tolerance: number): boolean {
  const cross = minus(times(first.a, second.b), times(first.b, second.a));
  return Math.abs(toFloat(cross) / normal(first) / normal(second)) <= tolerance;
}

/**
 * Whether two lines are the same but for rounding.
 *
 * Their directions may differ by `tolerance` in radians, and their signed distances from the origin by
 * `tolerance` times that distance, or times 1 where it is below 1.
 */
export function isClose(first: Line, second: Line, tolerance: number): boolean {
  // Nearly vertical lines that lean to different sides have opposite normals.
  const along = plus(times(first.a, second.a), times(first.b, second.b));
  const sign = along.numerator < 0n ? -1 : 1;
  const offset = toFloat(first.c) / normal(first);
  const other = (sign * toFloat(second.c)) / normal(second);
  const isNear = Math.abs(offset - other) <= tolerance * Math.max(1, Math.abs(other));
  return isNear && isParallel(first, second, tolerance);
}

/** The length of the normal (a, b). */
export function normal(line: Line): number {
  return length(toFloat(line.a), toFloat(line.b));
}

function checked(value: Fraction): Fraction {
  const size = absolute(value);
  if (isZero(value) || (compare(SMALLEST, size) <= 0 && compare(size, LARGEST) <= 0)) return value;
  const came = compare(size, ONE) < 0 ? "a smaller one" : "a larger one";
  throw new LineError(
    `a line's slope and intercept must be zero or between 1e-100 and 1e100 in size, received ${came}`,
  );
}

function writeExactly({ numerator, denominator }: Fraction): string {
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
}
