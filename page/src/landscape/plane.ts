// Planes in weight space, on which a loss is drawn, and paths projected on them: `mlplab.explain.plane`.
//
// A place (x, y) of a plane stands for the network origin + x·d₁ + y·d₂, all parameters in one line.

import type { Layer } from "../engine/layout.ts";
import { landscape as table } from "../spec/spec.json";

export type PlaneKind = "path" | "principal" | "random";

export interface Plane {
  readonly origin: Float64Array;
  readonly directions: readonly [Float64Array, Float64Array];
}

/** Weights of a training after so many updates, in a line. */
export interface PathPoint {
  readonly step: number;
  readonly weights: Float32Array;
}

/** Of a path: its places on a plane, x and y of each point, and how much of it lies there. */
export interface Projection {
  readonly places: Float64Array;
  /** Length of the projected path as a fraction of that of the path. */
  readonly length: number;
  /** Variance of the projected points around their mean as a fraction of that of the points. */
  readonly variance: number;
}

const { most_principal_points: MOST_POINTS, on_a_line: ON_A_LINE, rounding: ROUNDING } = table;
const ITERATIONS = 2000; // of the power method, at most
const TINY = 1e-300; // in the place of a length of 0, by which nothing can be divided
const STANDS = 1e-13; // of a direction that changes no more

/** Why there is no plane. */
export class NoPlane extends Error {}

/** Which point of a path is farthest from the straight line between its ends. */
export function farthestFromLine(path: readonly PathPoint[]): number {
  const [begin, end] = [path[0].weights, path[path.length - 1].weights];
  const direction = difference(end, begin);
  const length = Math.max(norm(direction), TINY);
  let [best, most] = [1, -1];
  for (let i = 1; i < path.length - 1; i++) {
    const away = difference(path[i].weights, begin);
    const along = dot(away, direction) / length / length;
    const distance = norm(away.map((value, p) => value - along * direction[p]));
    if (distance > most) [best, most] = [i, distance];
  }
  return best;
}

/** The plane through three points: x runs from the first to the last, which is right of it. */
export function pathPlane(begin: ArrayLike<number>, middle: ArrayLike<number>, end: ArrayLike<number>): Plane {
  const origin = Float64Array.from(begin);
  const first = difference(end, begin);
  const length = norm(first);
  if (length <= ROUNDING * norm(origin))
    throw new NoPlane("The weights are where they began: there is no path, and no plane through it.");
  scale(first, 1 / length);
  const second = difference(middle, begin);
  for (let i = 0; i < 2; i++) subtract(second, first, dot(second, first)); // once more: rounding of the first time
  const height = norm(second);
  if (height <= Math.max(ON_A_LINE * length, ROUNDING * norm(origin)))
    throw new NoPlane("The path is a straight line, and any plane could be laid through it: take a random one.");
  scale(second, 1 / height);
  return { origin, directions: [first, second] };
}

/**
 * The two directions in which the points of some paths lie farthest from their end, of several from the mean of the
 * ends; the first has the start on the left.
 */
export function principalPlane(paths: readonly (readonly PathPoint[])[]): Plane {
  const origin = new Float64Array(paths[0][0].weights.length);
  for (const path of paths) subtract(origin, path[path.length - 1].weights, -1 / paths.length);
  const all = paths.flat();
  const every = Math.ceil(all.length / MOST_POINTS);
  const away = all
    .filter((_, i) => i % every === 0)
    .map(({ weights }) => difference(weights, origin));
  const products = away.map((one) => away.map((other) => dot(one, other)));
  const found: Float64Array[] = [];
  const spreads: number[] = [];
  for (let i = 0; i < 2; i++) {
    const { vector, value } = largest(products);
    products.forEach((row, a) => row.forEach((_, b) => (row[b] -= value * vector[a] * vector[b])));
    const direction = new Float64Array(origin.length);
    away.forEach((point, a) => subtract(direction, point, -vector[a]));
    if (i === 1) subtract(direction, found[0], dot(direction, found[0]));
    scale(direction, 1 / Math.max(norm(direction), TINY));
    if (dot(direction, away[0]) > 0) scale(direction, -1);
    found.push(direction);
    spreads.push(Math.sqrt(Math.max(value, 0)));
  }
  if (!(spreads[1] > Math.max(ON_A_LINE * spreads[0], ROUNDING * norm(origin))))
    throw new NoPlane("The path does not move in two directions, so that it has no principal plane.");
  return { origin, directions: [found[0], found[1]] };
}

