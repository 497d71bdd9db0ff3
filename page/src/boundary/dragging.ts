// From a line that is dragged to weights that draw it: both rounded to what a person would write.

import { significant } from "../text/numbers.ts";
import type { Extent } from "../worker/messages.ts";
import { LineError } from "./equation.ts";
import { exactMember } from "./family.ts";
import { type Fraction, fromDecimal, ONE, toFloat, ZERO } from "./fraction.ts";
import { type Line, lineOf, normal, type Side, sidesOf, writeLine } from "./line.ts";
import type { Row, TwoClasses } from "./two_classes.ts";

/** x1 and x2. */
export type Point = readonly [number, number];

/** On the picture's side, of a line where there was none. */
const SHARPNESS = 10;

/** A sharpness that is kept, likewise: beyond, a line is lost to rounding. */
const [LEAST, MOST] = [0.1, 1000];

const SHORT = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15];

/** Times the other direction, from which on a line counts as vertical. */
const STEEP = 100;

/**
 * The line through two points within the picture that are apart, rounded.
 *
 * For x2 = c - a·x1, a is rounded to hundredths; to tenths from 2 on and to whole numbers from 10 on. A line
 * that leans by less than a hundredth is vertical. Then c is chosen so that the line goes through the middle
 * of the points, with about two decimals of the picture's side.
 */
export function lineThrough(first: Point, second: Point, extent: Extent): Line {
  const [across, up] = [second[0] - first[0], second[1] - first[1]];
  const digits = 2 - Math.floor(Math.log10(sideOf(extent)));
  const [x1, x2] = [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2];
  if (Math.abs(up) >= STEEP * Math.abs(across)) return lineOf(ONE, ZERO, roundedTo(x1, digits));
  const steepness = Math.abs(up / across);
  const a = roundedTo(-up / across, steepness < 2 ? 2 : steepness < 10 ? 1 : 0);
  const c = roundedTo(x2 + toFloat(a) * x1, steepness < 10 ? digits : digits - 1);
  return lineOf(a, ONE, c);
}

/** The side of a line that lies to the left of the way from one point to another along it. */
export function sideToTheLeft(line: Line, first: Point, second: Point): Side {
  const [across, up] = [second[0] - first[0], second[1] - first[1]];
  return sidesOf(line)[toFloat(line.b) * across - toFloat(line.a) * up > 0 ? 1 : 0];
}

/**
 * Weights of a line that is dragged, with class 0 to the left of the way from its first end to its second.
 *
 * `sharpness` is that with which the dragging began, so that it does not creep while weights are rounded
 * again.
 */
export function draggedTo(
  [first, second]: readonly [Point, Point],
  now: TwoClasses,
  sharpness: number,
  extent: Extent,
): TwoClasses {
  const line = lineThrough(first, second, extent);
  return weightsNear(line, sideToTheLeft(line, first, second), now, sharpness, extent);
}

/**
 * Weights that draw a line, near those that there are.
 *
 * The second row of W and its bias stay, with three digits, and s is such that the sharpness stays about what
 * it was (zero where there was no line): one of 1, 1.2, 1.5, 2, … times a power of ten. The first row follows
 * by equation 10. Where the line would be lost to rounding beside the second row, s is another one, and at
 * last that row becomes zero. A `LineError` says that the line is too steep, flat or far away for float32.
 */
export function weightsNear(line: Line, side: Side, now: TwoClasses, sharpness: number, extent: Extent): TwoClasses {
  const unit = sideOf(extent);
  const kept = sharpness > 0 ? Math.min(Math.max(sharpness, LEAST / unit), MOST / unit) : SHARPNESS / unit;
  const [w21, w22, b2] = now[1].map((value) => Number(significant(value, 3)));
  const numbers = shortNumbersAbout(kept / normal(line));
  const tries: readonly (readonly [Row, readonly Fraction[]])[] = [
    [[w21, w22, b2], numbers.slice(0, 4)],
    [[0, 0, 0], numbers],
  ];
  for (const [free, sizes] of tries)
    for (const s of sizes) {
      const network = exactMember(line, side, s, free);
      if (network !== null) return network;
    }
  throw new LineError(`The line ${writeLine(line)} is lost to rounding in float32.`);
}

/** The short numbers about a size, the nearest by ratio first. */
function shortNumbersAbout(size: number): Fraction[] {
  const power = Math.floor(Math.log10(size));
  const away = (short: number) => Math.abs(Math.log(short / (size / 10 ** power)));
  const nearest = [...SHORT].sort((one, other) => away(one) - away(other));
  return nearest.map((short) => fromDecimal(`${short}e${power}`));
}

function sideOf([left, right, bottom, top]: Extent): number {
  return Math.max(right - left, top - bottom);
}

/** Rounded to so many decimals; where they are below zero, to tens, hundreds and so on. */
function roundedTo(value: number, digits: number): Fraction {
  if (digits >= 0) return fromDecimal(value.toFixed(digits));
  return fromDecimal(`${(value * 10 ** digits).toFixed()}e${-digits}`);
}
