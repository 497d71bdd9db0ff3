// When training stops by itself.

import { counted } from "../text/sentence.ts";
import { type Dataset, hasTargets, SCORES } from "../engine/experiment.ts";

/** Epochs without a lower validation loss, after which `patience` stops. */
export const PATIENCE = 10;

/** Validation accuracy at which `accuracy` stops. */
const GOOD = 0.99;

export type StopRule = "epochs" | "patience" | "accuracy" | "never";

/** What a menu calls each rule. */
export const STOP_RULES: Readonly<Record<StopRule, string>> = {
  epochs: "after the epochs",
  patience: `no better for ${PATIENCE} epochs`,
  accuracy: `at ${100 * GOOD} % validation accuracy`,
  never: "never",
};

/** The rules that a training can have: of a target there is no accuracy. */
export function stopRulesOf(dataset: Dataset): readonly StopRule[] {
  return (Object.keys(STOP_RULES) as StopRule[]).filter((rule) => rule !== "accuracy" || !hasTargets(dataset));
}

/** Whether to stop after the epochs whose scores are given, SCORES each, of a training of so many. */
export function stops(rule: StopRule, history: Float64Array, epochs: number): boolean {
  const done = history.length / SCORES;
  if (rule === "epochs") return done >= epochs;
  if (rule === "patience") return done > PATIENCE && lowestLoss(history) < done - PATIENCE;
  if (rule === "accuracy") return done > 0 && history[history.length - 1] >= GOOD;
  return false;
}

export function howItStopped(rule: StopRule, epochs: number): string {
  return rule === "epochs" ? `ended after ${counted(epochs, "epoch")}` : `ended: ${STOP_RULES[rule]}`;
}

/** What to do to train on after a rule has ended the training. */
export function howToGoOn(rule: StopRule, epochs: number, isLookingBack: boolean): string {
  const fromHere = isLookingBack ? " To train from what is shown, press “Go on from here” below." : "";
  if (rule === "epochs")
    return `${epochs === 1 ? "The epoch is" : `All ${epochs} epochs are`} trained. To go on, raise the epochs or choose another stop rule.${fromHere}`;
  return `The stop rule "${STOP_RULES[rule]}" ended the training. To go on, choose another one.${fromHere}`;
}

/** The first epoch with the lowest validation loss. */
function lowestLoss(history: Float64Array): number {
  let lowest = 0;
  for (let epoch = 1; epoch < history.length / SCORES; epoch++)
    if (history[epoch * SCORES + 2] < history[lowest * SCORES + 2]) lowest = epoch;
  return lowest;
}
