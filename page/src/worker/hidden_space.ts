// Points as a hidden layer answers them, in two dimensions: its two neurons, or its first two principal components.

import type { Layer } from "../engine/layout.ts";
import type { Stepper } from "../engine/stepper.ts";
import type { HiddenSpace, PlanePoints } from "./messages.ts";

const MOST = 600; // points; more say no more
const ITERATIONS = 60; // of the power method, in which errors go down by the ratio of the variances each time

/** What a hidden layer, the first being 1, makes of training points. */
export function hiddenSpace(
  stepper: Stepper,
  { splits }: PlanePoints,
  layer: number,
  layers: readonly Layer[] | undefined,
): HiddenSpace {
  const { level, sizes } = stepper.layout;
  const [first, width] = [level[layer], sizes[layer]];
  const { x, y } = splits.train;
  const every = Math.ceil(y.length / MOST);
  const answers = y.filter((_, i) => i % every === 0);
  const chosen = x.filter((_, i) => Math.floor(i / stepper.features) % every === 0);
  const count = answers.length;
  const all = stepper.responses(chosen, first, layers);
  const rows = Array.from({ length: width }, (_, n) => Float64Array.from(all.subarray(n * count, (n + 1) * count)));
  if (width <= 2) {
    const [one, other = new Float64Array(count)] = rows;
    return { layer, y: answers, places: pairs(one, other), axes: ["neuron 1", width === 2 ? "neuron 2" : ""] };
  }
  const { scores, fractions } = principalComponents(rows);
  const axes = fractions.map((fraction, i) => `component ${i + 1} (${Math.round(100 * fraction)} %)`);
  return { layer, y: answers, places: pairs(scores[0], scores[1]), axes: [axes[0], axes[1]] };
}

/**
 * The first two principal components of some columns, each with the fraction of the variance that it has.
 *
 * The largest number of a direction is positive, so that pictures that follow each other do not turn over.
 */
export function principalComponents(columns: readonly Float64Array[]) {
  const centred = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return column.map((value) => value - mean);
  });
  const covariance = centred.map((one) => centred.map((other) => dot(one, other)));
  const total = covariance.reduce((sum, row, i) => sum + row[i], 0);
  const found: { scores: Float64Array; fraction: number }[] = [];
  for (let component = 0; component < 2; component++) {
    const { direction, variance } = largestDirection(covariance);
    covariance.forEach((row, i) => row.forEach((_, j) => (row[j] -= variance * direction[i] * direction[j])));
    const scoreOf = (point: number) => centred.reduce((sum, column, i) => sum + direction[i] * column[point], 0);
    const scores = Float64Array.from(columns[0], (_, point) => scoreOf(point));
    found.push({ scores, fraction: total > 0 ? variance / total : 0 });
  }
  return { scores: found.map(({ scores }) => scores), fractions: found.map(({ fraction }) => fraction) };
}

/** The direction of the largest variance of a covariance matrix, by the power method. */
function largestDirection(covariance: readonly (readonly number[])[]) {
  let direction = covariance.map((_, i) => 1 + 0.01 * i); // not at right angles to what is looked for, most likely
  let variance = 0;
  for (let i = 0; i < ITERATIONS; i++) {
    const next = covariance.map((row) => dot(row, direction));
    variance = Math.sqrt(dot(next, next));
    if (!(variance > 0)) break;
    direction = next.map((value) => value / variance);
  }
  if (!(variance > 0)) return { direction: direction.map(() => 0), variance: 0 };
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return { direction: direction.map((value) => (largest < 0 ? -value : value)), variance };
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}

function pairs(one: Float64Array, other: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * one.length }, (_, i) => (i % 2 === 0 ? one : other)[Math.floor(i / 2)]);
}
