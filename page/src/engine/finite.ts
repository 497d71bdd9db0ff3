// Samples of a finite set, such as own points: in their own splits, or split anew by each seed, as
// `mlplab.engine.finite` and `mlplab.data.splitting` do it.

import { drawSamples, type Splits } from "./drawing.ts";
import type { Engine, Stored } from "./engine.ts";
import { classCount, type Dataset } from "./experiment.ts";
import { packedWidth, packSamples } from "./layout.ts";
import { standardised } from "./standardising.ts";

/** Labelled samples that are there, and not drawn. */
export interface FiniteSamples {
  /** Row by row, (samples, features). */
  readonly x: Float64Array;
  readonly features: number;
  /** Class of each sample, from 0 on. */
  readonly y: readonly number[];
  readonly classes: number;
  /** Split of each sample, 0 for training, 1 for validation, 2 for the test; null where seeds choose it. */
  readonly split: readonly number[] | null;
}

/** What networks learn from. */
export interface NetworkSamples {
  readonly features: number;
  readonly classes: number;
  /** Of shape (seeds, samples, width), or (1, samples, width) where all networks share them. */
  readonly splits: Splits;
}

/** The samples of each seed: drawn by a recipe, or of a finite set where there is one. */
export function samplesOf(
  engine: Engine,
  dataset: Dataset,
  finite: FiniteSamples | null,
  seeds: readonly bigint[],
): NetworkSamples {
  if (finite !== null) {
    const { features, classes } = finite;
    return { features, classes, splits: splitFinite(engine, dataset, finite, seeds) };
  }
  const recipe = engine.contents.datasets[dataset.kind];
  if (recipe === undefined)
    throw new Error(`the samples of a dataset of kind ${dataset.kind} must be handed in`);
  const { features } = recipe;
  return { features, classes: classCount(dataset), splits: drawSamples(engine, dataset, seeds) };
}

/** The split that each seed chooses for each sample: 0 for training, 1 for validation, 2 for the test. */
export function chosenSplits(
  engine: Engine,
  dataset: Dataset,
  y: readonly number[],
  classes: number,
  seeds: readonly bigint[],
): Int8Array[] {
  return engine.within(() => {
    const splits = engine.zeros("int8", seeds.length, y.length);
    engine.call("splits", {
      y: engine.array("int64", y),
      aside: engine.array("int64", putAside(dataset, y, classes).flat(), classes, 2),
      seeds: engine.array("uint64", seeds),
      splits,
    });
    const all = engine.copy(splits);
    return seeds.map((_, i) => all.slice(i * y.length, (i + 1) * y.length));
  });
}

/**
 * How many samples of each class go to validation and to the test: the fraction that is asked for, and one
 * at least; one at least is left to train on. Every class has three at least.
 */
export function putAside(dataset: Dataset, y: readonly number[], classes: number): [number, number][] {
  const counts = new Array<number>(classes).fill(0);
  for (const k of y) counts[k]++;
  const asked = (name: string, count: number) => Math.max(1, rounded((dataset[name] as number) * count));
  return counts.map((count) => {
    const validation = Math.min(asked("validation_fraction", count), count - 2);
    const test = Math.min(asked("test_fraction", count), count - validation - 1);
    return [validation, test];
  });
}

function splitFinite(
  engine: Engine,
  dataset: Dataset,
  finite: FiniteSamples,
  seeds: readonly bigint[],
): Splits {
  const { x, y, features, classes, split } = finite;
  const chosen = split === null ? chosenSplits(engine, dataset, y, classes, seeds) : [Int8Array.from(split)];
  const width = packedWidth(features);
  const [train, validation, test] = [0, 1, 2].map((part) => {
    const count = chosen[0].reduce((sum, each) => sum + (each === part ? 1 : 0), 0);
    return engine.zeros("float32", chosen.length, count, width);
  });
  chosen.forEach((parts, trial) =>
    engine.within(() => {
      const values = dataset["standardise"] === true ? standardised(x, features, parts) : x;
      const packed = packSamples(engine, values, y, features);
      engine.call("copy_splits", {
        packed: { ...packed, shape: packed.shape.slice(1) },
        splits: engine.array("int8", parts, 1, y.length),
        out: [train, validation, test].map((stored) => ofTrial(stored, trial)),
      });
    }),
  );
  return [train, validation, test];
}

/** One trial's samples among those of all, (1, samples, width). */
function ofTrial(stored: Stored<"float32">, trial: number): Stored<"float32"> {
  const [, samples, width] = stored.shape;
  const bytes = samples * width * Float32Array.BYTES_PER_ELEMENT;
  return { type: stored.type, shape: [1, samples, width], at: stored.at + trial * bytes };
}

/** The nearest whole number, of two the even one, as Python rounds. */
function rounded(value: number): number {
  const below = Math.floor(value);
  const over = value - below;
  if (over !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
