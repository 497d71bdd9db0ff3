// Where a network's numbers stand in the kernels' arrays, as `mlplab.engine.layout` has it.

import type { Engine, Stored } from "./engine.ts";

/** W of a layer, row by row (outputs, inputs), and b. */
export interface Layer {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

export class Layout {
  /** Neurons before each level: inputs, hidden layers, outputs. */
  readonly level: readonly number[];
  /** Rows of parameters before each layer, and in all. */
  readonly begin: readonly number[];
  readonly sizes: readonly number[];
  private readonly lanes: number;

  private constructor(lanes: number, sizes: readonly number[], rows: (inputs: number, outputs: number) => number) {
    this.lanes = lanes;
    this.sizes = sizes;
    this.level = starts(sizes).slice(0, -1);
    this.begin = starts(sizes.slice(1).map((outputs, layer) => rows(sizes[layer], outputs)));
  }

  /** Of one network: for each output its weights, its bias, and zeros up to a whole row. */
  static single(lanes: number, sizes: readonly number[]): Layout {
    return new Layout(lanes, sizes, (inputs, outputs) => rowsOf(inputs, lanes) * outputs);
  }

  /** Of a block, with a column for each network: W output by output, then b. */
  static block(lanes: number, sizes: readonly number[]): Layout {
    return new Layout(lanes, sizes, (inputs, outputs) => (inputs + 1) * outputs);
  }

  get rows(): number {
    return this.begin[this.begin.length - 1];
  }

  /** Weights and biases in all. */
  get parameters(): number {
    return this.sizes.slice(1).reduce((sum, outputs, layer) => sum + outputs * (this.sizes[layer] + 1), 0);
  }

  get classes(): number {
    return this.sizes[this.sizes.length - 1];
  }

  /** Neurons in all, the inputs included. */
  get neurons(): number {
    return this.level[this.level.length - 1] + this.classes;
  }

  /** Write one network's parameters to `theta`, which has a layer's outputs one after the other. */
  packSingle(theta: Float32Array, layers: readonly Layer[]): void {
    layers.forEach(({ weights, biases }, layer) => {
      const inputs = this.sizes[layer];
      biases.forEach((bias, output) => {
        const at = this.output(layer, output);
        theta.set(weights.subarray(output * inputs, (output + 1) * inputs), at);
        theta[at + inputs] = bias;
      });
    });
  }

  /** Read the parameters that `packSingle` wrote. */
  unpackSingle(theta: Float32Array): Layer[] {
    return this.sizes.slice(1).map((outputs, layer) => {
      const inputs = this.sizes[layer];
      const weights = new Float32Array(inputs * outputs);
      const biases = new Float32Array(outputs);
      for (let output = 0; output < outputs; output++) {
        const at = this.output(layer, output);
        weights.set(theta.subarray(at, at + inputs), output * inputs);
        biases[output] = theta[at + inputs];
      }
      return { weights, biases };
    });
  }

  /** Read the parameters of one lane of a block. */
  unpackLane(theta: Float32Array, lane: number): Layer[] {
    return this.sizes.slice(1).map((outputs, layer) => {
      const count = this.sizes[layer] * outputs;
      const numbers = (first: number, n: number) =>
        Float32Array.from({ length: n }, (_, i) => theta[(this.begin[layer] + first + i) * this.lanes + lane]);
      return { weights: numbers(0, count), biases: numbers(count, outputs) };
    });
  }

  private output(layer: number, output: number): number {
    return this.lanes * (this.begin[layer] + output * rowsOf(this.sizes[layer], this.lanes));
  }
}

/** What every kernel is told of a network, besides its parameters. */
export function described(engine: Engine, layout: Layout, activations: readonly string[], loss: string) {
  const addresses = activations.flatMap((name) => engine.known("activations", name));
  return {
    sizes: engine.array("int64", layout.sizes),
    begin: engine.array("int64", layout.begin),
    level: engine.array("int64", layout.level),
    activations: engine.array("int64", addresses, activations.length, 2),
    head: engine.array("int64", engine.known("heads", loss)),
  };
}

/** How many numbers a packed sample has: its features, its class, and zeros up to a multiple of four. */
export function packedWidth(features: number): number {
  return Math.ceil((features + 1) / 4) * 4;
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

function rowsOf(inputs: number, lanes: number): number {
  return Math.floor((inputs + lanes) / lanes);
}

function starts(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push(sums[sums.length - 1] + count);
  return sums;
}
