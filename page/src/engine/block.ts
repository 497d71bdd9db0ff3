// Sixteen networks at once, one in each lane, from as many seeds: `mlplab.engine.block`.

import { drawLayers, optimizerOf, shuffleKeys, stepSizes } from "./drawing.ts";
import type { Engine, Stored } from "./engine.ts";
import { activations, networkSizes, updatesPerEpoch, type Experiment } from "./experiment.ts";
import { countClasses, samplesOf, type FiniteSamples } from "./finite.ts";
import { described, rowsOfH, Layout, type Layer } from "./layout.ts";
import { beginWatching, settings, switches } from "./options.ts";
import { without, type Score } from "./stepper.ts";

/** What the training of one network left. */
export interface Trained {
  readonly seed: bigint;
  /** Training loss and accuracy, validation loss and accuracy of each epoch. */
  readonly history: Float64Array;
  readonly train: Score;
  readonly validation: Score;
  readonly test: Score;
  /** Training samples that have each class. */
  readonly labelled: readonly number[];
  readonly layers: readonly Layer[];
}

/**
 * Train the networks of up to LANES seeds; samples that are not drawn, such as own points, are handed in.
 *
 * Without validation, the history has no validation scores.
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
    const { features, classes, splits } = samplesOf(engine, dataset, finite, filled);
    const sizes = networkSizes(network, features, classes);
    const layout = new Layout(lanes, sizes, { isBlock: true });
    const [train, validation, test] = splits;
    const samples = train.shape[1];
    const batchSize = Math.min(training.batch_size, samples);
    const updates = training.epochs * updatesPerEpoch(samples, batchSize);
    const rates = stepSizes(engine, training.optimizer, updates);
    const { name, constants } = optimizerOf(training.optimizer);
    const drawn = drawLayers(engine, network, sizes, filled);
    const theta = engine.zeros("float32", layout.rows, lanes);
    drawn.forEach((layers, lane) => layout.pack(engine.view(theta), layers, lane));
    const number = (...shape: number[]) => engine.zeros("float32", ...shape);
    const rows = layout.neurons * stride;
    const width = train.shape[2];
    // What both kernels take, with arrays to work in.
    const shared = {
      theta,
      ...described(engine, layout, activations(network), training.loss),
      stop: engine.zeros("uint8", 1),
      h: number(rowsOfH(engine, activations(network), rows), lanes),
      taken: number(width, lanes),
      labels: number(stride, lanes),
      scratch: number(3, chunk, lanes),
    };
    const history = engine.array("float64", new Float64Array(training.epochs * 4 * lanes).fill(NaN), training.epochs, 4, lanes);
    engine.within(() =>
      engine.call("block_train", {
        ...shared,
        optimizer: engine.known("optimizers", name)[0],
        constants: engine.array("float32", constants.flatMap((value) => Array<number>(lanes).fill(value)), 3, lanes),
        rates: repeated(engine, rates, lanes),
        keys: engine.array("uint64", shuffleKeys(engine, filled)),
        noise_keys: engine.zeros("uint64", lanes),
        batch_size: batchSize,
        switches: switches(engine, experiment),
        settings: settings(engine, experiment, lanes),
        samples: train,
        validation: validate ? validation : without(validation),
        history,
        watched: beginWatching(engine, lanes),
        best: number(0, lanes),
        done: engine.zeros("int64", 1),
        evaluation: engine.known("evaluation", "block")[0],
        indices: engine.zeros("int32", lanes, Math.max(samples, chunk) + lanes),
        partners: engine.zeros("int32", samples),
        delta: number(rows, lanes),
        gradient: number(layout.rows, lanes),
        first_moment: number(layout.rows * lanes),
        second_moment: number(layout.rows * lanes),
        rate: number(segment / lanes, lanes),
        repeated: number(3, segment),
        at_end: number(layout.rows, lanes),
        ended: engine.zeros("uint8", lanes),
        seen: engine.zeros("float64", 2, lanes),
        uncounted: engine.zeros("int64", 0, lanes),
      }),
    );
    const evaluate = (split: Stored<"float32">) => {
      const seen = engine.zeros("float64", 2, lanes);
      const predicted = engine.zeros("int64", layout.classes, lanes);
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
        accuracy: scores[lanes + lane],
        predicted: Array.from({ length: layout.classes }, (_, k) => counts[k * lanes + lane]),
      });
    };
    const [ofTrain, ofValidation, ofTest] = [train, validation, test].map(evaluate);
    const numbers = engine.copy(theta);
    const scores = engine.copy(history);
    const packed = engine.view(train);
    const labelled = (lane: number) => {
      const first = train.shape[0] === 1 ? 0 : lane * samples * width;
      return countClasses(Array.from({ length: samples }, (_, i) => packed[first + i * width + features]), classes);
    };
    return seeds.map((seed, lane) => ({
      seed,
      history: Float64Array.from({ length: training.epochs * 4 }, (_, i) => scores[i * lanes + lane]),
      train: ofTrain(lane),
      validation: ofValidation(lane),
      test: ofTest(lane),
      labelled: labelled(lane),
      layers: layout.unpack(numbers, lane),
    }));
  });
}

/** Each number in all lanes. */
function repeated(engine: Engine, values: Float32Array, lanes: number): Stored<"float32"> {
  const stored = engine.zeros("float32", values.length, lanes);
  const numbers = engine.view(stored);
  values.forEach((value, i) => numbers.fill(value, i * lanes, (i + 1) * lanes));
  return stored;
}
