// What changes a training: an act of the worker's, or a beginning anew.

import type { Experiment } from "../engine/experiment.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { Act } from "../worker/messages.ts";
import { isOwn, withoutPoints } from "./point_set.ts";
import { changesUpTo } from "./provenance.ts";
import type { State } from "./state.ts";

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
  const { result, lookAt: asked } = state;
  if (asked === null || result === null || result.snapshot === null) return state;
  if (result.training !== state.training) return state;
  if (result.shownStep >= result.step) return wanting({ ...state, lookAt: null });
  const earlier = changesUpTo(state, result.shownStep);
  return { ...begin(state, state.experiment, result.snapshot), earlier };
}
