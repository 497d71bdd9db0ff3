// The next state, from a state and an action. Nothing else changes it, and nothing happens here besides.

import type { Experiment } from "../engine/experiment.ts";
import type { Result } from "../worker/messages.ts";
import type { Action } from "./actions.ts";
import { canonical } from "./canonical.ts";
import { updateLine } from "./line.ts";
import { updateOwnPoints, whyNotNow } from "./own_points.ts";
import { PRESETS } from "./presets.ts";
import type { State } from "./state.ts";
import { howToGoOn } from "./stopping.ts";
import { updateStudies } from "./studies.ts";
import { act, begin, goOnFromShown, wanting } from "./training.ts";

const LARGEST_SEED = 2n ** 64n - 1n;

export function update(state: State, action: Action): State {
  const why = whyNotNow(state, action);
  if (why !== "") return { ...state, message: why };
  switch (action.kind) {
    case "choose_preset": {
      const preset = PRESETS.find(({ title }) => title === action.title);
      if (preset === undefined) return state;
      return begin({ ...state, stopRule: preset.stopRule, playing: false }, preset.experiment);
    }
    case "set_experiment":
      return setExperiment(state, action.experiment);
    case "set_seed":
      return setSeed(state, action.seed);
    case "next_seed":
      return setSeed(state, String((BigInt(state.seed) + 1n) & LARGEST_SEED));
    case "reset":
      return begin(state, state.experiment);
    case "toggle_play":
      return togglePlay(state);
    case "train_update":
    case "train_epoch":
      return act({ ...state, playing: false, lookAt: null }, { kind: action.kind });
    case "set_speed":
      return wanting({ ...state, speed: action.speed });
    case "set_stop_rule":
      return wanting({ ...state, stopRule: action.stopRule, message: null });
    case "set_number": {
      const { place, value } = action;
      return act({ ...goOnFromShown(state), playing: false }, { kind: "set_number", place, value });
    }
    case "look_at":
      return lookAt(state, action.step);
    case "go_on_from_shown":
      return goOnFromShown(state);
    case "show_study":
    case "keep_as_a":
    case "choose_axis":
    case "train_study":
    case "stop_study":
    case "runs_trained":
    case "study_failed":
      return updateStudies(state, action);
    case "engine_started":
      return { ...state, fused: action.fused };
    case "result":
      return takeResult(state, action.result);
    case "failed":
      return { ...state, playing: false, failedAt: state.revision, message: action.sentence };
    case "show_splits":
      return wanting({ ...state, shownSplits: action.splits });
    case "open_tab":
      return wanting({ ...state, tab: action.tab });
    case "show_layer":
      return wanting({ ...state, hiddenLayer: action.layer });
    case "set_theme":
      return { ...state, theme: action.theme };
    case "present":
      return { ...state, presenting: action.presenting };
    case "switch_keys":
      return { ...state, keysOn: action.on };
    case "dismiss_message":
      return { ...state, message: null };
    case "own_points":
      return updateOwnPoints(state, action.act);
    case "line":
      return updateLine(state, action.act);
  }
}

/** Change the experiment: in flight if only learning rate, batch size and epochs differ, else by beginning anew. */
function setExperiment(state: State, experiment: Experiment): State {
  if (canonical(experiment) === canonical(state.experiment)) return state;
  if (fixedPart(experiment) !== fixedPart(state.experiment)) return begin(state, experiment);
  return act({ ...state, experiment }, { kind: "change", training: experiment.training });
}

/** What of an experiment cannot change while a network trains, as text. */
function fixedPart({ dataset, network, training }: Experiment): string {
  const { batch_size: _, epochs: __, optimizer, ...rest } = training;
  const { learning_rate: ___, ...constants } = optimizer;
  return canonical([dataset, network, rest, constants]);
}

function setSeed(state: State, text: string): State {
  const typed = text.trim();
  if (!/^\d{1,20}$/.test(typed) || BigInt(typed) > LARGEST_SEED)
    return { ...state, message: `A seed is a whole number from 0 to ${LARGEST_SEED}, received "${text}".` };
  return begin({ ...state, seed: String(BigInt(typed)) }, state.experiment);
}

function togglePlay(state: State): State {
  if (state.playing) return wanting({ ...state, playing: false });
  const { result } = state;
  const isKnown = result !== null && result.training === state.training && result.revision === state.revision;
  if (isKnown && result.ending === "diverged")
    return { ...state, message: "The network has diverged: its training loss is no number. Reset begins anew." };
  if (isKnown && result.ending === "stop rule")
    return { ...state, message: howToGoOn(state.stopRule, state.experiment.training.epochs) };
  return wanting({ ...state, playing: true, lookAt: null, message: null });
}

function lookAt(state: State, step: number | null): State {
  const isNow = step === null || step >= (state.result?.step ?? 0);
  return wanting({ ...state, playing: false, lookAt: isNow ? null : step, message: null });
}

/** Results of former trainings, and late or doubled ones, are dropped. */
function takeResult(state: State, result: Result): State {
  const last = state.result;
  if (result.training !== state.training || (last !== null && result.number <= last.number)) return state;
  const playing = result.revision === state.revision ? result.playing : state.playing;
  const points = result.points ?? state.points;
  return { ...state, result, playing, points };
}
