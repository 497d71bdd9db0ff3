// Solutions of task 3 that are put in at once: the lab's two, and 28 for any wanted line.

import type { Extent } from "../worker/messages.ts";
import { weightsNear } from "./dragging.ts";
import { exactMember } from "./family.ts";
import { fraction, fromDecimal, times } from "./fraction.ts";
import type { Line, Side } from "./line.ts";
import type { Row, TwoClasses } from "./two_classes.ts";

/** The line of the lab, and of its equation 10. */
export const LAB_LINE = "x2 = 1 - x1";

/** The lab report's two solutions for it. */
export const FROM_THE_LAB: Readonly<Record<string, TwoClasses>> = {
  "equation 11": [[-1, 0, 1], [0, 1, 0]],
  "equation 12": [[2, 1, 0.5], [3, 2, -0.5]],
};

/** w21, w22 and b2 of other solutions, in turn. */
const FREE: readonly Row[] = [
  [0, 0, 0],
  [1, 2, 0],
  [-1, 1, 0.5],
  [2, -1, 1],
  [0.5, 1.5, -1],
  [3, 0, -2],
  [-2, -1, 1.5],
];

/** Likewise of s. Their number and the other have no common divisor: 28 solutions before one returns. */
const FACTORS = ["1", "2", "0.5", "4"].map(fromDecimal);

/** Of what s is multiplied by to make every entry whole; lines that need more get decimals. */
const LARGEST_UNIT = 20n;

interface Solution {
  readonly network: TwoClasses;
  /** Where the next search begins. */
  readonly next: number;
}

/**
 * The next solution for a line with class 0 on a side, other than what there is now.
 *
 * Every entry is a whole number or a half, where s = 1/2, 1, 2 or 4 times the common denominator of the
 * line's numbers makes it so. `begin` is 0 for the first, then what the one before named as `next`.
 */
export function nextSolution(line: Line, side: Side, now: TwoClasses, begin: number, extent: Extent): Solution {
  const common = line.a.denominator * fraction(line.a.denominator, line.c.denominator).denominator;
  const unit = fraction(common > LARGEST_UNIT ? 1n : common);
  const end = begin + FREE.length * FACTORS.length;
  for (let i = begin; i < end; i++) {
    const network = exactMember(line, side, times(unit, FACTORS[i % FACTORS.length]), FREE[i % FREE.length]);
    if (network !== null && network.join() !== now.join()) return { network, next: i + 1 };
  }
  return { network: weightsNear(line, side, now, 0, extent), next: end };
}
