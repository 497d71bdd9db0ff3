// Which head a training has, and what it asks for of each sample: `mlplab.engine.heads` and `answers`.

import { isOfTwoClasses, lossesOf, smoothsLabels, type Metric } from "../spec/losses.ts";
import type { Splits } from "./drawing.ts";
import type { Contents, Engine, Stored } from "./engine.ts";
import { hasTargets, type Experiment, type Training } from "./experiment.ts";
import { packedWidth } from "./layout.ts";

/** Whether a loss is a mean over outputs, too, or over samples alone. */
export function isMeanOfOutputs({ dataset, training }: Pick<Experiment, "dataset" | "training">): boolean {
  return hasTargets(dataset) || !smoothsLabels(training.loss);
}

export function metricOf({ dataset, training }: Pick<Experiment, "dataset" | "training">): Metric {
  return lossesOf(hasTargets(dataset))[training.loss].metric;
}

export interface Head {
  readonly name: string;
  /** The places of what follows a packed sample's features: the first, and that after the last. */
  readonly places: Readonly<Record<string, readonly [number, number]>>;
  /** How many numbers follow a packed sample's features. */
  readonly answers: number;
  /** Whether the last of them is its weight. */
  readonly weighs: boolean;
}

/** The head of a training, for so many outputs; of samples with targets it is linear. */
export function headOf(contents: Contents, training: Training, outputs: number, ofTargets = false): Head {
  const { loss, label_smoothing = 0, class_weight = null } = training;
  const isWeighted = label_smoothing > 0 || class_weight !== null;
  const name = `${isWeighted ? "weighted_" : ""}${ofTargets ? "linear_" : ""}${loss}`;
  let end = 0;
  const places = contents.answers[name].map((answer) => {
    const first = end;
    end += contents.of_each_output.includes(answer) ? outputs : 1;
    return [answer, [first, end]] as const;
  });
  return { name, places: Object.fromEntries(places), answers: end, weighs: "weight" in Object.fromEntries(places) };
}

/** How many outputs the last layer has: one for each class or target, or one for two classes. */
export function outputsFor({ loss }: Training, classes: number, targets = 0): number {
  return isOfTwoClasses(loss) ? 1 : classes + targets;
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
  head: Head,
  labelNames: readonly string[],
): Splits {
  const { places, answers } = head;
  if (Object.keys(places).length === 1) return splits;
  const { label_smoothing = 0 } = training;
  const learned = (places["label"] ?? places["targets"])[1];
  const weights = classWeights(training, labelNames);
  const [train, validation, test] = splits.map((split, part): Stored<"float32"> => {
    const [trials, samples, width] = split.shape;
    const wide = packedWidth(features, answers);
    const packed = engine.zeros("float32", trials, samples, wide);
    const [from, to] = [engine.view(split), engine.view(packed)];
    const put = (i: number, answer: string, value: number) => {
      if (answer in places) to[i * wide + features + places[answer][0]] = value;
    };
    for (let i = 0; i < trials * samples; i++) {
      to.set(from.subarray(i * width, i * width + features + learned), i * wide);
      const label = from[i * width + features];
      put(i, "smoothing", label_smoothing);
      put(i, "weight", part === 0 && "label" in places ? weights[label] : 1);
    }
    if ("scales" in places) engine.call("scales", { packed, features, targets: learned });
    return packed;
  });
  return [train, validation, test];
}
