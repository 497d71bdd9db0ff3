// How a training came to be what it is, besides its experiment and seed: what was changed at which update.

import type { Experiment, Training } from "../engine/experiment.ts";
import type { NumberPlace } from "../worker/messages.ts";
import { canonical } from "./canonical.ts";
import type { State } from "./state.ts";

export type Change =
  | { readonly kind: "training"; readonly step: number; readonly before: Training; readonly after: Training }
  | { readonly kind: "number"; readonly step: number; readonly place: NumberPlace; readonly value: number }
  | { readonly kind: "weights"; readonly step: number; readonly layer: number };

/**
 * All changes of the training that is shown, in their order.
 *
 * Those that the worker has not made yet are left out. A learning rate that was changed before the first update
 * belongs to the set-up.
 */
export function changes(state: State): readonly Change[] {
  const made: Change[] = [];
  const { result } = state;
  const actedAt = result?.training === state.training ? result.actedAt : [];
  let before = state.began.training;
  state.acts.forEach((act, i) => {
    const step = actedAt[i];
    if (act.kind === "change") {
      if (step !== undefined && step > 0) made.push({ kind: "training", step, before, after: act.training });
      before = act.training;
    }
    if (act.kind === "set_number" && step !== undefined)
      made.push({ kind: "number", step, place: act.place, value: act.value });
    if (act.kind === "set_weights" && step !== undefined) {
      const last = made.at(-1);
      // A line that is dragged puts in others with each move, of which the last count.
      if (last?.kind === "weights" && last.step === step && last.layer === act.layer) made.pop();
      made.push({ kind: "weights", step, layer: act.layer });
    }
  });
  return [...state.earlier, ...made];
}

/** The experiment as the training began at the first update. */
export function setUp(state: State): Experiment {
  const first = changes(state).find((change) => change.kind === "training");
  return first === undefined ? state.experiment : { ...state.experiment, training: first.before };
}

/** The changes that a training has which goes on from an earlier update with the training as it is now. */
export function changesUpTo(state: State, step: number): readonly Change[] {
  const kept = changes(state).filter((change) => change.step <= step);
  const begin = setUp(state).training;
  const then = kept.reduce((training, change) => (change.kind === "training" ? change.after : training), begin);
  const now = state.experiment.training;
  if (canonical(then) === canonical(now)) return kept;
  return [...kept, { kind: "training", step, before: then, after: now }];
}

/** Whether the experiment and the seed alone give this training. */
export function isPlain(state: State): boolean {
  return changes(state).length === 0;
}

/** A change in words. */
export function describeChange(change: Change): string {
  if (change.kind === "number") {
    const { layer, output, source } = change.place;
    const name = source === null ? "bias" : `weight from ${source + 1}`;
    return `update ${change.step}: ${name} to neuron ${output + 1} of layer ${layer + 1} set to ${change.value} by hand`;
  }
  if (change.kind === "weights")
    return `update ${change.step}: weights and biases of layer ${change.layer + 1} set by hand`;
  const { before, after } = change;
  const parts: string[] = [];
  const rate = (training: Training) => rateInWords(training);
  if (rate(before) !== rate(after)) parts.push(`learning rate ${rate(before)} → ${rate(after)}`);
  if (before.batch_size !== after.batch_size) parts.push(`batch size ${before.batch_size} → ${after.batch_size}`);
  if (before.epochs !== after.epochs) parts.push(`epochs ${before.epochs} → ${after.epochs}`);
  return `update ${change.step}: ${parts.join(", ")}`;
}

function rateInWords({ optimizer }: Experiment["training"]): string {
  const rate = optimizer.learning_rate;
  if (typeof rate === "number") return String(rate);
  const { kind, ...fields } = rate;
  return `${kind.replaceAll("_", " ")} (${Object.values(fields).join(", ")})`;
}
