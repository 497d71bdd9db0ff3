// How a training came to be what it is, besides its set-up and seed: what was changed at which update.

import type { Experiment, Training } from "../engine/experiment.ts";
import type { ByHand } from "../worker/messages.ts";
import { canonical } from "./canonical.ts";
import { type State, resultNow } from "./state.ts";

export type Change = { readonly step: number } & (
  | { readonly kind: "training"; readonly before: Training; readonly after: Training }
  | ByHand
);

/**
 * All changes of the training under way, in their order.
 *
 * Those that the worker has not made yet are left out. A learning rate that was changed before the first update
 * belongs to the set-up.
 */
export function changes(state: State): readonly Change[] {
  const made = [...state.earlier];
  const actedAt = resultNow(state)?.actedAt ?? [];
  let before = state.began.training;
  state.acts.forEach((act, i) => {
    const step = actedAt[i];
    if (act.kind === "training") {
      if (step !== undefined && step > 0) join(made, { ...act, step, before });
      before = act.after;
    } else if (step !== undefined && (act.kind === "number" || act.kind === "weights")) join(made, { ...act, step });
  });
  return made;
}

/** Add a change. At one update the last one counts: what was changed and changed back there is no change. */
function join(made: Change[], change: Change): void {
  const last = made.at(-1);
  if (last === undefined || last.step !== change.step || placeOf(last) !== placeOf(change)) {
    made.push(change);
    return;
  }
  made.pop();
  if (last.kind !== "training" || change.kind !== "training") made.push(change);
  else if (canonical(last.before) !== canonical(change.after)) made.push({ ...change, before: last.before });
}

/** What a change is about. */
function placeOf(change: Change): string {
  if (change.kind === "training") return "training";
  return change.kind === "weights" ? String(change.layer) : canonical(change.place);
}

/** The changes without which the network that is shown would be another one. */
export function changesShown(state: State): readonly Change[] {
  const shown = state.result?.shownStep ?? 0;
  return changes(state).filter(({ kind, step }) => step < shown || (step === shown && kind !== "training"));
}

/** The experiment as a training began at its first update: `experiment` is that of the end. */
export function setUpOf(experiment: Experiment, made: readonly Change[]): Experiment {
  const first = made.find((change) => change.kind === "training");
  return first === undefined ? experiment : { ...experiment, training: first.before };
}

/** The experiment as the training began at the first update. */
export function setUp(state: State): Experiment {
  return setUpOf(state.experiment, changes(state));
}

/** The changes that a training has which goes on from an earlier update with the training as it is now. */
export function changesUpTo(state: State, step: number): readonly Change[] {
  const kept = changes(state).filter((change) => change.step <= step);
  if (step === 0) return kept.filter(({ kind }) => kind !== "training");
  const begin = setUp(state).training;
  const then = kept.reduce((training, change) => (change.kind === "training" ? change.after : training), begin);
  const now = state.experiment.training;
  if (canonical(then) === canonical(now)) return kept;
  join(kept, { kind: "training", step, before: then, after: now });
  return kept;
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
  const settings = [
    ["learning rate", rateInWords(before), rateInWords(after)],
    ["batch size", before.batch_size, after.batch_size],
    ["epochs", before.epochs, after.epochs],
  ];
  const others = settings.filter(([, was, is]) => was !== is).map(([name, was, is]) => `${name} ${was} → ${is}`);
  return `update ${change.step}: ${others.join(", ")}`;
}

function rateInWords({ optimizer }: Training): string {
  const rate = optimizer.learning_rate;
  if (typeof rate === "number") return String(rate);
  const { kind, ...fields } = rate;
  return `${kind.replaceAll("_", " ")} (${Object.values(fields).join(", ")})`;
}
