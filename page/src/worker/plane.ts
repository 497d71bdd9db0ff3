// The plane that a network divides: its square, its grids, and what the network answers on them.

import type { Layer } from "../engine/layout.ts";
import type { Stepper } from "../engine/stepper.ts";
import { SPLITS } from "../engine/experiment.ts";
import { NO_ANSWER, type Extent, type Grid, type PlanePoints } from "./messages.ts";

const MARGIN = 0.06; // of the points' spread, on each side

/** The points of a trial, on the square of the plane that is given, or that holds them all. */
export function planePoints(stepper: Stepper, extent: Extent | null = null): PlanePoints {
  const [train, validation, test] = SPLITS.map((split) => stepper.points(split));
  const splits = { train, validation, test };
  return { splits, extent: extent ?? squareAround([train.x, validation.x, test.x]) };
}

/** The square that holds all points, each x1 and x2, with a margin: a ring is to look like a ring. */
export function squareAround(points: readonly ArrayLike<number>[]): Extent {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const x of points)
    for (let i = 0; i < x.length; i++) {
      low[i % 2] = Math.min(low[i % 2], x[i]);
      high[i % 2] = Math.max(high[i % 2], x[i]);
    }
  const spread = [0, 1].map((axis) => high[axis] - low[axis]);
  const half = (0.5 + MARGIN) * (Math.max(...spread) || 1);
  const [first, second] = [0, 1].map((axis) => (low[axis] + high[axis]) / 2);
  return [first - half, first + half, second - half, second + half];
}

/** The points of a grid of side × side, x1 and x2 of each, row by row from the bottom. */
function gridPoints([left, right, bottom, top]: Extent, side: number): Float32Array {
  const points = new Float32Array(2 * side * side);
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      points[2 * (i * side + j)] = left + ((right - left) * j) / (side - 1);
      points[2 * (i * side + j) + 1] = bottom + ((top - bottom) * i) / (side - 1);
    }
  return points;
}

/** The probabilities of the classes, (classes, samples); of one output p, they are 1 - p and p. */
function probabilitiesOf(stepper: Stepper, x: Float32Array, layers: readonly Layer[] | undefined): Float32Array {
  const { neurons, outputs } = stepper.layout;
  const answered = stepper.responses(x, neurons - outputs, layers);
  if (outputs === stepper.classes) return answered;
  const both = new Float32Array(2 * answered.length);
  both.set(answered.map((p) => 1 - p));
  both.set(answered, answered.length);
  return both;
}

/** The probabilities of the classes on a grid. */
export function probabilitiesOnGrid(
  stepper: Stepper,
  extent: Extent,
  side: number,
  layers: readonly Layer[] | undefined,
): Grid {
  return { side, numbers: probabilitiesOf(stepper, gridPoints(extent, side), layers) };
}

/** What all neurons answer on a grid, inputs first. */
export function responsesOnGrid(
  stepper: Stepper,
  extent: Extent,
  side: number,
  layers: readonly Layer[] | undefined,
): Grid {
  return { side, numbers: stepper.responses(gridPoints(extent, side), 0, layers) };
}

/** The class that is answered for each sample, features (samples, 2); NO_ANSWER where an output is no number. */
export function classesOf(stepper: Stepper, x: Float32Array, layers: readonly Layer[] | undefined): Uint8Array {
  const { classes } = stepper;
  const probabilities = probabilitiesOf(stepper, x, layers);
  const samples = x.length / stepper.features;
  return Uint8Array.from({ length: samples }, (_, i) => {
    let best = 0;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[k * samples + i];
      if (!Number.isFinite(p)) return NO_ANSWER;
      if (p > probabilities[best * samples + i]) best = k;
    }
    return best;
  });
}

/** Count points by their class (rows) and by what is answered (columns), (K, K). */
export function confusionOf(y: Uint8Array, answered: Uint8Array, classes: number): number[] {
  const counts = Array<number>(classes * classes).fill(0);
  y.forEach((label, i) => {
    if (answered[i] !== NO_ANSWER) counts[label * classes + answered[i]] += 1;
  });
  return counts;
}
