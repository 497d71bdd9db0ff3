// How the fields of one part fit together: Python's rules by their names, written again.
//
// A JSON schema has no words for them. Python's names those of each part; a test holds that all are here.

import { type Dataset, hasTargets } from "../engine/experiment.ts";
import { isOfTwoClasses, looksAtMetric, lossesOf, smoothsLabels } from "./losses.ts";
import { floatText } from "../text/numbers.ts";
import { representation, shown, tuple } from "./shown.ts";
import { fromJson, isTable, type Json, type JsonTable, type ValueTable } from "./values.ts";

/**
 * What is wrong, or the part as it is kept: where something can be said in two ways, in one of them.
 *
 * `given` is the part before its own parts were read: a table, the fields of which may be missing.
 */
export type Rule = (part: JsonTable, given: ValueTable) => string | JsonTable;

export const RULES: { readonly [name: string]: Rule } = {
  fits_together: layersFitTogether,

  biases_are_no_matrix: (part) => {
    const { kind } = part["bias_initializer"] as { readonly kind: string };
    return ["orthogonal", "identity"].includes(kind)
      ? `bias_initializer must be one of single numbers, such as 'constant': '${kind}' makes matrices, and the biases of a layer are none`
      : part;
  },

  nesterov_has_momentum: (part) =>
    part["nesterov"] === true && part["momentum"] === 0
      ? "nesterov needs momentum above 0, received momentum=0"
      : part,

  plateau_reduces_a_number: (part) => {
    const rate = (part["optimizer"] as JsonTable)["learning_rate"];
    if (part["reduce_lr_on_plateau"] === null || typeof rate === "number") return part;
    const kind = representation((rate as JsonTable)["kind"] as string);
    return `reduce_lr_on_plateau needs a learning rate that is a number, received the schedule ${kind}`;
  },

  clips_in_one_way: (part) => {
    const ways = ["clipvalue", "clipnorm", "global_clipnorm"];
    const came = ways.filter((name) => part[name] !== null);
    if (came.length < 2) return part;
    const values = came.map((name) => `${name}=${floatText(part[name] as number)}`);
    return `one of ${ways.join(", ")} can clip a gradient, received ${values.join(" and ")}`;
  },

  one_value_more: (part) => {
    const boundaries = part["boundaries"] as readonly number[];
    const values = part["values"] as readonly number[];
    if (values.length !== boundaries.length + 1) {
      return (
        "values must be one more than boundaries, " +
        `received ${values.length} values and ${boundaries.length} boundaries`
      );
    }
    const increase = boundaries.every((each, i) => i === 0 || (boundaries[i - 1] as number) < each);
    return increase ? part : `boundaries must increase, received ${list(boundaries)}`;
  },

  warm_up_is_whole: (part) => {
    const target = part["warmup_target"] as number | null;
    const steps = part["warmup_steps"] as number;
    if ((target === null) === (steps === 0)) return part;
    const came = `${target === null ? "None" : floatText(target)} and ${steps}`;
    return `a warm-up needs both warmup_target and warmup_steps, received ${came}`;
  },

  is_an_interval: (part) => {
    const [low, high] = [part["minval"] as number, part["maxval"] as number];
    return low <= high
      ? part
      : `minval must not exceed maxval, received ${floatText(low)} and ${floatText(high)}`;
  },

  smoothing_has_crossentropy: (part) => {
    const [smoothing, loss] = [part["label_smoothing"] as number, part["loss"] as string];
    return smoothing === 0 || smoothsLabels(loss)
      ? part
      : "label_smoothing needs a cross-entropy as loss, " +
          `received label_smoothing=${floatText(smoothing)} with loss=${representation(loss)}`;
  },

  weights_of_1_are_left_out: (part) => {
    const weights = part["class_weight"] as JsonTable | null;
    if (weights === null) return part;
    const others = inOrder(weights).filter(([, weight]) => weight !== 1);
    return { ...part, class_weight: others.length > 0 ? Object.fromEntries(others) : null };
  },

  fits_its_answers: fitsItsAnswers,

  leaves_training_samples: (part) => {
    const [validation, test] = [part["validation_fraction"] as number, part["test_fraction"] as number];
    return validation + test < 1
      ? part
      : "validation_fraction + test_fraction must leave samples to train on (be below 1), " +
          `received ${floatText(validation)} + ${floatText(test)}`;
  },

  targets_differ: (part) => {
    const targets = (part["target"] ?? []) as readonly string[];
    for (const name of targets) {
      if (targets.filter((each) => each === name).length > 1)
        return `targets must differ, received ${representation(name)} twice`;
      if (name === "split" || name === part["sample_weight"]) {
        const what = name === "split" ? "the split" : "the samples' weight";
        return `${representation(name)} is ${what} and cannot be a target`;
      }
    }
    return part;
  },

  features_are_apart: (part) => {
    const features = (part["features"] ?? []) as readonly string[];
    const targets = part["target"] as readonly string[] | null;
    for (const name of features) {
      if (features.filter((each) => each === name).length > 1) {
        return `features must differ, received ${representation(name)} twice`;
      }
      const isAnswer = targets === null ? name === part["label"] : targets.includes(name);
      const answer = targets === null ? "the label" : "a target";
      const isWeight = name === part["sample_weight"];
      const what = isAnswer ? answer : isWeight ? "the samples' weight" : name === "split" ? "the split" : null;
      if (what !== null) return `${representation(name)} is ${what} and cannot be a feature`;
    }
    return part;
  },
};

const MOST_NAMES = 20; // of classes that a message names

/** Weights by number or alphabet of their classes. */
function inOrder<T>(weights: { readonly [name: string]: T }): [string, T][] {
  const sorted = Object.entries(weights).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.entries(Object.fromEntries(sorted)); // numbers stand before, as JavaScript has them
}

