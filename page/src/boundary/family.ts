// All networks without hidden layers that draw a given line a·x1 + b·x2 = c between two classes:
//
//     w11 = w21 + s·a    w12 = w22 + s·b    b1 = b2 - s·c    (s not zero)
//
// The second row of W, the second bias and s are free. As two constraints it is equation 10 of the lab
// report, which also holds for two equal rows with equal biases: those draw no line, and the exclusion rules
// them out.

import { floatText } from "../text/numbers.ts";
import {
  absolute,
  compare,
  type Fraction,
  fromFloat,
  isZero,
  minus,
  negative,
  ONE,
  plus,
  times,
  toFloat,
} from "./fraction.ts";
import {
  CLOSE,
  distance,
  isClose,
  isParallel,
  isVertical,
  type Line,
  normal,
  type Side,
  sidesOf,
  writeLine,
} from "./line.ts";
import { LineError } from "./line_error.ts";
import { writeSum } from "./sum.ts";
import {
  difference,
  drawnLine,
  LARGEST,
  type Row,
  simpleFraction,
  toleranceOf,
  type TwoClasses,
  twoClasses,
} from "./two_classes.ts";

/** The first row in the free parameters: w11, w12 and b1 as text. */
export function firstRow({ a, b, c }: Line): readonly [string, string, string] {
  return [
    writeSum([ONE, "w21"], [a, "s"]),
    writeSum([ONE, "w22"], [b, "s"]),
    writeSum([ONE, "b2"], [negative(c), "s"]),
  ];
}

/** The two equations that W and b must fulfil: z₀ - z₁ is constant along the line, and zero there. */
export function constraintsOf(line: Line): readonly [string, string] {
  const sides = (text: (k: number) => string) => `${text(1)} = ${text(2)}`;
  if (isVertical(line)) {
    return [
      sides((k) => writeSum([ONE, `w${k}2`])),
      sides((k) => writeSum([line.c, `w${k}1`], [ONE, `b${k}`])),
    ];
  }
  return [
    sides((k) => writeSum([ONE, `w${k}1`], [negative(line.a), `w${k}2`])),
    sides((k) => writeSum([line.c, `w${k}2`], [ONE, `b${k}`])),
  ];
}

/** What must hold besides the constraints: without it both outputs are equal everywhere. */
export function exclusionOf(line: Line): string {
  return isVertical(line) ? "w11 != w21" : "w12 != w22";
}

/** Whether a network draws this line, but for rounding. */
export function contains(line: Line, network: TwoClasses): boolean {
  const drawn = drawnLine(network);
  return drawn !== null && isClose(drawn, line, toleranceOf(network));
}

/**
 * Which of the two constraints a network misses, but for rounding.
 *
 * Where it draws a line, none is missed exactly if `contains` holds. Else the first is if the lines are not
 * parallel. The second is, if they are, or if the drawn line passes by the point where this line meets the
 * axis.
 */
export function missedConstraints(line: Line, network: TwoClasses): readonly [boolean, boolean] {
  const drawn = drawnLine(network);
  if (drawn === null) return [false, !isZero(difference(network)[2])];
  const tolerance = toleranceOf(network);
  if (isClose(drawn, line, tolerance)) return [false, false];
  if (isParallel(drawn, line, tolerance)) return [false, true];
  const c = toFloat(line.c);
  const away = isVertical(line) ? distance(drawn, c, 0) : distance(drawn, 0, c);
  return [true, Math.abs(away) > tolerance * Math.max(1, Math.abs(c))];
}

/**
 * One network of the family, in float64.
 *
 * `sharpness` is by how much z₀ - z₁ changes on one unit of length straight across the line, above zero;
 * `free` are w21, w22 and b2. A `LineError` says that the line would be lost to rounding beside them.
 */
export function member(line: Line, sharpness: number, side: Side, free: Row): TwoClasses {
  if (!(0 < sharpness && sharpness <= LARGEST)) {
    throw new LineError(`sharpness must be above 0 and at most 1e100, received ${floatText(sharpness)}`);
  }
  const sign = side === sidesOf(line)[1] ? 1 : -1;
  const s = fromFloat(sign * (sharpness / normal(line)));
  // The weight that has s alone goes first and rounds it; the others follow from the rounded s.
  const second = free.map((value) => simpleFraction(value, "float64"));
  const alone = isVertical(line) ? second[0] : second[1];
  const rounded = minus(simpleFraction(toFloat(plus(alone, s)), "float64"), alone);
  const factors = [line.a, line.b, negative(line.c)];
  const [w11, w12, b1] = second.map((value, i) => toFloat(plus(value, times(rounded, factors[i]))));
  const network = twoClasses([w11, w12, b1], free, "float64");
  if (isOff(rounded, s) || !contains(line, network)) {
    const [w21, w22, b2] = free.map(floatText);
    throw new LineError(
      `the line ${writeLine(line)} is lost to rounding beside w21=${w21}, w22=${w22}, b2=${b2}: ` +
        `choose them smaller, or a sharpness above ${floatText(sharpness)}`,
    );
  }
  return network;
}

/** Whether rounding has changed s by more than counts as the same. */
function isOff(rounded: Fraction, s: Fraction): boolean {
  const allowed = CLOSE * toFloat(absolute(s));
  return compare(absolute(minus(rounded, s)), fromFloat(allowed)) > 0;
}
