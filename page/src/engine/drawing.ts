// Everything random in a trial, drawn by the module from seeds, as `mlplab.drawing` does.

import type { Engine, Stored } from "./engine.ts";
import { classCount, counts, type Dataset, type Initializer, type Network, type Optimizer, type Part } from "./experiment.ts";
import { packedWidth, type Layer } from "./layout.ts";

/** Numbers that an optimizer may need besides its step sizes. */
const CONSTANTS = 3;

export type Splits = readonly [Stored<"float32">, Stored<"float32">, Stored<"float32">];

/** Draw the training, the validation and the test samples of each seed, (seeds, samples, width). */
export function drawSamples(engine: Engine, dataset: Dataset, seeds: readonly bigint[]): Splits {
  const { parameters, features, targets, uniforms } = engine.contents.datasets[dataset.kind];
  const [train, validation, test] = counts(dataset).map((count) =>
    engine.zeros("float32", seeds.length, count, packedWidth(features, Math.max(targets, 1))),
  );
  const splits = [train, validation, test] as const;
  engine.within(() =>
    engine.call(`samples_${dataset.kind}`, {
      parameters: table(engine, dataset, parameters, seeds.length),
      seeds: engine.array("uint64", seeds),
      classes: classCount(dataset),
      features,
      targets,
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
  return keysOf(engine, "shuffle", seeds);
}

/** The key from which all noise of each seed follows. */
export function noiseKeys(engine: Engine, seeds: readonly bigint[]): bigint[] {
  return keysOf(engine, "noise", seeds);
}

function keysOf(engine: Engine, stream: string, seeds: readonly bigint[]): bigint[] {
  return engine.within(() => {
    const keys = engine.zeros("uint64", seeds.length);
    const number = engine.contents.streams.indexOf(stream);
    engine.call("keys", { stream: number, seeds: engine.array("uint64", seeds), keys });
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

/** What some updates of an optimizer are scaled by, counted from 0: so many numbers for each, (updates, count). */
export interface StepSizes {
  readonly sizes: Float32Array;
  readonly count: number;
}

export function stepSizes(engine: Engine, optimizer: Optimizer, updates: number): StepSizes {
  const { parameters, step_sizes } = engine.contents.optimizers[optimizer.kind];
  const steps = Array.from({ length: updates }, (_, i) => i);
  const decay = optimizer.weight_decay ?? 0;
  const count = step_sizes + (decay > 0 ? 1 : 0);
  return engine.within(() => {
    const sizes = engine.zeros("float64", count, updates);
    engine.call(`step_sizes_${optimizer.kind}`, {
      steps: engine.array("float64", steps),
      rates: engine.array("float64", learningRates(engine, optimizer.learning_rate, steps)),
      weight_decay: decay,
      parameters: parameters.map((name) => asNumber(optimizer[name])),
      sizes,
    });
    const rows = engine.view(sizes);
    const turned = new Float32Array(updates * count);
    for (let update = 0; update < updates; update++)
      for (let i = 0; i < count; i++) turned[update * count + i] = rows[i * updates + update];
    return { sizes: turned, count };
  });
}

/** What kernels know an optimizer by, and what it needs besides its step sizes. */
export function optimizerOf(engine: Engine, optimizer: Optimizer): { address: bigint; constants: number[] } {
  const { parameters, updates } = engine.contents.optimizers[optimizer.kind];
  return engine.within(() => {
    const constants = engine.zeros("float64", CONSTANTS);
    const which = engine.zeros("int64", 1);
    engine.call(`describe_${optimizer.kind}`, {
      parameters: parameters.map((name) => asNumber(optimizer[name])),
      constants,
      which,
    });
    const [place] = engine.view(which);
    const [address] = engine.known("optimizers", updates[Number(place)]);
    return { address, constants: [...engine.view(constants)] };
  });
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
