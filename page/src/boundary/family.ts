// All networks without hidden layers that draw a given line a·x1 + b·x2 = c between two classes:
//
//     w11 = w21 + s·a    w12 = w22 + s·b    b1 = b2 - s·c    (s not zero)
//
// The second row of W, the second bias and s are free. As two constraints it is equation 10 of the lab
// report, which also holds for two equal rows with equal biases: those draw no line, and the exclusion rules
// them out.

import { type Fraction, isZero, negative, ONE, toFloat } from "./fraction.ts";
import { CLOSE, distance, isClose, isParallel, isSame, isVertical, type Line, lineOf, type Side, sidesOf } from "./line.ts";
import { difference, drawnLine, type Row, rowBeside, type TwoClasses } from "./two_classes.ts";
import { writeSum } from "./writing.ts";

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

/**
 * Which of the two constraints a network misses, but for rounding.
 *
 * Where it draws another line, the first is missed if the lines are not parallel. The second is, if they are,
 * or if the drawn line passes by the point where this line meets the axis.
 */
export function missedConstraints(line: Line, network: TwoClasses): readonly [boolean, boolean] {
  const drawn = drawnLine(network);
  if (drawn === null) return [false, !isZero(difference(network)[2])];
  if (isClose(drawn, line)) return [false, false];
  if (isParallel(drawn, line)) return [false, true];
  const c = toFloat(line.c);
  const away = isVertical(line) ? distance(drawn, c, 0) : distance(drawn, 0, c);
  return [true, Math.abs(away) > CLOSE * Math.max(1, Math.abs(c))];
}

/**
 * The member of a line's family with class 0 on a side, the size of s, and w21, w22 and b2.
 *
 * `null` where float32 draws another line, or none, or meets its constraints only nearly.
 */
export function exactMember(line: Line, side: Side, size: Fraction, free: Row): TwoClasses | null {
  const s = side === sidesOf(line)[1] ? size : negative(size);
  const second: Row = [Math.fround(free[0]), Math.fround(free[1]), Math.fround(free[2])];
  const network: TwoClasses = [rowBeside(second, s, line), second];
  if (!network.flat().every(Number.isFinite)) return null;
  const drawn = drawnLine(network);
  const isExact = drawn !== null && isSame(drawn, line) && isSame(lineOf(...difference(network)), line);
  return isExact ? network : null;
}
