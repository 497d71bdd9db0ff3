// Which head a training has, and what it asks for of each sample: `mlplab.engine.heads` and `answers`.

import type { Splits } from "./drawing.ts";
import type { Engine, Stored } from "./engine.ts";
import type { Training } from "./experiment.ts";
import { packedWidth } from "./layout.ts";

/** Losses of which two classes have one output. */
export const OF_TWO_CLASSES = ["binary_crossentropy"];

/** What takes the place of such a loss where there are more classes. */
export const OF_ANY_NUMBER = "categorical_crossentropy";

/** Losses that smooth no labels. */
export const NOT_SMOOTHED = ["mean_squared_error"];

export interface Head {
  readonly name: string;
  /** How many numbers of a packed sample follow its features: label, smoothing and weight, where there are. */
  readonly answers: number;
}

export function headOf({ loss, label_smoothing = 0, class_weight = null }: Training): Head {
  const isSmoothed = label_smoothing > 0;
  const isWeighted = class_weight !== null;
  const name = `${isWeighted ? "weighted_" : ""}${isSmoothed ? "smoothed_" : ""}${loss}`;
  return { name, answers: 1 + Number(isSmoothed) + Number(isWeighted) };
}

/** How many outputs the last layer has for so many classes. */
export function outputsFor({ loss }: Training, classes: number): number {
  return OF_TWO_CLASSES.includes(loss) ? 1 : classes;
}

/** The class whose probability an output is: one output alone is that of the second of two. */
export function classOfOutput(output: number, outputs: number): number {
  return outputs === 1 ? 1 : output;
}

/** What each class weighs, by its name. */
export function classWeights({ class_weight = null }: Training, labelNames: readonly string[]): number[] {
  return labelNames.map((name) => (class_weight !== null && Object.hasOwn(class_weight, name) ? class_weight[name] : 1));
}

/** Packed splits with all that the head asks for. */
export function withAnswers(
  engine: Engine,
  splits: Splits,
  features: number,
  training: Training,
  labelNames: readonly string[],
): Splits {
  const { answers } = headOf(training);
  if (answers === 1) return splits;
  const { label_smoothing = 0, class_weight = null } = training;
  const weights = classWeights(training, labelNames);
  const [train, validation, test] = splits.map((split, part): Stored<"float32"> => {
    const [trials, samples, width] = split.shape;
    const wide = packedWidth(features, answers);
    const packed = engine.zeros("float32", trials, samples, wide);
    const [from, to] = [engine.view(split), engine.view(packed)];
    for (let i = 0; i < trials * samples; i++) {
      to.set(from.subarray(i * width, i * width + features + 1), i * wide);
      const label = from[i * width + features];
      if (label_smoothing > 0) to[i * wide + features + 1] = label_smoothing;
      if (class_weight !== null && part === 0) to[i * wide + features + answers - 1] = weights[label];
    }
    return packed;
  });
  return [train, validation, test];
}
