// One update of one network with all its numbers: `mlplab.engine.observing`.
//
// The kernel makes the update on copies, with as many rows as the batch needs. One sample is appended that no batch
// takes: so no epoch ends, and the sums of the scores are those of this batch.

import type { Engine, Stored } from "./engine.ts";
import { SCORES, type Training } from "./experiment.ts";
import { headOf } from "./heads.ts";
import { described, Layout, packSamples, vectorsOf, type Layer } from "./layout.ts";
import { watchedOf, type Besides } from "./options.ts";
import { trainSingle, type SingleTraining } from "./single.ts";
import type { Snapshot } from "./stepper.ts";

const FREE = 2; // the place of the step size that follows no learning rate, as in `mlplab.spec.optimizers.base`

/** One update. Numbers of neurons are (neurons, samples). */
export interface ObservedUpdate {
  /** Updates made before it, and the epoch in which it is, from 0. */
  readonly update: number;
  readonly epoch: number;
  /** The training sample that makes it alone; null where it is the training's own. */
  readonly point: number | null;
  /** Numbers of the batch's samples among the training samples. */
  readonly samples: readonly number[];
  /** Of each sample its label, or its target, and how much it weighs. */
  readonly answers: readonly number[];
  readonly sampleWeights: readonly number[];
  /** Of each level: the inputs, with their noise; what hidden layers pass on, after dropout; outputs. */
  readonly h: readonly Float32Array[];
  readonly z: readonly Float32Array[];
  /** Of each hidden layer, before dropout. */
  readonly activated: readonly Float32Array[];
  readonly delta: readonly Float32Array[];
  readonly gradient: readonly Layer[];
  /** With the slope of the penalty; and what the optimizer takes, clipped too. */
  readonly penalised: readonly Layer[];
  readonly taken: readonly Layer[];
  readonly before: readonly Layer[];
  readonly after: readonly Layer[];
  /** The first and the second moment, each before and after. */
  readonly moments: readonly (readonly [readonly Layer[], readonly Layer[]])[];
  readonly stepSizes: readonly number[];
  readonly outputsAfter: Float32Array;
  readonly loss: number;
  readonly lossAfter: number;
  readonly penalty: number;
  readonly penaltyAfter: number;
}

/** What is told of a training that stands before an update; arrays are copied, and left as they are. */
export interface Standing extends Omit<SingleTraining, "history" | "place" | "vectors" | "validationVectors" | "validation" | "batchSize"> {
  readonly features: number;
  readonly update: number;
  readonly epoch: number;
  /** The batch: its first place in the epoch's order, and its samples. */
  readonly used: number;
  readonly size: number;
  /** Numbers of a history's epoch. */
  readonly perEpoch: number;
  /** Whether the loss of a sample is a mean over outputs; else it is their sum. */
  readonly isMeanOfOutputs: boolean;
}

/** What is told of a training as it stood at a snapshot; within `engine.within`. */
export function standingThen(
  engine: Engine,
  layout: Layout,
  past: Snapshot,
): Pick<Standing, "theta" | "moments" | "watched"> {
  const packed = (layers: readonly Layer[]) => {
    const stored = engine.zeros("float32", layout.rows, engine.contents.lanes);
    layout.pack(engine.view(stored), layers);
    return stored;
  };
  const flat = (layers: readonly Layer[]) => ({ ...packed(layers), shape: [layout.rows * engine.contents.lanes] });
  return {
    theta: packed(past.layers),
    moments: [flat(past.firstMoment), flat(past.secondMoment)],
    watched: engine.array("float64", past.watched, past.watched.length, 1),
  };
}

/** The next update: of the batch, or of one training sample alone, with the noise of its place in the epoch. */
export function observeUpdate(engine: Engine, standing: Standing, point: number | null): ObservedUpdate {
  return engine.within(() => {
    const { layout, theta, rates, besides, watched, head, features, perEpoch } = standing;
    const samples = oneMore(engine, standing.samples);
    const made = (start: number, size: number, how: Partial<Pick<Standing, "theta" | "rates" | "besides">> = {}) =>
      makeUpdate(engine, { ...standing, ...how, samples }, start, size);
    const batch = made(standing.used, standing.size);
    const start = point === null ? standing.used : batch.order.indexOf(point);
    const size = point === null ? standing.size : 1;
    const found = point === null ? batch : made(start, 1);
    const still = engine.zeros("float32", ...rates.shape);
    const after = made(start, size, { rates: still, theta: found.theta });
    const [clips, penalises] = ["clips", "penalised"].map((name) => engine.contents.switches.indexOf(name));
    const isOn = (place: number) => besides !== null && engine.view(besides.switches)[place] !== 0n;
    const unclipped = isOn(clips) ? switchedOff(engine, besides, clips) : besides;
    const penalised = isOn(clips) ? made(start, size, { rates: still, besides: unclipped }) : found;
    const raw = isOn(penalises)
      ? made(start, size, { rates: still, besides: switchedOff(engine, unclipped, penalises) })
      : penalised;
    const read = (stored: Stored<"float32">) => layout.unpack(engine.view(stored));
    const layers = layout.sizes.slice(1).map((_, i) => i);
    const packed = engine.view(standing.samples);
    const width = standing.samples.shape[2];
    const chosen = batch.order.slice(start, start + size);
    const answerOf = (sample: number, answer: string) => packed[sample * width + features + head.places[answer][0]];
    const scale = besides === null ? 1 : watchedOf(engine, watched, "scale");
    const stepSizes = [...engine.view(rates)].map((rate, i) => (i === FREE ? rate : Math.fround(rate * scale)));
    const mean = (scores: Float64Array) => scores[0] / (size * (standing.isMeanOfOutputs ? layout.outputs : 1));
    const penaltyOf = (scores: Float64Array) => (perEpoch > SCORES ? scores[SCORES] / size : 0);
    const h = found.levels;
    return {
      update: standing.update,
      epoch: standing.epoch,
      point,
      samples: chosen,
      answers: chosen.map((i) => answerOf(i, "label" in head.places ? "label" : "targets")),
      sampleWeights: chosen.map((i) => (head.weighs ? answerOf(i, "weight") : 1)),
      h,
      z: layers.map((layer) => alone(engine, layout, theta, layer, h[layer], null)),
      activated: layers.slice(0, -1).map((layer) => alone(engine, layout, theta, layer, h[layer], standing.activations[layer])),
      delta: found.deltas.slice(1),
      gradient: read(raw.gradient),
      penalised: read(penalised.gradient),
      taken: read(found.gradient),
      before: read(theta),
      after: read(found.theta),
      moments: [0, 1].map((i) => [read(standing.moments[i]), read(found.moments[i])] as const),
      stepSizes,
      outputsAfter: after.levels[after.levels.length - 1],
      loss: mean(found.scores),
      lossAfter: mean(after.scores),
      penalty: penaltyOf(found.scores),
      penaltyAfter: penaltyOf(after.scores),
    };
  });
}

