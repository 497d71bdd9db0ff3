// The loss landscape around a training, from coarse to fine: `mlplab.explain.landscape`.

import { drawLayers } from "../engine/drawing.ts";
import type { Engine } from "../engine/engine.ts";
import { Evaluation } from "../engine/evaluation.ts";
import type { Network } from "../engine/experiment.ts";
import {
  farthestFromLine,
  NoPlane,
  pathPlane,
  principalPlane,
  project,
  randomPlane,
  writeNetwork,
  type Plane,
} from "../landscape/plane.ts";
import { landscape as table } from "../spec/spec.json";
import { otherPaths } from "./other_runs.ts";
import type { LandscapeFound, LandscapeWanted } from "./messages.ts";

/** Networks along each side: each grid has the places of the one before, and one between any two. */
export const SIDES: readonly number[] = [7, 13, 25, 49];

const TOLD = 5; // so many other runs are trained from one message to the next
const { margin: MARGIN, narrowest: NARROWEST } = table;
const FIRST_SEED = BigInt(table.first_seed); // of the directions of a random plane

/** Compute a landscape, and send it anew whenever its grid has become finer. */
export function computeLandscape(engine: Engine, wanted: LandscapeWanted, send: (found: LandscapeFound) => void): void {
  const { number, experiment, seed, samples, path, plane: kind } = wanted;
  engine.clear();
  const evaluation = new Evaluation(engine, experiment, BigInt(seed), samples, "train");
  const { sizes } = evaluation;
  let trained = 0;
  const others = otherPaths(engine, wanted, (count) => {
    trained = count;
    if (count % TOLD === 0) send({ kind: "landscape_found", number, trained, landscape: null, why: "", isDone: false });
  });
  const end = path[path.length - 1].weights;
  let plane: Plane;
  let through: readonly number[] = [];
  try {
    if (kind === "path") {
      if (path.length < 3) throw new NoPlane("A plane through the path needs three points of it: train a few updates more.");
      const chosen = [0, farthestFromLine(path), path.length - 1].map((i) => path[i]);
      plane = pathPlane(chosen[0].weights, chosen[1].weights, chosen[2].weights);
      through = chosen.map(({ step }) => step);
    } else if (kind === "principal") {
      plane = principalPlane([path, ...others]);
    } else {
      plane = randomPlane(end, sizes, drawLayers(engine, normal(experiment.network), sizes, [FIRST_SEED, FIRST_SEED + 1n]));
    }
  } catch (error) {
    if (!(error instanceof NoPlane)) throw error;
    send({ kind: "landscape_found", number, trained, landscape: null, why: error.message, isDone: true });
    return;
  }
  const projection = project(plane, path);
  const { places } = projection;
  const otherRuns = others.map((run) => ({ run, projection: project(plane, run) }));
  const all = [projection, ...otherRuns.map((other) => other.projection)].map((each) => each.places);
  const extent = kind === "random" ? ([-1, 1, -1, 1] as const) : extentOf(all);
  const along = evaluation.losses(path.length, (i, column, step) => path[i].weights.forEach((w, p) => (column[p * step] = w)));
  const ofEnds = evaluation.losses(otherRuns.length, (i, column, step) =>
    otherRuns[i].run[otherRuns[i].run.length - 1].weights.forEach((w, p) => (column[p * step] = w)),
  );
  const beside = evaluation.losses(path.length, (i, column, step) =>
    writeNetwork(plane, places[2 * i], places[2 * i + 1], column, step),
  );
  const common = {
    plane,
    kind,
    extent,
    through,
    steps: path.map(({ step }) => step),
    projection,
    pathLoss: along.loss,
    pathPenalty: along.penalty,
    planeLoss: beside.loss,
    others: otherRuns.map((other, i) => ({
      projection: other.projection,
      loss: ofEnds.loss[i],
      penalty: ofEnds.penalty[i],
    })),
    isPenalised: experiment.network.kernel_regularizer !== null,
  };
  let known: { side: number; loss: Float64Array; penalty: Float64Array } | null = null;
  for (const side of SIDES) {
    known = refined(evaluation, plane, extent, side, known);
    const isDone = side === SIDES[SIDES.length - 1];
    send({ kind: "landscape_found", number, trained, landscape: { ...common, ...known }, why: "", isDone });
  }
}

/** The extent of all paths' places, with a margin, neither too flat nor too narrow. */
function extentOf(all: readonly Float64Array[]): readonly [number, number, number, number] {
  const [x, y] = [0, 1].map((axis) => {
    const values = all.flatMap((places) => [...places.filter((_, i) => i % 2 === axis)]);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  });
  const longer = Math.max(x.half, y.half);
  const half = (axis: { half: number }) => (1 + 2 * MARGIN) * Math.max(axis.half, NARROWEST * longer);
  return [x.middle - half(x), x.middle + half(x), y.middle - half(y), y.middle + half(y)];
}

/** A grid's losses, row by row from the bottom left; those that are known of a coarser one are not computed again. */
function refined(
  evaluation: Evaluation,
  plane: Plane,
  [left, right, bottom, top]: readonly [number, number, number, number],
  side: number,
  known: { readonly side: number; readonly loss: Float64Array; readonly penalty: Float64Array } | null,
) {
  const loss = new Float64Array(side * side);
  const penalty = new Float64Array(side * side);
  const missing: number[] = [];
  for (let i = 0; i < side * side; i++) {
    const [column, row] = [i % side, Math.floor(i / side)];
    if (known !== null && column % 2 === 0 && row % 2 === 0) {
      const from = (row / 2) * known.side + column / 2;
      [loss[i], penalty[i]] = [known.loss[from], known.penalty[from]];
    } else missing.push(i);
  }
  const found = evaluation.losses(missing.length, (n, column, step) => {
    const x = left + ((right - left) * (missing[n] % side)) / (side - 1);
    const y = bottom + ((top - bottom) * Math.floor(missing[n] / side)) / (side - 1);
    writeNetwork(plane, x, y, column, step);
  });
  missing.forEach((i, n) => ([loss[i], penalty[i]] = [found.loss[n], found.penalty[n]]));
  return { side, loss, penalty };
}

/** A network whose weights are normal numbers, and whose biases are 0. */
function normal(network: Network): Network {
  const initializer = { kind: "random_normal", mean: 0, stddev: 1, shared: false };
  return { ...network, initializer, bias_initializer: { kind: "zeros", shared: false } };
}
