// Sixteen networks at once, one in each lane, from as many seeds: `mlplab.engine.block`.

import { drawLayers, noiseKeys, optimizerOf, shuffleKeys, stepSizes, type StepSizes } from "./drawing.ts";
import type { Engine, Stored } from "./engine.ts";
import { activations, networkSizes, SCORES, updatesPerEpoch, type Experiment } from "./experiment.ts";
import { learned, samplesOf, type FiniteSamples } from "./finite.ts";
import { headOf, outputsFor, withAnswers } from "./heads.ts";
import { described, Layout, rowsOfH, without, type Layer } from "./layout.ts";
import { beginWatching, besidesOf, drops, looksAtValidation, scoresOf, watchedOf, withBesides } from "./options.ts";
import type { Score } from "./stepper.ts";

/** What the training of one network left. */
export interface Trained {
  readonly seed: bigint;
  /** Training loss and metric, validation loss and metric of each epoch that it was trained. */
  readonly history: Float64Array;
  /** Where there are penalties, the mean of those before each update and that after the epoch, of each epoch. */
  readonly penalties: Float64Array;
  readonly train: Score;
  readonly validation: Score;
  readonly test: Score;
  /** Training samples that have each class; none where they have targets. */
  readonly labelled: readonly number[];
  /** Of targets, the training loss of the best constant answer; null of classes. */
  readonly constantLoss: number | null;
  readonly layers: readonly Layer[];
}

/**
 * Train the networks of up to LANES seeds; samples that are not drawn, such as own points, are handed in.
 *
 * Without validation, the history has no validation scores, unless a rule looks at them.
 */
