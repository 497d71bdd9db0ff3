// The loss landscape: its losses are the stepper's, and its planes are what they say.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Evaluation, flattened } from "../src/engine/evaluation.ts";
import type { Experiment } from "../src/engine/experiment.ts";
import { Stepper } from "../src/engine/stepper.ts";
import {
  farthestFromLine,
  NoPlane,
  pathPlane,
  placeOf,
  principalPlane,
  project,
  randomPlane,
  writeNetwork,
  type PathPoint,
  type Plane,
  type PlaneKind,
} from "../src/landscape/plane.ts";
import { PRESETS } from "../src/state/presets.ts";
import { computeLandscape, SIDES } from "../src/worker/landscape.ts";
import type { LandscapeFound } from "../src/worker/messages.ts";
import { coloursOf, ticks } from "../src/view/loss/paint_landscape.ts";
import { startEngine } from "./engine_here.ts";

const engine = await startEngine();
const { experiment } = PRESETS.find(({ title }) => title === "1.2  two rings, relu")!;
const small = { ...experiment, dataset: { ...experiment.dataset, train_per_class: 60, test_per_class: 30 } };

function trained(of: Experiment, steps: readonly number[]): { path: PathPoint[]; losses: number[] } {
  const stepper = new Stepper(engine, of, 3n);
  const losses: number[] = [];
  const path = steps.map((step) => {
    stepper.train(step - stepper.step);
    losses.push(stepper.score("train").loss);
    return { step, weights: flattened(stepper.layers) };
  });
  return { path, losses };
}

function computed(plane: PlaneKind, path: readonly PathPoint[], of: Experiment = small, others = 0): LandscapeFound[] {
  const found: LandscapeFound[] = [];
  const wanted = { kind: "landscape_wanted", number: 1, experiment: of, samples: null, seed: "3", path, plane, others } as const;
  computeLandscape(engine, wanted, (message) => found.push(message));
  return found;
}

const line = (...points: readonly (readonly number[])[]): PathPoint[] =>
  points.map((weights, step) => ({ step, weights: Float32Array.from(weights) }));

test("losses along the path are those of the training, to the last bit", () => {
  const { path, losses } = trained(small, [0, 5, 17, 60]);
  const { landscape } = computed("path", path)[0];
  assert.deepEqual([...landscape!.pathLoss], losses);
  assert.deepEqual(landscape!.steps, [0, 5, 17, 60]);
});

test("a landscape comes from coarse to fine, each with the numbers of the one before", () => {
  const { path } = trained(small, [0, 10, 30, 60]);
  for (const plane of ["path", "principal", "random"] as const) {
    const found = computed(plane, path).map(({ landscape, isDone }) => ({ ...landscape!, isDone }));
    assert.deepEqual(found.map(({ side, isDone }) => [side, isDone]), SIDES.map((side, i) => [side, i === SIDES.length - 1]));
    const [coarse, fine] = [found[0], found[3]];
    for (let row = 0; row < 7; row++)
      for (let column = 0; column < 7; column++) assert.equal(fine.loss[8 * row * 49 + 8 * column], coarse.loss[row * 7 + column]);
    assert.ok(fine.loss.every(Number.isFinite));
  }
});

test("other runs begin where this one does, and have the shuffles of the seeds that follow", () => {
  const { path } = trained(small, [0, 10, 30, 64]);
  const told = computed("path", path, small, 7);
  assert.deepEqual(told.slice(0, 2).map(({ trained: count, landscape }) => [count, landscape]), [[5, null], [7, told[1].landscape]]);
  const { others, extent, pathLoss } = told[told.length - 1].landscape!;
  const ends = [0n, 1n, 7n].map((i) => {
    const stepper = new Stepper(engine, small, 3n, null, 3n + i);
    stepper.train(64);
    return stepper.score("train").loss;
  });
  assert.deepEqual([pathLoss[3], others[0].loss, others[6].loss], ends);
  for (const { projection: { places } } of others) {
    assert.deepEqual([...places.slice(0, 2)].map((value) => Math.abs(value) < 1e-9), [true, true]);
    for (let i = 0; i < places.length; i += 2)
      assert.ok(places[i] > extent[0] && places[i] < extent[1] && places[i + 1] > extent[2] && places[i + 1] < extent[3]);
  }
});

test("the grid has the losses of its networks", () => {
  const { path } = trained(small, [0, 10, 30, 60]);
  const landscape = computed("principal", path)[0].landscape!;
  const [left, right, bottom, top] = landscape.extent;
  const evaluation = new Evaluation(engine, small, 3n, null, "train");
  for (const [column, row] of [[0, 0], [6, 2], [3, 5]]) {
    const x = left + ((right - left) * column) / 6;
    const y = bottom + ((top - bottom) * row) / 6;
    const { loss } = evaluation.losses(1, (_, into, step) => writeNetwork(landscape.plane, x, y, into, step));
    assert.equal(loss[0], landscape.loss[row * 7 + column]);
  }
});

