// Samples of a finite set, such as own points, in their splits; and the splits that a seed chooses for some, as
// `mlplab.data.splitting` does it.

import { constantLoss } from "../statistics/constant_loss.ts";
import { drawSamples, type Splits } from "./drawing.ts";
import type { Engine } from "./engine.ts";
import { drawnLabelNames, type Dataset } from "./experiment.ts";
import { packSamples } from "./layout.ts";

/** Labelled samples that are there, and not drawn. */
export interface FiniteSamples {
  /** Row by row, (samples, features). */
  readonly x: Float64Array;
  readonly features: number;
  /** Class of each sample, from 0 on. */
  readonly y: readonly number[];
  readonly classes: number;
  /** What the classes are called. */
  readonly labelNames: readonly string[];
  /** Split of each sample: 0 for training, 1 for validation, 2 for the test. */
  readonly split: readonly number[];
}

/** What networks learn from. */
interface NetworkSamples {
  readonly features: number;
  /** 0 where samples have targets. */
  readonly classes: number;
  /** 0 where samples have classes. */
  readonly targets: number;
  readonly labelNames: readonly string[];
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
  if (finite === null) {
    const { features, targets } = engine.contents.datasets[dataset.kind];
    const labelNames = drawnLabelNames(dataset);
    return { features, classes: labelNames.length, targets, labelNames, splits: drawSamples(engine, dataset, seeds) };
  }
  const { x, y, features, classes, labelNames, split } = finite;
  const [train, validation, test] = [0, 1, 2].map((part) => {
    const ofPart = x.filter((_, i) => split[Math.floor(i / features)] === part);
    return packSamples(engine, ofPart, y.filter((_, i) => split[i] === part), features);
  });
  return { features, classes, targets: 0, labelNames, splits: [train, validation, test] };
}

/** The split that a seed chooses for each sample: 0 for training, 1 for validation, 2 for the test. */
export function chosenSplit(
  engine: Engine,
  dataset: Dataset,
  y: readonly number[],
  classes: number,
  seed: string,
): number[] {
  return engine.within(() => {
    const splits = engine.zeros("int8", 1, y.length);
    engine.call("splits", {
      y: engine.array("int64", y),
      aside: engine.array("int64", putAside(dataset, y, classes).flat(), classes, 2),
      seeds: engine.array("uint64", [BigInt(seed)]),
      splits,
    });
    return [...engine.view(splits)];
  });
}

/**
 * How many samples of each class go to validation and to the test: the fraction that is asked for, and one
 * at least; one at least is left to train on. Every class has three at least.
 */
export function putAside(dataset: Dataset, y: readonly number[], classes: number): [number, number][] {
  const asked = (name: string, count: number) => Math.max(1, rounded((dataset[name] as number) * count));
  return countClasses(y, classes).map((count) => {
    const validation = Math.min(asked("validation_fraction", count), count - 2);
    const test = Math.min(asked("test_fraction", count), count - validation - 1);
    return [validation, test];
  });
}

/** Of training samples: how many have each class, or, where they have a target, the loss of the best constant answer. */
export function learned(loss: string, y: Float32Array, classes: number) {
  return { labelled: countClasses(classes === 0 ? [] : y, classes), constantLoss: classes === 0 ? constantLoss(loss, y) : null };
}

/** How many samples have each class. */
function countClasses(y: Iterable<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const k of y) counts[k]++;
  return counts;
}

/** The nearest whole number, of two the even one, as Python rounds. */
function rounded(value: number): number {
  const below = Math.floor(value);
  const over = value - below;
  if (over !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
