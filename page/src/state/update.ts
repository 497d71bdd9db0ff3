// The next state, from a state and an action. Nothing else changes it, and nothing happens here besides.

import { hasTargets } from "../engine/experiment.ts";
import type { Result } from "../worker/messages.ts";
import type { Action } from "./actions.ts";
import { learningFrom } from "./fitted_training.ts";
import { NEW_FORM, updateForm } from "./form.ts";
import { followLandscape, updateLandscape } from "./landscape_update.ts";
import { updateLesson, whyLocked } from "./lesson.ts";
import { updateHelp } from "./help.ts";
import { updateLine } from "./line.ts";
import { updateOwnPoints, whyNotNow } from "./own_points.ts";
import { PRESETS } from "./presets.ts";
import { readSeed, seedAfter, whyNoSeed } from "./seeds.ts";
import { openSession } from "./session.ts";
import { type State, resultNow } from "./state.ts";
import { ofPoints, updateStep } from "./step.ts";
import { howToGoOn } from "./stopping.ts";
import { updateStudies } from "./studies.ts";
import { updateTried, withTried } from "./tried.ts";
import { act, begin, goOnFromShown, setExperiment, wanting } from "./training.ts";

export function update(state: State, action: Action): State {
  const why = whyNotNow(state, action);
  if (why !== "") return { ...state, message: why };
  const next = acted(state, action);
  const locked = whyLocked(state, next);
  return locked === "" ? withTried(state, next) : { ...state, message: locked };
}

function acted(state: State, action: Action): State {
  switch (action.kind) {
    case "choose_preset": {
      const preset = PRESETS.find(({ title }) => title === action.title);
      if (preset === undefined) return state;
      const { experiment } = preset;
      // Weights that begin at zero are to be set by hand.
      const tab = experiment.network.initializer.kind === "zeros" ? "line" : state.tab;
      return begin({ ...state, stopRule: "epochs", tab, form: NEW_FORM, playing: false }, experiment);
    }
    case "set_experiment":
      return setExperiment({ ...state, form: NEW_FORM }, action.experiment);
    case "enter_field":
    case "step_field":
    case "choose_part":
    case "set_optional":
    case "set_layerwise": {
      const { experiment, form } = updateForm(state, action);
      const next = setExperiment({ ...state, form }, experiment);
      const ofTargets = hasTargets(experiment.dataset);
      if (ofTargets === hasTargets(state.experiment.dataset)) return next;
      const { changes } = learningFrom(state.experiment.training, ofTargets);
      return changes.length === 0 ? next : { ...next, message: changes.join(" ") };
    }
    case "set_seed":
      return setSeed(state, action.seed);
    case "next_seed":
      return setSeed(state, seedAfter(state.seed, 1));
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
      return act({ ...goOnFromShown(state), playing: false }, { kind: "number", place, value });
    }
    case "look_at":
      return lookAt(state, action.step);
    case "look_at_next_epoch":
      return state.result === null ? state : lookAt(state, nextEpoch(state.result, state.lookAt, action.isOn));
    case "go_on_from_shown":
      return goOnFromShown(state);
    case "show_study":
    case "set_up":
    case "keep_as_a":
    case "choose_axis":
    case "train_study":
    case "stop_study":
    case "runs_trained":
    case "study_failed":
    case "study_judged":
      return updateStudies(state, action);
    case "tell_differences":
      return updateTried(state, action);
    case "lesson":
      return updateLesson(state, action.act);
    case "engine_started":
      return { ...state, fused: action.fused };
    case "result":
      return followLandscape(takeResult(state, action.result));
    case "failed":
      return { ...state, playing: false, failedAt: state.revision, message: action.sentence };
    case "show_splits":
      return wanting({ ...state, shownSplits: action.splits });
    case "show_linear_regions":
      return wanting({ ...state, showsLinearRegions: action.on });
    case "open_tab":
      return followLandscape(wanting({ ...state, tab: action.tab }));
    case "show_layer":
      return wanting({ ...state, hiddenLayer: action.layer });
    case "set_theme":
      return { ...state, theme: action.theme };
    case "enlarge":
      return { ...state, enlarged: action.part };
    case "switch_keys":
      return { ...state, keysOn: action.on };
    case "help": {
      const next = updateHelp(state, action.act);
      return next.tab === state.tab ? next : wanting(next);
    }
    case "dismiss_message":
      return { ...state, message: null };
    case "own_points":
      return updateOwnPoints(state, action.act);
    case "line":
      return updateLine(state, action.act);
    case "landscape":
      return updateLandscape(state, action.act);
    case "step":
      return updateStep(state, action.act);
    case "open_session":
      return openSession(state, action.session, action.began);
    case "open_as_entry":
      return { ...openSession(state, action.session), historyEntries: state.historyEntries + 1 };
    case "open_lesson_again": {
      const { opened, answers } = state.lesson;
      return opened === null ? state : openSession(state, { ...opened, answers });
    }
    case "complain":
      return { ...state, complaint: action.sentence };
    case "close_complaint":
      return { ...state, complaint: null };
  }
}

function setSeed(state: State, text: string): State {
  const seed = readSeed(text);
  if (seed === null) return { ...state, wrongSeed: { entered: text, message: whyNoSeed(text) } };
  const right = { ...state, seed, wrongSeed: null };
  return seed === state.seed ? right : begin(right, state.experiment);
}

function togglePlay(state: State): State {
  if (state.playing) return wanting({ ...state, playing: false });
  const result = resultNow(state);
  const ending = result?.revision === state.revision ? result.ending : null;
  if (ending === "diverged")
    return { ...state, message: "The network has diverged: its training loss is no number. Reset begins anew." };
  if (ending === "stopped early") {
    const message = `Early stopping ended the training after epoch ${result?.epoch}. To train longer, raise its patience.`;
    return { ...state, message };
  }
  if (ending === "stop rule")
    return { ...state, message: howToGoOn(state.stopRule, state.experiment.training.epochs, state.lookAt !== null) };
  return wanting({ ...state, playing: true, lookAt: null, message: null });
}

function lookAt(state: State, step: number | null): State {
  const isNow = step === null || step >= (state.result?.step ?? 0);
  return wanting({ ...state, playing: false, lookAt: isNow ? null : step, message: null });
}

/** The update at which the next whole epoch is done after the one looked at, or the one before. */
function nextEpoch({ shownStep, shownEpoch, updatesPerEpoch, step }: Result, at: number | null, isOn: boolean): number {
  const from = at ?? step;
  const epoch = shownEpoch + (from - shownStep) / updatesPerEpoch;
  const whole = isOn ? Math.floor(epoch + 1e-9) + 1 : Math.ceil(epoch - 1e-9) - 1;
  return Math.max(0, from + Math.round((whole - epoch) * updatesPerEpoch));
}

/** Results of former trainings, and late or doubled ones, are dropped. */
function takeResult(state: State, result: Result): State {
  const last = state.result;
  if (result.training !== state.training) return state;
  if (last?.training === result.training && result.number <= last.number) return state;
  const playing = result.revision === state.revision ? result.playing : state.playing;
  const points = result.points ?? state.points;
  return { ...state, result, playing, points, step: ofPoints(state.step, points) };
}
