// Which single changes of a set-up are worth a try, when it does not learn: `mlplab.explain.changing`.

import { classCount, counts, hasTargets, isDrawn, networkSizes, type Experiment } from "../engine/experiment.ts";
import { type FieldChange, varied } from "../spec/entered.ts";
import { explanation } from "../explain/table.ts";
import type { Value } from "../spec/values.ts";
import { COMPARABLE } from "../statistics/comparison.ts";
import { canonical } from "../state/canonical.ts";
import type { SetUp } from "./set_up.ts";

const RATE = "training.optimizer.learning_rate";

/** The set-ups that differ in one change, as far as the spec and the page's limits allow them. */
export function changesOf({ experiment, samples }: SetUp): readonly SetUp[] {
  const found = new Map([[canonical(experiment), experiment]]);
  for (const change of proposed(experiment)) {
    const changed = varied(experiment, change, samples?.labelNames ?? null);
    // What this experiment does not allow is not tried.
    if (typeof changed === "string") continue;
    const text = canonical(changed);
    if (!found.has(text)) found.set(text, changed);
  }
  return [...found.values()].slice(1).map((each) => ({ experiment: each, samples }));
}

/** Seeds of each change: where so many runs are too much work, fewer, but so many that there still can be a verdict. */
export function seedsOfChanges(setUp: SetUp, most: number): number {
  return Math.min(most, Math.max(COMPARABLE, Math.floor(explanation.largest_work / workOf(setUp))));
}

/** Whether a change, from so many seeds, has not much more work than the set-up, or so little that it does not matter. */
export function isAffordable(changed: SetUp, setUp: SetUp, seeds: number): boolean {
  const { largest_work, beyond, always } = explanation;
  return seeds * workOf(changed) <= Math.max(beyond * largest_work, always * seeds * workOf(setUp));
}

/** Samples times weights times epochs of a run. */
function workOf({ experiment: { dataset, network, training }, samples }: SetUp): number {
  const count = samples === null ? counts(dataset)[0] : samples.split.filter((part) => part === 0).length;
  const sizes = networkSizes(network, 2, Math.max(1, samples?.classes ?? classCount(dataset)));
  const weights = sizes.slice(1).reduce((sum, outputs, i) => sum + (sizes[i] + 1) * outputs, 0);
  return count * weights * training.epochs;
}

/** The changes, valid or not, in the order in which one would try them. */
function* proposed(experiment: Experiment): Generator<readonly FieldChange[]> {
  const { network, training, dataset } = experiment;
  const { initializers, activations, times_longer, times_wider, first_layer } = explanation;
  yield* rates(experiment);
  yield one("training.optimizer", { kind: "adam" });
  if (!hasTargets(dataset)) yield one("training.loss", "categorical_crossentropy");
  for (const kind of initializers) yield one("network.initializer", { kind });
  yield one("network.bias_initializer", { kind: "zeros" });
  const { hidden_layers: layers, layer_width: width } = network;
  if (layers > 0) for (const name of activations) yield one("network.activation", name);
  const size = training.batch_size;
  const most = isDrawn(dataset) ? counts(dataset)[0] : Infinity;
  for (const other of [4 * size, Math.floor(size / 4)]) {
    if (other >= 1 && other <= most) yield one("training.batch_size", BigInt(other));
  }
  for (const times of times_longer) yield one("training.epochs", BigInt(times * training.epochs));
  if (layers === 0) {
    yield Object.entries(first_layer).map(([path, value]) => [path, typeof value === "number" ? BigInt(value) : value]);
    return;
  }
  for (const times of times_wider) {
    const wider = Array.isArray(width) ? width.map((each) => BigInt(times * Number(each))) : BigInt(times * Number(width));
    yield one("network.layer_width", wider);
  }
  if (![width, network.activation, network.dropout].some((each) => Array.isArray(each))) {
    yield one("network.hidden_layers", BigInt(layers + 1));
    if (layers > 1) yield one("network.hidden_layers", BigInt(layers - 1));
  }
  yield one("network.dropout", 0);
  yield one("network.input_noise", 0);
}

/** Other learning rates; of a schedule other first rates, and no schedule. */
function* rates({ training }: Experiment): Generator<readonly FieldChange[]> {
  const rate = training.optimizer.learning_rate;
  if (typeof rate === "number") {
    for (const factor of explanation.factors) yield one(RATE, rounded(factor * rate));
    return;
  }
  const first = (rate as { readonly initial_learning_rate?: unknown }).initial_learning_rate;
  if (typeof first !== "number") return;
  yield one(RATE, first);
  for (const factor of explanation.factors) yield one(`${RATE}.initial_learning_rate`, rounded(factor * first));
}

function one(path: string, value: Value): readonly FieldChange[] {
  return [[path, value]];
}

/** A number with two digits, which is as exact as a try needs. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
