// The shown network's training: what changes it or begins it anew, and what the worker is told of it.

import { SPLITS, type Experiment } from "../engine/experiment.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { Act, Wanted } from "../worker/messages.ts";
import { canonical } from "./canonical.ts";
import { pathWantedFor } from "./landscape.ts";
import { isLacking, isOwn, withoutPoints } from "./point_set.ts";
import { changesUpTo } from "./provenance.ts";
import { type State, resultNow } from "./state.ts";
import { stopRulesOf } from "./stopping.ts";

/** Tell apart what is wanted now from what was wanted before. */
export function wanting(state: State): State {
  return { ...state, revision: state.revision + 1 };
}

/** Let the worker do something once. */
export function act(state: State, added: Act): State {
  return wanting({ ...state, acts: [...state.acts, added], message: null });
}

/** Begin anew, from the first update or from a snapshot. A dataset takes the place of own points. */
export function begin(state: State, experiment: Experiment, from: Snapshot | null = null): State {
  return wanting({
    ...state,
    experiment,
    stopRule: stopRulesOf(experiment.dataset).includes(state.stopRule) ? state.stopRule : "epochs",
    ownPoints: isOwn(experiment) ? state.ownPoints : withoutPoints(state),
    began: experiment,
    training: state.training + 1,
    from,
    branchOf: from === null ? null : state.training,
    beginAt: from?.step ?? 0,
    earlier: [],
    acts: [],
    lookAt: null,
    message: null,
  });
}

/** Where one looks back: let the training go on from there, in place of what came after. */
export function goOnFromShown(state: State): State {
  const result = resultNow(state);
  if (state.lookAt === null || result === null || result.snapshot === null) return state;
  if (result.shownStep >= result.step) return wanting({ ...state, lookAt: null });
  const earlier = changesUpTo(state, result.shownStep);
  return { ...begin(state, state.experiment, result.snapshot), earlier };
}

/** Change the experiment: in flight if only learning rate, batch size and epochs differ, else by beginning anew. */
export function setExperiment(state: State, experiment: Experiment): State {
  if (canonical(experiment) === canonical(state.experiment)) return state;
  if (!canChangeInFlight(state.experiment, experiment)) return begin(state, experiment);
  return act({ ...state, experiment }, { kind: "training", after: experiment.training });
}

/** Whether a training of one experiment can go on as one of another. */
export function canChangeInFlight(before: Experiment, after: Experiment): boolean {
  return fixedPart(before) === fixedPart(after);
}

function fixedPart({ dataset, network, training }: Experiment): string {
  const { batch_size: _, epochs: __, optimizer, ...rest } = training;
  const { learning_rate: ___, ...constants } = optimizer;
  return canonical([dataset, network, rest, constants]);
}

/** What the page wants of the worker that looks after the shown network: all of it, in one message. */
export function wantedOf(state: State): Wanted {
  const result = resultNow(state);
  const isKnown = result !== null;
  const actsDone = result?.actedAt.length ?? 0;
  const { training, revision, seed, branchOf, beginAt, playing, speed, stopRule, lookAt, shownSplits, tab } = state;
  const { set } = state.ownPoints;
  return {
    kind: "wanted",
    training,
    revision,
    seed,
    branchOf,
    beginAt,
    playing,
    speed,
    stopRule,
    lookAt,
    experiment: isLacking(state) ? null : state.began,
    own: set === null || isKnown ? null : { samples: set.samples, extent: set.plane.extent },
    from: isKnown ? null : state.from,
    earlier: isKnown ? [] : state.earlier,
    acts: state.acts.slice(actsDone),
    actsDone,
    splits: shownSplits === "all" ? SPLITS : [shownSplits],
    step: tab === "step" ? { point: state.step.point } : null,
    hiddenLayer: tab === "hidden" ? state.hiddenLayer : null,
    linearRegions: state.showsLinearRegions,
    knowsPoints: isKnown,
    pathFor: pathWantedFor(state),
  };
}

/** Whether the page waits for the worker. */
export function isWaiting(state: State): boolean {
  if (state.failedAt === state.revision || isLacking(state)) return false;
  if (isCatchingUp(state)) return true;
  return state.playing || resultNow(state)?.revision !== state.revision || pathWantedFor(state) !== null;
}

/** Whether the worker still trains up to the update that this training is to begin at. */
export function isCatchingUp(state: State): boolean {
  const result = resultNow(state);
  const hasEnded = result?.ending === "diverged" || result?.ending === "stopped early";
  return result !== null && result.step < state.beginAt && !hasEnded;
}
