// From a line that is dragged to weights that draw it: both rounded to what a person would write.

import { floatText, significant } from "../text/numbers.ts";
import { member } from "./family.ts";
import {
  type Fraction,
  fraction,
  fromDecimal,
  fromFloat,
  length,
  ONE,
  over,
  roundToWhole,
  times,
  toFloat,
  ZERO,
} from "./fraction.ts";
import { isSame, type Line, lineOf, normal, type Side, sidesOf, writeLine } from "./line.ts";
import { LineError } from "./line_error.ts";
import {
  difference,
  drawnLine,
  type Precision,
  type Row,
  type TwoClasses,
  twoClasses,
} from "./two_classes.ts";

/** x1 and x2. */
export type Point = readonly [number, number];

/** The picture of the plane, in the units of the coordinates. */
export interface Extent {
  readonly x1Min: number;
  readonly x1Max: number;
  readonly x2Min: number;
  readonly x2Max: number;
}

/** Sides of the picture from its middle, within which the ends of a dragged line lie. */
const FARTHEST = 10;

/** Of the picture's side, how far apart they are at least. */
const CLOSEST = 1e-3;

/** On the picture's side, of a line where there was none; see `member`. */
const SHARPNESS = 10;

/** A sharpness that is kept, likewise: beyond, a line is lost to rounding. */
const [LEAST, MOST] = [0.1, 1000];

const SHORT = ["1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8"].map(fromDecimal);

/**
 * The line through two points, rounded.
 *
 * For x2 = c - a·x1, a is rounded to hundredths; to tenths from 2 on and to whole numbers from 10 on. A line
 * that leans by less than a hundredth is vertical. Then c is chosen so that the line goes through the middle
 * of the points, with about two decimals of the picture's side. A `LineError` says that the points are one,
 * or far out of the picture.
 */
export function lineThrough(first: Point, second: Point, extent: Extent): Line {
  const side = sideOf(extent);
  const middle = [(extent.x1Min + extent.x1Max) / 2, (extent.x2Min + extent.x2Max) / 2];
  for (const point of [first, second]) {
    if (!point.every((x, i) => Math.abs(x - middle[i]) <= FARTHEST * side)) {
      const came = `(${point.map(floatText).join(", ")})`;
      throw new LineError(`a line is dragged within the picture, received the point ${came}`);
    }
  }
  const [across, up] = [second[0] - first[0], second[1] - first[1]];
  if (length(across, up) < CLOSEST * side) {
    throw new LineError("both ends of the line are at one place, where there is no line: drag one away");
  }
  const step = powerOfTen(Math.floor(Math.log10(side)) - 2);
  const [x1, x2] = [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2];
  if (Math.abs(up) >= 100 * Math.abs(across)) return lineOf(ONE, ZERO, roundedTo(x1, step));
  const steepness = Math.abs(up / across);
  const a = roundedTo(-up / across, fraction(1n, steepness < 2 ? 100n : steepness < 10 ? 10n : 1n));
  const c = roundedTo(x2 + toFloat(a) * x1, steepness < 10 ? step : times(fraction(10n), step));
  return lineOf(a, ONE, c);
}

/** The side of a line that lies to the left of the way from one point to another along it. */
export function sideToTheLeft(line: Line, first: Point, second: Point): Side {
  const [across, up] = [second[0] - first[0], second[1] - first[1]];
  return sidesOf(line)[toFloat(line.b) * across - toFloat(line.a) * up > 0 ? 1 : 0];
}

/** By how much z₀ - z₁ changes on one unit of length straight across the line; zero where there is none. */
export function sharpnessOf(network: TwoClasses): number {
  const [slope1, slope2] = difference(network);
  return length(toFloat(slope1), toFloat(slope2));
}

/**
 * Weights of a line that is dragged, with class 0 to the left of the way from its first end to its second.
 *
 * `sharpness` is that with which the dragging began, so that it does not creep while weights are rounded
 * again.
 */
export function draggedTo(ends: readonly [Point, Point], now: TwoClasses, sharpness: number, extent: Extent) {
  const line = lineThrough(...ends, extent);
  return weightsNear(line, sideToTheLeft(line, ...ends), now, sharpness, extent);
}

/**
 * Weights that draw a line, near those that there are, and of their precision.
 *
 * The second row of W and its bias stay, with three digits, and s is such that the sharpness stays about what
 * it was (zero where there was no line): one of 1, 1.2, 1.5, 2, … times a power of ten. The first row follows
 * by equation 10. Where the line would be lost to rounding beside the second row, s is the next one, and at
 * last that row becomes zero. A `LineError` says that the line is too steep, flat or far away for numbers of
 * that precision.
 */
export function weightsNear(
  line: Line,
  side: Side,
  now: TwoClasses,
  sharpness: number,
  extent: Extent,
): TwoClasses {
  const unit = sideOf(extent);
  const kept = sharpness > 0 ? Math.min(Math.max(sharpness, LEAST / unit), MOST / unit) : SHARPNESS / unit;
  const [w21, w22, b2] = now.rows[1].map((value) => Number(significant(value, 3)));
  for (const free of [
    [w21, w22, b2],
    [0, 0, 0],
  ] as const) {
    for (const s of shortNumbersAbout(kept / normal(line))) {
      const network = exactMember(line, side, s, free, now.precision);
      if (network !== null) return network;
    }
  }
  throw new LineError(`the line ${writeLine(line)} is lost to rounding in ${now.precision}`);
}

/**
 * The member of a line's family that has w21, w22, b2 and the size of s.
 *
 * `null` where numbers of that precision draw another line, or none, or meet its constraints only nearly.
 */
export function exactMember(
  line: Line,
  side: Side,
  s: Fraction,
  free: Row,
  precision: Precision,
): TwoClasses | null {
  try {
    const { rows } = member(line, toFloat(s) * normal(line), side, free);
    const network = twoClasses(rows[0], rows[1], precision);
    const drawn = drawnLine(network);
    const isExact = drawn !== null && isSame(drawn, line) && isSame(lineOf(...difference(network)), line);
    return isExact ? network : null;
  } catch (error) {
    if (error instanceof LineError) return null; // what the family, or the precision, cannot hold
    throw error;
  }
}

/** The short numbers about a size, the nearest by ratio first. */
export function shortNumbersAbout(size: number): Fraction[] {
  const ten = powerOfTen(Math.floor(Math.log10(size)));
  const numbers = [1n, 10n].flatMap((more) => SHORT.map((each) => times(times(ten, each), fraction(more))));
  const away = (each: Fraction) => Math.abs(Math.log(toFloat(each) / size));
  return numbers.sort((first, second) => away(first) - away(second)).slice(0, 4);
}

function sideOf(extent: Extent): number {
  return Math.max(extent.x1Max - extent.x1Min, extent.x2Max - extent.x2Min);
}

function roundedTo(value: number, step: Fraction): Fraction {
  return times(fraction(roundToWhole(over(fromFloat(value), step))), step);
}

function powerOfTen(exponent: number): Fraction {
  const power = fraction(10n ** BigInt(Math.abs(exponent)));
  return exponent < 0 ? over(ONE, power) : power;
}