test("penalties are the regularizer's", () => {
  const penalised = { ...small, network: { ...small.network, kernel_regularizer: { kind: "l1_l2", l1: 0.01, l2: 0.02 } } };
  const stepper = new Stepper(engine, penalised, 3n);
  const { path } = trained(penalised, [0, 10, 40]);
  const landscape = computed("path", path, penalised)[0].landscape!;
  assert.ok(landscape.isPenalised);
  assert.ok(Math.abs(landscape.pathPenalty[0] - stepper.penalty(stepper.layers)!) < 1e-12);
});

test("a plane through three points passes through them", () => {
  const plane = pathPlane([1, 1, 0], [1, 3, 4], [4, 5, 0]);
  const column = new Float32Array(3);
  for (const point of [[1, 1, 0], [1, 3, 4], [4, 5, 0]]) {
    writeNetwork(plane, ...placeOf(plane, point), column, 1);
    assert.ok(column.every((value, i) => Math.abs(value - point[i]) < 1e-6));
  }
  assert.deepEqual(placeOf(plane, [4, 5, 0]).map((value) => Math.abs(Math.round(1e9 * value) / 1e9)), [5, 0]);
  assert.equal(farthestFromLine(line([0, 0], [1, 3], [2, 1], [4, 0])), 1);
});

test("how much of a path is drawn, by hand", () => {
  // In the plane of the first two of three numbers: moves of 3, and of 4 at right angles to the plane, and of 5 by (3, 4).
  const plane: Plane = { origin: new Float64Array(3), directions: [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)] };
  const { places, length, variance } = project(plane, line([0, 0, 0], [3, 0, 0], [3, 0, 4], [6, 4, 4]));
  assert.deepEqual([...places], [0, 0, 3, 0, 3, 0, 6, 4]);
  assert.ok(Math.abs(length - 8 / 12) < 1e-12);
  // Variances of the three numbers: 4.5, 3, 4.
  assert.ok(Math.abs(variance - 7.5 / 11.5) < 1e-12);
});

test("principal directions are those of the largest differences to the end", () => {
  const { directions } = principalPlane([line([-9, 0, 0, 0.01], [0, 4, 0, 0], [0, -4, 0, 0], [0, 0, 0.1, 0], [0, 0, 0, 0])]);
  assert.ok(directions[0][0] > 0.999 && Math.abs(directions[1][1]) > 0.999);
});

test("filters are normalised by hand", () => {
  // Two inputs, one neuron of weights (3, 4), two outputs of weights 2 and 0.
  const origin = [3, 4, 7, 2, 0, 8, 9];
  const drawn = [1, 2].map((scale) => [
    { weights: Float32Array.of(scale, 0), biases: new Float32Array(1) },
    { weights: Float32Array.of(-0.5, 1), biases: new Float32Array(2) },
  ]);
  const { directions } = randomPlane(origin, [2, 1, 2], drawn);
  assert.deepEqual(directions.map((each) => [...each].map((value) => value + 0)), [[5, 0, 0, -2, 0, 0, 0], [5, 0, 0, -2, 0, 0, 0]]);
});

test("a path that does not move, or that is straight, has no plane", () => {
  const still = line([1, 2, 3], [1, 2, 3], [1, 2, 3]);
  const straight = line([0, 0, 0], [1, 1, 1], [2, 2, 2]);
  assert.throws(() => pathPlane(still[0].weights, still[1].weights, still[2].weights), NoPlane);
  assert.throws(() => pathPlane(straight[0].weights, straight[1].weights, straight[2].weights), NoPlane);
  assert.throws(() => principalPlane([still]), NoPlane);
  assert.throws(() => principalPlane([straight]), NoPlane);
  const [{ landscape, why, isDone }] = computed("path", trained(small, [0, 1]).path);
  assert.deepEqual([landscape, isDone], [null, true]);
  assert.match(why, /three points/);
});

test("colours go in logarithmic steps where losses vary much, and leave out what is far off", () => {
  assert.equal(coloursOf(Float64Array.of(0.01, 0.02, 0.4)).isLogarithmic, true);
  assert.equal(coloursOf(Float64Array.of(0.25, 0.26)).isLogarithmic, false);
  assert.equal(coloursOf(Float64Array.from({ length: 100 }, (_, i) => (i < 99 ? 1 + i / 100 : 1e9))).high < 2, true);
  assert.equal(coloursOf(Float64Array.of(0, 0.5)).low, 0.5e-4);
  assert.deepEqual(coloursOf(Float64Array.of(NaN)), { low: 0, high: 1, isLogarithmic: false });
  assert.deepEqual(ticks(-1, 1).map((value) => value + 0), [-1, -0.5, 0, 0.5, 1]);
});