/** All classes that a weight is given for, in the order of `inOrder`. */
function namedClasses({ training = null }: ValueTable): string[] {
  const weights = isTable(training) ? training["class_weight"] ?? null : null;
  return isTable(weights) ? inOrder(weights).map(([name]) => name) : [];
}

/**
 * Whether the loss is of what samples have; of drawn ones, whether there are as many classes, and those that have
 * weights. Weights of 1 count as others do: the training that was given has them, the one that is kept has not.
 */
function fitsItsAnswers(part: JsonTable, given: ValueTable): string | JsonTable {
  const [dataset, training] = [part["dataset"] as JsonTable, part["training"] as JsonTable];
  const ofTargets = hasTargets(dataset as unknown as Dataset) || (dataset["target"] ?? null) !== null;
  const why = whyNotLearnt(ofTargets, training);
  if (why !== null) return why;
  if (dataset["train_per_class"] === undefined) return part;
  return whyNotOf((dataset["classes"] ?? 2) as number, training, null, namedClasses(given)) ?? part;
}

/** Why a training is not for samples with targets, or not for those with classes; null if it is. */
function whyNotLearnt(ofTargets: boolean, training: JsonTable): string | null {
  const [of, other] = ofTargets ? ["targets", "classes"] : ["classes", "targets"];
  const loss = training["loss"] as string;
  const known = Object.keys(lossesOf(ofTargets));
  if (!known.includes(loss))
    return `the loss ${loss} is of ${other}, and the samples have ${of}: ${known.join(", ")} are of ${of}`;
  if (!ofTargets) return null;
  if (training["class_weight"] !== null)
    return "class_weight is of classes, and the samples have targets: sample_weight weighs samples";
  for (const name of ["early_stopping", "reduce_lr_on_plateau"]) {
    const monitor = (training[name] as JsonTable | null)?.["monitor"] as string | undefined;
    if (monitor !== undefined && looksAtMetric(monitor))
      return `${name} cannot monitor the accuracy of targets: loss and val_loss can be monitored, received '${monitor}'`;
  }
  return null;
}

/**
 * Why a training is not for so many classes; null if it is. What they are called, if not their numbers, is given, and
 * may be for which of them there are weights, also of 1.
 */
export function whyNotOf(
  classes: number,
  training: JsonTable,
  labelNames: readonly string[] | null = null,
  named: readonly string[] = namedClasses({ training: training as ValueTable }),
): string | null {
  const loss = training["loss"] as string;
  if (isOfTwoClasses(loss) && classes !== 2)
    return `the loss ${loss} is of two classes, received ${classes}: categorical_crossentropy is of any number`;
  const names = labelNames ?? Array.from({ length: Math.min(classes, MOST_NAMES) }, (_, k) => String(k));
  const listed = names.slice(0, MOST_NAMES).map(representation).join(", ") + (classes > MOST_NAMES ? ", …" : "");
  const isNumber = (name: string) => /^(0|[1-9]\d*)$/.test(name) && BigInt(name) < BigInt(classes);
  const unknown = named.find((name) => !(labelNames?.includes(name) ?? isNumber(name)));
  if (unknown !== undefined)
    return `class_weight has a weight for ${shown(unknown)}, which is no class: the classes are ${listed}`;
  const weights = Object.values((training["class_weight"] as JsonTable | null) ?? {});
  return weights.length < classes || weights.some((weight) => weight !== 0)
    ? null
    : `class_weight must leave a class with a weight above 0, received 0 for ${listed}`;
}

const EACH_LAYER = [
  ["layer_width", "number"],
  ["activation", "name"],
  ["dropout", "rate"],
] as const;

/**
 * Width, activation and dropout: none without hidden layers, else one or one for each. Equal ones become one, and
 * no dropout is a rate of 0.
 */
function layersFitTogether(given: JsonTable): string | JsonTable {
  const part = given["dropout"] === null ? { ...given, dropout: 0 } : given;
  const layers = part["hidden_layers"] as number;
  if (layers === 0) {
    for (const [name] of EACH_LAYER) {
      const value = part[name] as Json;
      if (value !== (name === "dropout" ? 0 : null)) {
        const came = name === "dropout" ? rates(value, "()") : text(value);
        return (
          `${name} does not apply to a network without hidden layers: ` +
          `remove it or set hidden_layers, received ${name}=${came}`
        );
      }
    }
    return part;
  }
  for (const [name] of EACH_LAYER.slice(0, 2)) {
    if (part[name] === null) return `${name} is missing: hidden_layers=${layers} needs it`;
  }
  const kept: { [name: string]: Json } = { ...part };
  for (const [name, kind] of EACH_LAYER) {
    const value = part[name] as Json;
    if (!Array.isArray(value)) continue;
    if (value.length !== layers) {
      return (
        `${name} must be one ${kind} or ${layers} of them, ` +
        `one for each hidden layer, received ${name === "dropout" ? rates(value, "[]") : list(value)}`
      );
    }
    if (new Set(value).size === 1) kept[name] = value[0] as Json;
  }
  return kept;
}

/** Whole numbers and names as Python writes them: one, or a tuple of them. */
function text(value: Json): string {
  return Array.isArray(value) ? tuple(value.map(fromJson)) : representation(fromJson(value));
}

/** Numbers that are not whole ones by their kind, as Python writes them: one, a tuple or a list. */
function rates(value: Json, [open, close]: string): string {
  if (!Array.isArray(value)) return floatText(value as number);
  const all = value.map((each) => floatText(each as number));
  return `${open}${all.join(", ")}${open === "(" && all.length === 1 ? "," : ""}${close}`;
}

function list(values: readonly Json[]): string {
  return representation(fromJson(values));
}
