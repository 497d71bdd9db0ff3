// Where a line lies in the picture of the plane. Lines are [a, b, c] with a·x1 + b·x2 = c, class 0 where the left
// side is larger; ends are in such an order that class 0 lies to the left of the way from the first to the second.

import { toFloat } from "../../boundary/fraction.ts";
import type { Line } from "../../boundary/line.ts";
import type { TwoClasses } from "../../boundary/two_classes.ts";
import type { Extent } from "../../worker/messages.ts";
import { distance, type Place } from "../viewport.ts";

export type Ends = readonly [Place, Place];
type Numbers = readonly [number, number, number];

/** The line that weights draw; null if there is none. */
export function ofNetwork([first, second]: TwoClasses): Numbers | null {
  const line: Numbers = [first[0] - second[0], first[1] - second[1], second[2] - first[2]];
  return line[0] !== 0 || line[1] !== 0 ? line : null;
}

/** Class 0 lies above the line or to its right for a sign of 1, on the other side for -1. */
export function ofLine({ a, b, c }: Line, sign: 1 | -1): Numbers {
  return [sign * toFloat(a), sign * toFloat(b), sign * toFloat(c)];
}

export function through([p, q]: Ends): Numbers {
  const [a, b] = [p[1] - q[1], q[0] - p[0]];
  return [a, b, a * p[0] + b * p[1]];
}

/** What of a line lies in the picture; null for nothing. */
export function clipped(line: Numbers, [left, right, low, high]: Extent): Ends | null {
  const length = Math.hypot(line[0], line[1]);
  const [a, b, c] = line.map((value) => value / length);
  const off = c - (a * (left + right)) / 2 - (b * (low + high)) / 2;
  const foot: Place = [(left + right) / 2 + off * a, (low + high) / 2 + off * b];
  const along: Place = [b, -a];
  let [from, to] = [-Infinity, Infinity];
  for (const [axis, least, most] of [[0, left, right], [1, low, high]] as const) {
    const ends = [(least - foot[axis]) / along[axis], (most - foot[axis]) / along[axis]];
    if (along[axis] !== 0) [from, to] = [Math.max(from, Math.min(...ends)), Math.min(to, Math.max(...ends))];
    else if (foot[axis] < least || foot[axis] > most) return null;
  }
  const at = (t: number): Place => [foot[0] + t * along[0], foot[1] + t * along[1]];
  return from < to ? [at(from), at(to)] : null; // null for what is no number, too
}

export function between([p, q]: Ends, share: number): Place {
  return [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])];
}

/** Handles on a line: where they were, as far as they lie on it within the picture, and apart. */
export function handlesOn(line: Numbers, before: Ends | null, extent: Extent): Ends | null {
  const ends = clipped(line, extent);
  if (ends === null) return null;
  const [p, q] = ends;
  const square = distance(p, q) ** 2;
  const shares = (before ?? [])
    .map((h) => ((h[0] - p[0]) * (q[0] - p[0]) + (h[1] - p[1]) * (q[1] - p[1])) / square)
    .sort((one, other) => one - other);
  const isGood = shares.length === 2 && shares[0] > 0.04 && shares[1] < 0.96 && shares[1] - shares[0] > 0.3;
  const [first, second] = isGood ? shares : [0.2, 0.8];
  return [between(ends, first), between(ends, second)];
}

/** Ends turned about their middle by an angle in radians. */
export function turned(ends: Ends, angle: number): Ends {
  const [m1, m2] = between(ends, 0.5);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turn = ([x1, x2]: Place): Place => {
    const [u, v] = [x1 - m1, x2 - m2];
    return [m1 + cos * u - sin * v, m2 + sin * u + cos * v];
  };
  return [turn(ends[0]), turn(ends[1])];
}

/** Ends shifted straight across the line to the side of a direction; null where that runs along the line. */
export function shifted(ends: Ends, [right, up]: Place, by: number): Ends | null {
  const [a, b] = through(ends);
  const length = Math.hypot(a, b);
  const towards = (a * right + b * up) / length;
  if (Math.abs(towards) < 0.1) return null;
  const step = (Math.sign(towards) * by) / length;
  const shift = ([x1, x2]: Place): Place => [x1 + step * a, x2 + step * b];
  return [shift(ends[0]), shift(ends[1])];
}

/** Whether two pieces of lines are nearly the same, whichever end is the first. */
export function isNear(ends: Ends, [p, q]: Ends, most: number): boolean {
  const straight = Math.max(distance(ends[0], p), distance(ends[1], q));
  const crossed = Math.max(distance(ends[0], q), distance(ends[1], p));
  return Math.min(straight, crossed) < most;
}
