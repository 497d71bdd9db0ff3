// Losses of very many networks of one shape on the samples of one trial, sixteen at once: `mlplab.engine.evaluation`.
//
// The parameters of a network are a line of numbers: of each layer W, output by output, then b.

import type { Engine, Stored } from "./engine.ts";
import { activations, networkSizes, SPLITS, type Experiment, type SplitName } from "./experiment.ts";
import { samplesOf, type FiniteSamples } from "./finite.ts";
import { headOf, outputsFor, withAnswers } from "./heads.ts";
import { described, Layout, type Layer } from "./layout.ts";
import { strengthsOf } from "./penalty.ts";

/** Writes the parameters of network i to `column`: number p of them to place p · step. */
export type Parameters = (i: number, column: Float32Array, step: number) => void;

/** Of networks: the loss without the penalty, and what the regularizer adds. */
export interface Losses {
  readonly loss: Float64Array;
  readonly penalty: Float64Array;
}

/** Looks at networks of a trial's shape on one split of its samples, each weighing 1, without dropout and noise. */
export class Evaluation {
  readonly sizes: readonly number[];
  private readonly engine: Engine;
  private readonly experiment: Experiment;
  private readonly layout: Layout;
  private readonly samples: Stored<"float32">;
  private readonly theta: Stored<"float32">;
  private readonly shared: Readonly<Record<string, Stored>>;
  private readonly classes: number;
  private readonly areWeights: readonly boolean[];

  /** Its arrays stay in the engine's memory until that is cleared. */
  constructor(engine: Engine, experiment: Experiment, seed: bigint, finite: FiniteSamples | null, split: SplitName) {
    const { dataset, network, training } = experiment;
    const { lanes, chunk, stride } = engine.contents;
    const { features, classes, targets, labelNames, splits } = samplesOf(engine, dataset, finite, [seed]);
    const outputs = outputsFor(training, classes, targets);
    const head = headOf(engine.contents, training, outputs, targets > 0);
    this.engine = engine;
    this.experiment = experiment;
    this.classes = classes;
    this.sizes = networkSizes(network, features, outputs);
    this.layout = new Layout(lanes, this.sizes, { isBlock: true });
    this.samples = withAnswers(engine, splits, features, training, head, labelNames)[SPLITS.indexOf(split)];
    this.theta = engine.zeros("float32", this.layout.rows, lanes);
    this.shared = {
      ...described(engine, this.layout, activations(network), head),
      stop: engine.zeros("uint8", 1),
      h: engine.zeros("float32", this.layout.neurons * stride, lanes),
      taken: engine.zeros("float32", this.samples.shape[2], lanes),
      answers: engine.zeros("float32", head.answers * stride, lanes),
      scratch: engine.zeros("float32", 3, chunk, lanes),
      indices: engine.zeros("int32", lanes, chunk),
    };
    this.areWeights = this.sizes.slice(1).flatMap((into, layer) => [
      ...Array<boolean>(this.sizes[layer] * into).fill(true),
      ...Array<boolean>(into).fill(false),
    ]);
  }

  /** The losses of so many networks. */
  losses(count: number, parameters: Parameters): Losses {
    const { engine, classes, shared, samples, theta } = this;
    const { lanes } = engine.contents;
    const loss = new Float64Array(count);
    const penalty = new Float64Array(count);
    for (let begin = 0; begin < count; begin += lanes) {
      const end = Math.min(begin + lanes, count);
      engine.within(() => {
        const numbers = engine.view(theta);
        // The last network fills the lanes that are left.
        for (let lane = 0; lane < lanes; lane++) parameters(Math.min(begin + lane, end - 1), numbers.subarray(lane), lanes);
        for (let i = begin; i < end; i++) penalty[i] = this.penalty(numbers.subarray(i - begin), lanes);
        const seen = engine.zeros("float64", 2, lanes);
        const predicted = engine.zeros("int64", classes, lanes);
        engine.call("block_evaluate", { theta, ...shared, samples, seen, predicted });
        loss.set(engine.view(seen).subarray(0, end - begin), begin);
      });
    }
    return { loss, penalty };
  }

  private penalty(column: Float32Array, step: number): number {
    const { l1, l2 } = strengthsOf(this.experiment.network);
    if (l1 === 0 && l2 === 0) return 0;
    let sum = 0;
    this.areWeights.forEach((isWeight, p) => {
      if (isWeight) sum += l1 * Math.abs(column[p * step]) + l2 * column[p * step] ** 2;
    });
    return sum;
  }
}

/** A network's parameters in a line. */
export function flattened(layers: readonly Layer[]): Float32Array {
  const line = new Float32Array(layers.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0));
  let at = 0;
  for (const { weights, biases } of layers) {
    line.set(weights, at);
    line.set(biases, at + weights.length);
    at += weights.length + biases.length;
  }
  return line;
}