export function trainBlock(
  engine: Engine,
  experiment: Experiment,
  seeds: readonly bigint[],
  finite: FiniteSamples | null = null,
  validate = true,
): Trained[] {
  return engine.within(() => {
    const { dataset, network, training } = experiment;
    const { lanes, chunk, stride, segment } = engine.contents;
    // The last network fills the lanes that are left.
    const filled = Array.from({ length: lanes }, (_, lane) => seeds[Math.min(lane, seeds.length - 1)]);
    const { features, classes, targets, labelNames, splits: drawnSplits } = samplesOf(engine, dataset, finite, filled);
    const outputs = outputsFor(training, classes, targets);
    const head = headOf(engine.contents, training, outputs, targets > 0);
    const splits = withAnswers(engine, drawnSplits, features, training, head, labelNames);
    const sizes = networkSizes(network, features, outputs);
    const layout = new Layout(lanes, sizes, { isBlock: true });
    const [train, validation, test] = splits;
    const samples = train.shape[1];
    const batchSize = Math.min(training.batch_size, samples);
    const updates = training.epochs * updatesPerEpoch(samples, batchSize);
    const rates = stepSizes(engine, training.optimizer, updates);
    const { address, constants } = optimizerOf(engine, training.optimizer);
    const drawn = drawLayers(engine, network, sizes, filled);
    const theta = engine.zeros("float32", layout.rows, lanes);
    drawn.forEach((layers, lane) => layout.pack(engine.view(theta), layers, lane));
    const number = (...shape: number[]) => engine.zeros("float32", ...shape);
    const rows = layout.neurons * stride;
    const width = train.shape[2];
    // What both kernels take, with arrays to work in.
    const shared = {
      theta,
      ...described(engine, layout, activations(network), head),
      stop: engine.zeros("uint8", 1),
      h: number(rowsOfH(engine, activations(network), drops(experiment), rows), lanes),
      taken: number(width, lanes),
      answers: number(head.answers * stride, lanes),
      scratch: number(3, chunk, lanes),
    };
    const watched = beginWatching(engine, lanes);
    const perEpoch = scoresOf(experiment);
    const unseen = new Float64Array(training.epochs * perEpoch * lanes).fill(NaN);
    const history = engine.array("float64", unseen, training.epochs, perEpoch, lanes);
    const besides = besidesOf(engine, experiment, head, noiseKeys(engine, filled), layout.rows);
    const [kernel, argument] = withBesides("block_train", besides);
    engine.within(() =>
      engine.call(kernel, {
        ...shared,
        optimizer: address,
        constants: engine.array("float32", constants.flatMap((value) => Array<number>(lanes).fill(value)), 3, lanes),
        rates: repeated(engine, rates, lanes),
        keys: engine.array("uint64", shuffleKeys(engine, filled)),
        batch_size: batchSize,
        besides: argument,
        samples: train,
        validation: validate || looksAtValidation(training) ? validation : without(validation),
        history,
        watched,
        done: engine.zeros("int64", 1),
        evaluation: engine.known("evaluation", "block")[0],
        indices: engine.zeros("int32", lanes, Math.max(samples, chunk) + lanes),
        partners: engine.zeros("int32", samples),
        delta: number(rows, lanes),
        gradient: number(layout.rows, lanes),
        first_moment: number(layout.rows * lanes),
        second_moment: number(layout.rows * lanes),
        rate: number((rates.count * segment) / lanes, lanes),
        repeated: number(3, segment),
        at_end: number(layout.rows, lanes),
        ended: engine.zeros("uint8", lanes),
        seen: engine.zeros("float64", 3, lanes),
        uncounted: engine.zeros("int64", 0, lanes),
      }),
    );
    const evaluate = (split: Stored<"float32">) => {
      const seen = engine.zeros("float64", 2, lanes);
      const predicted = engine.zeros("int64", classes, lanes);
      engine.call("block_evaluate", {
        ...shared,
        samples: split,
        indices: engine.zeros("int32", lanes, chunk),
        seen,
        predicted,
      });
      const scores = engine.copy(seen);
      const counts = [...engine.view(predicted)].map(Number);
      return (lane: number): Score => ({
        loss: scores[lane],
        metric: scores[lanes + lane],
        predicted: Array.from({ length: classes }, (_, k) => counts[k * lanes + lane]),
      });
    };
    const [ofTrain, ofValidation, ofTest] = [train, validation, test].map(evaluate);
    const numbers = engine.copy(theta);
    const scores = engine.copy(history);
    const packed = engine.view(train);
    // The class of each training sample, or its first target.
    const answersOf = (lane: number) => {
      const first = train.shape[0] === 1 ? 0 : lane * samples * width;
      return Float32Array.from({ length: samples }, (_, i) => packed[first + i * width + features]);
    };
    const epochs = (lane: number) => watchedOf(engine, watched, "epochs", lane) || training.epochs;
    return seeds.map((seed, lane) => ({
      seed,
      history: columns(epochs(lane), perEpoch, 0, SCORES, (i) => scores[i * lanes + lane]),
      penalties: columns(epochs(lane), perEpoch, SCORES, perEpoch, (i) => scores[i * lanes + lane]),
      train: ofTrain(lane),
      validation: ofValidation(lane),
      test: ofTest(lane),
      ...learned(training.loss, answersOf(lane), classes),
      layers: layout.unpack(numbers, lane),
    }));
  });
}

/** Some columns of a history that has `perEpoch` numbers of each epoch, epoch by epoch. */
export function columns(
  epochs: number,
  perEpoch: number,
  first: number,
  end: number,
  at: (place: number) => number,
): Float64Array {
  const width = end - first;
  return Float64Array.from({ length: epochs * width }, (_, i) =>
    at(Math.floor(i / width) * perEpoch + first + (i % width)),
  );
}

/** Each number in all lanes. */
function repeated(engine: Engine, { sizes }: StepSizes, lanes: number): Stored<"float32"> {
  const stored = engine.zeros("float32", sizes.length, lanes);
  const numbers = engine.view(stored);
  sizes.forEach((value, i) => numbers.fill(value, i * lanes, (i + 1) * lanes));
  return stored;
}
