// Everything random in a trial, drawn by the module from seeds, as `mlplab.drawing` does.

import type { Engine, Stored } from "./engine.ts";
import { classCount, counts, type Dataset, type Initializer, type Network, type Optimizer, type Part } from "./experiment.ts";
import { packedWidth, type Layer } from "./layout.ts";

export type Splits = readonly [Stored<"float32">, Stored<"float32">, Stored<"float32">];

/** Draw the training, the validation and the test samples of each seed, (seeds, samples, width). */
export function drawSamples(engine: Engine, dataset: Dataset, seeds: readonly bigint[]): Splits {
  const { parameters, features, uniforms } = engine.contents.datasets[dataset.kind];
  const [train, validation, test] = counts(dataset).map((count) =>
    engine.zeros("float32", seeds.length, count, packedWidth(features)),
  );
  const splits = [train, validation, test] as const;
  engine.within(() =>
    engine.call(`samples_${dataset.kind}`, {
      parameters: table(engine, dataset, parameters, seeds.length),
      seeds: engine.array("uint64", seeds),
      classes: classCount(dataset),
      features,
      uniforms,
      splits,
    }),
  );
  return splits;
}

/** Draw the initial layers of each seed's network. */
export function drawLayers(
  engine: Engine,
  network: Network,
  sizes: readonly number[],
  seeds: readonly bigint[],
): Layer[][] {
  const shapes = sizes.slice(1).map((outputs, layer): LayerShape => [sizes[layer] * outputs, sizes[layer], outputs]);
  const weights = drawNumbers(engine, network.initializer, shapes, 0, seeds);
  // Of biases, fan_in and fan_out are both their number.
  const vectors = sizes.slice(1).map((outputs): LayerShape => [outputs, outputs, outputs]);
  const biases = drawNumbers(engine, network.bias_initializer, vectors, engine.contents.biases, seeds);
  return seeds.map((_, i) => {
    const [w, b] = [apart(weights[i], shapes), apart(biases[i], vectors)];
    return w.map((of, layer) => ({ weights: of, biases: b[layer] }));
  });
}

/** How many numbers a layer has, and its fan_in and fan_out. */
type LayerShape = readonly [number, number, number];

/** Draw the numbers of layers for each seed, as float32, from sub-streams of the weights' from `firstPart` on. */
function drawNumbers(
  engine: Engine,
  initializer: Initializer,
  shapes: readonly LayerShape[],
  firstPart: number,
  seeds: readonly bigint[],
): Float32Array[] {
  const names = shapes.map((shape) => shape.join(" "));
  // Layers that share an initializer draw from a sub-stream of their shape, numbered as shapes appear.
  const distinct = [...new Set(names)];
  const parts = names.map((name, layer) => {
    if (initializer.shared) return firstPart + 1 + distinct.indexOf(name);
    return layer === 0 ? firstPart : engine.contents.goes_on;
  });
  const count = shapes.reduce((sum, [numbers]) => sum + numbers, 0);
  return engine.within(() => {
    const numbers = engine.zeros("float64", seeds.length, count);
    engine.call(`layers_${initializer.kind}`, {
      parameters: table(engine, initializer, engine.contents.initializers[initializer.kind], seeds.length),
      seeds: engine.array("uint64", seeds),
      layers: engine.array("int64", shapes.flat(), shapes.length, 3),
      parts: engine.array("int64", parts),
      numbers,
    });
    const drawn = engine.view(numbers);
    return seeds.map((_, i) => Float32Array.from(drawn.subarray(i * count, (i + 1) * count)));
  });
}

/** The numbers of each layer. */
function apart(numbers: Float32Array, shapes: readonly LayerShape[]): Float32Array[] {
  let end = 0;
  return shapes.map(([count]) => numbers.subarray(end, (end += count)));
}

/** The key from which all shuffles of each seed follow. */
export function shuffleKeys(engine: Engine, seeds: readonly bigint[]): bigint[] {
  return engine.within(() => {
    const keys = engine.zeros("uint64", seeds.length);
    engine.call("keys", { seeds: engine.array("uint64", seeds), keys });
    return [...engine.view(keys)];
  });
}

/** The learning rate of each of some updates, which are counted from 0. */
export function learningRates(engine: Engine, rate: number | Part, steps: readonly number[]): Float64Array {
  if (typeof rate === "number") return new Float64Array(steps.length).fill(rate);
  return engine.within(() => {
    const out = engine.zeros("float64", steps.length);
    engine.call(`rates_${rate.kind}`, {
      steps: engine.array("float64", steps),
      parameters: engine.contents.schedules[rate.kind].map((name) => {
        const value = rate[name];
        return Array.isArray(value) ? engine.array("float64", value) : asNumber(value);
      }),
      out,
    });
    return engine.copy(out);
  });
}

/** What an update of an optimizer is scaled by: its learning rate, with Adam's correction. */
export function stepSizes(engine: Engine, optimizer: Optimizer, updates: number): Float32Array {
  const steps = Array.from({ length: updates }, (_, i) => i);
  const rates = learningRates(engine, optimizer.learning_rate, steps);
  if (optimizer.kind !== "adam") return Float32Array.from(rates);
  return engine.within(() => {
    const sizes = engine.array("float64", rates);
    engine.call("correct_bias", {
      steps: engine.array("float64", steps),
      beta_1: optimizer["beta_1"] as number,
      beta_2: optimizer["beta_2"] as number,
      sizes,
    });
    return Float32Array.from(engine.view(sizes));
  });
}

/** What kernels know an optimizer by, and what it needs besides its rate. */
export function optimizerOf(optimizer: Optimizer): { name: string; constants: [number, number, number] } {
  if (optimizer.kind === "adam") {
    const { beta_1, beta_2, epsilon } = optimizer as unknown as Record<string, number>;
    return { name: "adam", constants: [1 - beta_1, 1 - beta_2, epsilon] };
  }
  const momentum = optimizer["momentum"] as number;
  const name = optimizer["nesterov"] === true ? "nesterov" : momentum > 0 ? "momentum" : "sgd";
  return { name, constants: [momentum, 0, 0] };
}

/** The parameters of a part's formula, once for each seed. */
function table(engine: Engine, part: Part, names: readonly string[], rows: number): Stored<"float64"> {
  const row = names.map((name) => asNumber(part[name]));
  return engine.array("float64", Array<number[]>(rows).fill(row).flat(), rows, row.length);
}

/** What is not set is NaN, true and false are 1 and 0. */
function asNumber(value: unknown): number {
  return value === null || value === undefined ? NaN : Number(value);
}
