// The next update, step by step: whose it is, the stage that is shown, and the weight that is followed.

import type { NumberPlace, Observed } from "../worker/messages.ts";
import { quoted } from "../text/quoted.ts";
import { cut } from "../text/sentence.ts";
import type { State } from "./state.ts";
import { wanting } from "./training.ts";

export interface StepState {
  /** The training sample that makes the update alone; null for the batch. */
  readonly point: number | null;
  /** Counted from 0, in the order of `stagesOf`. */
  readonly stage: number;
  /** The weight whose update is shown; null for that of the largest gradient, or what moves most where there is none. */
  readonly place: NumberPlace | null;
  /** Whether one stage follows the other by itself. */
  readonly playing: boolean;
}

export type StepAction =
  | { readonly kind: "choose_point"; readonly point: number | null }
  /** The one so many after it, and after the last the first. */
  | { readonly kind: "move_point"; readonly by: number }
  /** As it is typed. */
  | { readonly kind: "enter_point"; readonly text: string }
  /** What is left out stays as it is: two choices may come before the page is drawn again. */
  | { readonly kind: "choose_weight"; readonly changed: Partial<NumberPlace> }
  | { readonly kind: "go_to_stage"; readonly stage: number }
  /** By so many: two keys may come before the page is drawn again. */
  | { readonly kind: "move_stage"; readonly by: number }
  | { readonly kind: "next_stage" }
  | { readonly kind: "play"; readonly on: boolean };

export const NO_STEP: StepState = { point: null, stage: 0, place: null, playing: false };

/** A part of an update: forwards through a layer, the loss, back to a layer, a weight, and what comes of it. */
export type Stage =
  | { readonly kind: "forward" | "back"; readonly layer: number }
  | { readonly kind: "loss" | "weight" | "effect" };

/** The stages of an update of a network with so many layers, in their order. */
export function stagesOf(layers: number): Stage[] {
  const each = Array.from({ length: layers }, (_, layer) => layer);
  return [
    ...each.map((layer): Stage => ({ kind: "forward", layer })),
    { kind: "loss" },
    ...each.reverse().map((layer): Stage => ({ kind: "back", layer })),
    { kind: "weight" },
    { kind: "effect" },
  ];
}

/** How many stages there are; 0 where there is no network. */
function stageCount({ result }: State): number {
  return result === null ? 0 : stagesOf(result.layers.length).length;
}

export function updateStep(state: State, action: StepAction): State {
  const { step } = state;
  const put = (changed: Partial<StepState>): State => ({ ...state, step: { ...step, ...changed } });
  const last = stageCount(state) - 1;
  switch (action.kind) {
    case "choose_point": {
      const { point } = action;
      if (point !== null && !isThere(point, state.points)) return { ...state, message: sayNone(state, String(point)) };
      return wanting({ ...put({ point, playing: false }), message: null });
    }
    case "move_point": {
      const count = state.points?.splits.train.y.length ?? 0;
      const from = step.point ?? (action.by > 0 ? -1 : 0);
      return count === 0 ? state : updateStep(state, { kind: "choose_point", point: (from + action.by + count) % count });
    }
    case "enter_point": {
      const { text } = action;
      if (!/^\d+$/.test(text.trim())) return { ...state, message: sayNone(state, quoted(cut(text))) };
      return updateStep(state, { kind: "choose_point", point: Number(text) });
    }
    case "choose_weight": {
      const observed = state.result?.observed ?? null;
      return observed === null ? state : put({ place: { ...followedPlace(observed, step.place), ...action.changed } });
    }
    case "go_to_stage":
      return put({ stage: Math.max(0, Math.min(last, action.stage)), playing: false });
    case "move_stage":
      return updateStep(state, { kind: "go_to_stage", stage: shownStage(state) + action.by });
    case "next_stage":
      return put({ stage: Math.min(last, step.stage + 1), playing: step.playing && step.stage + 1 < last });
    case "play":
      return put({ playing: action.on, stage: action.on && step.stage >= last ? 0 : step.stage });
  }
}

function isThere(point: number, points: State["points"]): boolean {
  return Number.isInteger(point) && point >= 0 && point < (points?.splits.train.y.length ?? 0);
}

function sayNone({ points }: State, which: string): string {
  const count = points?.splits.train.y.length ?? 0;
  return `There are ${count} training points, numbers 0 to ${count - 1}; ${which} is none of them.`;
}

/** What is chosen where there are other points now: if they have no such one, it is the batch, as for the worker. */
export function ofPoints(step: StepState, points: State["points"]): StepState {
  return step.point === null || isThere(step.point, points) ? step : { ...step, point: null };
}

/** The stage that is shown, of a network that may have other layers than the one before. */
export function shownStage(state: State): number {
  return Math.max(0, Math.min(stageCount(state) - 1, state.step.stage));
}

/** The weight that is followed: the chosen one, if the network has it, else that of the largest gradient; without any gradient, what moves most. */
export function followedPlace(observed: Observed, chosen: NumberPlace | null): NumberPlace {
  if (chosen !== null) {
    const layer = observed.before.at(chosen.layer);
    const inputs = layer === undefined ? 0 : layer.weights.length / layer.biases.length;
    if (layer !== undefined && chosen.output < layer.biases.length && (chosen.source ?? 0) < inputs) return chosen;
  }
  const steepest = largestOf(observed.gradient, false);
  if (steepest.size > 0) return steepest.place;
  const moved = observed.after.map(({ weights, biases }, layer) => ({
    weights: weights.map((value, i) => value - observed.before[layer].weights[i]),
    biases: biases.map((value, i) => value - observed.before[layer].biases[i]),
  }));
  return largestOf(moved, true).place;
}

/** The largest number of layers, and where it is: a weight, or a bias, which come after the weights of a layer. */
function largestOf(layers: Observed["gradient"], withBiases: boolean): { readonly place: NumberPlace; readonly size: number } {
  let place: NumberPlace = { layer: 0, output: 0, source: 0 };
  let size = 0;
  layers.forEach(({ weights, biases }, layer) => {
    const inputs = weights.length / biases.length;
    weights.forEach((value, i) => {
      if (Math.abs(value) > size) [size, place] = [Math.abs(value), { layer, output: Math.floor(i / inputs), source: i % inputs }];
    });
    if (!withBiases) return;
    biases.forEach((value, output) => {
      if (Math.abs(value) > size) [size, place] = [Math.abs(value), { layer, output, source: null }];
    });
  });
  return { place, size };
}