/**
 * The plane of two random, filter-normalised directions around a network.
 *
 * What comes into a neuron, a row of W, is its filter: rows of normal numbers are made as long as those of the network.
 * Biases stay as they are. Source: Li et al. 2018, section 4.
 */
export function randomPlane(
  origin: ArrayLike<number>,
  sizes: readonly number[],
  drawn: readonly (readonly Layer[])[],
): Plane {
  const from = Float64Array.from(origin);
  const directions = drawn.map((layers) => {
    const direction = new Float64Array(from.length);
    let at = 0;
    layers.forEach(({ weights, biases }, layer) => {
      const inputs = sizes[layer];
      for (let o = 0; o < biases.length; o++, at += inputs) {
        const row = weights.subarray(o * inputs, (o + 1) * inputs);
        const factor = norm(from.subarray(at, at + inputs)) / norm(row);
        row.forEach((value, i) => (direction[at + i] = factor * value));
      }
      at += biases.length;
    });
    return direction;
  });
  if (directions[0].every((value) => value === 0)) throw new NoPlane("All weights are 0, and directions of their lengths are none.");
  return { origin: from, directions: [directions[0], directions[1]] };
}

/** The place that is nearest to some weights. */
export function placeOf({ origin, directions: [first, second] }: Plane, weights: ArrayLike<number>): [number, number] {
  let [a, b, aa, ab, bb] = [0, 0, 0, 0, 0];
  for (let p = 0; p < origin.length; p++) {
    const away = weights[p] - origin[p];
    a += first[p] * away;
    b += second[p] * away;
    aa += first[p] * first[p];
    ab += first[p] * second[p];
    bb += second[p] * second[p];
  }
  const determinant = aa * bb - ab * ab;
  return [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant];
}

/** Write the parameters of a place's network to every `step`-th place of a column. */
export function writeNetwork(plane: Plane, x: number, y: number, column: Float32Array, step: number): void {
  const { origin, directions: [first, second] } = plane;
  for (let p = 0; p < origin.length; p++) column[p * step] = origin[p] + (first[p] * x + second[p] * y);
}

/** Project a path, and say how much of it lies in the plane. */
export function project(plane: Plane, path: readonly PathPoint[]): Projection {
  const { origin, directions: [first, second] } = plane;
  const places = Float64Array.from(path.flatMap(({ weights }) => placeOf(plane, weights)));
  const [aa, ab, bb] = [dot(first, first), dot(first, second), dot(second, second)];
  const square = (dx: number, dy: number) => aa * dx * dx + 2 * ab * dx * dy + bb * dy * dy;
  let [moved, drawn] = [0, 0];
  for (let i = 1; i < path.length; i++) {
    moved += norm(difference(path[i].weights, path[i - 1].weights));
    drawn += Math.sqrt(square(places[2 * i] - places[2 * i - 2], places[2 * i + 1] - places[2 * i - 1]));
  }
  const mean = new Float64Array(origin.length);
  for (const { weights } of path) subtract(mean, weights, -1 / path.length);
  const centre = placeOf(plane, mean);
  let [spread, shown] = [0, 0];
  path.forEach(({ weights }, i) => {
    const away = difference(weights, mean);
    spread += dot(away, away);
    shown += square(places[2 * i] - centre[0], places[2 * i + 1] - centre[1]);
  });
  return { places, length: drawn / moved, variance: shown / spread };
}

/** The largest eigenvalue of a symmetric matrix without negative ones, and its vector, by the power method. */
function largest(matrix: readonly (readonly number[])[]): { vector: Float64Array; value: number } {
  const diagonal = matrix.map((row, i) => row[i]);
  const from = diagonal.indexOf(Math.max(...diagonal));
  let vector = Float64Array.from(matrix[from]);
  let value = 0;
  for (let i = 0; i < ITERATIONS; i++) {
    scale(vector, 1 / Math.max(norm(vector), TINY));
    const next = Float64Array.from(matrix, (row) => dot(row, vector));
    value = norm(next);
    if (!(value > 0)) break;
    const moved = norm(next.map((each, p) => each / value - vector[p]));
    vector = next;
    if (moved < STANDS) break;
  }
  scale(vector, 1 / Math.max(norm(vector), TINY));
  return { vector, value };
}

function difference(one: ArrayLike<number>, other: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: one.length }, (_, i) => one[i] - other[i]);
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}

function norm(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector));
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] *= factor;
}

function subtract(from: Float64Array, vector: ArrayLike<number>, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i] -= factor * vector[i];
}
