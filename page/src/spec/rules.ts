// How the fields of one part fit together: Python's rules by their names, written again.
//
// A JSON schema has no words for them. Python's names those of each part; a test holds that all are here.

import { floatText } from "../text/numbers.ts";
import { representation, tuple } from "./shown.ts";
import { fromJson, type Json, type JsonTable } from "./values.ts";

/** What is wrong, or the part as it is kept: where something can be said in two ways, in one of them. */
export type Rule = (part: JsonTable) => string | JsonTable;

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

  leaves_training_samples: (part) => {
    const [validation, test] = [part["validation_fraction"] as number, part["test_fraction"] as number];
    return validation + test < 1
      ? part
      : "validation_fraction + test_fraction must leave samples to train on (be below 1), " +
          `received ${floatText(validation)} + ${floatText(test)}`;
  },

  features_are_apart: (part) => {
    const features = (part["features"] ?? []) as readonly string[];
    for (const name of features) {
      if (features.filter((each) => each === name).length > 1) {
        return `features must differ, received ${representation(name)} twice`;
      }
      if (name === part["label"] || name === "split") {
        const what = name === part["label"] ? "the label" : "the split";
        return `${representation(name)} is ${what} and cannot be a feature`;
      }
    }
    return part;
  },
};

const EACH_LAYER = [
  ["layer_width", "number"],
  ["activation", "name"],
] as const;

/** Width and activation: none without hidden layers, else one or one for each. Equal ones become one. */
function layersFitTogether(part: JsonTable): string | JsonTable {
  const layers = part["hidden_layers"] as number;
  if (layers === 0) {
    for (const [name] of EACH_LAYER) {
      const value = part[name] as Json;
      if (value !== null) {
        return (
          `${name} does not apply to a network without hidden layers: ` +
          `remove it or set hidden_layers, received ${name}=${text(value)}`
        );
      }
    }
    return part;
  }
  for (const [name] of EACH_LAYER) {
    if (part[name] === null) return `${name} is missing: hidden_layers=${layers} needs it`;
  }
  const kept: { [name: string]: Json } = { ...part };
  for (const [name, kind] of EACH_LAYER) {
    const value = part[name] as Json;
    if (!Array.isArray(value)) continue;
    if (value.length !== layers) {
      return (
        `${name} must be one ${kind} or ${layers} of them, ` +
        `one for each hidden layer, received ${list(value)}`
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

function list(values: readonly Json[]): string {
  return representation(fromJson(values));
}