function makeUpdate(engine: Engine, standing: Standing, start: number, size: number) {
  const { layout, perEpoch, epoch } = standing;
  const { lanes } = engine.contents;
  const copied = <T extends "float32" | "float64">(stored: Stored<T>) => engine.array(stored.type, engine.copy(stored), ...stored.shape);
  const theta = copied(standing.theta);
  const moments = [copied(standing.moments[0]), copied(standing.moments[1])] as const;
  const history = engine.zeros("float64", epoch + 1, perEpoch, 1);
  const vectors = Math.floor((size + lanes - 1) / lanes);
  const { gradient, h, delta, indices } = trainSingle(engine, {
    ...standing,
    theta,
    moments,
    batchSize: size,
    shuffled: standing.samples.shape[1] - 1,
    history,
    watched: copied(standing.watched),
    place: engine.array("int64", [epoch, start]),
    vectors,
    validationVectors: 0,
  });
  const levelsOf = (stored: Stored<"float32">) =>
    layout.sizes.map((neurons, level) => {
      const numbers = engine.view(stored);
      const rows = vectors * lanes;
      const of = new Float32Array(neurons * size);
      for (let j = 0; j < neurons; j++) {
        const first = (layout.level[level] + j) * rows;
        of.set(numbers.subarray(first, first + size), j * size);
      }
      return of;
    });
  return {
    theta,
    moments,
    gradient,
    levels: levelsOf(h),
    deltas: levelsOf(delta),
    order: [...engine.view(indices)],
    scores: engine.copy(history).slice(epoch * perEpoch),
  };
}

/** What a layer alone gives of its inputs, (neurons, samples): its pre-activations, or those activated. */
function alone(
  engine: Engine,
  { sizes, begin }: Layout,
  theta: Stored<"float32">,
  layer: number,
  inputs: Float32Array,
  activation: string | null,
): Float32Array {
  return engine.within(() => {
    const { lanes } = engine.contents;
    const [features, outputs] = [sizes[layer], sizes[layer + 1]];
    const of = activation === null ? [features, outputs] : [features, outputs, 1];
    const layout = new Layout(lanes, of, { isBlock: false });
    const head = headOf(engine.contents, { loss: "mean_squared_error" } as Training, of[of.length - 1], true);
    const network = described(engine, layout, activation === null ? [] : [activation], head);
    const own = engine.zeros("float32", layout.rows, lanes);
    engine.view(own).set(engine.view(theta).subarray(begin[layer] * lanes, begin[layer + 1] * lanes));
    const samples = inputs.length / features;
    const x = Float32Array.from({ length: inputs.length }, (_, i) => inputs[(i % features) * samples + Math.floor(i / features)]);
    const packed = packSamples(engine, x, null, features);
    const vectors = vectorsOf(engine, samples);
    const predictions = engine.zeros("float32", layout.neurons - features, samples);
    engine.call("single_predict", {
      theta: own,
      ...network,
      samples: packed,
      first: features,
      vectors,
      chosen: engine.zeros("int64", vectors * lanes),
      h: engine.zeros("float32", layout.neurons * vectors, lanes),
      answers: engine.zeros("float32", 1, vectors * lanes),
      scratch: engine.zeros("float32", 3, vectors, lanes),
      predictions,
    });
    return engine.copy(predictions).slice(0, outputs * samples);
  });
}

/** The samples, and the last of them once more. */
function oneMore(engine: Engine, samples: Stored<"float32">): Stored<"float32"> {
  const [, count, width] = samples.shape;
  const more = engine.zeros("float32", 1, count + 1, width);
  const [from, to] = [engine.view(samples), engine.view(more)];
  to.set(from);
  to.set(from.subarray((count - 1) * width), count * width);
  return more;
}

function switchedOff(engine: Engine, besides: Besides | null, place: number): Besides | null {
  if (besides === null) return null;
  const switches = engine.array("int64", engine.copy(besides.switches));
  engine.view(switches)[place] = 0n;
  return { ...besides, switches };
}
