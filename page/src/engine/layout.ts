// Where a network's numbers stand in the kernels' arrays, as `mlplab.engine.layout` has it.

import type { Engine, Stored } from "./engine.ts";
import type { Head } from "./heads.ts";

/** W of a layer, row by row (outputs, inputs), and b. */
export interface Layer {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** W as rows, one for each output. */
export function rowsOfWeights({ weights, biases }: Layer): Float32Array[] {
  const inputs = weights.length / biases.length;
  return Array.from(biases, (_, i) => weights.subarray(i * inputs, (i + 1) * inputs));
}

/**
 * A single network has a row for each output: its weights, its bias, and zeros up to a multiple of LANES. A block
 * has a column of LANES for each network: W output by output, then b.
 */
export class Layout {
  /** Neurons before each level: inputs, hidden layers, outputs. */
  readonly level: readonly number[];
  /** Rows of LANES parameters before each layer, and in all. */
  readonly begin: readonly number[];
  readonly sizes: readonly number[];
  private readonly lanes: number;
  private readonly isBlock: boolean;

  constructor(lanes: number, sizes: readonly number[], { isBlock }: { readonly isBlock: boolean }) {
    this.lanes = lanes;
    this.sizes = sizes;
    this.isBlock = isBlock;
    const rows = (inputs: number) => (isBlock ? inputs + 1 : rowsOf(inputs, lanes));
    this.level = starts(sizes).slice(0, -1);
    this.begin = starts(sizes.slice(1).map((outputs, layer) => rows(sizes[layer]) * outputs));
  }

  get rows(): number {
    return this.begin[this.begin.length - 1];
  }

  /** Weights and biases in all. */
  get parameters(): number {
    return this.sizes.slice(1).reduce((sum, outputs, layer) => sum + outputs * (this.sizes[layer] + 1), 0);
  }

  get outputs(): number {
    return this.sizes[this.sizes.length - 1];
  }

  /** Neurons in all, the inputs included. */
  get neurons(): number {
    return this.level[this.level.length - 1] + this.outputs;
  }

  /** Write the parameters of a network, of a block that in a lane. */
  pack(theta: Float32Array, layers: readonly Layer[], lane = 0): void {
    layers.forEach(({ weights, biases }, layer) => {
      const inputs = this.sizes[layer];
      biases.forEach((value, output) => {
        const { first, step, bias } = this.places(layer, output, lane);
        for (let i = 0; i < inputs; i++) theta[first + i * step] = weights[output * inputs + i];
        theta[bias] = value;
      });
    });
  }

  /** Read the parameters that `pack` wrote. */
  unpack(theta: Float32Array, lane = 0): Layer[] {
    return this.sizes.slice(1).map((outputs, layer) => {
      const inputs = this.sizes[layer];
      const weights = new Float32Array(inputs * outputs);
      const biases = new Float32Array(outputs);
      for (let output = 0; output < outputs; output++) {
        const { first, step, bias } = this.places(layer, output, lane);
        for (let i = 0; i < inputs; i++) weights[output * inputs + i] = theta[first + i * step];
        biases[output] = theta[bias];
      }
      return { weights, biases };
    });
  }

  /** Where an output's first weight stands, how far it is to the next ones, and where its bias stands. */
  private places(layer: number, output: number, lane: number) {
    const { lanes } = this;
    const [inputs, outputs, begin] = [this.sizes[layer], this.sizes[layer + 1], this.begin[layer]];
    if (this.isBlock) {
      const place = (row: number) => (begin + row) * lanes + lane;
      return { first: place(output * inputs), step: lanes, bias: place(inputs * outputs + output) };
    }
    const first = (begin + output * rowsOf(inputs, lanes)) * lanes;
    return { first, step: 1, bias: first + inputs };
  }
}

/** What every kernel is told of a network, besides its parameters. */
export function described(engine: Engine, layout: Layout, activations: readonly string[], head: Head) {
  const { keep_z: keepZ } = engine.contents;
  const addresses = activations.flatMap((name) => [
    ...engine.known("activations", name),
    keepZ.includes(name) ? 1n : 0n,
  ]);
  return {
    sizes: engine.array("int64", layout.sizes),
    begin: engine.array("int64", layout.begin),
    level: engine.array("int64", layout.level),
    activations: engine.array("int64", addresses, activations.length, 3),
    head: engine.array("int64", [...engine.known("heads", head.name), BigInt(head.answers), BigInt(head.weighs)]),
  };
}

/** How many rows `h` has in a training: those of all neurons, and as many more where slopes need what is kept there. */
export function rowsOfH(engine: Engine, activations: readonly string[], drops: boolean, rows: number): number {
  return drops || activations.some((name) => engine.contents.keep_z.includes(name)) ? 2 * rows : rows;
}

/** How many numbers a packed sample has: its features, its class and other answers, and zeros up to a multiple of four. */
export function packedWidth(features: number, answers = 1): number {
  return Math.ceil((features + answers) / 4) * 4;
}

/** Make samples as kernels read them, of shape (1, samples, width). */
export function packSamples(
  engine: Engine,
  x: ArrayLike<number>,
  y: ArrayLike<number> | null,
  features: number,
): Stored<"float32"> {
  const samples = x.length / features;
  const width = packedWidth(features);
  const packed = engine.zeros("float32", 1, samples, width);
  const numbers = engine.view(packed);
  for (let i = 0; i < samples; i++) {
    for (let feature = 0; feature < features; feature++) numbers[i * width + feature] = x[i * features + feature];
    numbers[i * width + features] = y === null ? 0 : y[i];
  }
  return packed;
}

/** A split without its samples: kernels score none then. */
export function without(split: Stored<"float32">): Stored<"float32"> {
  const [trials, , width] = split.shape;
  return { ...split, shape: [trials, 0, width] };
}

/** How many rows of samples go through the layers together, of so many samples in all. */
export function vectorsOf(engine: Engine, samples: number): number {
  const { lanes, vectors } = engine.contents;
  return Math.min(vectors, Math.floor((samples + lanes - 1) / lanes));
}

function rowsOf(inputs: number, lanes: number): number {
  return Math.floor((inputs + lanes) / lanes);
}

function starts(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push(sums[sums.length - 1] + count);
  return sums;
}
